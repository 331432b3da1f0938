"""Quotations that a network leaves out: a paragraph of its own, a run of them, a name only beside it.

The news that the networks learnt from hardly annotates them, so the patterns decide what they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.document import Document
from worker.statements.rules.engine import read_paragraph

_LEAST_WORDS = 8  # of a quotation that is neither the title of a work nor a word in doubt
_CHANCE = 0.65  # that a quotation without a cue is a statement of its source: 31 of 47 on three development sets


def with_remainder(document: Document, found: Sequence[Attribution]) -> list[Attribution]:
    """Return `found` and what the patterns make of the long quotations outside of it, in text order.

    A quotation that carries on one of `found` becomes a part of it.
    """
    made = list(found)
    held = _Held(found)
    for number in _paragraphs_left(document, held):
        for attribution in read_paragraph(document, number):
            left = tuple(span for span in attribution.content if held.holder(span) is None)
            if not any(_is_long_quotation(document, span) for span in left):
                continue
            holders = {holder for span in attribution.content if (holder := held.holder(span)) is not None}
            if not holders:
                made.append(attribution if attribution.cue else replace(attribution, confidence=_CHANCE))
            elif len(holders) == 1 and attribution.content[0] not in left:
                holder = holders.pop()
                made[holder] = replace(made[holder], content=_in_order(made[holder].content + left))
    return sorted(made, key=lambda attribution: attribution.content[0].start)


class _Held:
    """Which attribution has content at a place, looked up by offset."""

    def __init__(self, found: Sequence[Attribution]) -> None:
        self._spans: list[Span] = []
        self._numbers: list[int] = []
        for start, end, number in sorted((s.start, s.end, n) for n, a in enumerate(found) for s in a.content):
            if not self._spans or start >= self._spans[-1].end:
                self._spans.append(Span(start, end))
                self._numbers.append(number)
            elif end > self._spans[-1].end:
                self._spans[-1] = Span(self._spans[-1].start, end)
        self._starts = [span.start for span in self._spans]

    def holder(self, place: Span) -> int | None:
        """Return the number of an attribution that has content within `place`, None without one."""
        at = bisect_left(self._starts, place.end) - 1
        return self._numbers[at] if at >= 0 and self._spans[at].end > place.start else None


def _paragraphs_left(document: Document, held: _Held) -> Iterator[int]:
    """Yield the numbers of the paragraphs with a long quotation that nothing found has a part of."""
    starts = [place.start for place in document.paragraphs]
    numbers = {
        bisect_right(starts, quotation.start) - 1
        for quotation in document.quotations
        if _is_long(document, quotation.inner) and held.holder(quotation.inner) is None
    }
    yield from sorted(numbers)


def _is_long_quotation(document: Document, span: Span) -> bool:
    at = bisect_right(document.quotations, span.start, key=lambda quotation: quotation.start) - 1
    return at >= 0 and span.end <= document.quotations[at].end and _is_long(document, span)


def _is_long(document: Document, span: Span) -> bool:
    return document.text.count(" ", span.start, span.end) >= _LEAST_WORDS - 1


def _in_order(content: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(sorted(content, key=lambda span: span.start))
