"""A pytest plugin, `-p tools.interpreted`: modules of the cleaner run as they are written, since nothing traces C."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader


class Written:
    """Finds a module of the cleaner by its source, although a compiled one stands beside it."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Return where the source is; None for every other package."""
        if path is None or not name.startswith("worker.clean."):
            return None
        return FileFinder(path[0], (SourceFileLoader, [".py"])).find_spec(name)


sys.meta_path.insert(0, Written())
