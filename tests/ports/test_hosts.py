"""When a host may be asked, and how often."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ports.memory import Memory
from tests.ports.steps import entries, taken
from worker.fetch.pace import HostPace
from worker.services import Services

ZERO, MINUTE = timedelta(0), timedelta(minutes=1)
HOST = "paper.example"


@pytest.fixture
def polite(ports, settings):
    """The same ports, with a minute between two requests to a host."""
    settings = replace(settings, host_spacing=MINUTE)
    return Memory(settings, ports.clock) if isinstance(ports, Memory) else Services(settings, ports.redis_url)


def test_a_host_that_nobody_asked_permits_a_request(ports):
    assert ports.hosts.permit(HOST) == ZERO
    assert ports.hosts.pace(HOST) == HostPace(ZERO, had_success=False)
    assert ports.hosts.state(HOST).wait == ZERO


def test_a_permit_keeps_the_host_waiting(polite):
    polite.articles.admit(entries(1))

    assert polite.hosts.permit(HOST) == ZERO
    assert ZERO < polite.hosts.permit(HOST) <= MINUTE
    assert polite.articles.take() == []
    assert polite.hosts.waiting(10) == [HOST]


def test_a_hand_out_keeps_the_host_waiting_until_it_is_claimed(polite):
    polite.articles.admit(entries(2))
    (item,) = polite.articles.take()

    assert polite.articles.take() == []
    polite.articles.claim(item.id, item.token, "fetch")
    assert polite.hosts.state(HOST).wait > timedelta(seconds=50)
    state = polite.hosts.state(HOST)
    assert (state.spacing, state.busy, state.queued) == (MINUTE, 1, 1)


def test_a_host_with_as_many_requests_as_it_bears_permits_no_extra_one(ports):
    ports.articles.admit(entries(3))
    jobs = [ports.articles.claim(item.id, item.token, "fetch") for item in ports.articles.take()]

    assert ports.hosts.permit(HOST) == timedelta(seconds=1)
    ports.articles.fetched(jobs[0], "page-10", {})
    assert ports.hosts.permit(HOST) == ZERO
    assert ports.hosts.state(HOST).busy == 1


def test_a_throttling_host_is_left_alone(ports):
    ports.articles.admit(entries(1))
    ports.hosts.heard(HOST, HostPace(timedelta(seconds=2), had_success=False), age=ZERO, hold=MINUTE)

    assert ports.articles.take() == []
    assert timedelta(seconds=50) < ports.hosts.permit(HOST) <= MINUTE
    assert ports.hosts.pace(HOST) == HostPace(timedelta(seconds=2), had_success=False)


def test_an_answer_that_is_old_is_waited_for_no_more(ports):
    ports.hosts.heard(HOST, HostPace(MINUTE, had_success=True), age=2 * MINUTE, hold=ZERO)

    assert ports.hosts.permit(HOST) == ZERO
    assert ports.hosts.pace(HOST).had_success
    ports.hosts.heard(HOST, HostPace(MINUTE, had_success=False), age=2 * MINUTE, hold=ZERO)
    assert ports.hosts.pace(HOST).had_success


def test_hosts_for_which_something_waits_are_named_soonest_first(ports):
    ports.articles.admit(entries(1, "late.example"))
    ports.hosts.heard("late.example", HostPace(MINUTE, had_success=True), age=ZERO, hold=ZERO)
    ports.articles.admit(entries(1))

    assert ports.hosts.waiting(10) == [HOST, "late.example"]
    assert ports.hosts.waiting(1) == [HOST]
    taken(ports)
    assert ports.hosts.waiting(10) == ["late.example"]
