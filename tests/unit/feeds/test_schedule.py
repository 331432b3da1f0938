"""When feeds are polled: laws of the decision, and its reasons."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.core.records import FeedEntry
from worker.feeds.feed import FeedDocument
from worker.feeds.memory import Memory
from worker.feeds.schedule import Bounds, Listing, Rate, Wishes, after_poll, first_rate

NOW = datetime(2026, 11, 4, 12, 30, tzinfo=UTC)  # a Wednesday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BOUNDS = Bounds(5 * MINUTE, 6 * HOUR)


@pytest.mark.parametrize(
    ("every", "bounds", "shown"),
    [
        ("90s", Bounds(1.5 * MINUTE, 1.5 * MINUTE), "90 s"),
        ("10m", Bounds(10 * MINUTE, 10 * MINUTE), "10 min"),
        ("5m-6h", BOUNDS, "5 min to 6.0 h"),
        ("1h-30d", Bounds(HOUR, 30 * DAY), "60 min to 720.0 h"),
    ],
)
def test_bounds_are_named_by_one_interval_or_two(every, bounds, shown):
    assert Bounds.of(every) == bounds
    assert str(bounds) == shown


@pytest.mark.parametrize("every", ["", "10", "m", "0s", "1h-5m", "31d", "10m-", "-1h", "10m 1h", "1.5h", "9999999s"])
def test_bounds_that_make_no_sense_are_refused(every):
    with pytest.raises(ValueError, match="no interval such as 10m"):
        Bounds.of(every)


def decide(rate=Rate(24, 24), listing=None, wishes=Wishes(), now=NOW, chance=0.0):  # noqa: B008
    return after_poll(rate, listing, wishes, BOUNDS, now=now, chance=chance)


def test_a_feed_that_skips_every_hour_is_polled_all_the_same():
    assert decide(wishes=Wishes(skip_hours=frozenset(range(24)))).wait <= BOUNDS.high


def test_an_event_is_followed_within_the_hour_and_forgotten_within_the_day():
    quiet = Rate(2, 2)
    lively = quiet.after(10, 30 * MINUTE)
    later = lively
    for _ in range(24):
        later = later.after(0, HOUR)

    assert decide(lively).wait < HOUR / 4
    assert decide(later).wait > 2 * HOUR


def test_a_gap_is_polled_as_soon_as_may_be_and_says_so():
    decision = decide(Rate(0.1, 0.1), Listing(20, overlap=0))

    assert decision.wait == BOUNDS.low
    assert "none of its 20 entries was there before" in " ".join(decision.why)


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.0), (0.5, 0.5), (0.9, 0.9)])
def test_new_feeds_spread_over_their_interval(chance, share):
    decision = decide(Rate(2, 2), Listing(10, overlap=None), chance=chance)

    spread = BOUNDS.low + (BOUNDS.high - BOUNDS.low) * share
    assert spread <= decision.wait <= spread * 1.1


@pytest.mark.parametrize(
    ("published", "period", "a_day"),
    [
        ([NOW - n * HOUR for n in range(1, 25)], None, 24),
        ([], None, 24),
        ([], DAY, 1),
        ([NOW + DAY, NOW + 2 * DAY], DAY, 1),
        ([NOW], DAY, 1),
    ],
)
def test_the_first_rate_is_that_of_the_dates_or_what_the_feed_says(published, period, a_day):
    assert first_rate(published, period, NOW).usual == pytest.approx(a_day)


def test_what_is_remembered_survives_the_store():
    feed = FeedDocument("rss", (FeedEntry("https://paper.example/a", published=NOW - HOUR),), ttl=HOUR,
                skip_hours=frozenset({1, 2}), skip_days=frozenset({6}))  # fmt: skip
    memory = Memory().after(feed, 1, NOW)

    assert Memory.of(memory.fields()) == memory
    assert Memory.of({}) == Memory()
