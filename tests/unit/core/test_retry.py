from datetime import timedelta
from itertools import pairwise

import pytest

from config import limits
from worker.core.retry import NETWORK, RetryPolicy

POLICY = RetryPolicy(base=timedelta(seconds=10), cap=timedelta(seconds=100))


@pytest.mark.parametrize(
    ("failures", "jitter", "asked_s", "expected_s"),
    [
        (1, 0.0, None, 5),
        (1, 0.5, None, 7.5),
        (1, 1.0, None, 10),
        (2, 1.0, None, 20),
        (4, 1.0, None, 80),
        (5, 1.0, None, 100),
        (500, 1.0, None, 100),
        (1, 0.0, 3, 5),
        (1, 0.5, 300, 300),
    ],
)
def test_the_delay_grows_is_bounded_and_honours_what_was_asked(failures, jitter, asked_s, expected_s):
    asked = None if asked_s is None else timedelta(seconds=asked_s)

    assert timedelta(seconds=expected_s) == POLICY.delay(failures, jitter, asked)


def attempts_during(outage, jitter):
    """Return when an article is tried, from the first failure to the end of `outage`, on a clock of our own."""
    clock, failures = timedelta(0), 0
    while clock <= outage:
        failures += 1
        clock += NETWORK.delay(failures, jitter)
        yield clock


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_a_source_that_is_down_for_hours_is_asked_a_few_times_an_hour_and_not_given_up(jitter):
    times = list(attempts_during(limits.PATIENCE, jitter))

    assert 10 <= len(times) <= 30
    assert all(later - earlier <= NETWORK.cap for earlier, later in pairwise(times))
    assert NETWORK.cap < limits.PATIENCE < limits.MAX_AGE
