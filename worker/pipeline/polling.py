"""One poll of one feed: conditional GET, parse, and the state to remember. Part of the pipeline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from config.settings import Settings
from worker.contract import Event
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.core.jobs import FeedState
from worker.core.outcomes import Outcome, Step
from worker.core.records import FeedEntry
from worker.core.urls import canonical_url, host_of, site_of
from worker.feeds.discover import discover
from worker.feeds.feed import Feed
from worker.feeds.memory import Memory
from worker.feeds.parse import parse
from worker.feeds.schedule import Bounds, Decision, Listing, after_failure, is_to_be_found_again
from worker.feeds.websub import find_topic
from worker.fetch.response import Response, fresh_for
from worker.pipeline import extraction, gaps
from worker.pipeline.requests import ask_for_feed
from worker.pipeline.subscriptions import keep_subscribed, relied_on, subscribe_instead
from worker.services import Services
from worker.versions.events import feed_gap_event, feed_status_event

#: One poll in a hundred ignores the validators: some servers answer 304 for ever.
_UNCONDITIONAL = 0.01
#: So many polls in a row have to fail before that is an event.
_FAILING = 3
#: What a feed answers that went elsewhere.
_LOST = frozenset({Reason.NOT_FOUND, Reason.HTTP_ERROR, Reason.NOT_A_FEED})


def poll(feed: FeedState, services: Services) -> Step:
    """Fetch `feed` if it changed, admit its new entries, and set its next due time, all in one step.

    Raises:
        IngestError: It could not be read; `failed` says what becomes of it.
    """
    this = _Poll(feed, services)
    if this.gap and this.now < this.gap.resume:
        return gaps.fill(feed, this.gap, services)
    if step := subscribe_instead(feed, services):
        return step
    if feed.fields.get("status") in _LOST and is_to_be_found_again(this.memory.failures):
        return this.find_again()
    response = ask_for_feed(feed.url, services, _conditions(feed.fields, services.jitter()))
    digest = hashlib.sha256(response.body).hexdigest()[:32]
    if response.status == 304 or digest == feed.fields.get("digest"):
        step = this.unchanged(response)
    else:
        parsed = parse(response.body, url=response.url, content_type=response.content_type)
        step = this.changed(response, parsed, digest)
    if step.outcome in {Outcome.POLLED, Outcome.NOT_MODIFIED}:
        keep_subscribed(feed, {**feed.fields, **this.fields}, services)
    return step


def failed(feed_id: str, token: int, error: IngestError, services: Services) -> Step:
    """Record a poll that failed: the feed is tried again ever later, and given up only when it says it is gone."""
    feed = services.feeds.get(feed_id)
    if feed is None or feed.token != token:
        return Step(Outcome.STALE, subject=feed_id)
    asked = error.retry_after if isinstance(error, TransientError) else None
    if error.reason is Reason.HOST_BUSY:  # the feed is well, and is waited for
        services.feeds.polled(feed, None, {}, asked or services.settings.host_spacing)
        return Step(Outcome.RETRYING, reason=error.reason, subject=feed.url)
    this = _Poll(feed, services)
    return this.ended(error.reason, error.detail) if error.reason is Reason.GONE else this.failed(error, asked)


def bounds_of(feed: FeedState, settings: Settings) -> Bounds:
    """Return how far apart the polls of a feed are: as was set for it, else as for all."""
    every = feed.fields.get("every")
    return Bounds.of(every) if every else Bounds(settings.poll_min, settings.poll_max)


def _conditions(fields: Mapping[str, str], chance: float) -> dict[str, str]:
    if chance < _UNCONDITIONAL:
        return {}
    known = {"If-None-Match": fields.get("etag"), "If-Modified-Since": fields.get("modified")}
    return {name: value for name, value in known.items() if value}


class _Poll:
    """One poll: the feed, what is remembered of it, and what this poll adds to that."""

    def __init__(self, feed: FeedState, services: Services) -> None:
        self.feed = feed
        self.services = services
        self.memory = Memory.of(feed.fields)
        self.gap = gaps.Gap.of(feed.fields)
        self.now = services.clock.now()
        self.bounds = bounds_of(feed, services.settings)
        self.fields: dict[str, str] = {}
        self.events: list[Event] = []

    def unchanged(self, response: Response) -> Step:
        """Nothing new, except perhaps its URL."""
        memory = self.memory.after(None, 0, self.now)
        return self._follow(response, None) or self._well(Outcome.NOT_MODIFIED, memory, None, response, None)

    def changed(self, response: Response, parsed: Feed, digest: str) -> Step:
        """Admit what is new; say so if entries may have been missed, and move with the feed if it moved."""
        listing = self.services.feeds.listing(self.feed.id, parsed.entries)
        if end := self._follow(response, parsed.entries):
            return end
        if listing.is_gap and self.memory.checked:
            self.events.append(self._gap_event(listing.entries, self.memory.checked))
            self.gap = gaps.begin(parsed, response.url, since=self.memory.checked, now=self.now) or self.gap
        self.fields |= {
            "digest": digest,
            **response.validators,
            "title": parsed.title or "",
            **self._topic(response, parsed),
        }
        memory = self.memory.after(parsed, listing.new, self.now)
        return self._well(Outcome.POLLED, memory, listing, response, parsed.entries)

    def failed(self, error: IngestError, asked: timedelta | None) -> Step:
        """Try again ever later."""
        failures = self.memory.failures + 1
        decision = after_failure(failures, asked, self.bounds, chance=self.services.jitter())
        is_news = failures >= _FAILING and self.memory.state != "failing"
        memory = replace(self.memory, failures=failures, state="failing" if is_news else self.memory.state)
        if is_news:
            self._announce("failing", error.reason, failures, decision.wait)
        self.fields |= {"status": str(error.reason), "detail": error.detail[:200]}
        self._remember(memory, decision, None)
        return Step(Outcome.FEED_FAILED, reason=error.reason, subject=self.feed.url, detail=error.detail)

    def ended(self, reason: Reason, detail: str, entries: Sequence[FeedEntry] | None = None) -> Step:
        """Stop polling the feed for good, and say why."""
        self._announce("gone", reason, self.memory.failures, None)
        self.fields |= {"status": str(reason), "detail": detail[:200]}
        self._remember(replace(self.memory, state="gone"), Decision(None, (detail,)), entries)
        return Step(Outcome.FEED_FAILED, reason=reason, subject=self.feed.url, detail=detail)

    def find_again(self) -> Step:
        """Look on the home page of the site for where a feed went that is a page or 404 now.

        Raises:
            RejectedError: NOT_A_FEED, when the page names no other feed of the site.
        """
        home = ask_for_feed(urljoin(self.feed.url, "/"), self.services)
        found = discover(home.body, url=home.url, content_type=home.content_type)
        others = [one for one in found if one.declared and self._may_be(one.url)]
        if not others:
            raise RejectedError(Reason.NOT_A_FEED, self.feed.url, "its site's home page names no other feed")
        titled = [one for one in others if one.title and one.title == self.feed.fields.get("title")]
        self._move((titled or others)[0].url)
        self.fields |= {"status": "found again", "detail": "", "digest": "", "etag": "", "modified": ""}
        decision = Decision(self.bounds.low, (f"it was {self.feed.url}, its site names {self.fields['url']} now",))
        self._remember(self.memory, decision, None)
        return Step(Outcome.FEED_FAILED, reason=Reason.MOVED, subject=self.feed.url, detail=decision.why[0])

    def _well(
        self,
        outcome: Outcome,
        memory: Memory,
        listing: Listing | None,
        response: Response,
        entries: Sequence[FeedEntry] | None,
    ) -> Step:
        fresh = fresh_for(response.headers, now=self.now)
        chance = self.services.jitter()
        decision = memory.decide(listing, fresh, self.bounds, now=self.now, chance=chance)
        relied = relied_on(self.feed.id, listing, self.memory.checked, decision, self.services)
        decision = decision if self.feed.fields.get("every") else relied  # what a person set outranks a hub
        if self.memory.state != "ok":
            self._announce("ok", None, 0, decision.wait)
        self.fields |= {"status": "ok", "detail": ""}
        came = "unchanged"
        if listing:
            came = f"{listing.new} new of {listing.entries}" + (", a gap before them" if listing.is_gap else "")
        if self.gap and decision.wait is not None:
            self.fields["gap"] = replace(self.gap, resume=self.now + decision.wait).field()
            decision = replace(decision, wait=timedelta(0))
        return self._remember(memory, decision, entries, Step(outcome, subject=self.feed.url, detail=came))

    def _remember(
        self, memory: Memory, decision: Decision, entries: Sequence[FeedEntry] | None, step: Step | None = None
    ) -> Step:
        """Store everything in one step; the poll of an older token is stale, and changes nothing."""
        state = {**memory.fields(), **self.fields, "why": json.dumps(decision.why)}
        events = extraction.entries(self.events, self.services)
        admission = self.services.feeds.polled(self.feed, entries, state, decision.wait, events)
        return step if step and admission else Step(Outcome.STALE, subject=self.feed.url)

    def _topic(self, response: Response, parsed: Feed) -> dict[str, str]:
        topic = find_topic(response.headers, parsed, url=response.url)
        try:
            return {"topic": topic.url, "hub": canonical_url(topic.hub)} if topic else {"hub": ""}
        except ValueError:
            return {"hub": ""}

    def _follow(self, response: Response, entries: Sequence[FeedEntry] | None) -> Step | None:
        """Go where a permanent redirect leads; onto a feed that is polled already, this one ends."""
        target = response.moved_to
        if target is None or target == self.feed.url:
            return None
        if self.services.registry.polls(target, but=self.feed.id):
            return self.ended(Reason.MOVED, f"to {target}, which is polled already", entries)
        self._move(target)
        return None

    def _move(self, url: str) -> None:
        self.services.registry.moved(self.feed.id, url)
        self.fields |= {"url": url, "host": host_of(url), "moved_from": self.feed.url}
        self._announce("ok", Reason.MOVED, 0, self.bounds.low)

    def _may_be(self, url: str) -> bool:
        ours, theirs = site_of(self.feed.url), site_of(url)
        related = ours == theirs or ours.endswith("." + theirs) or theirs.endswith("." + ours)
        return related and url != self.feed.url and not self.services.registry.polls(url, but=self.feed.id)

    def _announce(self, state: str, reason: Reason | None, failures: int, wait: timedelta | None) -> None:
        due = None if wait is None else self.now + wait
        url = self.fields.get("url", self.feed.url)
        source = self.services.settings.source
        self.events.append(
            feed_status_event(
                self.feed, url, state, reason=reason, failures=failures, due=due, time=self.now, source=source
            )
        )

    def _gap_event(self, entries: int, since: datetime) -> Event:
        return feed_gap_event(self.feed, entries, since, time=self.now, source=self.services.settings.source)
