"""robots.txt (RFC 9309): what an answer allows, and for how long to believe it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from worker.errors import Reason, TransientError
from worker.fetch.response import Response

_TTL = timedelta(hours=24)  # RFC 9309 §2.4: no longer than a day
_MAX_CRAWL_DELAY = timedelta(seconds=60)


def robots_url(url: str) -> str:
    """Return where the robots.txt for `url` is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def robots_text(response: Response) -> tuple[str, timedelta]:
    """Return the rules that an answer means, and for how long.

    2xx: what it says; 4xx: no rules (RFC 9309 §2.3.1.3).

    Raises:
        TransientError: SERVER_ERROR for anything else: nothing may be fetched until it answers (§2.3.1.4).
    """
    if 200 <= response.status < 300:
        return response.body.decode("utf-8", "replace"), _TTL
    if 400 <= response.status < 500 and response.status != 429:
        return robots_absent()
    raise TransientError(Reason.SERVER_ERROR, response.url, f"robots.txt answered {response.status}")


def robots_absent() -> tuple[str, timedelta]:
    """Return the rules of a host that has no robots.txt: none."""
    return "", _TTL


def permitted_delay(text: str, url: str, user_agent: str) -> timedelta | None:
    """Return the crawl delay that the rules in `text` ask `user_agent` for, or None when they deny it `url`.

    Zero when they ask for none, at most a minute.
    """
    if not text:
        return timedelta(0)
    rules = Protego.parse(text)
    if not rules.can_fetch(url, user_agent):
        return None
    asked = rules.crawl_delay(user_agent)
    return min(timedelta(seconds=float(asked)), _MAX_CRAWL_DELAY) if asked else timedelta(0)
