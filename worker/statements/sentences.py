"""Paragraphs and sentences, by rules that hold for the Latin and Cyrillic scripts; linear time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from worker.core.records import Span
from worker.statements.vocabulary import in_any_language

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# the end of a sentence: its marks, what closes after them, and white space or nothing (Chinese and the like);
# what it begins with is one set, which `re` searches for quickly
_CLOSED = r"(?:[)\]”’'\"»“›」』]|[ \u00a0\u202f]»)*(?=\s|$)"
_END = re.compile(rf"[.!?…。！？](?:(?<=[.!?…])(?<![.!?…].)[.!?…]*+{_CLOSED}|(?<=[。！？])(?:{_CLOSED}|(?=\S)))")
_LAST_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_NEXT = re.compile(r"\s*+[(\[“„‘‚'\"«»‹`¿¡—–-]*\s*+(\S)")
LONGEST = 2_000  # characters; no sentence of prose is longer
MAX_HEADLINE = 140  # characters; a longer line is a paragraph
_LONGEST_WORD = 24  # an abbreviation is shorter; bounds the look back


def paragraphs(text: str) -> tuple[Span, ...]:
    """Return the lines of `text` that are not blank, in order, without their line breaks."""
    return tuple(Span(m.start(), m.end()) for m in _LINE.finditer(text) if not m[0].isspace())


def sentences(text: str, place: Span, quoted: Sequence[Span] = ()) -> list[Span]:
    """Return the sentences of the paragraph `place`, in order, without the spaces between them.

    `quoted` are its outermost quotations, in order: no sentence ends inside of one, so that
    a quotation of several sentences stays whole. A run without an end is cut at `LONGEST` characters,
    which bounds what any reader of a sentence spends on it.
    """
    found: list[Span] = []
    start = place.start
    for end in [*_ends(text, place, quoted), place.end]:
        while end - start > LONGEST:
            cut = _forced_end(text, start, end, quoted)
            found.append(_trimmed(text, start, cut))
            start = cut
        found.append(_trimmed(text, start, end))
        start = end
    return [sentence for sentence in found if sentence.start < sentence.end]


def _ends(text: str, place: Span, quoted: Sequence[Span]) -> Iterator[int]:
    at = 0
    for match in _END.finditer(text, place.start, place.end):
        while at < len(quoted) and quoted[at].end <= match.start():
            at += 1
        inside = at < len(quoted) and quoted[at].start < match.start() and match.end() < quoted[at].end
        if not inside and _is_boundary(text, match.start(), match.end(), place.end):
            yield match.end()


def _forced_end(text: str, start: int, end: int, quoted: Sequence[Span]) -> int:
    """Return where to cut an endless sentence: at a space if there is one, never in a quotation."""
    space = text.rfind(" ", start + 1, start + LONGEST)
    cut = space if space > start else start + LONGEST
    at = bisect_right(quoted, cut, key=lambda span: span.start) - 1
    return min(end, max(cut, quoted[at].end)) if at >= 0 else cut


def _is_boundary(text: str, start: int, end: int, limit: int) -> bool:
    following = _NEXT.match(text, end, limit)
    if following is None:
        return True
    first = following[1]
    if first.islower():
        return False
    return text[start] != "." or end > start + 1 or not _is_abbreviation(text, start)


def _is_abbreviation(text: str, period: int) -> bool:
    """Say whether the word before `period` is one that usually takes it ("Mr", "U.S", an initial)."""
    before = text[max(0, period - _LONGEST_WORD) : period]
    last = _LAST_WORD.search(before, before.rfind(" ") + 1)  # a search from further back tries every letter
    if last is None:
        return False
    word = last[0]
    return (len(word) == 1 and word.isupper()) or word.lower() in in_any_language("abbreviation")


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))
