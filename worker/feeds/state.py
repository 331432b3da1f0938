"""What is remembered of a feed between polls, as a record and as the flat strings that a store keeps. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from worker.feeds.gaps import Gap
from worker.feeds.memory import Memory
from worker.feeds.schedule import Bounds
from worker.feeds.websub import Topic


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed between polls, apart from its listing; a poll that holds `token` may change it.

    `every` is the interval that a person set ("10m", "5m-1h"), "" for that of the settings; polls do not change it.
    `status` is "ok" or why the last poll failed, with its `detail`, "" before the first poll; `why` has the reasons
    for the time of the next poll. `digest` is that of the last body (32 hexadecimal digits of SHA-256), with the
    validators of its answer; None before the first body. `title` is None before the first feed was parsed, and `topic`
    is what can be subscribed to. `gap` is what is looked for in its archive. Of a feed that is lost, `candidate` is
    what its site names in its place and was not looked at yet, `proposal` what was, and cannot be told to be the same
    feed; a person who takes it makes it `accepted`.
    """

    id: str
    token: int
    url: str
    host: str
    every: str = ""
    moved_from: str = ""
    memory: Memory = field(default_factory=Memory)
    status: str = ""
    detail: str = ""
    why: tuple[str, ...] = ()
    digest: str | None = None
    etag: str = ""
    modified: str = ""
    title: str | None = None
    topic: Topic | None = None
    gap: Gap | None = None
    candidate: str = ""
    proposal: str = ""
    accepted: str = ""

    @classmethod
    def of(cls, feed_id: str, fields: Mapping[str, str]) -> FeedState:
        """Read what a store keeps of a feed: what `fields` wrote, beside its token and interval."""
        return cls(
            id=feed_id,
            token=int(fields["token"]),
            url=fields["url"],
            host=fields["host"],
            every=fields.get("every", ""),
            moved_from=fields.get("moved_from", ""),
            memory=Memory.of(fields),
            status=fields.get("status", ""),
            detail=fields.get("detail", ""),
            why=tuple(json.loads(fields.get("why", "[]"))),
            digest=fields.get("digest"),
            etag=fields.get("etag", ""),
            modified=fields.get("modified", ""),
            title=fields.get("title"),
            topic=Topic(fields["topic"], fields["hub"]) if fields.get("hub") else None,
            gap=Gap.of(fields.get("gap", "")),
            candidate=fields.get("candidate", ""),
            proposal=fields.get("proposal", ""),
            accepted=fields.get("accepted", ""),
        )

    @property
    def fields(self) -> dict[str, str]:
        """Return what a poll writes; what was never learnt is absent."""
        fields = {"url": self.url, "host": self.host}
        if self.moved_from:
            fields["moved_from"] = self.moved_from
        if self.status:
            why = json.dumps(self.why)
            fields |= {**self.memory.fields(), "status": self.status, "detail": self.detail, "why": why}
        if self.digest is not None:
            fields |= {"digest": self.digest, "etag": self.etag, "modified": self.modified}
        if self.title is not None:
            fields |= {"title": self.title, **_topic(self.topic)}
        if self.gap:
            fields["gap"] = self.gap.field()
        if self.status:
            fields |= {"candidate": self.candidate, "proposal": self.proposal}
        return fields

    @property
    def address(self) -> str:
        """Return where the feed is asked for: at the proposal once a person has accepted that, else at its URL."""
        return self.proposal if self.proposal and self.proposal == self.accepted else self.url

    def bounds(self, usual: Bounds) -> Bounds:
        """Return how far apart its polls are: as a person set it, else as usual."""
        return Bounds.of(self.every) if self.every else usual


def _topic(topic: Topic | None) -> dict[str, str]:
    return {"topic": topic.url, "hub": topic.hub} if topic else {"hub": ""}
