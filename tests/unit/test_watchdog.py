"""The watchdog's judgement."""

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
