"""Lines that name an author to readers: what is marked as a byline, what begins as one, and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.clean.html.class_names import BIT
from worker.clean.html.tree import Tree
from worker.clean.metadata.sources import UNRELATED, Sources, near_heading

BY = re.compile(
    r"^(?:(?:written |reported |posted |story |words |text |analysis |opinion |comment )?by|von|vom|par|por|di|av|af|"
    r"door|od|oleh|przez|text|foto|autor(?:in|en|es)?|author|auteur|fra|ritað af|yazan|автор)\b[\s:]+",
    re.IGNORECASE,
)
#: Bylines read, but for signatures.
_MOST = 16
#: Paragraphs of an article are longer than this many characters.
_PARAGRAPH = 120


def bylines(sources: Sources) -> Iterator[str]:
    """Yield the lines that may name who wrote the article, in an order of trust.

    Microdata; visible bylines, those beside other articles last; lines around the heading that begin as bylines do;
    signatures.
    """
    shown = [(text, marks) for text, marks in sources.tree.bylines if text]
    own = [text for text, marks in shown if not marks & UNRELATED]
    others = [text for text, marks in shown if marks & UNRELATED and not marks & BIT["comment"]]
    begun = [text for text in near_heading(sources.tree) if BY.match(text)]
    yield from (sources.microdata("author") + own + others + begun)[:_MOST]
    yield from _signatures(sources.tree)


def _signatures(tree: Tree) -> Iterator[str]:
    """Yield the emphasised lines before and after an article's paragraphs: papers without bylines sign there."""
    blocks = tree.blocks
    inside: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if len(block.text) > _PARAGRAPH and not block.links:
            inside.setdefault(tree.container(block), []).append(number)
    if not inside:
        return
    body, paragraphs = max(inside.items(), key=lambda item: len(item[1]))
    for line in blocks[max(0, paragraphs[0] - 1) : paragraphs[0]] + blocks[paragraphs[-1] + 1 : paragraphs[-1] + 2]:
        if line.emphasis == len(line.text) and tree.container(line) == body:
            yield line.text
