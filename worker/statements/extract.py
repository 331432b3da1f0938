"""The stage's door: a text and an engine in, statements out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from worker.core.records import Block, Statement
from worker.statements.assemble import statements
from worker.statements.attribution import Engine
from worker.statements.rules.engine import Rules

ENGINES = ("fast", "accurate", "rules")


def extract(text: str, *, engine: Engine, blocks: Sequence[Block] = (), language: str = "en") -> list[Statement]:
    """Return the statements of `text`, in the order of their content; time linear in its length.

    Args:
        text: An article's text, NFC; a line is a paragraph.
        engine: What finds the attributions; see `load_engine`.
        blocks: What the page marked up as headings and the like.
        language: BCP 47 code; decides which word lists are used.
    """
    found = [a for a in engine.attributions(text, blocks) if a.content]
    return statements(text, found, blocks, language)


@cache
def load_engine(name: str, language: str = "en") -> Engine:
    """Return the engine `name`, one a process; `rules` reads `language`, the networks English.

    Raises:
        LookupError: If the engine is not part of this installation.
    """
    if name not in ENGINES:
        raise LookupError(f"no engine {name!r}; one of {', '.join(ENGINES)}")
    if name == "rules":
        return Rules(language)
    try:
        network = import_module("worker.statements.network.engine")
    except ModuleNotFoundError as error:
        raise LookupError(f"engine {name!r} is not installed (no {error.name}); use 'rules'") from error
    engine: Engine = network.load(name)
    return engine
