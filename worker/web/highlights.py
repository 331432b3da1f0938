"""An article's text with its statements marked: runs of text that a template prints, each escaped."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from worker.contract.selector import Selector


class Highlight(NamedTuple):
    """A run of the text that something is said about; where highlights overlap, the one that starts last is seen."""

    start: int
    end: int
    kind: str
    statement: int


class TextPart(NamedTuple):
    """A run of a block's text; `kind` is said, reported, cue, source, or "" where nothing is marked."""

    text: str
    kind: str
    statement: int


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A unit of the page: a paragraph, heading, quotation, list_item or caption."""

    kind: str
    runs: list[TextPart]


def blocks(article: Mapping[str, Any], statements: Sequence[Mapping[str, Any]]) -> list[MarkedBlock]:
    """Return an article's text block by block, with its statements marked, each by its place in the list."""
    text = article["text"]
    highlights = sorted(_highlights(text, statements), key=lambda highlight: (highlight.start, -highlight.end))
    edges = sorted({edge for highlight in highlights for edge in (highlight.start, highlight.end)})
    seen: dict[int, Highlight] = {}
    for highlight in highlights:
        for edge in edges[bisect_left(edges, highlight.start) : bisect_left(edges, highlight.end)]:
            seen[edge] = highlight
    return [
        MarkedBlock(kind, list(_runs(text, start, end, edges, seen)))
        for kind, start, end in _places(text, article["blocks"])
    ]


def _highlights(text: str, statements: Sequence[Mapping[str, Any]]) -> Iterator[Highlight]:
    for number, data in enumerate(statements):
        named = [("said" if one.get("quoted") else "reported", one) for one in data["segments"]]
        named += [("cue", one) for one in (data.get("cue") or {}).get("selectors", [])]
        named += [("source", one) for one in data.get("source", [])]
        for kind, one in named:
            place = Selector(one["exact"], one["start"], one["end"], one["prefix"], one["suffix"]).locate(text)
            if place and place[0] < place[1]:
                yield Highlight(*place, kind, number)


def _places(text: str, listed: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, start, end) of each block, in order and inside the text, and of what lies between blocks."""
    at = 0
    for block in sorted(listed, key=lambda one: one["start"]):
        start, end = (max(at, min(block[name], len(text))) for name in ("start", "end"))
        if text[at:start].strip():
            yield "paragraph", at, start
        if start < end:
            yield block["kind"], start, end
        at = max(start, end)
    if text[at:].strip():
        yield "paragraph", at, len(text)


def _runs(text: str, start: int, end: int, edges: Sequence[int], seen: Mapping[int, Highlight]) -> Iterator[TextPart]:
    inside = edges[bisect_left(edges, start + 1) : bisect_left(edges, end)]
    for low, high in pairwise((start, *inside, end)):
        at = bisect_left(edges, low + 1) - 1
        highlight = seen.get(edges[at]) if at >= 0 else None
        if highlight and low < highlight.end:
            yield TextPart(text[low:high], highlight.kind, highlight.statement)
        else:
            yield TextPart(text[low:high], "", -1)
