"""Violations of the import rules, planted in a copy of a checkout, to see that `make lint imports` refuses each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

STAGES = ("worker/feeds", "worker/fetch", "worker/clean", "worker/statements", "worker/duplicates")
USE_CASES = ("worker/pipeline", "worker")  # the second is where an old checkout has them
VERSIONS = ("worker/versions", "worker")
SOURCES = ("config", "worker", "tasks", "tools")


@dataclass(frozen=True)
class Plant:
    """A violation: what it is called, where it goes (the first of `places` that exists), its code, what it imports.

    A place is a folder, which gets a module more, or a module, which gets lines more. `imported` is what `lint-imports`
    has to name beside the module; a violation without is no import, `ruff` has to tell it.
    """

    name: str
    places: tuple[str, ...]
    code: str
    imported: str = ""


def _import(what: str, where: str, places: tuple[str, ...], module: str) -> Plant:
    return Plant(f"{what} in {where}", places, f"    import {module}\n    return {module}\n", module)


PLANTS = (
    _import("celery", "a use case", USE_CASES, "celery"),
    _import("celery", "monitoring", ("worker/monitoring",), "celery"),
    _import("redis", "a use case", USE_CASES, "redis"),
    _import("urllib3", "a use case", USE_CASES, "urllib3"),
    _import("a socket", "a use case", USE_CASES, "socket"),
    _import("kombu", "delivery outside its transport", ("worker/delivery", "worker"), "kombu"),
    _import("the command line", "an adapter", ("worker/adapters",), "worker.cli"),
    _import("a use case", "an adapter", ("worker/adapters",), "worker.pipeline"),
    _import("a stage", "another stage", ("worker/fetch",), "worker.clean"),
    _import("an adapter", "a stage", ("worker/statements",), "worker.adapters"),
    _import("settings", "a stage", ("worker/feeds",), "config.settings"),
    _import("the clock", "a stage", ("worker/fetch",), "time"),
    _import("chance", "a stage", ("worker/feeds",), "random"),
    _import("a file", "a stage", ("worker/clean",), "pathlib"),
    _import("a thread", "a stage", ("worker/statements",), "threading"),
    _import("a process", "a stage", ("worker/clean",), "subprocess"),
    _import("a coroutine", "core", ("worker/core", "worker"), "asyncio"),
    _import("a socket", "versions", VERSIONS, "socket"),
    _import("a stage", "core", ("worker/core", "worker"), "worker.feeds"),
    _import("numpy", "the contract", ("worker/contract",), "numpy"),
    _import("subprocess", "the contract", ("worker/contract",), "subprocess"),
    _import("the web page", "views", ("worker/views", "worker"), "worker.web"),
    _import("tasks", "worker", ("worker/pipeline", "worker"), "tasks"),
    _import("an adapter", "ports", ("worker/ports", "worker/ports.py"), "worker.adapters"),
    Plant("a module under no layer", ("worker",), "    return 1\n", "missing layer"),
    Plant(
        "the time of day in a stage",
        ("worker/feeds",),
        "    from datetime import UTC, datetime\n\n    return datetime.now(UTC)\n",
    ),
    Plant("the date in a stage", ("worker/clean",), "    import datetime\n\n    return datetime.date.today()\n"),
    Plant("time.monotonic in a stage", STAGES, "    from time import monotonic\n\n    return monotonic()\n", "time"),
    Plant("os.environ in a stage", STAGES, '    from os import environ\n\n    return environ["HOME"]\n', "os"),
    Plant("open in a stage", STAGES, '    with open("a", encoding="utf-8") as file:\n        return file.read()\n'),
    Plant("an array read in a stage", ("worker/clean",), '    import numpy\n\n    return numpy.load("a.npy")\n'),
    Plant("chance of numpy in a stage", ("worker/statements",), "    import numpy\n\n    return numpy.random.rand()\n"),
)


def caught(checkout: Path, plants: tuple[Plant, ...] = PLANTS) -> dict[str, bool]:
    """Return of each plant, by its name, whether the checks of `checkout` refuse it; all are planted at once."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        _copy(checkout, copy)
        files = {plant: _put(plant, number, copy) for number, plant in enumerate(plants)}
        links, banned = _links(copy), _banned(copy)
        return {
            plant.name: file in banned or _is_told(plant, _module(file, copy), links) for plant, file in files.items()
        }


def _copy(checkout: Path, copy: Path) -> None:
    shutil.copy(checkout / "pyproject.toml", copy)
    for folder in SOURCES:
        if (checkout / folder).exists():
            shutil.copytree(checkout / folder, copy / folder, ignore=_all_but_sources)


def _all_but_sources(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def _put(plant: Plant, number: int, copy: Path) -> Path:
    place = next(copy / place for place in plant.places if (copy / place).exists())
    file = place / f"planted_{number}.py" if place.is_dir() else place
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n\ndef planted_{number}() -> object:\n{plant.code}")
    return file


def _module(file: Path, copy: Path) -> str:
    return ".".join(file.relative_to(copy).with_suffix("").parts)


def _is_told(plant: Plant, module: str, links: str) -> bool:
    if plant.imported == "missing layer":
        return f"{module.removeprefix('worker.')}\n" in links or f"- {module}\n" in links
    return bool(plant.imported) and f"{module} -> {plant.imported} " in links.replace("\n", " \n")


def _links(copy: Path) -> str:
    """Return what `lint-imports` says, with lines as long as they are."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(
        command, cwd=copy, env=os.environ | {"COLUMNS": "1000"}, capture_output=True, text=True, check=False
    )
    return done.stdout


def _banned(copy: Path) -> set[Path]:
    """Return the files in which `ruff` finds a name that is banned there, or a file opened past pathlib."""
    command = [str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "--output-format", "json", "."]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    return {Path(found["filename"]) for found in json.loads(done.stdout) if found["code"] in {"TID251", "PTH123"}}
