"""What was published of an article, in short, and what a later version of it changes. Pure.

    content_of(events) -> str             kept with the page of a published article
    revision(content, events) -> Revision the events that lead from that version to this one, and the new content
    withdrawal(content) -> Revision       the same for an article that is gone

One law: whoever applies the events of each version in order has what the last version says. A statement keeps its id
for as long as it stands (`worker.versions.alignment`), however its words, speaker or place change. That it merely moved
is no event: `Selector.locate` finds it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from isal import isal_zlib

from worker.contract.article import WithdrawnData
from worker.contract.event import PREFIX, Event, event_id
from worker.contract.payload import check, dataschema, to_data
from worker.contract.statement import ArticleRef, ChangeReason, RetractedData
from worker.core.errors import Reason, RejectedError
from worker.versions.alignment import Said, align
from worker.versions.events import rfc3339
from worker.versions.fields import FIELDS, JOINT

# Made once: json.dumps makes a new encoder at every call that has options.
_to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
#: They say which version this is, and when it was fetched; a difference here is none in the article.
_ABOUT_THE_VERSION = frozenset({"version", "changed", "previous_sha256", "fetched", "cluster_id"})
_COMPARED = [(field.name, field.compared) for field in FIELDS if field.compared]
_MARKS = " \t\n.,;:!?–—-\"'“”‘’«»„‚"
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Revision:
    """The events of a new version, none if nothing differs; which article fields do; and what to keep of it."""

    events: tuple[Event, ...]
    changed: tuple[str, ...]
    content: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A statement in short: what it says, and the runs of text (its words, sentence, speaker) that it rests on."""

    says: Mapping[str, Any]
    rests_on: Sequence[str]
    frame: str

    @property
    def text(self) -> str:
        return JOINT.join(exact for exact, _ in self.says["segments"])

    @property
    def speaker(self) -> str | None:
        name: str | None = self.says["speaker"][0]
        return name

    def stands_in(self, text: str) -> bool:
        return all(run in text for run in self.rests_on)


@dataclass(frozen=True, slots=True)
class _Version:
    """A version in short: how statements name it, digests of its fields and text, its statements in text order."""

    ref: Mapping[str, Any]
    text_sha256: str
    fields: Mapping[str, str]
    statements: Mapping[str, _Known]


def content_of(events: Sequence[Event]) -> str:
    """Return a published version in short, as printable text; `events` are those of `events.article_events`."""
    return _packed(_version(events, 1))


def revision(content: str, version: int, events: Sequence[Event], *, time: datetime) -> Revision:
    """Return what turns a published version into the one that `events` create.

    Args:
        content: What `content_of`, or the last revision, said of the published version.
        version: The number of the new version, 2 or more; it makes ids of events differ from those before.
        events: Those that would create the article today, its own first.
        time: When the change was found.

    Raises:
        RejectedError: UNKNOWN, when another release wrote `content`.
    """
    before = _unpacked(content)
    events = _with_known_ids(before, events, version)
    after = _version(events, version)
    changed = tuple(sorted(name for name, value in after.fields.items() if before.fields.get(name) != value))
    new = _New(version, rfc3339(time))
    about = {"version": version, "changed": list(changed), "previous_sha256": before.text_sha256}
    first = new.event("article.updated", replace(events[0], data={**events[0].data, **about}))
    text = first.data["text"]
    rest = [*_still_there(before, after, events, new, first), *_gone(before, after, events[0], new, first.id, text)]
    return Revision((first, *rest) if changed or rest else (), changed, _packed(after))


def withdrawal(content: str, version: int, reason: Reason, *, time: datetime, source: str) -> Revision:
    """Return what tells that an article, and so each of its statements, was taken back by its publisher.

    Raises:
        RejectedError: UNKNOWN, when another release wrote `content`.
    """
    before, new = _unpacked(content), _New(version, rfc3339(time))
    key = before.ref["id"]
    data = to_data(WithdrawnData(key, before.ref["url"], str(reason)))
    like = Event("", source, "", key, new.time, data, partitionkey=key)
    first = new.event("article.withdrawn", like)
    rest = [
        new.event("statement.retracted", replace(like, subject=known, data=data), first.id)
        for known, data in ((known, _retracted(before, known, "withdrawn")) for known in before.statements)
    ]
    return Revision((first, *rest), (), _packed(replace(before, fields={}, statements={})))


@dataclass(frozen=True, slots=True)
class _New:
    """A version in the making; its number makes the ids of its events differ from those of other versions."""

    number: int
    time: str

    def event(self, verb: str, like: Event, cause: str | None = None) -> Event:
        kind = f"{PREFIX}{verb}.v1"
        event = replace(
            like,
            id=event_id(kind, like.subject, str(self.number)),
            type=kind,
            time=self.time,
            dataschema=dataschema(kind),
            causationid=cause,
        )
        check(event)
        return event


def _still_there(
    before: _Version, after: _Version, events: Sequence[Event], new: _New, first: Event
) -> Iterator[Event]:
    """Yield what tells of the statements that are new, and of those that say something else."""
    for event in events[1:]:
        data = {**event.data, "article": {**event.data["article"], "version": new.number}}
        known = before.statements.get(event.subject)
        if known is None:
            yield new.event("statement.created", replace(event, data=data), first.id)
        elif changed := _changed(known, after.statements[event.subject]):
            reason: ChangeReason = "reread" if known.stands_in(first.data["text"]) else "edited"
            was = {"previous_text": known.text, "previous_speaker": known.speaker}
            data |= {**was, "changed": changed, "reason": reason}
            yield new.event("statement.amended", replace(event, data=data), first.id)


def _gone(before: _Version, after: _Version, article: Event, new: _New, cause: str, text: str) -> Iterator[Event]:
    for key, known in before.statements.items():
        if key not in after.statements:
            data = _retracted(before, key, "reread" if known.stands_in(text) else "edited")
            yield new.event("statement.retracted", replace(article, subject=key, data=data), cause)


def _retracted(before: _Version, key: str, reason: ChangeReason) -> dict[str, Any]:
    known = before.statements[key]
    return to_data(RetractedData(key, ArticleRef(**before.ref), known.text, known.speaker, reason))


def _changed(before: _Known, after: _Known) -> list[str]:
    names = {name for name in {*before.says, *after.says} if before.says.get(name) != after.says.get(name)}
    return sorted(names | {"text"} if before.text != after.text else names)


def _with_known_ids(before: _Version, events: Sequence[Event], version: int) -> list[Event]:
    """Give the statements that were there before the ids that they had; no other statement may have such an id."""
    old = list(before.statements)
    new = [event.subject for event in events[1:]]
    pairs = align([_said(one) for one in before.statements.values()], [_said(_known(one)) for one in events[1:]])
    ids = {key: old[pairs[at]] if at in pairs else _fresh(key, before, version) for at, key in enumerate(new)}
    first = {**events[0].data, "statement_ids": [ids[key] for key in new]}
    return [replace(events[0], data=first), *(_renamed(event, ids) for event in events[1:])]


def _fresh(key: str, before: _Version, version: int) -> str:
    """Return the id of a statement that is new: its own, unless that is taken by one that moved away."""
    return event_id(key, "", str(version)) if key in before.statements else key


def _renamed(event: Event, ids: Mapping[str, str]) -> Event:
    key, outer = ids[event.subject], event.data["nested_in"]
    return replace(event, subject=key, data={**event.data, "id": key, "nested_in": outer and ids[outer]})


def _version(events: Sequence[Event], number: int) -> _Version:
    data = events[0].data
    fields = {name: _digest(value) for name, value in data.items() if name not in _ABOUT_THE_VERSION}
    published = data["published"] and data["published"]["value"]
    ref = ArticleRef(
        data["id"], data["url"], data["headline"], data["site"], published, data["language"], number, data["feed_id"]
    )
    return _Version(to_data(ref), data["text_sha256"], fields, {event.subject: _known(event) for event in events[1:]})


def _known(event: Event) -> _Known:
    data = event.data
    speaker, segments = data["speaker"], data["segments"]
    says = {name: compared(data[name]) for name, compared in _COMPARED if data[name]}
    sentence = data["sentence"]["exact"]
    mention = [speaker["mention"]["exact"]] if speaker["mention"] else []
    return _Known(says, [*(segment["exact"] for segment in segments), sentence, *mention], _frame(sentence, segments))


def _frame(sentence: str, segments: Sequence[Mapping[str, Any]]) -> str:
    for segment in segments:
        sentence = sentence.replace(segment["exact"], " ")
    return " ".join(sentence.split()).strip(_MARKS)


def _said(known: _Known) -> Said:
    cue = known.says.get("cue") or [""]
    return Said(known.text, known.speaker, cue[0], known.frame)


def _packed(version: _Version) -> str:
    return base64.b64encode(isal_zlib.compress(orjson.dumps([_FORMAT, version]), 1)).decode()


def _unpacked(content: str) -> _Version:
    written_by, *rest = orjson.loads(isal_zlib.decompress(base64.b64decode(content)))
    if written_by != _FORMAT:
        raise RejectedError(Reason.UNKNOWN, "what was published of it", "written by another release of onrecord")
    row = rest[0]
    return _Version(**{**row, "statements": {key: _Known(**known) for key, known in row["statements"].items()}})


def _digest(value: Any) -> str:
    return hashlib.sha256(_to_json(value).encode()).hexdigest()[:8]


def verbs(events: Iterable[Event]) -> list[str]:
    """Return what each event says happened, as "article.updated"."""
    return [event.type.removeprefix(PREFIX).removesuffix(".v1") for event in events]
