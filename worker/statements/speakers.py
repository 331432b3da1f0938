"""Who a source is: the fullest name that the article gives for it, or nobody rather than a guess."""

from __future__ import annotations

from collections.abc import Sequence

from worker.records import Speaker, Span
from worker.statements.attribution import Attribution


def speakers(text: str, found: Sequence[Attribution], language: str = "en") -> list[Speaker]:
    """Return the speaker of each attribution, in their order."""
    return [_speaker(text, attribution) for attribution in found]


def _speaker(text: str, attribution: Attribution) -> Speaker:
    if not attribution.source:
        return Speaker(None)
    span = Span(attribution.source[0].start, attribution.source[-1].end)
    return Speaker(span.of(text), mention=span, resolved_by="explicit", confidence=0.5)
