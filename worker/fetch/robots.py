"""robots.txt (RFC 9309): what an answer allows, and for how long to believe it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

_TTL = timedelta(hours=24)  # RFC 9309 §2.4: no longer than a day
_UNREACHABLE_TTL = timedelta(minutes=10)  # §2.3.1.4: everything is disallowed for a while
_DISALLOW_ALL = "User-agent: *\nDisallow: /"
_MAX_CRAWL_DELAY = timedelta(seconds=60)


def robots_url(url: str) -> str:
    """Return where the robots.txt for `url` is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def robots_text(status: int, body: bytes) -> tuple[str, timedelta]:
    """Return the rules that an answer means, and for how long.

    2xx: what it says; 4xx: no rules; anything else: nothing is allowed for a while (RFC 9309 §2.3.1).
    """
    if 200 <= status < 300:
        return body.decode("utf-8", "replace"), _TTL
    if 400 <= status < 500 and status != 429:
        return "", _TTL
    return unreachable()


def unreachable() -> tuple[str, timedelta]:
    """Return the rules for a host whose robots.txt cannot be had."""
    return _DISALLOW_ALL, _UNREACHABLE_TTL


def is_allowed(text: str, url: str, user_agent: str) -> bool:
    """Tell whether `user_agent` may fetch `url` under the rules in `text`."""
    return not text or bool(Protego.parse(text).can_fetch(url, user_agent))


def crawl_delay(text: str, user_agent: str) -> timedelta:
    """Return the crawl delay the rules ask for, at most a minute; zero when they ask for none."""
    asked = Protego.parse(text).crawl_delay(user_agent) if text else None
    return min(timedelta(seconds=float(asked)), _MAX_CRAWL_DELAY) if asked else timedelta(0)
