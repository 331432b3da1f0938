"""What was published of an article, in short, and what a later version of it changes. Pure.

    content_of(events) -> str         kept with the page of a published article
    changes(content, events) -> list  the events that lead from that version to this one

One law: a version is one article event and the statement events that it caused. A statement is the same one while
it has the same id (its words, where they start, its cue); then `statement.amended` says what else differs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from worker.contract.event import PREFIX, Event, event_id
from worker.contract.payload import check, dataschema, to_data
from worker.contract.statement import ArticleRef, RetractedData
from worker.events import rfc3339

# Made once: json.dumps makes a new encoder at every call that has options.
_to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
#: They say which version this is, and when it was fetched; a difference here is none in the article.
_ABOUT_THE_VERSION = frozenset({"version", "changed", "previous_sha256", "fetched"})


@dataclass(frozen=True, slots=True)
class _Version:
    """A version in short: digests of the article's fields and of its statements, and whose words those were."""

    text_sha256: str
    fields: Mapping[str, str]
    statements: Mapping[str, Sequence[str | None]]  # id -> (digest, text, speaker)


def content_of(events: Sequence[Event]) -> str:
    """Return a published version in short, as printable text; `events` are those of `events.article_events`."""
    version = _version(events)
    row = [version.text_sha256, version.fields, version.statements]
    return base64.b64encode(zlib.compress(_to_json(row).encode(), 1)).decode()


def changes(content: str, version: int, events: Sequence[Event], *, time: datetime) -> list[Event]:
    """Return the events that turn a published version into the one that `events` create; none if nothing differs.

    Args:
        content: What `content_of` said of the published version.
        version: The number of the new version, 2 or more; it makes ids of events differ from those before.
        events: Those that would create the article today, its own first.
        time: When the change was found.
    """
    before, after = _restored(content), _version(events)
    if before == after:
        return []
    new = _New(version, rfc3339(time))
    changed = sorted(name for name, value in after.fields.items() if before.fields.get(name) != value)
    about = {"version": version, "changed": changed, "previous_sha256": before.text_sha256}
    first = new.event("article.updated", replace(events[0], data={**events[0].data, **about}))
    rest = []
    for event in events[1:]:
        known = before.statements.get(event.subject)
        if known is None or known[0] != after.statements[event.subject][0]:
            rest.append(new.event("statement.created" if known is None else "statement.amended", event, first.id))
    for key, known in before.statements.items():
        if key not in after.statements:
            rest.append(new.event("statement.retracted", _retracted(key, known, events[0]), first.id))
    return [first, *rest]


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


def _version(events: Sequence[Event]) -> _Version:
    data = events[0].data
    fields = {name: _digest(value) for name, value in data.items() if name not in _ABOUT_THE_VERSION}
    statements = {
        event.subject: [_digest(event.data), event.data["text"], event.data["speaker"]["name"]] for event in events[1:]
    }
    return _Version(data["text_sha256"], fields, statements)


def _restored(content: str) -> _Version:
    return _Version(*json.loads(zlib.decompress(base64.b64decode(content))))


def _digest(value: Any) -> str:
    return hashlib.sha256(_to_json(value).encode()).hexdigest()[:8]


def _retracted(key: str, known: Sequence[str | None], article: Event) -> Event:
    """Return an event like the article's, about a statement that is gone from it."""
    data = article.data
    published = data["published"] and data["published"]["value"]
    ref = ArticleRef(data["id"], data["url"], data["headline"], data["site"], published, data["language"])
    return replace(article, subject=key, data=to_data(RetractedData(key, ref, known[1] or "", known[2])))


def verbs(events: Iterable[Event]) -> list[str]:
    """Return what each event says happened, as "article.updated"."""
    return [event.type.removeprefix(PREFIX).removesuffix(".v1") for event in events]
