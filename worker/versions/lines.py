"""A statement as one JSON object: a line of `onrecord extract --jsonl`, which the scorers read. Pure."""

from __future__ import annotations

from typing import Any

from worker.core.records import Statement
from worker.versions.fields import FIELDS

#: The order of the keys since the first release; a field that is not named here comes last.
_ORDER = (
    "kind", "segments", "source", "cue", "speaker", "addressee", "via", "said_when", "said_where", "negated",
    "in_heading", "nested_in", "confidence",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_ORDER)}
_LINES = [field.line for field in sorted(FIELDS, key=lambda field: _PLACES.get(field.name, len(_ORDER))) if field.line]


def to_json(statement: Statement) -> dict[str, Any]:
    """Return `statement` as a JSON-safe object; spans are [start, end) pairs of code points."""
    return {key: value for line in _LINES for key, value in line(statement).items()}
