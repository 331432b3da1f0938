"""Compile the cleaner's inner loops to C: `python compile.py`, which `make setup` does.

They are Python with types beside them: a module under `worker/clean` with a .pxd file. Without a C compiler, or
Python's headers, they run as they are, with the same results, nine times slower. All are compiled or none: compiled
ones do not see into others.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import CCompilerError, ExecError, PlatformError

ROOT = Path(__file__).parent
FOLDER, KEYS = ROOT / "worker" / "clean", ROOT / "build" / "clean"
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))
_FAILURES = (CCompilerError, ExecError, PlatformError)


def main() -> None:
    """Compile in place what is not up to date; say what was in the way."""
    os.chdir(ROOT)
    keys = _keys()
    names = stale()
    _keep_only(keys.keys() - set(names))
    try:
        _build(names)
    except _FAILURES as error:
        _keep_only(set())
        print(f"not compiled: {str(error).splitlines()[0][:200]}", file=sys.stderr)
        print(
            "Cleaning works all the same, nine times slower. For speed, install a C compiler and Python's",
            file=sys.stderr,
        )
        print(f"headers (gcc and python3-dev on Debian) and run: {sys.executable} compile.py", file=sys.stderr)
    else:
        for name in names:
            (KEYS / f"{name}.key").write_text(keys[name])


def stale() -> list[str]:
    """Return the modules to compile whose source, types or compiler are others than what they were compiled from."""
    return [name for name, key in _keys().items() if not _is_current(name, key)]


def _keys() -> dict[str, str]:
    return {_name(path): _key(path.with_suffix(".py")) for path in sorted(FOLDER.rglob("*.pxd"))}


def _name(path: Path) -> str:
    """Return the dotted name of the module in a file of ours."""
    return ".".join(path.relative_to(ROOT).with_name(path.name.split(".")[0]).parts)


def _built(name: str) -> Path:
    """Return where a compiled module stands."""
    return ROOT / (name.replace(".", "/") + SUFFIX)


def _keep_only(names: set[str]) -> None:
    for built in FOLDER.rglob(f"*{SUFFIX}"):
        if _name(built) not in names:
            built.unlink()


def _key(source: Path) -> str:
    """Return what a compiled module depends on, in short: all types, its source, how it is compiled."""
    sources = [source, *sorted(FOLDER.rglob("*.pxd")), Path(__file__)]
    made = hashlib.sha256(f"{version('cython')} {sys.version}".encode())
    for each in sources:
        made.update(each.read_bytes())
    return made.hexdigest()


def _is_current(name: str, key: str) -> bool:
    kept = KEYS / f"{name}.key"
    return _built(name).exists() and kept.exists() and kept.read_text() == key


def _build(names: list[str]) -> None:
    if not names:
        return
    command = build_ext(Distribution({"ext_modules": _translated(names)}))
    command.inplace = command.force = True
    command.parallel = os.cpu_count()
    command.build_temp = "build/clean"
    command.ensure_finalized()
    command.run()


def _translated(names: list[str]) -> list[Extension]:
    extensions = [
        Extension(name, [name.replace(".", "/") + ".py"], extra_compile_args=["-O2", "-g0"]) for name in names
    ]
    # A type in a .pxd file is the one that counts; annotations are for mypy.
    directives = {"language_level": 3, "annotation_typing": False, "show_performance_hints": False}
    translated: list[Extension] = cythonize(
        extensions, build_dir="build/clean", compiler_directives=directives, quiet=True, force=True
    )
    return translated


if __name__ == "__main__":
    main()
