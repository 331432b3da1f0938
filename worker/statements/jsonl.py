"""A statement as the scorers and `onrecord extract --jsonl` read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.core.records import Segment, Span, Statement


def to_json(statement: Statement) -> dict[str, Any]:
    """Return `statement` as a JSON-safe object; spans are [start, end) pairs of code points."""
    speaker, cue = statement.speaker, statement.cue
    return {
        "kind": statement.kind,
        "content": _pairs(statement.segments),
        "source": _pairs(statement.source),
        "cue": _pairs(cue.spans) if cue else [],
        "cue_class": cue.cue_class if cue else "speech",
        "cue_lemma": cue.lemma if cue else None,
        "stance": cue.stance if cue else None,
        "speaker": speaker.name,
        "speaker_type": speaker.type,
        "speaker_span": [speaker.mention.start, speaker.mention.end] if speaker.mention else None,
        "speaker_role": speaker.role,
        "resolved_by": speaker.resolved_by,
        "addressee": _pair(statement.addressee),
        "via": _pair(statement.via),
        "said_when": _pair(statement.said_when),
        "said_where": _pair(statement.said_where),
        "negated": statement.negated,
        "in_heading": statement.in_heading,
        "nested_in": statement.nested_in,
        "confidence": round(statement.confidence, 4),
    }


def _pairs(spans: Sequence[Span | Segment]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _pair(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None
