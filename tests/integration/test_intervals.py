"""What is done once for all processes."""

from datetime import timedelta

from worker.services import Services

MINUTE = timedelta(minutes=1)


def test_one_process_gets_the_turn_and_the_others_ask_once(services):
    processes = [Services(services.settings, services.redis_url) for _ in range(5)]

    assert sum(one.intervals.take("check", MINUTE) for one in processes for _ in range(3)) == 1
    assert services.intervals.take("another", MINUTE)
