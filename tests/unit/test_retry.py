from datetime import timedelta

import pytest

from worker.retry import RetryPolicy

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
