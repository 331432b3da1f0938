"""From the ledger's rows in Redis to records, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from config import limits
from worker.adapters.observability import tracing
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms
from worker.core.identity import Candidate, candidates
from worker.core.jobs import Admission, HandedOut, Job, Recheck
from worker.core.records import FeedEntry
from worker.core.urls import host_of


def pairs(flat: Sequence[Any]) -> dict[str, str]:
    """Return a flat list of names and values as a mapping."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def moment(ms: str | float) -> datetime:
    """Return a time that Redis has in ms."""
    return datetime.fromtimestamp(float(ms) / 1000, UTC)


def handed_out(flat: Sequence[Any]) -> list[HandedOut]:
    """Return what a script handed out: item, token, ..."""
    return [
        HandedOut(item.removeprefix("feed:"), int(token), is_feed=item.startswith("feed:"))
        for item, token in pairs(flat).items()
    ]


def job(item_id: str, row: dict[str, str]) -> Job:
    """Return a job; one that has the page it `was` is a re-check of the snapshot that it was copied from."""
    return Job(
        id=item_id,
        token=int(row["token"]),
        url=row["url"],
        host=row["host"],
        feed_id=row["feed"],
        entry=_entry(row["url"], json.loads(row["entry"])),
        attempts=int(row["attempts"]),
        found=moment(row["found"]),
        page_ref=row.get("page", ""),
        hop=row.get("hop", ""),
        recheck=_recheck(row) if "was" in row else None,
        trace=row.get("trace", ""),
    )


def _recheck(row: dict[str, str]) -> Recheck:
    is_withdrawn = row["outcome"] == "withdrawn"
    known = {"If-None-Match": row.get("etag"), "If-Modified-Since": row.get("modified")}
    return Recheck(
        int(row["version"]),
        row["article"],
        row["content"],
        "" if is_withdrawn else row["was"],
        {} if is_withdrawn else {name: value for name, value in known.items() if value},
        int(row.get("missing", 0)),
        is_withdrawn,
    )


def _entry(url: str, row: dict[str, str]) -> FeedEntry:
    published = row.get("published")
    return FeedEntry(
        url=url,
        guid=row.get("guid"),
        title=row.get("title"),
        published=datetime.fromisoformat(published) if published else None,
    )


def flat_events(events: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Return events as `publish` in `lua/shared.lua` reads them: stream, number of what follows, field, value, ..."""
    flat: list[str] = []
    for stream, fields in events:
        flat += [stream, str(2 * len(fields)), *(part for pair in fields.items() for part in pair)]
    return flat


def claim(ledger: Ledger, item: str, token: int, stage: str) -> dict[str, str] | None:
    """Claim an article, or a feed (its stage is ""); return its row, None when it is not this token's turn."""
    pace = ledger.pace
    return (
        pairs(
            ledger.run(
                "claim",
                item=item,
                token=token,
                stage=stage,
                lease=in_ms(limits.LEASE),
                spacing=in_ms(pace.spacing),
                concurrency=pace.concurrency,
            )
        )
        or None
    )


def admit(  # noqa: PLR0913 - all that one poll brought
    ledger: Ledger,
    entries: Sequence[FeedEntry],
    *,
    source: str,
    feed_id: str = "",
    token: int = 0,
    fields: Mapping[str, str] | None = None,
    wait: timedelta | None = None,
    events: Sequence[tuple[str, Mapping[str, str]]] = (),
    is_complete: bool = False,
) -> Admission | None:
    """Admit entries that come from the feed `source`, and record the poll of `feed_id`; "" for none of either.

    None when the token is stale. The rest is as in `worker.ports.Feeds.polled`.
    """
    trace = tracing.current()
    reply = ledger.run(
        "admit",
        *(_admission(candidate, source, trace) for candidate in candidates(entries, feed_id=source)),
        feed=feed_id,
        token=token,
        length=in_ms(limits.SEEN_BUCKET),
        concurrency=ledger.pace.concurrency,
        fields=json.dumps(fields or {}),
        wait=-1 if wait is None else in_ms(wait),
        complete=int(is_complete),
        events=json.dumps([[stream, [part for pair in row.items() for part in pair]] for stream, row in events]),
    )
    if reply == "STALE":
        return None
    admitted, overlap = reply
    return Admission(tuple(admitted), int(overlap))


def _admission(candidate: Candidate, feed_id: str, trace: str) -> str:
    entry = candidate.entry
    known = {"guid": entry.guid, "title": entry.title}
    if entry.published:
        known["published"] = entry.published.isoformat()
    kept = {name: value for name, value in known.items() if value}
    return json.dumps(
        {
            "id": candidate.id,
            "aliases": candidate.aliases,
            "feed": feed_id,
            "url": entry.url,
            "host": host_of(entry.url),
            "entry": json.dumps(kept),
            **({"trace": trace} if trace else {}),
        }
    )
