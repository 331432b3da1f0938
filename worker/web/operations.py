"""The operations of the API, each described once: the routes and the OpenAPI document are both made from this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.web.answers import FeedRequest, IngestRequest

MAX_LIMIT, DEFAULT_LIMIT = 100, 50
_TEXT = {"type": "string", "maxLength": 200}
_ARTICLE = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_ANY_ID = {"type": "string", "pattern": "^([0-9a-f]{16}|[0-9a-f]{32})$"}
_FEED = {"type": "string", "pattern": "^[0-9a-f]{16}$"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `name` is that of the method of `worker.web.api.Api` that does it, `answers` has the schema of each good answer
    (None: no body), `fails` the statuses of others; `body` is what it takes, and one that `writes` needs the token.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, str | None]
    fails: tuple[int, ...] = ()
    query: Mapping[str, tuple[Mapping[str, Any], str]] = field(default_factory=dict)
    place: Mapping[str, Any] = field(default_factory=dict)
    body: type | None = None
    writes: bool = False


OPERATIONS = (
    Operation(
        "GET",
        "/api/statements",
        "statements",
        "The newest statements, or those that are searched for, the newest first",
        {200: "StatementPage"},
        fails=(400,),
        query={
            "speaker": (_TEXT, "Words of the speaker's name."),
            "name": (_TEXT, "The speaker's whole name."),
            "outlet": (_TEXT, "A part of the site's name, or its host or domain."),
            "text": (_TEXT, "A part of what was said."),
            "kind": ({"enum": ["direct", "mixed", "indirect"]}, "How it is rendered."),
            "language": (_TEXT, "The article's, such as en."),
            "before": ({"type": "string", "pattern": r"^[0-9]{1,15}-[0-9]{1,10}$"}, "`next` of the page before."),
            "limit": (
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                "How many at most.",
            ),
        },
    ),
    Operation(
        "GET",
        "/api/articles/{id}",
        "article",
        "An article as it stands now, with its statements",
        {200: "PublishedArticle"},
        fails=(404,),
        place=_ARTICLE,
    ),
    Operation(
        "GET",
        "/api/why/{id}",
        "why",
        "What is known of a feed or an article, and every attempt",
        {200: "History"},
        fails=(404,),
        place=_ANY_ID,
    ),
    Operation("GET", "/api/status", "status", "What `onrecord status --json` says", {200: "Standing"}),
    Operation("GET", "/api/feeds", "feeds", "The feeds that are polled", {200: "FeedList"}),
    Operation(
        "POST",
        "/api/feeds",
        "add_feed",
        "Poll a feed, after looking at it once; or name one, or set its interval",
        {200: "Feed", 201: "Feed"},
        fails=(400, 413, 415, 422),
        body=FeedRequest,
        writes=True,
    ),
    Operation(
        "DELETE",
        "/api/feeds/{id}",
        "remove_feed",
        "Stop polling a feed",
        {204: None},
        fails=(404,),
        place=_FEED,
        writes=True,
    ),
    Operation(
        "POST",
        "/api/ingest",
        "ingest",
        "Ingest an article now; `/api/why/{id}` tells what becomes of it",
        {202: "Ingested"},
        fails=(400, 413, 415, 422),
        body=IngestRequest,
        writes=True,
    ),
)
