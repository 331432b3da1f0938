from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.delivery.schedule import ATTEMPTS, LONGEST_REST, Failure, next_attempt, rest

JITTER = st.floats(0, 1, exclude_max=True)
DOWN = Failure("answered 500")


@given(st.lists(JITTER, min_size=ATTEMPTS, max_size=ATTEMPTS))
def test_an_event_is_tried_for_half_a_day_and_then_given_up(jitters):
    waits = [next_attempt(DOWN, n, jitter) for n, jitter in enumerate(jitters, 1)]

    assert waits[-1] is None
    assert timedelta(hours=8) < sum(waits[:-1], timedelta(0)) < timedelta(hours=18)


@given(st.integers(1, ATTEMPTS - 1), JITTER, st.timedeltas(timedelta(0), timedelta(days=1)))
def test_an_event_waits_for_as_long_as_its_receiver_asked(attempts, jitter, asked):
    assert next_attempt(Failure("answered 429", asked), attempts, jitter) >= asked


@given(st.integers(1, 10_000), JITTER, st.none() | st.timedeltas(timedelta(0), timedelta(days=1)))
def test_a_sink_rests_after_every_failure_but_never_for_long(failures, jitter, asked):
    wait = rest(Failure("answered 503", asked), failures, jitter)

    assert min(asked or timedelta(0), LONGEST_REST) <= wait <= LONGEST_REST
    assert wait >= timedelta(milliseconds=500)
