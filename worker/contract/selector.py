"""A run of an article's text, by its words and by its place.

Offsets are half-open, in Unicode code points, into the article's `text`, which is NFC. The pair follows the
W3C Web Annotation Data Model: TextQuoteSelector (exact, prefix, suffix) and TextPositionSelector (start, end).
"""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT = 32  # code points of prefix and suffix around a quotation


@dataclass(frozen=True)
class Selector:
    """A run of the article's text: its words, what stands around them, and where it is."""

    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Selector:
        """Select text[start:end]."""
        return cls(text[start:end], start, end, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


@dataclass(frozen=True)
class Segment(Selector):
    """One part of what was said; `quoted` when it stands inside quotation marks."""

    quoted: bool = False
