"""How the time between two requests to a host follows its answers."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fetch.test_pace import SECOND
from worker.fetch.pace import CEILING, HostPace, adapted, slowed

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
