"""The engines of this project: all of `extract`, speakers included."""

from __future__ import annotations

from collections.abc import Callable

from worker.statements import engine_for, extract
from worker.versions.lines import to_json


def load(name: str) -> Callable[[str], list[dict]]:
    engine = engine_for("en", name)
    return lambda text: [to_json(statement) for statement in extract(text, engine=engine)]
