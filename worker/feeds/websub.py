"""WebSub, the subscriber's side (W3C Recommendation, 23 January 2018): discovery, requests, and who may deliver."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from worker.feeds.entry import absolute
from worker.feeds.feed import Feed

_MAX_HEADER_CHARS = 8_192
_LINK = re.compile(r"<([^<>]{0,2048})>((?:[^,<\"]|\"[^\"]{0,999}\")*+)")
_RELATION = re.compile(r";\s{0,9}rel\s{0,9}=\s{0,9}(?:\"([^\"]{0,999})\"|([\w-]{1,99}))", re.IGNORECASE)
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # section 7.1; others are not recognised

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be subscribed to: the URL of the feed in its publisher's words, at a hub."""

    url: str
    hub: str


def find_topic(headers: Mapping[str, str], feed: Feed, *, url: str) -> Topic | None:
    """Return the topic of a feed; None when it names no hub.

    Link headers go before links in the document (section 4), and a feed that does not name itself is what was asked.

    Args:
        headers: Of the answer, under lower-case names.
        feed: What the answer holds.
        url: Where it came from.
    """
    linked = _links(headers.get("link", ""), url)
    hub = linked.get("hub") or feed.hub
    return Topic(linked.get("self") or feed.self_link or url, hub) if hub else None


def request_form(topic: Topic, mode: Mode, *, callback: str, secret: str, lease: timedelta) -> dict[str, str]:
    """Return the form that is sent to the hub to begin, renew or end a subscription (section 5.1).

    Raises:
        ValueError: The secret is empty or has 200 bytes or more, or the callback is not one of HTTPS: over plain
            HTTP whoever listens could deliver what he likes.
    """
    if not 0 < len(secret.encode()) < 200:
        raise ValueError("the secret of a subscription has 1 to 199 bytes")
    if not callback.startswith("https://"):
        raise ValueError(f"the callback {callback!r} is not an HTTPS URL")
    form = {"hub.mode": mode, "hub.topic": topic.url, "hub.callback": callback}
    if mode == "subscribe":
        form |= {"hub.lease_seconds": str(int(lease.total_seconds())), "hub.secret": secret}
    return form


def challenge_of(query: Mapping[str, str], topic: Topic, expected: Mode) -> str | None:
    """Return what to answer when a hub verifies our intent (section 5.3); None: it was not ours, answer 404."""
    agrees = query.get("hub.mode") == expected and query.get("hub.topic") == topic.url
    return query.get("hub.challenge") or None if agrees else None


def granted_lease(query: Mapping[str, str], *, most: timedelta) -> timedelta:
    """Return for how long the hub keeps a subscription that it verified, at most `most`."""
    seconds = query.get("hub.lease_seconds", "")
    return min(timedelta(seconds=int(seconds)), most) if re.fullmatch(r"[0-9]{1,9}", seconds) else most


def is_authentic(body: bytes, signature: str | None, secret: str) -> bool:
    """Tell whether the hub signed a delivery (X-Hub-Signature, section 7.1); one without a signature was not."""
    method, _, digest = (signature or "").strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode())


def _links(header: str, base: str) -> dict[str, str]:
    """Return the first target of each relation in a Link header (RFC 8288)."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header[:_MAX_HEADER_CHARS]):
        link, relation = absolute(base, target), _RELATION.search(parameters)
        if link and relation:
            for name in (relation[1] or relation[2] or "").lower().split():
                found.setdefault(name, link)
    return found
