"""Quotations that run over several paragraphs: one statement, although the engines read a paragraph at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.quotes import Quotation


def carried_on(quoted: Sequence[Quotation], found: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions, in text order, each with what the next paragraphs quote in repeated marks.

    In the gold for training, of 50 such paragraphs after one that is attributed 39 belong to its attribution, 10 to
    another, which has a cue, and 1 to none. One with a cue or source of its own stays apart, as the lines of a
    transcript do, or takes what was quoted before without either.
    """
    pairs = [(before, after) for before, after in pairwise(quoted) if after.continues]
    if not pairs:
        return list(found)
    parts = _Parts(found, {quotation for pair in pairs for quotation in pair})
    for before, after in pairs:
        parts.join(before, after)
    return sorted(parts.attributions(), key=lambda attribution: attribution.content[0].start)


class _Parts:
    """The contents of attributions, while they are joined; an attribution is known by its number."""

    def __init__(self, found: Sequence[Attribution], quoted: Iterable[Quotation]) -> None:
        self._found = found
        self._parts = {number: list(attribution.content) for number, attribution in enumerate(found)}
        self._framed = {number for number, a in enumerate(found) if a.cue or a.source}
        self._holders = self._held(sorted(quoted, key=lambda quotation: quotation.start))
        self._joined: dict[int, int] = {}

    def join(self, before: Quotation, after: Quotation) -> None:
        """Join what holds two quotations, of which one carries on the other, unless both are framed."""
        first, own = self._holder(before), self._holder(after)
        if first is None or first == own:
            return
        parts = self._parts[first]
        more = [Span(after.start, after.end)] if own is None else self._parts[own]
        if not before.inner.end <= parts[-1].end <= more[0].start:
            return
        if own is None or own not in self._framed:
            parts += more
            self._holders[after.start] = first
            self._drop(own, first)
        elif first not in self._framed:
            self._parts[own] = parts + more
            self._drop(first, own)

    def attributions(self) -> list[Attribution]:
        """Return what is left, each with its parts in text order."""
        return [replace(self._found[number], content=tuple(parts)) for number, parts in self._parts.items()]

    def _held(self, quoted: Sequence[Quotation]) -> dict[int, int]:
        """Return by the start of a quotation which attribution has content in it, a framed one before others."""
        starts, ends = [q.start for q in quoted], [q.end for q in quoted]
        holders: dict[int, int] = {}
        for number in sorted(self._parts, key=self._framed.__contains__):
            for span in self._parts[number]:
                inside = range(bisect_left(ends, span.start + 1), bisect_left(starts, span.end))
                holders.update((starts[at], number) for at in inside)
        return holders

    def _holder(self, quotation: Quotation) -> int | None:
        number = self._holders.get(quotation.start)
        while number in self._joined:
            number = self._joined[number]
        return number

    def _drop(self, number: int | None, holder: int) -> None:
        if number is not None:
            del self._parts[number]
            self._joined[number] = holder
