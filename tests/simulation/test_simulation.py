"""Thirty days of a thousand feeds on virtual time."""

from datetime import timedelta

import pytest

from tools.simulation.publisher import DAY_S, publishers
from tools.simulation.report import play
from tools.simulation.world import BOUNDS, FLOOR, Host

DAYS = 30


@pytest.fixture(scope="module")
def month():
    return play(publishers(1000, DAYS, seed=1), DAYS)


def test_no_entry_goes_by_unseen_without_a_gap_event(month):
    _, _, report = month

    assert report.entries > 50_000
    assert report.unannounced == 0


def test_no_feed_starves(month):
    _, feeds, _ = month
    longest = 1.1 * timedelta(days=1).total_seconds()  # after a day of failures; else the longest interval

    assert max(feed.longest for feed in feeds) <= longest
    assert all(feed.ended or feed.polled > DAYS * DAY_S - longest for feed in feeds)


def test_a_feed_that_never_fails_waits_no_longer_than_it_may(month):
    _, feeds, _ = month
    well = [f for f in feeds if min(f.publisher.down[0], f.publisher.busy[0]) > DAYS * DAY_S and f.publisher.host]

    skipped = {True: timedelta(hours=5), False: timedelta(0)}
    assert len(well) > 100
    for feed in well:
        allowed = BOUNDS.high * 1.1 + skipped[bool(feed.publisher.skip_hours)] + timedelta(minutes=30)  # its host
        assert feed.longest <= allowed.total_seconds()


def test_no_host_makes_polls_wait_but_one_that_throttles(month):
    world, _, _ = month
    waits = sorted(world.waits)

    assert waits[int(0.99 * len(waits))] <= 5  # s
    assert waits[-1] <= timedelta(minutes=25).total_seconds()


def test_the_median_entry_is_polled_within_minutes(month):
    _, feeds, report = month
    print(f"median lag {report.lag_median / 60:.1f} min, 90 % {report.lag_p90 / 60:.1f} min, {report.polls} polls")

    assert report.lag_median < timedelta(minutes=30).total_seconds()
    assert report.polls / len(feeds) / DAYS < 40  # a day and feed


def test_a_feed_that_is_gone_is_left_alone(month):
    _, feeds, _ = month
    gone = [feed for feed in feeds if feed.publisher.gone < DAYS * DAY_S]

    assert gone
    assert all(feed.ended for feed in gone if feed.publisher.gone < (DAYS - 2) * DAY_S)


def test_the_model_of_a_host_refuses_what_would_be_impolite():
    host = Host(timedelta(seconds=1))
    host.start(100.0)

    with pytest.raises(AssertionError, match="too soon"):
        host._ask(100.0 + FLOOR.total_seconds() / 2)
