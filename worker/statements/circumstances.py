"""To whom, through what, when and where something was said, as the cue's own sentence tells it."""

from __future__ import annotations

from dataclasses import dataclass

from worker.records import Span
from worker.statements.attribution import Attribution


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The spans that say to whom, through what, when and where; None where the sentence does not say."""

    addressee: Span | None = None
    via: Span | None = None
    when: Span | None = None
    where: Span | None = None


def circumstances(text: str, attribution: Attribution, sentence: Span, language: str = "en") -> Circumstances:
    """Return the circumstances that `sentence` gives outside the attribution's content."""
    return Circumstances()
