"""robots.txt (RFC 9309): what an answer allows, and for how long to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from worker.core.errors import Reason, TransientError
from worker.fetch.response import Response

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: at least so much is read
_TTL = timedelta(hours=24)  # RFC 9309 §2.4: no longer than a day
_UNAVAILABLE_TTL = timedelta(minutes=15)
_MAX_CRAWL_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says, and for how long that is believed; "" allows everything.

    None: the host answered with an error, and everything is disallowed until it is asked again.
    """

    text: str | None
    ttl: timedelta


#: The rules of a host that has no robots.txt (4xx, RFC 9309 §2.3.1.3), or none that can be read.
ABSENT = Rules("", _TTL)

#: The rules of a host that could not be reached, or answered 5xx or 429 (§2.3.1.4).
UNAVAILABLE = Rules(None, _UNAVAILABLE_TTL)


def robots_url(url: str) -> str:
    """Return where the robots.txt for `url` is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def read_rules(response: Response) -> Rules:
    """Return the rules in a 2xx answer; of one that was cut, only the whole lines."""
    text = response.body.decode("utf-8", "replace")
    return Rules(text if len(response.body) < MAX_BYTES else text.rpartition("\n")[0], _TTL)


def permitted_delay(rules: Rules, url: str, user_agent: str) -> timedelta | None:
    """Return the crawl delay that `rules` ask `user_agent` for, or None when they deny it `url`.

    Zero when they ask for none, at most a minute.

    Raises:
        TransientError: ROBOTS_UNAVAILABLE, while nobody knows the rules.
    """
    if rules.text is None:
        detail = "its robots.txt cannot be read now, so nothing of the host may be"
        raise TransientError(Reason.ROBOTS_UNAVAILABLE, url, detail, rules.ttl)
    if not rules.text:
        return timedelta(0)
    parsed = _parsed(rules.text)
    return crawl_delay(rules, user_agent) if parsed.can_fetch(url, user_agent) else None


def crawl_delay(rules: Rules | None, user_agent: str) -> timedelta:
    """Return how long the rules, if they are known, ask `user_agent` to wait between requests."""
    if rules is None or not rules.text:
        return timedelta(0)
    asked = _parsed(rules.text).crawl_delay(user_agent)
    return min(timedelta(seconds=float(asked)), _MAX_CRAWL_DELAY) if asked else timedelta(0)


@lru_cache(maxsize=32)  # a worker meets the same hosts again and again, and rules can be long
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
