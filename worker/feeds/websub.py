"""WebSub, the subscriber's side (W3C Recommendation, 23 January 2018): hubs, subscriptions, and who may deliver."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.feeds.entry import absolute
from worker.feeds.feed import FeedDocument
from worker.feeds.schedule import Decision, Listing

_MAX_HEADER_CHARS = 8_192
_LINK = re.compile(r"<([^<>]{0,2048})>((?:[^,<\"]|\"[^\"]{0,999}\")*+)")
_RELATION = re.compile(r";\s{0,9}rel\s{0,9}=\s{0,9}(?:\"([^\"]{0,999})\"|([\w-]{1,99}))", re.IGNORECASE)
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # section 7.1; others are not recognised

#: What is asked for; most hubs grant it, or less.
LEASE = timedelta(days=10)
_AGAIN = timedelta(hours=6)  # after a hub that refused, or never verified
_SELDOM = (
    10  # a feed that is pushed is polled so many times less often: enough to find out that its hub missed something
)
_SELDOM_AT_LEAST = timedelta(days=1)
#: A hub that delivers all the time causes a poll in as much: an editor who corrects an entry waits no longer.
LEAST_PUSH_INTERVAL = timedelta(seconds=10)
_FORGIVEN = 1  # a poll may find an entry while its announcement is on its way


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be subscribed to: the URL of the feed in its publisher's words, at a hub."""

    url: str
    hub: str


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """What was agreed with a hub: it signs with `secret`, and only it knows the `token` in the callback's URL.

    `asked` is when we asked last, `verified` when the hub agreed last, `until` how long it delivers; None: not yet.
    `pushed` is the last authentic delivery, `missed` how many polls under this lease found what was not announced,
    `problem` why the hub refused.
    """

    topic: Topic
    secret: str
    token: str
    asked: datetime
    verified: datetime | None = None
    until: datetime | None = None
    pushed: datetime | None = None
    missed: int = 0
    problem: str = ""

    def is_active(self, now: datetime) -> bool:
        """Tell whether the hub delivers."""
        return self.until is not None and now < self.until

    def is_to_be_asked_for(self, now: datetime) -> bool:
        """Tell whether to ask the hub (again), some hours after the last time: the lease is missing, or ends soon."""
        return now - self.asked >= _AGAIN and (self.until is None or self.until - now < LEASE / 2)

    @property
    def is_demoted(self) -> bool:
        """Tell whether the hub missed so much that the feed is polled as if there were none, until the next lease."""
        return self.missed > _FORGIVEN

    def has_missed(self, listing: Listing, last_poll: datetime) -> bool:
        """Tell whether a poll found new entries though the hub, at work since the last poll, announced none."""
        is_news = listing.overlap is not None and listing.new > 0
        was_silent = self.pushed is None or self.pushed <= last_poll
        return is_news and was_silent and self.verified is not None and self.verified <= last_poll

    def seldom(self, decision: Decision, now: datetime) -> Decision:
        """Return the decision for a feed whose hub delivers: a tenth as often, but daily, and before the lease ends."""
        if decision.wait is None or self.until is None or now >= self.until or self.is_demoted:
            return decision
        seldom = min(_SELDOM * decision.wait, _SELDOM_AT_LEAST, (self.until - now) / 2)
        return Decision(max(seldom, decision.wait), (*decision.why, "its hub pushes: a tenth as often, but daily"))


def find_topic(headers: Mapping[str, str], feed: FeedDocument, *, url: str) -> Topic | None:
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


def is_wanted(known: HubSubscription | None, topic: Topic, now: datetime) -> bool:
    """Tell whether to ask the hub for a topic: there was none, or another one, or its lease is to be renewed."""
    return known is None or known.topic != topic or known.is_to_be_asked_for(now)


def request_form(subscription: HubSubscription, callback: str) -> dict[str, str]:
    """Return the form that is sent to the hub to begin or renew a subscription (section 5.1)."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": subscription.topic.url,
        "hub.callback": callback,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": subscription.secret,
    }


def challenge_of(query: Mapping[str, str], topic: Topic) -> str | None:
    """Return what to answer when a hub verifies our intent (section 5.3); None: it was not ours, answer 404."""
    agrees = query.get("hub.mode") == "subscribe" and query.get("hub.topic") == topic.url
    return query.get("hub.challenge") or None if agrees else None


def granted_lease(query: Mapping[str, str]) -> timedelta:
    """Return for how long the hub keeps a subscription that it verified, at most what was asked for."""
    seconds = query.get("hub.lease_seconds", "")
    return min(timedelta(seconds=int(seconds)), LEASE) if re.fullmatch(r"[0-9]{1,9}", seconds) else LEASE


def rest_after_push(subscription: HubSubscription, now: datetime) -> timedelta:
    """Return how long to wait with a poll after a delivery, so that no hub decides how often a publisher is asked."""
    before = subscription.pushed
    left = before + LEAST_PUSH_INTERVAL - now if before else timedelta(0)
    return min(max(left, timedelta(0)), LEAST_PUSH_INTERVAL)


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
