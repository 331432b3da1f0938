"""Paragraphs and sentences, by rules that hold for the Latin and Cyrillic scripts; linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from worker.records import Span
from worker.statements.vocabulary import LANGUAGES, vocabulary

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# the end of a sentence: its marks, what closes after them, and white space or nothing (Chinese and the like)
_END = re.compile(r"(?:[.!?…]+|[。！？])(?:[)\]”’'\"»“›」』]|[ \u00a0\u202f]»)*(?=\s|$)|[。！？](?=\S)")
_LAST_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_NEXT = re.compile(r"\s*[(\[“„‘‚'\"«»‹`¿¡—–-]*\s*(\S)")
_LONGEST_WORD = 24  # an abbreviation is shorter; bounds the look back


def paragraphs(text: str) -> list[Span]:
    """Return the lines of `text` that are not blank, in order, without their line breaks."""
    return [Span(m.start(), m.end()) for m in _LINE.finditer(text) if not m[0].isspace()]


def sentences(text: str, place: Span, quoted: Iterable[Span] = ()) -> list[Span]:
    """Return the sentences of the paragraph `place`, in order, without the spaces between them.

    `quoted` are its outermost quotations, in order: no sentence ends inside of one, so that
    a quotation of several sentences stays whole.
    """
    found: list[Span] = []
    start = place.start
    inside = iter(quoted)
    quotation = next(inside, None)
    for match in _END.finditer(text, place.start, place.end):
        while quotation is not None and quotation.end <= match.start():
            quotation = next(inside, None)
        if quotation is not None and quotation.start < match.start() and match.end() < quotation.end:
            continue
        if _is_boundary(text, match.start(), match.end(), place.end):
            found.append(_trimmed(text, start, match.end()))
            start = match.end()
    rest = _trimmed(text, start, place.end)
    if rest.start < rest.end:
        found.append(rest)
    return found


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
    last = _LAST_WORD.search(text[max(0, period - _LONGEST_WORD) : period])
    if last is None:
        return False
    word = last[0]
    return (len(word) == 1 and word.isupper()) or word.lower() in _abbreviations()


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset[str]().union(*(vocabulary(code).words("abbreviation") for code in LANGUAGES))


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))
