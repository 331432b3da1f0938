"""Paragraphs and sentences."""

from __future__ import annotations

import re

from worker.records import Span

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")


def paragraphs(text: str) -> list[Span]:
    """Return the lines of `text` that are not blank, in order, without their line breaks."""
    return [Span(m.start(), m.end()) for m in _LINE.finditer(text) if not m[0].isspace()]
