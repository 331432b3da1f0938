"""How the time between two requests to a host follows its answers."""

from datetime import timedelta

from worker.fetch.pace import HostPace, adapted, hold, slowed

SECOND = timedelta(seconds=1)
NONE = HostPace(timedelta(0), had_success=True)


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
