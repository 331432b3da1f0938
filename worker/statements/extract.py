"""The stage's door: a text and an engine in, statements out."""

from __future__ import annotations

from collections.abc import Sequence

from worker.core.records import Block, Statement
from worker.statements.assemble import statements
from worker.statements.attribution import Engine
from worker.statements.document import Document


def extract(text: str, *, engine: Engine, blocks: Sequence[Block] = (), language: str = "en") -> list[Statement]:
    """Return the statements of `text`, in the order of their content; time linear in its length.

    Args:
        text: An article's text, NFC; a line is a paragraph.
        engine: What finds the attributions; see `engine_for`.
        blocks: What the page marked up as headings and the like.
        language: BCP 47 code; decides which word lists are used.

    Raises:
        LookupError: If the language has no word lists.
    """
    document = Document(text, language, blocks)
    return statements(document, [a for a in engine.attributions(document) if a.content])
