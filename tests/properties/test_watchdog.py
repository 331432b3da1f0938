"""The watchdog's judgement."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.watchdog import Stall


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1))
def test_a_stall_is_never_longer_than_since_the_last_progress(looks):
    stall, taken, moved = Stall(), 0, 0
    for now, (more, waiting) in enumerate(looks):
        taken += more
        moved = now if more or not waiting or now == 0 else moved
        assert stall.seconds(now, taken=taken, waiting=waiting) == now - moved
