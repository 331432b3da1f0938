"""The words of a text as the networks read it: offsets, paragraphs, and where the quotation marks stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from worker.statements.document import Document
from worker.statements.quotes import Quotation

MAX_WORD = 40  # characters; a longer run without spaces is read in pieces, so that no word is unbounded
OUTSIDE, INSIDE, OPENS, CLOSES = range(4)  # quote state of a word

# the white space behind a word is matched as well, so that offsets are sums of lengths
_PIECE = re.compile(rf"(?:\w{{1,{MAX_WORD}}}|[’']\w{{1,2}}\b|''|``|[^\w\s]|\n\s*+)[^\S\n]*+")
_STOPS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words and marks of a text, in order; a line break is a word of its own.

    `start`, `end` are code points, `quote` the quote state, all of shape (words,); `sentence_ends` and `breaks`
    are the numbers of the words that end a sentence outside of quotations, and of the line breaks.
    """

    text: str
    forms: list[str]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    quote: NDArray[np.int64]
    sentence_ends: list[int]
    breaks: list[int]
    quotations: Sequence[Quotation]


def read(document: Document) -> WordTable:
    """Return the words of a document; runs of line breaks count as one."""
    text, quoted = document.text, document.quotations
    before = len(text) - len(text.lstrip())
    pieces = _PIECE.findall(text, before)
    start = np.cumsum([before, *map(len, pieces)], dtype=np.int32)[:-1]
    forms = [piece.rstrip() or "\n" for piece in pieces]
    end = start + np.fromiter(map(len, forms), np.int32, len(forms))
    states = _quote_states(start, quoted)
    breaks = [i for i, form in enumerate(forms) if form == "\n"]
    sentence_ends = [i for i, form in enumerate(forms) if form in _STOPS and states[i] != INSIDE]
    return WordTable(text, forms, start, end, states, sentence_ends, breaks, quoted)


def _quote_states(start: NDArray[np.int32], quoted: Sequence[Quotation]) -> NDArray[np.int64]:
    states = np.zeros(len(start), np.int64)
    marks = [(q.start, q.inner.start, q.inner.end, q.end) for q in quoted]
    for first, inner, outer, last in np.searchsorted(start, marks).reshape(-1, 4).tolist():
        states[first:last] = INSIDE
        states[first:inner] = OPENS
        states[outer:last] = CLOSES
    return states


def windows(words: WordTable, longest: int) -> Iterator[slice]:
    """Yield runs of whole paragraphs of at most `longest` words; only a longer paragraph is cut."""
    return packed(paragraphs(words, slice(0, len(words.forms))), longest)


def paragraphs(words: WordTable, run: slice) -> Iterator[tuple[int, int]]:
    """Yield first and last + 1 word of every paragraph of `run`; its line break comes before it."""
    later = slice(run.start + 1, run.stop)
    return pairwise([run.start, *line_breaks(words, later), run.stop])


def line_breaks(words: WordTable, run: slice) -> list[int]:
    """Return where in a run of words lines begin."""
    return words.breaks[bisect_left(words.breaks, run.start) : bisect_left(words.breaks, run.stop)]


def line_of(words: WordTable, first: int, last: int, within: slice) -> tuple[int, int]:
    """Widen first..last to whole lines, as far as `within` goes."""
    before = bisect_left(words.breaks, first) - 1
    after = bisect_left(words.breaks, last)
    start = words.breaks[before] + 1 if before >= 0 else 0
    stop = words.breaks[after] if after < len(words.breaks) else len(words.forms)
    return max(start, within.start), min(stop, within.stop)


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


def quotations_in(words: WordTable, run: slice) -> Sequence[Quotation]:
    """Return the quotations that overlap a run of words."""
    if not words.quotations or run.start >= run.stop:
        return ()
    start, end = words.start[run.start], words.end[run.stop - 1]
    first = bisect_right(words.quotations, start, key=lambda quotation: quotation.end)
    return words.quotations[first : bisect_left(words.quotations, end, key=lambda quotation: quotation.start)]
