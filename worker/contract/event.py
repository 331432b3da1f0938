"""The envelope: CloudEvents 1.0 in structured JSON, one Redis stream entry an event.

An entry has the fields `event` (the JSON), `content-type`, and copies `ce-id`, `ce-type`, `ce-subject`,
so that a consumer can skip what it does not want without parsing.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Callable, Dict, Mapping, Optional

orjson: Any = None
with suppress(ImportError):  # five times as fast, where it is installed: onrecord[fast]
    orjson = import_module("orjson")

CONTENT_TYPE = "application/cloudevents+json"
PREFIX = "io.onrecord."
#: Event type (without PREFIX and version) -> the stream it goes to, after the key prefix.
STREAMS = {"article": "articles", "statement": "statements", "feed": "feeds", "dead": "dead"}
# Made once: json.dumps makes a new encoder at every call that has options.
_slowly = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode


class DecodeError(ValueError):
    """A stream entry is no event of this contract; the message says why."""


@dataclass(frozen=True)
class Event:
    """One event. `source` + `id` identify it: the same pair again is the same event again.

    `type` is `io.onrecord.<noun>.<verb>.v1`, `subject` the id of the article or statement,
    `time` an RFC 3339 timestamp, `partitionkey` the article's id, `causationid` the id of the
    event that led to this one.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str
    data: Mapping[str, Any]
    dataschema: str = ""
    partitionkey: str = ""
    causationid: Optional[str] = None
    traceparent: Optional[str] = None

    @property
    def noun(self) -> str:
        """Return what the event is about: "article", "statement", "feed" or "dead"."""
        return self.type[len(PREFIX) :].split(".")[0]


def event_id(type_: str, subject: str, content: str) -> str:
    """Return the deterministic id of an event: 32 hex characters over its type, subject and content."""
    return hashlib.sha256(f"{type_}\x1f{subject}\x1f{content}".encode()).hexdigest()[:32]


def encode(event: Event) -> Dict[str, str]:
    """Return the fields of the stream entry that carries `event`."""
    envelope: Dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time,
        "datacontenttype": "application/json",
    }
    for name in _OPTIONAL:
        value = getattr(event, name)
        if value:
            envelope[name] = value
    envelope["data"] = event.data
    return {
        "event": _dumps(envelope),
        "content-type": CONTENT_TYPE,
        "ce-id": event.id,
        "ce-type": event.type,
        "ce-subject": event.subject,
    }


def decode(fields: Mapping[str, str]) -> Event:
    """Return the event that a stream entry carries; unknown attributes are ignored.

    Raises:
        DecodeError: If the entry has no readable event, or not one of this contract.
    """
    if "event" not in fields:
        raise DecodeError("the entry has no field 'event'")
    try:
        envelope = _loads(fields["event"])
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"the entry is no JSON: {error}") from error
    if not isinstance(envelope, dict) or envelope.get("specversion") != "1.0":
        raise DecodeError("the entry is no CloudEvent of version 1.0")
    known = {name: envelope[name] for name in _TYPES if name in envelope}
    for name, value in known.items():
        if type(value) is not _TYPES[name]:
            raise DecodeError(f"the event's {name!r} is {'absent' if value is None else 'of the wrong type'}")
    if len(known) < len(_TYPES) and not known.keys() >= _REQUIRED:
        raise DecodeError(f"the event's {min(_REQUIRED - known.keys())!r} is absent")
    if not known["type"].startswith(PREFIX):
        raise DecodeError(f"not an event of onrecord: type {known['type']!r}")
    return Event(**known)


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode() if orjson is not None else _slowly(value)


_loads: Callable[[str], Any] = orjson.loads if orjson is not None else json.loads
_OPTIONAL = ("dataschema", "partitionkey", "causationid", "traceparent")
_TYPES = {name: dict if name == "data" else str for name in Event.__dataclass_fields__}
_REQUIRED = frozenset(("id", "source", "type", "subject", "time", "data"))
