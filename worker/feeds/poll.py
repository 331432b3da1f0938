"""What a poll of a feed asks for, and what follows from the answer. Pure: the use case loads, asks and writes.

target -> what to ask for | decide, failed, candidate_found, compared, hub_first, gap_filled -> PollDecision
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.core.urls import canonical_url, host_of, site_of
from worker.feeds.discover import FoundFeed
from worker.feeds.feed import FeedDocument
from worker.feeds.gaps import Gap, begin
from worker.feeds.schedule import Bounds, Decision, Listing, after_failure, is_to_be_found_again
from worker.feeds.state import FeedState
from worker.feeds.websub import HubSubscription, Topic, find_topic, is_wanted

#: One poll in a hundred ignores the validators: some servers answer 304 for ever.
_UNCONDITIONAL = 0.01
#: So many polls in a row have to fail before that is an event.
_FAILING = 3
#: What a feed answers that went elsewhere; one that refuses this worker (401, 403, a challenge) is where it was.
_LOST = frozenset({Reason.NOT_FOUND, Reason.NOT_A_FEED})
_MAX_DETAIL = 200  # characters of what is kept
_ZERO = timedelta(0)


class Target(Enum):
    """What a feed that is due is asked for: a page of its archive, a subscription, what its site names, or the feed."""

    ARCHIVE = auto()
    HUB = auto()
    HOME_PAGE = auto()
    CANDIDATE = auto()
    FEED = auto()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say of a feed: how far apart its polls are and the requests to its host.

    `has_callback` tells whether a hub can reach this installation.
    """

    bounds: Bounds
    spacing: timedelta = _ZERO
    has_callback: bool = False


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """What a feed answered, and what the store knows of that.

    `url` is where the answer came from, `headers` have lower-case names, `digest` and the validators are those to
    keep. `fresh` is how long the answer stays valid in its own words. `parsed` and `listing` are None when nothing had
    changed. `moved_to` is where the feed is from now on, "" for where it was; `is_taken` says that another feed is
    polled there. `subscription` is what was agreed with its hub.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    etag: str = ""
    modified: str = ""
    fresh: timedelta = _ZERO
    parsed: FeedDocument | None = None
    listing: Listing | None = None
    moved_to: str = ""
    is_taken: bool = False
    subscription: HubSubscription | None = None

    @property
    def entries(self) -> tuple[FeedEntry, ...] | None:
        """Return the complete listing; None when there was none to look at."""
        return self.parsed.entries if self.parsed else None


@dataclass(frozen=True, slots=True)
class StatusNews:
    """That a feed is well again ("ok"), fails, moved ("ok", MOVED) or is gone; `due` is None for never again.

    `proposal` is another feed that its site names, "" for none.
    """

    url: str
    state: str
    reason: Reason | None
    failures: int
    due: datetime | None
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class GapNews:
    """That entries may have been missed since the poll at `since`, before the `entries` that are listed now."""

    entries: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PollDecision:
    """What to write after a poll, in one step: the new state, the entries to admit, the events, the next poll.

    `wait` is None when the feed is polled no more. `entries` is the complete listing, None when there was none to look
    at. `moved_to` is a new URL to register, "" for none, `subscription` what to keep of that with its hub when it
    changed, and `subscribe` what to ask a hub on another host for, if that permits it.
    """

    state: FeedState
    wait: timedelta | None
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    entries: tuple[FeedEntry, ...] | None = None
    news: tuple[StatusNews | GapNews, ...] = ()
    moved_to: str = ""
    subscription: HubSubscription | None = None
    subscribe: Topic | None = None


def target(state: FeedState, subscription: HubSubscription | None, terms: Terms, now: datetime) -> Target:
    """Return what a feed that is due is asked for with the one permit that its host gave."""
    if state.gap and now < state.gap.resume:
        return Target.ARCHIVE
    wanted = _wanted(state.topic, subscription, terms, now)
    if wanted and host_of(wanted.hub) == state.host:
        return Target.HUB
    if state.address != state.url:
        return Target.FEED
    if state.candidate:
        return Target.CANDIDATE
    if state.status in _LOST and is_to_be_found_again(state.memory.failures):
        return Target.HOME_PAGE
    return Target.FEED


def conditions(state: FeedState, chance: float) -> dict[str, str]:
    """Return the request headers that ask for a feed only if it changed; `chance` is uniform in [0, 1)."""
    if chance < _UNCONDITIONAL or state.address != state.url:
        return {}
    known = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
    return {name: value for name, value in known.items() if value}


def decide(state: FeedState, answer: PollAnswer, terms: Terms, *, now: datetime, chance: float) -> PollDecision:
    """Decide after a poll that could be read; `chance` is uniform in [0, 1)."""
    if answer.is_taken:
        decision = _ended(state, Reason.MOVED, f"to {answer.moved_to}, which is polled already")
        return replace(decision, entries=answer.entries)
    memory = state.memory.after(answer.parsed, answer.listing.new if answer.listing else 0, now)
    following = memory.decide(answer.listing, answer.fresh, terms.bounds, now=now, chance=chance)
    subscription = _judged(state, answer)
    if subscription and not state.every:  # what a person set outranks a hub
        following = subscription.seldom(following, now)
    after = replace(_learnt(_at(state, answer.moved_to), answer), memory=memory, why=following.why)
    decision = PollDecision(
        after,
        following.wait,
        Outcome.POLLED if answer.parsed else Outcome.NOT_MODIFIED,
        detail=_told(answer.listing),
        entries=answer.entries,
        news=_news(state, answer, terms, now, following),
        moved_to=answer.moved_to,
        subscription=None if subscription == answer.subscription else subscription,
        subscribe=_elsewhere(_wanted(after.topic, subscription, terms, now), state.host),
    )
    return _with_gap(decision, _gap(state, answer, now), now)


def failed(state: FeedState, error: IngestError, terms: Terms, *, now: datetime, chance: float) -> PollDecision:
    """Decide after a poll that failed: the feed is tried ever later, and given up only when it says that it is gone."""
    asked = error.retry_after if isinstance(error, TransientError) else None
    if error.reason is Reason.HOST_BUSY:  # the feed is well, and is waited for
        return PollDecision(state, asked or terms.spacing, Outcome.RETRYING, error.reason)
    if error.reason is Reason.GONE:
        return _ended(state, error.reason, error.detail)
    failures = state.memory.failures + 1
    following = after_failure(failures, asked, terms.bounds, chance=chance)
    is_news = failures >= _FAILING and state.memory.state != "failing"
    memory = replace(state.memory, failures=failures, state="failing" if is_news else state.memory.state)
    if state.address != state.url and isinstance(error, RejectedError):  # what was accepted is no feed (any more)
        state = replace(state, proposal="")
    news = StatusNews(state.url, "failing", error.reason, failures, _due(following, now))
    return PollDecision(
        _failing(replace(state, memory=memory, why=following.why, candidate=""), error.reason, error.detail),
        following.wait,
        Outcome.FEED_FAILED,
        error.reason,
        error.detail,
        news=(news,) if is_news else (),
    )


def successors(state: FeedState, found: Sequence[FoundFeed]) -> list[FoundFeed]:
    """Return which of the feeds that a home page declares may be the one that was lost, the likeliest first.

    They are on its site, or on a site above or below that, and no feeds of comments; one of the same title goes first.
    """
    others = [one for one in found if one.declared and one.url != state.url and not one.is_of_comments]
    related = [one for one in others if _is_related(state.url, one.url)]
    return sorted(related, key=lambda one: not one.title or one.title != state.title)


def candidate_found(state: FeedState, candidate: FoundFeed | None) -> PollDecision:
    """Decide after a look at the home page of a feed that was lost: its candidate is looked at next.

    Raises:
        RejectedError: As the last poll failed, when there is none.
    """
    if candidate is None:
        raise RejectedError(Reason(state.status), state.url, "its site's home page names no other feed")
    after = replace(state, candidate=candidate.url)
    detail = f"its site names {candidate.url}, which is looked at next"
    return PollDecision(after, _ZERO, Outcome.FEED_FAILED, Reason(state.status), detail)


def compared(
    state: FeedState, other: FeedDocument, listing: Listing, terms: Terms, *, now: datetime, chance: float
) -> PollDecision:
    """Decide after a look at the candidate of a feed that was lost.

    It is the same feed when it has the same title and entries in common with the last listing. Every other one is
    proposed to a person, and the old address is tried ever later.

    Args:
        state: Of the lost feed.
        other: What the candidate says.
        listing: How much of it the lost feed listed last.
        terms: What the settings say.
        now: Of the look.
        chance: Uniform in [0, 1).
    """
    if state.title and other.title == state.title and listing.overlap:
        detail = f"it was {state.url}, its site names {state.candidate} now, of the same title and entries"
        after = replace(_at(state, state.candidate), status="found again", detail="", why=(detail,))
        return PollDecision(
            replace(after, digest="", etag="", modified=""),
            terms.bounds.low,
            Outcome.FEED_FAILED,
            Reason.MOVED,
            detail,
            news=(_moved(state.candidate, terms, now),),
            moved_to=state.candidate,
        )
    detail = f"its site names {state.candidate}, {_unlike(state, other)}; `onrecord feeds accept {state.url}` takes it"
    decision = failed(state, RejectedError(Reason(state.status), state.url, detail), terms, now=now, chance=chance)
    if state.candidate == state.proposal:
        return decision
    memory = replace(decision.state.memory, state="failing")
    due = now + decision.wait if decision.wait else now
    reason, failures = decision.reason, memory.failures
    return replace(
        decision,
        state=replace(decision.state, memory=memory, proposal=state.candidate),
        news=(StatusNews(state.url, "failing", reason, failures, due, state.candidate),),
    )


def _unlike(state: FeedState, other: FeedDocument) -> str:
    """Say why a candidate is not taken for the feed that was lost."""
    if not state.title or other.title != state.title:
        return f"which is called {other.title or 'nothing'!r}, not {state.title or 'nothing'!r}"
    return "which lists none of the entries that it had"


def hub_first(state: FeedState) -> PollDecision:
    """Decide after a request to a hub on the feed's own host, which took the permit of the poll."""
    return PollDecision(state, _ZERO, Outcome.POLLED, detail="its hub first")


def gap_filled(state: FeedState, gap: Gap, told: str, pause: timedelta, *, now: datetime) -> PollDecision:
    """Decide after a request for a gap: `gap` is what is left of it, the next request may be made after `pause`."""
    wait = gap.wait(pause, now)
    return PollDecision(replace(state, gap=gap), wait, Outcome.POLLED, detail=f"for a gap: {told}")


def _ended(state: FeedState, reason: Reason, detail: str) -> PollDecision:
    """Poll a feed no more, and say why."""
    after = replace(state, memory=replace(state.memory, state="gone"), why=(detail,))
    news = StatusNews(state.url, "gone", reason, state.memory.failures, None)
    return PollDecision(
        _failing(after, reason, detail), None, Outcome.FEED_FAILED, reason=reason, detail=detail, news=(news,)
    )


def _failing(state: FeedState, reason: Reason, detail: str) -> FeedState:
    return replace(state, status=str(reason), detail=detail[:_MAX_DETAIL])


def _at(state: FeedState, url: str) -> FeedState:
    """Return the state of a feed that moved to `url`, if it is not ""."""
    if not url:
        return state
    return replace(state, url=url, host=host_of(url), moved_from=state.url, candidate="", proposal="")


def _learnt(state: FeedState, answer: PollAnswer) -> FeedState:
    """Return the state with what the answer says of the feed, as far as it was read."""
    state = replace(state, status="ok", detail="", candidate="", proposal="")
    if answer.parsed is None:
        return state
    known = replace(state, digest=answer.digest, etag=answer.etag, modified=answer.modified)
    return replace(known, title=answer.parsed.title or "", topic=_topic(answer, answer.parsed))


def _topic(answer: PollAnswer, parsed: FeedDocument) -> Topic | None:
    topic = find_topic(answer.headers, parsed, url=answer.url)
    try:
        return Topic(topic.url, canonical_url(topic.hub)) if topic else None
    except ValueError:
        return None


def _judged(state: FeedState, answer: PollAnswer) -> HubSubscription | None:
    """Return the subscription at the hub, with what that missed since the last poll."""
    known, listing, last_poll = answer.subscription, answer.listing, state.memory.checked
    if known and listing and last_poll and known.has_missed(listing, last_poll):
        return replace(known, missed=known.missed + 1)
    return known


def _wanted(topic: Topic | None, subscription: HubSubscription | None, terms: Terms, now: datetime) -> Topic | None:
    """Return the topic if it is time to ask its hub for a subscription."""
    is_due = terms.has_callback and topic and is_wanted(subscription, topic, now)
    return topic if is_due else None


def _elsewhere(topic: Topic | None, host: str) -> Topic | None:
    """Return the topic if its hub is not on `host`, which gives a permit of its own."""
    return topic if topic and host_of(topic.hub) != host else None


def _news(
    state: FeedState, answer: PollAnswer, terms: Terms, now: datetime, following: Decision
) -> tuple[StatusNews | GapNews, ...]:
    news: list[StatusNews | GapNews] = []
    if answer.moved_to:
        news.append(_moved(answer.moved_to, terms, now))
    if answer.listing and answer.listing.is_gap and state.memory.checked:
        news.append(GapNews(answer.listing.entries, state.memory.checked))
    if state.memory.state != "ok":
        news.append(StatusNews(answer.moved_to or state.url, "ok", None, 0, _due(following, now)))
    return tuple(news)


def _moved(url: str, terms: Terms, now: datetime) -> StatusNews:
    return StatusNews(url, "ok", Reason.MOVED, 0, now + terms.bounds.low)


def _due(following: Decision, now: datetime) -> datetime | None:
    return None if following.wait is None else now + following.wait


def _gap(state: FeedState, answer: PollAnswer, now: datetime) -> Gap | None:
    """Return what is to be looked for in the archive: a new gap, or else the rest of an older one."""
    since = state.memory.checked
    if answer.parsed and answer.listing and answer.listing.is_gap and since:
        return begin(answer.parsed, answer.url, since=since, now=now) or state.gap
    return state.gap


def _with_gap(decision: PollDecision, gap: Gap | None, now: datetime) -> PollDecision:
    """Let the feed be due at once for its archive, and for its poll when that was decided."""
    if gap is None or decision.wait is None:
        return decision
    return replace(decision, state=replace(decision.state, gap=replace(gap, resume=now + decision.wait)), wait=_ZERO)


def _told(listing: Listing | None) -> str:
    if listing is None:
        return "unchanged"
    return f"{listing.new} new of {listing.entries}" + (", a gap before them" if listing.is_gap else "")


def _is_related(url: str, other: str) -> bool:
    ours, theirs = site_of(url), site_of(other)
    return ours == theirs or ours.endswith("." + theirs) or theirs.endswith("." + ours)
