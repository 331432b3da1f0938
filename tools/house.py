"""How a checkout is built, in a table: `python -m tools.house [CHECKOUT] [--time]`, `make house`.

The checkout may be an old one; what it has not is counted as nothing. With `--time` its unit tests run once, by the
environment that runs this.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.planted import PLANTS, caught

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def measure(checkout: Path) -> dict[str, str]:
    """Return what is measured, in words, by what it is."""
    files = sorted((checkout / "worker").rglob("*.py"))
    trees = {str(path.relative_to(checkout)): ast.parse(path.read_text("utf-8")) for path in files}
    lines = {name: len((checkout / name).read_bytes().splitlines()) for name in trees}
    functions = [_length(node) for _, node in _nodes(trees, _FUNCTION)]
    classes = {f"{node.name}, {name}": _length(node) for name, node in _nodes(trees, (ast.ClassDef,))}
    refused = caught(checkout)
    return {
        "files loose in worker/": str(len(list((checkout / "worker").glob("*.py")))),
        "layers of worker/ in an import contract": str(_layers(checkout)),
        "modules, the most in a folder": f"{len(files)}, {_fullest(files, checkout)}",
        "longest file": _longest(lines),
        "longest class": _longest(classes),
        "lines a function: median, 90th percentile": f"{median(functions):.0f}, {quantiles(functions, n=10)[-1]:.0f}",
        "README.md, bytes and lines": _size(checkout / "README.md"),
        "planted violations refused": f"{sum(refused.values())} of {len(PLANTS)}",
    }


def unit_seconds(checkout: Path) -> str:
    """Return how long the unit tests of a checkout take, and how they end."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return f"{time.monotonic() - began:.1f} s: {done.stdout.splitlines()[-1]}"


def _nodes(trees: dict[str, ast.Module], kinds: tuple[type[ast.AST], ...]) -> Iterator[tuple[str, Any]]:
    return ((name, node) for name, tree in trees.items() for node in ast.walk(tree) if isinstance(node, kinds))


def _length(node: Any) -> int:
    return int(node.end_lineno - node.lineno + 1)


def _longest(lengths: dict[str, int]) -> str:
    name = max(lengths, key=lambda each: lengths[each])
    return f"{lengths[name]} lines: {name}"


def _fullest(files: list[Path], checkout: Path) -> str:
    folders = [str(path.parent.relative_to(checkout)) for path in files]
    most = max(set(folders), key=folders.count)
    return f"{folders.count(most)} in {most}/"


def _layers(checkout: Path) -> int:
    contracts = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return sum(len(each["layers"]) for each in contracts if "worker" in each.get("containers", ()))


def _size(path: Path) -> str:
    return f"{path.stat().st_size:,}, {len(path.read_bytes().splitlines())}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, nargs="?", default=Path())
    parser.add_argument("--time", action="store_true")
    options = parser.parse_args()
    checkout = options.checkout.resolve()
    table = Table("what", "how much")
    for what, much in measure(checkout).items():
        table.add_row(what, much)
    if options.time:
        table.add_row("unit tests", unit_seconds(checkout))
    Console().print(table)


if __name__ == "__main__":
    main()
