"""Speech under a label: transcripts ("VANCE: We go.") and headlines ("Kremlin: Troops are a red line")."""

from __future__ import annotations

import re

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.sentences import MAX_HEADLINE
from worker.statements.speakers.names import name_lists
from worker.statements.vocabulary import in_any_language

_LABEL = re.compile(r"\s*(?P<label>[^\W\d_a-z][\w.’'\-]*(?: [^\W\d_a-z][\w.’'\-]*){0,3})(?P<colon>:)\s+(?=\S)")
_TRANSCRIPT = re.compile(
    r"[\s“\"]*(?P<label>[^\W\d_a-z][^\W\d_a-z.’'\-]+(?: [^\W\d_a-z][^\W\d_a-z.’'\-]*){0,3}):\s+(?=\S)"
)


def labelled(text: str, place: Span) -> Attribution | None:
    """Return what the paragraph `place` says under a speaker's label, None without one."""
    match = _LABEL.match(text, place.start, place.end)
    if match is None or not _is_speaker(match["label"], text[match.end() : place.end].rstrip()):
        return None
    end = match.end() + len(text[match.end() : place.end].rstrip())
    cue, source = Span(*match.span("colon")), Span(*match.span("label"))
    return Attribution((Span(match.end(), end),), (cue,), (source,), confidence=0.6)


def speaker_label(text: str, start: int, end: int) -> Span | None:
    """Return the label of the line start..end, in a transcript or a headline, None without one."""
    match = _TRANSCRIPT.match(text, start, end)
    if match:
        return Span(*match.span("label")) if match["label"].lower() not in in_any_language("no speaker") else None
    found = labelled(text, Span(start, end))
    return found.source[0] if found else None


def _is_speaker(label: str, rest: str) -> bool:
    words = label.split()
    first = words[0].lower()
    if first in in_any_language("no speaker"):
        return False
    if label.isupper() and len(label) > 1:
        return True
    names = name_lists()
    named = len(words) == 1 or first in names["male names"] | names["female names"]
    return named and len(rest) < MAX_HEADLINE and rest[-1:] not in '.?!”"'
