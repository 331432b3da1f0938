"""Which payload each event type carries, and the two checks that every event passes before it is sent."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Union

from .article import ArticleData, DeadData, WithdrawnData
from .event import PREFIX, Event
from .feed import FeedGapData, FeedStatusData
from .quick import quick
from .shape import InvalidEventError, checker, loader
from .statement import RetractedData, StatementData

Payload = Union[ArticleData, WithdrawnData, StatementData, RetractedData, FeedStatusData, FeedGapData, DeadData]


class PayloadType(NamedTuple):
    """A payload type, and the name that its schema has in `urn:onrecord:schema:<name>:<major version>`."""

    schema: str
    payload: type


#: What follows PREFIX in the event type, version included -> its payload.
KINDS = {
    "article.created.v1": PayloadType("article", ArticleData),
    "article.updated.v1": PayloadType("article", ArticleData),
    "article.withdrawn.v1": PayloadType("article-withdrawn", WithdrawnData),
    "statement.created.v1": PayloadType("statement", StatementData),
    "statement.amended.v1": PayloadType("statement", StatementData),
    "statement.retracted.v1": PayloadType("statement-retracted", RetractedData),
    "feed.status.v1": PayloadType("feed-status", FeedStatusData),
    "feed.gap.v1": PayloadType("feed-gap", FeedGapData),
    "dead.article.v1": PayloadType("dead", DeadData),
}
_CHECKS = {PREFIX + name: (quick(kind.payload), checker(kind.payload)) for name, kind in KINDS.items()}
_LOADS = {PREFIX + name: loader(kind.payload) for name, kind in KINDS.items()}


def dataschema(type_: str) -> str:
    """Return the id of the schema for an event type's data."""
    return f"urn:onrecord:schema:{KINDS[type_[len(PREFIX) :]].schema}:1"


def to_data(payload: Any) -> Dict[str, Any]:
    """Return a payload as JSON-ready data."""
    return {name: _plain(value) for name, value in vars(payload).items()}


def check(event: Event) -> None:
    """Check the types of an event's data against its payload type.

    Raises:
        InvalidEventError: Naming the first field that is absent or of the wrong type.
    """
    if event.type not in _CHECKS:
        raise InvalidEventError(f"no such event type: {event.type}")
    fits, look_closely = _CHECKS[event.type]
    if not fits(event.data):
        look_closely(event.data, "data")


def payload_of(event: Event) -> Payload:
    """Return an event's data as its typed payload; fields of newer versions are left out.

    Raises:
        InvalidEventError: If the data does not fit the type.
    """
    check(event)
    return _LOADS[event.type](event.data)  # type: ignore[no-any-return]


def verify(data: Mapping[str, Any], text: str) -> None:
    """Check that every selector in `data`, at any depth, says exactly what `text` says at its offsets.

    Raises:
        InvalidEventError: Naming the first selector that does not.
    """
    for name, value in data.items():
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, dict):
                continue
            if "exact" in item and text[item["start"] : item["end"]] != item["exact"]:
                raise InvalidEventError(f"{name}: {item['exact']!r} is not at {item['start']}:{item['end']}")
            verify(item, text)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return to_data(value) if hasattr(value, "__dataclass_fields__") else value
