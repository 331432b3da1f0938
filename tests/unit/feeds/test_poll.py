"""What a poll asks for, and what follows from each answer: without a store, a network or a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.feeds.archive import Progress
from worker.feeds.discover import FoundFeed
from worker.feeds.feed import FeedDocument
from worker.feeds.gaps import Gap
from worker.feeds.memory import Memory
from worker.feeds.poll import (
    GapNews,
    PollAnswer,
    StatusNews,
    Target,
    Terms,
    candidate_found,
    compared,
    conditions,
    decide,
    failed,
    gap_filled,
    hub_first,
    successors,
    target,
)
from worker.feeds.schedule import Bounds, Listing, Rate
from worker.feeds.state import FeedState
from worker.feeds.websub import HubSubscription, Topic

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ZERO, MINUTE, HOUR, DAY = timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEFORE = NOW - HOUR
BOUNDS = Bounds(5 * MINUTE, 6 * HOUR)
TERMS = Terms(BOUNDS, spacing=timedelta(seconds=3))
REACHABLE = replace(TERMS, has_callback=True)
URL = "https://paper.example/feed"
HUB = Topic(URL, "https://hub.example/")
OWN_HUB = Topic(URL, "https://paper.example/hub")
WELL = FeedState(
    "f1",
    7,
    URL,
    "paper.example",
    memory=Memory(Rate(24, 24), BEFORE, 0, "ok"),
    status="ok",
    why=("as ever",),
    digest="old",
    etag='"1"',
    modified="yesterday",
    title="Paper",
)
OTHER = "https://paper.example/new"
NEW = FeedState("f1", 7, URL, "paper.example")
ENTRIES = tuple(FeedEntry(f"https://paper.example/{name}") for name in "abc")
PARSED = FeedDocument("rss", ENTRIES, title="The Paper", prev_archive="https://paper.example/2")
SAME = PollAnswer(URL)


def changed(overlap=2, parsed=PARSED, **fields):
    listing = Listing(len(parsed.entries), overlap)
    return PollAnswer(URL, digest="new", etag='"2"', modified="today", parsed=parsed, listing=listing, **fields)


def polled(state, answer, terms=TERMS, chance=0.5):
    return decide(state, answer, terms, now=NOW, chance=chance)


def lost(failures=3, reason=Reason.NOT_FOUND):
    return replace(WELL, memory=replace(WELL.memory, failures=failures), status=str(reason))


def gap(resume=NOW, **fields):
    return Gap(Progress(("https://paper.example/9",)), BEFORE, resume, **fields)


def subscription(topic=HUB, **fields):
    return HubSubscription(topic, "secret", "token", **{"asked": BEFORE, **fields})


# --- what is asked for


def test_a_feed_that_is_well_is_asked_for_itself():
    assert target(WELL, None, REACHABLE, NOW) is Target.FEED


@pytest.mark.parametrize(("resume", "asked"), [(NOW + MINUTE, Target.ARCHIVE), (NOW, Target.FEED)])
def test_the_archive_has_its_turns_until_the_poll_is_due(resume, asked):
    assert target(replace(WELL, gap=gap(resume)), None, TERMS, NOW) is asked


@pytest.mark.parametrize("reason", [Reason.NOT_FOUND, Reason.NOT_A_FEED])
@pytest.mark.parametrize(
    ("failures", "asked"),
    [(2, Target.FEED), (3, Target.HOME_PAGE), (4, Target.FEED), (6, Target.HOME_PAGE)],
)
def test_every_third_failure_of_a_lost_feed_is_a_look_at_its_home_page(failures, asked, reason):
    assert target(lost(failures, reason), None, TERMS, NOW) is asked


@pytest.mark.parametrize("reason", [Reason.SERVER_ERROR, Reason.HTTP_ERROR, Reason.INTERSTITIAL, Reason.THROTTLED])
def test_a_feed_that_fails_for_now_or_refuses_this_worker_is_not_lost(reason):
    assert target(lost(3, reason), None, TERMS, NOW) is Target.FEED


def test_a_candidate_is_looked_at_next_and_what_was_accepted_is_asked_for_before_all():
    proposed = replace(lost(), candidate=OTHER, proposal=OTHER)

    assert target(proposed, None, TERMS, NOW) is Target.CANDIDATE
    assert (proposed.address, replace(proposed, accepted=OTHER).address) == (URL, OTHER)
    assert target(replace(proposed, accepted=OTHER), None, TERMS, NOW) is Target.FEED
    assert conditions(replace(proposed, accepted=OTHER), 0.5) == {}


def test_a_hub_on_the_host_of_the_feed_is_asked_first_while_one_on_another_host_is_not():
    assert target(replace(WELL, topic=OWN_HUB), None, REACHABLE, NOW) is Target.HUB
    assert target(replace(WELL, topic=OWN_HUB), None, TERMS, NOW) is Target.FEED
    assert target(replace(WELL, topic=HUB), None, REACHABLE, NOW) is Target.FEED


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (subscription(OWN_HUB), Target.FEED),
        (subscription(HUB), Target.HUB),
        (subscription(OWN_HUB, asked=NOW - DAY), Target.HUB),
        (subscription(OWN_HUB, asked=NOW - DAY, until=NOW + 9 * DAY), Target.FEED),
        (subscription(OWN_HUB, asked=NOW - DAY, until=NOW + DAY), Target.HUB),
    ],
    ids=["asked lately", "of another topic", "never verified", "well into its lease", "soon at its end"],
)
def test_a_hub_is_asked_again_only_when_it_is_time(known, asked):
    assert target(replace(WELL, topic=OWN_HUB), known, REACHABLE, NOW) is asked


@pytest.mark.parametrize(
    ("chance", "sent"),
    [(0.0, {}), (0.0099, {}), (0.01, {"If-None-Match": '"1"', "If-Modified-Since": "yesterday"})],
)
def test_one_poll_in_a_hundred_has_no_conditions(chance, sent):
    assert conditions(WELL, chance) == sent


def test_a_condition_that_was_never_learnt_is_not_sent():
    assert conditions(replace(WELL, etag=""), 0.5) == {"If-Modified-Since": "yesterday"}
    assert conditions(NEW, 0.5) == {}


# --- a poll that could be read


def test_nothing_new_changes_only_what_is_known_of_the_schedule():
    decision = polled(WELL, SAME)

    assert (decision.outcome, decision.detail, decision.entries) == (Outcome.NOT_MODIFIED, "unchanged", None)
    assert (decision.news, decision.moved_to, decision.subscription, decision.subscribe) == ((), "", None, None)
    assert decision.state == replace(WELL, memory=WELL.memory.after(None, 0, NOW), why=decision.state.why)
    assert "entries a day" in decision.state.why[0]
    assert BOUNDS.low <= decision.wait <= BOUNDS.high


def test_what_changed_is_admitted_and_remembered():
    decision = polled(WELL, changed())

    assert (decision.outcome, decision.reason, decision.detail) == (Outcome.POLLED, None, "1 new of 3")
    assert decision.entries == ENTRIES
    after = decision.state
    assert (after.digest, after.etag, after.modified, after.title) == ("new", '"2"', "today", "The Paper")
    assert after.memory == WELL.memory.after(PARSED, 1, NOW)
    assert (after.status, after.detail, after.gap, after.topic) == ("ok", "", None, None)
    assert (after.id, after.token, after.url, after.host, after.moved_from) == ("f1", 7, URL, "paper.example", "")
    assert decision.news == ()


def test_a_feed_without_a_title_has_an_empty_one():
    assert polled(WELL, changed(parsed=replace(PARSED, title=None))).state.title == ""


def test_the_first_poll_is_news_and_no_gap():
    decision = polled(NEW, changed(overlap=None))

    (news,) = decision.news
    assert news == StatusNews(URL, "ok", None, 0, NOW + decision.wait)
    assert decision.detail == "3 new of 3"
    assert decision.state.memory.state == "ok"


def test_a_feed_is_well_again():
    ill = replace(
        WELL, memory=replace(WELL.memory, failures=4, state="failing"), status="timed_out", detail="no answer"
    )
    decision = polled(ill, SAME)

    assert decision.news == (StatusNews(URL, "ok", None, 0, NOW + decision.wait),)
    assert (decision.state.status, decision.state.detail) == ("ok", "")
    assert (decision.state.memory.failures, decision.state.memory.state) == (0, "ok")


def test_two_failures_that_were_no_news_end_without_news():
    ill = replace(WELL, memory=replace(WELL.memory, failures=2), status="timed_out")

    assert polled(ill, SAME).news == ()


def test_an_answer_that_stays_fresh_is_left_alone_for_that_time():
    usual, fresh = polled(WELL, SAME), polled(WELL, replace(SAME, fresh=2 * HOUR))

    assert usual.wait < 2 * HOUR <= fresh.wait


# --- gaps


def test_a_listing_without_overlap_is_told_and_looked_for_in_the_archive_at_once():
    decision = polled(WELL, changed(overlap=0))

    assert decision.news == (GapNews(3, BEFORE),)
    assert decision.detail == "3 new of 3, a gap before them"
    assert decision.wait == ZERO
    found = decision.state.gap
    assert found.page == PARSED.prev_archive
    assert found.since == BEFORE - DAY
    assert BOUNDS.low <= found.resume - NOW <= BOUNDS.low * 1.1


def test_a_gap_of_a_feed_without_an_archive_is_only_told():
    decision = polled(WELL, changed(overlap=0, parsed=replace(PARSED, prev_archive=None)))

    assert decision.news == (GapNews(3, BEFORE),)
    assert decision.state.gap is None
    assert decision.wait >= BOUNDS.low


def test_a_feed_that_was_never_read_well_has_no_gap():
    decision = polled(NEW, changed(overlap=0))

    assert [type(news) for news in decision.news] == [StatusNews]
    assert decision.state.gap is None


@pytest.mark.parametrize("answer", [SAME, changed(), changed(overlap=0, parsed=replace(PARSED, prev_archive=None))])
def test_a_gap_that_is_not_filled_yet_goes_on_after_a_poll(answer):
    older = gap()
    decision = polled(replace(WELL, gap=older), answer)

    assert decision.wait == ZERO
    assert decision.state.gap == replace(older, resume=decision.state.gap.resume)
    assert decision.state.gap.resume >= NOW + BOUNDS.low


def test_a_new_gap_takes_the_place_of_an_older_one():
    assert polled(replace(WELL, gap=gap()), changed(overlap=0)).state.gap.page == PARSED.prev_archive


def test_after_a_page_of_the_archive_the_next_is_due_at_once_and_the_poll_when_it_was_to_be():
    waiting = gap(NOW + HOUR)
    decision = gap_filled(WELL, waiting, "2 new", ZERO, now=NOW)

    assert (decision.wait, decision.outcome, decision.detail) == (ZERO, Outcome.POLLED, "for a gap: 2 new")
    assert decision.state == replace(WELL, gap=waiting)
    assert gap_filled(WELL, waiting, "", 5 * MINUTE, now=NOW).wait == 5 * MINUTE
    assert gap_filled(WELL, waiting, "", 2 * HOUR, now=NOW).wait == HOUR
    assert gap_filled(WELL, replace(waiting, left=0), "", ZERO, now=NOW).wait == HOUR
    assert gap_filled(WELL, replace(waiting, left=0), "", ZERO, now=NOW + 2 * HOUR).wait == ZERO


# --- moves


def test_a_permanent_redirect_moves_a_feed():
    url = "https://other.example/new"
    decision = polled(WELL, changed(moved_to=url))

    assert decision.moved_to == url
    after = decision.state
    assert (after.url, after.host, after.moved_from) == (url, "other.example", URL)
    assert decision.news == (StatusNews(url, "ok", Reason.MOVED, 0, NOW + BOUNDS.low),)
    assert (decision.outcome, decision.entries) == (Outcome.POLLED, ENTRIES)


def test_a_feed_moves_with_an_unchanged_body_too():
    decision = polled(WELL, replace(SAME, moved_to="https://other.example/new"))

    assert (decision.outcome, decision.state.url) == (Outcome.NOT_MODIFIED, "https://other.example/new")


def test_the_news_of_one_poll_are_in_order_and_name_the_new_url():
    url = "https://other.example/new"
    ill = replace(WELL, memory=replace(WELL.memory, state="failing"))
    moved, missed, well = polled(ill, changed(overlap=0, moved_to=url)).news

    assert (moved.reason, missed, well.state) == (Reason.MOVED, GapNews(3, BEFORE), "ok")
    assert (moved.url, well.url) == (url, url)


def test_a_feed_that_moved_onto_another_one_ends():
    decision = polled(WELL, changed(moved_to="https://other.example/new", is_taken=True))

    assert (decision.outcome, decision.reason, decision.wait) == (Outcome.FEED_FAILED, Reason.MOVED, None)
    assert decision.detail == "to https://other.example/new, which is polled already"
    assert decision.entries == ENTRIES
    assert decision.moved_to == ""
    assert decision.news == (StatusNews(URL, "gone", Reason.MOVED, 0, None),)
    memory = replace(WELL.memory, state="gone")
    why = (decision.detail,)
    assert decision.state == replace(WELL, memory=memory, status="moved", detail=decision.detail, why=why)


# --- failures


def ill(state=WELL, reason=Reason.TIMED_OUT, retry_after=None, detail="no answer"):
    return failed(state, TransientError(reason, URL, detail, retry_after), TERMS, now=NOW, chance=0.0)


def with_failures(failures, state="ok"):
    return replace(WELL, memory=replace(WELL.memory, failures=failures, state=state))


def test_a_failure_is_counted_and_tried_again_soon():
    decision = ill()

    assert (decision.outcome, decision.reason, decision.detail) == (
        Outcome.FEED_FAILED,
        Reason.TIMED_OUT,
        "no answer",
    )
    assert decision.wait == BOUNDS.low
    memory = replace(WELL.memory, failures=1)
    why = ("failed 1 times in a row: 5 min",)
    assert decision.state == replace(WELL, memory=memory, status="timed_out", detail="no answer", why=why)
    assert (decision.entries, decision.news) == (None, ())


def test_failures_are_tried_ever_later_and_as_late_as_the_server_asks():
    assert ill(with_failures(3)).wait == 8 * BOUNDS.low
    assert ill(retry_after=3 * HOUR).wait >= 3 * HOUR


@pytest.mark.parametrize(
    ("before", "announced", "is_news"),
    [(1, "ok", False), (2, "ok", True), (3, "failing", False), (5, "ok", True), (2, "", True)],
)
def test_the_third_failure_in_a_row_is_news_once(before, announced, is_news):
    decision = ill(with_failures(before, announced))
    news = StatusNews(URL, "failing", Reason.TIMED_OUT, before + 1, NOW + decision.wait)

    assert decision.news == ((news,) if is_news else ())
    assert decision.state.memory.state == ("failing" if is_news else announced)


def test_a_detail_is_kept_in_short():
    decision = ill(detail="x" * 300)

    assert (len(decision.state.detail), len(decision.detail)) == (200, 300)


def test_a_feed_whose_host_is_busy_is_well_and_waited_for():
    for asked, wait in ((None, TERMS.spacing), (ZERO, TERMS.spacing), (MINUTE, MINUTE)):
        decision = ill(reason=Reason.HOST_BUSY, retry_after=asked)
        assert (decision.state, decision.wait) == (WELL, wait)
        assert (decision.outcome, decision.reason, decision.news) == (Outcome.RETRYING, Reason.HOST_BUSY, ())


def test_a_feed_that_says_that_it_is_gone_ends():
    error = RejectedError(Reason.GONE, URL, "the server answered 410")
    decision = failed(with_failures(2), error, TERMS, now=NOW, chance=0.0)

    assert (decision.wait, decision.outcome, decision.reason) == (None, Outcome.FEED_FAILED, Reason.GONE)
    assert decision.news == (StatusNews(URL, "gone", Reason.GONE, 2, None),)
    assert (decision.state.status, decision.state.detail) == ("gone", "the server answered 410")
    assert decision.state.why == ("the server answered 410",)
    assert decision.state.memory.state == "gone"
    assert decision.state.memory.failures == 2


# --- found again


def found(url, title=None, *, declared=True):
    return FoundFeed(url, title, declared)


def test_a_lost_feed_may_be_what_its_own_site_declares():
    own, above = found("https://paper.example/new"), found("https://example.com/new")
    below = found("https://feeds.paper.example/new")
    others = [
        found("https://paper.example/linked", declared=False),
        found(URL),
        found("https://other.example/feed"),
        found("https://notpaper.example/feed"),
    ]

    assert successors(lost(), [*others, own, below]) == [own, below]
    on_subdomain = replace(lost(), url="https://news.example.com/feed")
    assert successors(on_subdomain, [above]) == [above]
    assert successors(replace(lost(), url="https://notexample.com/feed"), [above]) == []


def test_the_feed_of_the_same_title_goes_first():
    first, titled = found("https://paper.example/1", "Sport"), found("https://paper.example/2", "Paper")
    untitled = found("https://paper.example/3")

    assert successors(lost(), [first, untitled, titled]) == [titled, first, untitled]
    assert successors(replace(lost(), title=None), [first, untitled]) == [first, untitled]


def test_a_feed_of_comments_is_no_candidate():
    comments = [found("https://paper.example/comments/feed", "Paper"), found(OTHER, "Kommentare")]

    assert successors(lost(), comments) == []


def test_the_candidate_of_a_lost_feed_is_looked_at_at_once():
    decision = candidate_found(lost(), found(OTHER))

    assert (decision.outcome, decision.reason, decision.wait) == (Outcome.FEED_FAILED, Reason.NOT_FOUND, ZERO)
    assert (decision.moved_to, decision.news) == ("", ())
    assert decision.state == replace(lost(), candidate=OTHER)


@pytest.mark.parametrize("reason", [Reason.NOT_FOUND, Reason.NOT_A_FEED])
def test_a_lost_feed_without_a_candidate_fails_once_more(reason):
    with pytest.raises(RejectedError) as error:
        candidate_found(lost(reason=reason), None)

    assert (error.value.reason, error.value.subject) == (reason, URL)


def looked_at(title, overlap, **fields):
    state = replace(lost(), candidate=OTHER, **fields)
    return compared(state, FeedDocument("rss", ENTRIES, title), Listing(3, overlap), TERMS, now=NOW, chance=0.5)


def test_a_candidate_of_the_same_title_and_entries_is_where_the_feed_went():
    decision = looked_at("Paper", 1, proposal=OTHER)

    detail = f"it was {URL}, its site names {OTHER} now, of the same title and entries"
    assert (decision.outcome, decision.reason, decision.detail) == (Outcome.FEED_FAILED, Reason.MOVED, detail)
    assert (decision.wait, decision.moved_to, decision.entries) == (BOUNDS.low, OTHER, None)
    assert decision.news == (StatusNews(OTHER, "ok", Reason.MOVED, 0, NOW + BOUNDS.low),)
    after = {"url": OTHER, "moved_from": URL, "status": "found again", "why": (detail,)}
    assert decision.state == replace(lost(), **after, digest="", etag="", modified="")


@pytest.mark.parametrize(
    ("title", "overlap", "why"),
    [
        ("Comments", 3, "which is called 'Comments', not 'Paper'"),
        (None, 3, "which is called 'nothing', not 'Paper'"),
        ("Paper", 0, "which lists none of the entries that it had"),
        ("Paper", None, "which lists none of the entries that it had"),
    ],
)
def test_every_other_candidate_is_proposed_while_the_old_address_is_tried_ever_later(title, overlap, why):
    decision = looked_at(title, overlap)

    assert (decision.reason, decision.moved_to, decision.entries) == (Reason.NOT_FOUND, "", None)
    assert why in decision.detail
    assert f"onrecord feeds accept {URL}" in decision.detail
    after = decision.state
    assert (after.url, after.candidate, after.proposal, after.memory.failures) == (URL, "", OTHER, 4)
    assert 8 * BOUNDS.low <= decision.wait <= 8 * BOUNDS.low * 1.1
    assert decision.news == (StatusNews(URL, "failing", Reason.NOT_FOUND, 4, NOW + decision.wait, OTHER),)


def test_a_proposal_is_news_once():
    assert looked_at("Comments", 3, proposal=OTHER, memory=replace(WELL.memory, state="failing")).news == ()


def test_a_feed_of_which_no_title_is_known_is_exchanged_for_none():
    state = replace(lost(), candidate=OTHER, title=None)
    untitled = FeedDocument("rss", ENTRIES)

    decision = compared(state, untitled, Listing(3, 3), TERMS, now=NOW, chance=0.5)

    assert (decision.moved_to, decision.state.proposal) == ("", OTHER)


def test_what_was_accepted_is_where_the_feed_is_from_now_on():
    accepted = replace(lost(), proposal=OTHER, accepted=OTHER)
    after = polled(accepted, changed(moved_to=OTHER)).state

    assert (after.url, after.address, after.moved_from, after.proposal) == (OTHER, OTHER, URL, "")


def test_what_was_accepted_and_is_no_feed_gives_the_old_address_back():
    accepted = replace(lost(), proposal=OTHER, accepted=OTHER)

    refused = failed(accepted, RejectedError(Reason.NOT_A_FEED, OTHER), TERMS, now=NOW, chance=0.5)
    late = failed(accepted, TransientError(Reason.TIMED_OUT, OTHER), TERMS, now=NOW, chance=0.5)

    assert (refused.state.address, late.state.address) == (URL, OTHER)


def test_a_feed_that_came_back_has_no_proposal():
    assert polled(replace(lost(), proposal=OTHER), changed()).state.proposal == ""


# --- hubs


def pushed(**fields):
    """Return a subscription at work since before the last poll."""
    return subscription(verified=BEFORE - HOUR, until=NOW + 9 * DAY, **fields)


def test_a_feed_that_names_a_hub_is_to_be_subscribed_to():
    answer = changed(parsed=replace(PARSED, hub="https://hub.example"))
    decision = polled(WELL, answer, REACHABLE)

    assert decision.state.topic == HUB
    assert decision.subscribe == HUB
    assert polled(WELL, answer, TERMS).subscribe is None


def test_the_header_of_an_answer_may_name_the_hub():
    headers = {"link": '<https://hub.example/>; rel="hub", <https://paper.example/self>; rel="self"'}

    assert polled(WELL, changed(headers=headers)).state.topic == Topic("https://paper.example/self", HUB.hub)


@pytest.mark.parametrize("hub", [None, "http://not a host/"])
def test_a_feed_that_names_no_hub_now_has_none(hub):
    decision = polled(replace(WELL, topic=HUB), changed(parsed=replace(PARSED, hub=hub)), REACHABLE)

    assert (decision.state.topic, decision.subscribe) == (None, None)


def test_an_unchanged_feed_keeps_its_hub_and_asks_it_when_it_is_time():
    state = replace(WELL, topic=HUB)

    assert polled(state, SAME, REACHABLE).subscribe == HUB
    assert polled(state, replace(SAME, subscription=subscription()), REACHABLE).subscribe is None
    assert polled(state, SAME, REACHABLE).state.topic == HUB


def test_a_hub_on_the_host_of_the_feed_waits_for_its_next_permit():
    assert polled(replace(WELL, topic=OWN_HUB), SAME, REACHABLE).subscribe is None


def test_the_host_that_gave_the_permit_counts_when_a_feed_moves_to_its_hub():
    state = replace(WELL, topic=HUB)
    moved = replace(SAME, moved_to="https://hub.example/feed")

    assert polled(state, moved, REACHABLE).subscribe == HUB


def test_a_feed_that_is_pushed_is_polled_seldom_unless_a_person_set_its_interval():
    answer = replace(SAME, subscription=pushed())
    usual, seldom = polled(WELL, SAME), polled(WELL, answer)

    assert seldom.wait == 10 * usual.wait
    assert "its hub pushes" in seldom.state.why[-1]
    assert seldom.subscription is None
    assert "hub" not in polled(replace(WELL, every="10m"), answer).state.why[-1]


def test_what_the_hub_missed_is_counted():
    known = pushed()

    assert polled(WELL, changed(subscription=known)).subscription == replace(known, missed=1)
    assert polled(WELL, changed(overlap=3, subscription=known)).subscription is None
    assert polled(WELL, changed(subscription=replace(known, pushed=NOW - MINUTE))).subscription is None
    assert polled(replace(WELL, every="10m"), changed(subscription=known)).subscription.missed == 1
    assert polled(NEW, changed(subscription=known)).subscription is None


def test_a_hub_that_missed_too_much_with_this_poll_is_not_relied_on():
    assert "hub" not in polled(WELL, changed(subscription=pushed(missed=1))).state.why[-1]


def test_after_a_request_to_its_own_hub_a_feed_is_due_again():
    decision = hub_first(WELL)

    assert (decision.state, decision.wait, decision.outcome) == (WELL, ZERO, Outcome.POLLED)
