"""When feeds are polled: laws of the decision, and its reasons."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.feeds.test_schedule import BOUNDS, DAY, NOW, decide
from worker.feeds.schedule import Listing, Rate, Wishes, after_failure

CHANCE = st.floats(0, 1, exclude_max=True)


RATES = st.builds(Rate, st.floats(0, 10_000), st.floats(0, 10_000))


LISTINGS = st.none() | st.builds(Listing, st.integers(1, 500), st.none() | st.integers(0, 500))


@given(RATES, LISTINGS, CHANCE)
def test_an_interval_is_within_its_bounds_give_or_take_the_jitter(rate, listing, chance):
    assert BOUNDS.low <= decide(rate, listing, chance=chance).wait <= BOUNDS.high * 1.1


@given(st.floats(0, 1000), st.floats(0, 1000), CHANCE)
def test_a_livelier_feed_is_never_polled_less_often(one, other, chance):
    slower, faster = sorted((one, other))

    assert decide(Rate(faster, 0), chance=chance).wait <= decide(Rate(slower, 0), chance=chance).wait


@given(RATES, st.integers(0, 10**6), CHANCE)
def test_a_wish_is_obeyed_up_to_the_longest_interval(rate, seconds, chance):
    fresh = timedelta(seconds=seconds)

    assert decide(rate, wishes=Wishes(fresh=fresh), chance=chance).wait >= min(fresh, BOUNDS.high)


@given(RATES, st.frozensets(st.integers(0, 23), max_size=23), st.frozensets(st.integers(0, 6), max_size=6), CHANCE)
def test_no_poll_falls_into_hours_and_days_to_skip(rate, hours, days, chance):
    due = NOW + decide(rate, wishes=Wishes(timedelta(0), hours, days), chance=chance).wait

    assert due.hour not in hours
    assert due.weekday() not in days


@given(RATES, st.integers(0, 1000), st.floats(1, 10**6))
def test_a_rate_moves_towards_what_was_observed_and_never_beyond(rate, new, seconds):
    observed = new / (timedelta(seconds=seconds) / DAY)
    after = rate.after(new, timedelta(seconds=seconds))

    for before, now in ((rate.usual, after.usual), (rate.recent, after.recent)):
        assert min(before, observed) * 0.999 <= now <= max(before, observed) * 1.001 + 1e-9


@given(st.integers(1, 10_000), st.none() | st.timedeltas(timedelta(0), DAY), CHANCE)
def test_failures_wait_at_least_what_the_server_asks_and_at_most_about_a_day(failures, asked, chance):
    wait = after_failure(failures, asked, BOUNDS, chance=chance).wait

    assert max(BOUNDS.low, asked or timedelta(0)) <= wait <= 1.2 * DAY
