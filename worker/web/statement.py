"""A statement as a page shows it: its sentence, with what was said marked inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from worker.ports import EventEntry
from worker.web.render import moment


class SentencePart(NamedTuple):
    """A run of text; `mark` says what it is: "" for nothing, else "said" or "reported"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One event about a statement. `at` is the ms of its stream entry, `was` the wording before an edit."""

    id: str
    cursor: str
    verb: str
    kind: str
    speaker: str | None
    role: str | None
    cue: str
    runs: list[SentencePart]
    was: str | None
    reason: str | None
    article: str
    headline: str
    outlet: str
    url: str
    language: str
    first_at: str
    time: datetime | None

    @property
    def at(self) -> str:
        """Return when it was published, in ms."""
        return self.cursor.partition("-")[0]


def statement_view(entry: EventEntry) -> StatementView:
    """Return what a page shows of an event about a statement, be it created, amended or retracted."""
    data, verb = entry.event.data, entry.event.type.split(".")[-2]
    speaker, article = data.get("speaker"), data["article"]
    named = speaker if isinstance(speaker, dict) else {"name": speaker}
    is_edit = verb == "amended" and data.get("previous_text") != data["text"]
    return StatementView(
        id=data["id"],
        cursor=entry.id,
        verb=verb,
        kind=data.get("kind", ""),
        speaker=named["name"],
        role=named.get("role"),
        cue=(data.get("cue") or {}).get("text", ""),
        runs=list(sentence_runs(data)) if "sentence" in data else [SentencePart(data["text"], "")],
        was=data.get("previous_text") if is_edit else None,
        reason=data.get("reason"),
        article=article["id"],
        headline=article.get("headline") or article["url"],
        outlet=outlet(article),
        url=article["url"],
        language=article.get("language") or "",
        first_at=first_at(data),
        time=moment(entry.event.time),
    )


def first_at(data: Mapping[str, Any]) -> str:
    """Return the host where the same quotation was seen before; "" when it was first here, or that is not told."""
    cluster = data.get("quote_cluster") or {}
    return str(cluster.get("first_host", "")) if cluster.get("id") != data["id"] else ""


def outlet(article: Mapping[str, Any]) -> str:
    """Return who published an article: the name of the site, else its host."""
    return str(article.get("site") or urlsplit(article["url"]).hostname or article["url"])


def sentence_runs(data: Mapping[str, Any]) -> Iterator[SentencePart]:
    """Yield a statement's sentence with its segments marked; then the segments that lie outside of it.

    A segment that goes on beyond its sentence prolongs it.
    """
    text, base = data["sentence"]["exact"], data["sentence"]["start"]
    inside, outside = [], []
    for segment in sorted(data["segments"], key=lambda one: one["start"]):
        low, words = segment["start"] - base, segment["exact"]
        if not _touches(text, low, words):
            outside.append(segment)
            continue
        text = words[: max(0, -low)] + text + words[max(0, len(text) - low) :]
        base += min(0, low)
        inside.append(segment)
    yield from _marked(text, base, inside)
    for segment in outside:
        yield SentencePart(" … ", "")
        yield SentencePart(segment["exact"], _mark(segment))


def _touches(text: str, low: int, words: str) -> bool:
    """Tell whether `words`, which begin at place `low`, meet `text`, and say the same where both are."""
    first, last = max(0, low), min(len(text), low + len(words))
    return first <= last and text[first:last] == words[first - low : last - low]


def _marked(text: str, base: int, segments: Sequence[Mapping[str, Any]]) -> Iterator[SentencePart]:
    at = 0
    for segment in segments:
        low = max(at, segment["start"] - base)
        high = max(at, segment["start"] - base + len(segment["exact"]))
        yield SentencePart(text[at:low], "")
        yield SentencePart(text[low:high], _mark(segment))
        at = high
    yield SentencePart(text[at:], "")


def _mark(segment: Mapping[str, Any]) -> str:
    return "said" if segment.get("quoted") else "reported"
