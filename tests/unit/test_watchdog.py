"""The watchdog's judgement."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.watchdog import Stall


def test_a_worker_that_takes_nothing_while_messages_wait_stalls():
    stall = Stall()

    assert [stall.seconds(now, taken=7, waiting=3) for now in (100, 105, 160)] == [0, 5, 60]


def test_an_empty_queue_or_one_message_ends_a_stall():
    stall = Stall()
    stall.seconds(100, taken=7, waiting=3)

    assert stall.seconds(150, taken=7, waiting=0) == 0
    assert stall.seconds(170, taken=7, waiting=3) == 20
    assert stall.seconds(171, taken=8, waiting=3) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1))
def test_a_stall_is_never_longer_than_since_the_last_progress(looks):
    stall, taken, moved = Stall(), 0, 0
    for now, (more, waiting) in enumerate(looks):
        taken += more
        moved = now if more or not waiting or now == 0 else moved
        assert stall.seconds(now, taken=taken, waiting=waiting) == now - moved
