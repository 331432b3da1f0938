"""The words of a text as the networks read it: offsets, paragraphs, and where the quotation marks stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from worker.statements.quotes import Quotation, quotations

MAX_WORD = 40  # characters; a longer run without spaces is read in pieces, so that no word is unbounded
OUTSIDE, INSIDE, OPENS, CLOSES = range(4)  # quote state of a word

_WORD = re.compile(rf"[’']\w{{1,2}}\b|''|``|\w{{1,{MAX_WORD}}}|[^\w\s]|\n")


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text, in order; a line break is a word of its own.

    `start`, `end` are code points, `quote` the quote state, all of shape (words,); `sentence_ends` has
    one entry more: how many sentences end outside of quotations before that word.
    """

    text: str
    forms: list[str]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    quote: NDArray[np.int64]
    sentence_ends: list[int]
    quotations: tuple[Quotation, ...]


def read(text: str) -> Words:
    """Return the words of `text`; runs of line breaks count as one."""
    forms, start, end = [], [], []
    previous = "\n"
    for match in _WORD.finditer(text):
        form = match[0]
        if form == previous == "\n":
            continue
        forms.append(form)
        start.append(match.start())
        end.append(match.end())
        previous = form
    quoted = quotations(text)
    states = _quote_states(start, quoted)
    ends = accumulate(
        (form in ".?!" and state != INSIDE for form, state in zip(forms, states.tolist(), strict=True)), initial=0
    )
    return Words(text, forms, np.array(start, np.int32), np.array(end, np.int32), states, list(ends), quoted)


def _quote_states(start: list[int], quoted: Sequence[Quotation]) -> NDArray[np.int64]:
    states = np.zeros(len(start), np.int64)
    for quotation in quoted:
        first, last = bisect_left(start, quotation.start), bisect_left(start, quotation.end)
        states[first:last] = INSIDE
        states[first : bisect_left(start, quotation.inner.start)] = OPENS
        states[bisect_left(start, quotation.inner.end) : last] = CLOSES
    return states


def windows(words: Words, longest: int) -> Iterator[slice]:
    """Yield runs of whole paragraphs of at most `longest` words; only a longer paragraph is cut."""
    return packed(paragraphs(words, slice(0, len(words.forms))), longest)


def paragraphs(words: Words, run: slice) -> Iterator[tuple[int, int]]:
    """Yield first and last + 1 word of every paragraph of `run`; its line break comes before it."""
    later = slice(run.start + 1, run.stop)
    return pairwise([run.start, *line_breaks(words, later), run.stop])


def line_breaks(words: Words, run: slice) -> list[int]:
    """Return where in a run of words lines begin."""
    return [i for i in range(run.start, run.stop) if words.forms[i] == "\n"]


def line_of(words: Words, first: int, last: int, within: slice) -> tuple[int, int]:
    """Widen first..last to whole lines, as far as `within` goes."""
    while first > within.start and words.forms[first - 1] != "\n":
        first -= 1
    while last < within.stop and words.forms[last] != "\n":
        last += 1
    return first, last


def packed(paragraphs: Iterable[tuple[int, int]], longest: int) -> Iterator[slice]:
    """Join neighbours while they have at most `longest` words together; cut what is longer alone."""
    start = end = 0
    for first, last in paragraphs:
        if end > start and (first != end or last - start > longest):
            yield slice(start, end)
            start = end
        if first != end or start == end:
            start = first
        while last - start > longest:
            yield slice(start, start + longest)
            start += longest
        end = last
    if end > start:
        yield slice(start, end)


def quotations_in(words: Words, run: slice) -> tuple[Quotation, ...]:
    """Return the quotations that overlap a run of words."""
    if not words.quotations or run.start >= run.stop:
        return ()
    start, end = words.start[run.start], words.end[run.stop - 1]
    first = bisect_right(words.quotations, start, key=lambda quotation: quotation.end)
    return words.quotations[first : bisect_left(words.quotations, end, key=lambda quotation: quotation.start)]
