"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import Any

from worker.core.errors import Reason, RejectedError
from worker.core.records import FeedEntry
from worker.feeds.entry import DateReader, absolute, make_entry, plain_text
from worker.feeds.feed import FeedDocument


def read_json_feed(text: str, *, url: str, max_entries: int, now: datetime | None) -> FeedDocument:
    """Read a JSON Feed; `next_url` leads to older entries, as `next` does in Atom.

    Raises:
        RejectedError: NOT_A_FEED.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RejectedError(Reason.NOT_A_FEED, url, f"begins like JSON, but is none: {error}") from error
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version", "")):
        raise RejectedError(Reason.NOT_A_FEED, url, "JSON, but no JSON Feed: `version` is missing")
    dates = DateReader(_text(document, "language") or "", now)
    entries = (_entry(item, url, dates) for item in _list(document, "items"))
    return FeedDocument(
        "json",
        entries=tuple(islice(filter(None, entries), max_entries)),
        title=plain_text(_text(document, "title"), 500),
        link=absolute(url, _text(document, "home_page_url")),
        self_link=absolute(url, _text(document, "feed_url")),
        hub=next(filter(None, (_hub(hub, url) for hub in _list(document, "hubs"))), None),
        next_page=absolute(url, _text(document, "next_url")),
    )


def _entry(item: dict[str, Any], base: str, dates: DateReader) -> FeedEntry | None:
    return make_entry(
        base,
        url=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_text") or _text(item, "content_html"),
        published=dates.first((item.get("date_published"), item.get("date_modified"))),
    )


def _hub(hub: dict[str, Any], base: str) -> str | None:
    """Return the URL of a hub that speaks WebSub; another kind is rssCloud."""
    return absolute(base, _text(hub, "url")) if str(_text(hub, "type")).lower() == "websub" else None


def _list(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _text(item: dict[str, Any], name: str) -> str | None:
    """Return a string field; an id may be a number, which the format tells readers to accept."""
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) else None
