"""The table of statement fields: what each one is on the wire, in a comparison, in a JSON line. Pure.

A field that the contract gains (`worker.contract.statement.StatementData`) needs one row here. The events
(`worker.versions.events`), the comparison of versions (`worker.versions.revisions`) and the JSON lines
(`worker.versions.lines`) follow from the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.contract.selector import Segment, Selector
from worker.contract.statement import ArticleRef, CueData, SpeakerData
from worker.core.records import Span, Statement

JOINT = " … "
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement of a text, with all that its event says: its id, its article, and the ids of all statements there."""

    id: str
    article: ArticleRef
    text: str
    statement: Statement
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a statement; each part is None where the field has none.

    `wire` gives its value in a `statement.created` event; what has none gets its value from a later step. `compared`
    takes the JSON value on the wire and returns what must stay equal for two versions of a statement to say the same.
    `line` gives the keys and values that the field has in a JSON line; spans are [start, end) pairs of code points.
    """

    name: str
    wire: Callable[[Reading], Any] | None = None
    compared: Callable[[Any], Any] | None = None
    line: Callable[[Statement], Line] | None = None


def _plain(name: str) -> Field:
    """Return a field that is compared as it is."""
    return Field(
        name,
        lambda reading: getattr(reading.statement, name),
        lambda value: value,
        lambda statement: {name: getattr(statement, name)},
    )


def _selected(name: str) -> Field:
    """Return a field that is a run of the text, or null; it is compared by its words, wherever they stand."""
    return Field(
        name,
        lambda reading: _selector(reading.text, getattr(reading.statement, name)),
        lambda value: value["exact"],
        lambda statement: {name: _pair(getattr(statement, name))},
    )


def _nested_in(reading: Reading) -> str | None:
    index = reading.statement.nested_in
    return None if index is None else reading.ids[index]


def _segments(reading: Reading) -> list[Segment]:
    found = []
    for segment in reading.statement.segments:
        at = Selector.of(reading.text, segment.start, segment.end)
        found.append(Segment(at.exact, at.start, at.end, at.prefix, at.suffix, segment.quoted))
    return found


def _text(reading: Reading) -> str:
    return JOINT.join(reading.text[segment.start : segment.end] for segment in reading.statement.segments)


def _speaker(reading: Reading) -> SpeakerData:
    speaker = reading.statement.speaker
    return SpeakerData(
        speaker.name,
        speaker.type,
        speaker.role,
        speaker.resolved_by,
        round(speaker.confidence, 3),
        _selector(reading.text, speaker.mention),
        list(speaker.candidates),
    )


def _speaker_line(statement: Statement) -> Line:
    speaker = statement.speaker
    return {
        "speaker": speaker.name,
        "speaker_type": speaker.type,
        "speaker_span": _pair(speaker.mention),
        "speaker_role": speaker.role,
        "resolved_by": speaker.resolved_by,
    }


def _cue(reading: Reading) -> CueData | None:
    cue = reading.statement.cue
    if cue is None:
        return None
    selectors = _selectors(reading.text, cue.spans)
    return CueData(" ".join(each.exact for each in selectors), cue.lemma, cue.cue_class, cue.stance, selectors)


def _cue_line(statement: Statement) -> Line:
    cue = statement.cue
    return {
        "cue": _pairs(cue.spans) if cue else [],
        "cue_class": cue.cue_class if cue else "speech",
        "cue_lemma": cue.lemma if cue else None,
        "stance": cue.stance if cue else None,
    }


def _parts(*names: str) -> Callable[[Any], Any]:
    """Return what compares an object by some of its parts."""
    return lambda value: [value[name] for name in names]


def _selector(text: str, span: Span | None) -> Selector | None:
    return None if span is None else Selector.of(text, span.start, span.end)


def _selectors(text: str, spans: Sequence[Span]) -> list[Selector]:
    return [Selector.of(text, span.start, span.end) for span in spans]


def _pair(span: Any) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _pairs(spans: Sequence[Any]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


#: Snapshots of published articles have the fields in this order; the contract and the JSON lines have their own.
FIELDS = (
    # What a statement says.
    _plain("kind"),
    _plain("in_heading"),
    _plain("negated"),
    Field("nested_in", _nested_in, lambda value: value, lambda statement: {"nested_in": statement.nested_in}),
    _selected("addressee"),
    _selected("via"),
    _selected("said_when"),
    _selected("said_where"),
    Field(
        "segments",
        _segments,
        lambda segments: [[segment["exact"], segment["quoted"]] for segment in segments],
        lambda statement: {"content": _pairs(statement.segments)},
    ),
    Field("speaker", _speaker, _parts("name", "type", "role"), _speaker_line),
    Field("cue", _cue, _parts("text", "lemma", "cue_class", "stance"), _cue_line),
    # Which statement it is, where it stands, and how sure the engine is: a difference here is none in what it says.
    Field("id", lambda reading: reading.id),
    Field("article", lambda reading: reading.article),
    Field("text", _text),  # compared by its segments
    Field("sentence", lambda reading: _selector(reading.text, reading.statement.sentence)),
    Field("paragraph", lambda reading: reading.statement.paragraph),
    Field(
        "source",
        lambda reading: _selectors(reading.text, reading.statement.source),
        line=lambda statement: {"source": _pairs(statement.source)},
    ),
    Field(
        "confidence",
        lambda reading: round(reading.statement.confidence, 3),
        line=lambda statement: {"confidence": round(statement.confidence, 4)},
    ),
    # What the comparison of versions sets, and the clustering of quotations.
    Field("previous_text"),
    Field("previous_speaker"),
    Field("changed"),
    Field("reason"),
    Field("quote_cluster"),
)
