"""robots.txt (RFC 9309): what an answer allows, and for how long to believe it.

Protego reads the rules. What it does not do is done here: the encodings that files come in, and product tokens, which
must be equal (section 2.2.1), where Protego is content with a beginning.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from worker.core.encodings import decode, labels_in
from worker.core.errors import Reason, TransientError
from worker.fetch.response import Response

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: at least so much is read
_TTL = timedelta(hours=24)  # RFC 9309 §2.4: no longer than a day
_UNAVAILABLE_TTL = timedelta(minutes=15)
_MAX_CRAWL_DELAY = timedelta(seconds=60)

#: As generous as Protego with spaces and a missing colon.
_AGENT = re.compile(
    r"^[^\S\r\n]*+user[- ]?agent(?:[^\S\r\n]*+:|[^\S\r\n])[^\S\r\n]*+([^#\r\n]*+)", re.IGNORECASE | re.MULTILINE
)
_TOKEN = re.compile(r"[\w-]+")
_PRODUCT = re.compile(r"(?:^|(?<=[\s(;]))([A-Za-z][\w-]*)(?=/|$|\s*$)")
_REACHED_AT = re.compile(r"\+?https?://\S+|\S+@\S+")
#: What crawlers call themselves for the sake of old servers.
_NO_PRODUCTS = frozenset({"mozilla", "applewebkit", "chrome", "safari", "gecko", "khtml", "compatible"})
_OURS, _OTHERS = "ours", "others"


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
    """Return the rules in a 2xx answer, in whatever encoding it is; of one that was cut, only the whole lines."""
    body = response.body
    wide = ["utf-16-be" if body.startswith(b"\0") else "utf-16-le"]  # counts where there are NULs only
    text = decode(body, [*wide, *labels_in(response.content_type)]).replace("\ufeff", "")
    whole = text if len(body) < MAX_BYTES else text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    return Rules(whole, _TTL)


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
    is_allowed = _parsed(rules.text, user_agent).can_fetch(url, _OURS)
    return crawl_delay(rules, user_agent) if is_allowed else None


def crawl_delay(rules: Rules | None, user_agent: str) -> timedelta:
    """Return how long the rules, if they are known, ask `user_agent` to wait between requests."""
    if rules is None or not rules.text:
        return timedelta(0)
    asked = _parsed(rules.text, user_agent).crawl_delay(_OURS)
    return min(timedelta(seconds=float(asked)), _MAX_CRAWL_DELAY) if asked else timedelta(0)


@lru_cache(maxsize=32)  # a worker meets the same hosts again and again, and rules can be long
def _parsed(text: str, user_agent: str) -> Protego:
    tokens = _products(user_agent)
    return Protego.parse(_AGENT.sub(lambda line: f"User-agent: {_addressee(line[1], tokens)}", text))


def _products(user_agent: str) -> frozenset[str]:
    """Return the names under which a crawler with this User-Agent obeys: "onrecord" of "onrecord/1.0 (+https://...)"."""
    found = _PRODUCT.findall(_REACHED_AT.sub(" ", user_agent))
    return frozenset(name.lower() for name in found) - _NO_PRODUCTS


def _addressee(value: str, tokens: Collection[str]) -> str:
    """Return who a line is for: everybody, us, or others."""
    if value.strip() == "*":
        return "*"
    token = _TOKEN.match(value)
    return _OURS if token and token[0].lower() in tokens else _OTHERS
