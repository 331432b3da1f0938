"""How the time between two requests to a host follows its answers."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.fetch.pace import CEILING, HostPace, adapted, hold, slowed

SECOND = timedelta(seconds=1)
NONE = HostPace(timedelta(0), had_success=True)
SPANS = st.timedeltas(timedelta(0), timedelta(minutes=10))
PACES = st.builds(HostPace, SPANS, st.booleans())


@given(PACES, SPANS, SPANS, st.integers(1, 8))
def test_a_pace_is_never_below_its_floor_nor_above_the_ceiling_without_one(pace, latency, floor, concurrency):
    for after in (adapted(pace, latency, floor=floor, concurrency=concurrency), slowed(pace, floor=floor)):
        assert floor <= after.spacing <= max(floor, CEILING)


@given(SPANS, st.integers(1, 8))
def test_a_host_that_answers_alike_settles_at_its_latency(latency, concurrency):
    pace = HostPace(CEILING, had_success=False)
    for _ in range(60):
        pace = adapted(pace, latency, floor=SECOND, concurrency=concurrency)

    settled = min(max(latency / concurrency, SECOND), CEILING)
    assert abs(pace.spacing - settled) < SECOND / 100
    assert pace.had_success


def test_one_slow_answer_slows_at_once_and_one_quick_answer_undoes_little():
    slow = adapted(HostPace(SECOND, had_success=True), 8 * SECOND, floor=SECOND, concurrency=2)
    quick = adapted(slow, timedelta(0), floor=SECOND, concurrency=2)

    assert (slow.spacing, quick.spacing) == (4 * SECOND, 3 * SECOND)


def test_a_host_without_spacing_is_slowed_too():
    assert slowed(HostPace(timedelta(0), had_success=True), floor=timedelta(0)).spacing == SECOND / 2


def test_where_no_spacing_is_set_latency_makes_none():
    assert adapted(NONE, 9 * SECOND, floor=NONE.spacing, concurrency=1).spacing == NONE.spacing


def test_a_host_is_left_alone_as_long_as_it_asks():
    assert hold(timedelta(hours=2)) == timedelta(hours=2)
    assert hold(timedelta(0)) == timedelta(0)
    assert hold(None) == timedelta(seconds=30)
