"""Compile the cleaner's inner loops to C: `python compile.py`, which `make setup` does.

They are Python with types beside them: a module of `worker/clean` with a .pxd file. Without a C compiler, or Python's
headers, they run as they are, with the same results, nine times slower. All are compiled or none: compiled ones
do not see into others.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import CCompilerError, ExecError, PlatformError

ROOT = Path(__file__).parent
FOLDER = ROOT / "worker" / "clean"
_FAILURES = (CCompilerError, ExecError, PlatformError)


def main() -> None:
    """Compile all in place; say what was in the way."""
    os.chdir(ROOT)
    for built in FOLDER.glob("*.so"):
        built.unlink()
    try:
        _build([path.stem for path in sorted(FOLDER.glob("*.pxd"))])
    except _FAILURES as error:
        print(f"cleaning stays uncompiled, nine times slower: {error}", file=sys.stderr)
        print("a C compiler and Python's headers are needed: gcc and python3-dev on Debian, say", file=sys.stderr)


def _build(names: list[str]) -> None:
    extensions = [
        Extension(f"worker.clean.{name}", [f"worker/clean/{name}.py"], extra_compile_args=["-O2", "-g0"])
        for name in names
    ]
    command = build_ext(Distribution({"ext_modules": _translated(extensions)}))
    command.inplace = True
    command.parallel = os.cpu_count()
    command.build_temp = "build/clean"
    command.ensure_finalized()
    command.run()


def _translated(extensions: list[Extension]) -> list[Extension]:
    # A type in a .pxd file is the one that counts; annotations are for mypy.
    directives = {"language_level": 3, "annotation_typing": False, "show_performance_hints": False}
    translated: list[Extension] = cythonize(
        extensions, build_dir="build/clean", compiler_directives=directives, quiet=True, show_all_warnings=False
    )
    return translated


if __name__ == "__main__":
    main()
