"""What travels between tasks: one frozen dataclass per task, flat and JSON-safe.

Field names are wire format: a field may be added with a default, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypeAlias, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Hand out what is due: feeds to poll, articles to fetch."""

    task: ClassVar[str] = "feeds.tick"
    queue: ClassVar[str] = "control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Bring back what got stuck."""

    task: ClassVar[str] = "upkeep.sweep"
    queue: ClassVar[str] = "control"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFeed:
    """Poll one feed: by its id and token, or, from outside, by its URL."""

    task: ClassVar[str] = "feeds.poll"
    queue: ClassVar[str] = "network"

    feed_id: str = ""
    token: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchArticle:
    """Fetch one article: by its id and token, or, from outside, by its URL."""

    task: ClassVar[str] = "articles.fetch"
    queue: ClassVar[str] = "network"

    article_id: str = ""
    token: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessArticle:
    """Clean a fetched page, extract its statements, publish both."""

    task: ClassVar[str] = "articles.process"
    queue: ClassVar[str] = "cpu"

    article_id: str
    token: int


Message: TypeAlias = Tick | Sweep | PollFeed | FetchArticle | ProcessArticle
MESSAGES: tuple[type[Message], ...] = (Tick, Sweep, PollFeed, FetchArticle, ProcessArticle)
M = TypeVar("M", bound=Message)


def from_fields(kind: type[M], given: Mapping[str, Any]) -> M:
    """Return the message of `kind` that came as `given`, from whoever may write to the broker.

    Raises:
        TypeError: A field is missing, unknown, or of another type; the message names it.
    """
    message = kind(**given)
    for field in fields(message):
        value = getattr(message, field.name)
        if type(value).__name__ != field.type:  # not isinstance: a bool is an int
            raise TypeError(f"{kind.task}: {field.name} must be {field.type}, not {value!r:.80}")
    return message


def to_fields(message: Message) -> dict[str, str | int]:
    """Return the keyword arguments that carry `message` through the broker."""
    return asdict(message)
