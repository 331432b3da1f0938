"""Virtual environments of the peers: each its own, made on the first call and after a change of pins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / ".state" / "bench"


def python_with(name: str, pins: Sequence[str]) -> str:
    """Return the interpreter of the environment `name`, which has `pins`."""
    folder = _FOLDER / name
    stamp, python = folder / "pins", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != "\n".join(pins):
        print(f"installing {', '.join(pins)} into .state/bench/{name} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins], check=True)
        stamp.write_text("\n".join(pins))
    return str(python)
