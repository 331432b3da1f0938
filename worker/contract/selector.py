"""A run of an article's text, by its words and by its place.

Offsets are half-open, in Unicode code points, into the article's `text`, which is NFC. The pair follows the
W3C Web Annotation Data Model: TextQuoteSelector (exact, prefix, suffix) and TextPositionSelector (start, end).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

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

    def locate(self, text: str) -> Optional[Tuple[int, int]]:
        """Find the same words in another version of the text; None when they are gone.

        Where they stand more than once, the place with the same words around it counts, then the nearest one.
        """
        if text[self.start : self.end] == self.exact:
            return self.start, self.end
        inside = text.find(self.prefix + self.exact + self.suffix)
        if inside >= 0:
            start = inside + len(self.prefix)
        else:
            before, after = _last(text[: self.end], self.exact), text.find(self.exact, self.start)
            found = [place for place in (before, after) if place >= 0]
            if not found:
                return None
            start = min(found, key=lambda place: abs(place - self.start))
        return start, start + len(self.exact)


def _last(text: str, words: str) -> int:
    """Return what `text.rfind(words)` does, in linear time, which only `find` promises."""
    at = text[::-1].find(words[::-1])
    return at if at < 0 else len(text) - at - len(words)


@dataclass(frozen=True)
class Segment(Selector):
    """One part of what was said; `quoted` when it stands inside quotation marks."""

    quoted: bool = False
