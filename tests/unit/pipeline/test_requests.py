"""One request: what the pace of its host becomes, where redirects may lead, what is remembered of robots.txt."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.limits import PAGE
from tests.ports.memory import Memory
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.fetch.robots import ABSENT, UNAVAILABLE, Rules
from worker.pipeline.requests import (
    MovedAwayError,
    ask,
    ask_for_feed,
    ask_permit,
    learn_reservations,
    learn_rules,
    leave,
)

URL, OTHER = "https://paper.example/a", "https://other.example/a"
HOST = "paper.example"
ZERO, SECOND = timedelta(0), timedelta(seconds=1)


@pytest.fixture
def ports():
    return Memory(replace(Memory().settings, host_spacing=SECOND))


def refused(call, *args, **options):
    with pytest.raises(IngestError) as raised:
        call(*args, **options)
    return raised.value


def test_a_good_answer_keeps_the_pace_that_was_set(ports):
    ports.http.answer(URL, "hello")

    assert ask(URL, ports, PAGE).body == b"hello"
    assert ports.hosts.pace(HOST).spacing == SECOND
    assert ports.hosts.pace(HOST).had_success


def test_a_crawl_delay_is_the_least_pace(ports):
    ports.http.answer(URL)
    ask(URL, ports, PAGE, delay=10 * SECOND)

    assert ports.hosts.pace(HOST).spacing == 10 * SECOND


@pytest.mark.parametrize("reason", [Reason.TIMED_OUT, Reason.CONNECT_FAILED])
def test_a_strained_host_is_asked_half_as_often(ports, reason):
    ports.http.fail(URL, TransientError(reason, URL))

    assert refused(ask, URL, ports, PAGE).reason is reason
    assert ports.hosts.pace(HOST).spacing == 2 * SECOND
    assert ports.hosts.state(HOST).wait == 2 * SECOND


def test_a_throttling_host_is_left_alone_as_long_as_it_asks(ports):
    ports.http.answer(URL, status=429, retry_after="120")

    assert refused(ask, URL, ports, PAGE).reason is Reason.THROTTLED
    assert ports.hosts.state(HOST).wait == timedelta(minutes=2)


def test_a_page_that_is_not_there_says_nothing_of_the_host(ports):
    ports.http.answer(URL, status=404)

    assert refused(ask, URL, ports, PAGE).reason is Reason.NOT_FOUND
    assert ports.hosts.pace(HOST).spacing == SECOND
    assert ports.hosts.state(HOST).wait == ZERO


def test_403_of_a_host_that_answered_before_is_throttling(ports):
    ports.http.answer(URL)
    ask(URL, ports, PAGE)
    ports.http.answer(URL, status=403)

    assert refused(ask, URL, ports, PAGE).reason is Reason.THROTTLED
    assert refused(ask, URL, ports, PAGE, forbidden_is_busy=False).reason is Reason.HTTP_ERROR


def test_the_hop_that_failed_is_slowed_down_and_not_the_one_before(ports):
    ports.http.answer(URL, status=302, location=OTHER)
    ports.http.fail(OTHER, TransientError(Reason.TIMED_OUT, OTHER))
    refused(ask, URL, ports, PAGE)

    assert ports.hosts.pace("other.example").spacing == 2 * SECOND
    assert ports.hosts.pace(HOST).spacing == SECOND


def test_a_redirect_to_another_host_needs_that_ones_permit(ports):
    ports.http.answer(URL, status=302, location=OTHER)
    ports.http.answer(OTHER, "there")

    assert ask(URL, ports, PAGE).body == b"there"
    error = refused(ask, URL, ports, PAGE)
    assert (error.reason, error.retry_after) == (Reason.HOST_BUSY, SECOND)


def test_a_subject_that_can_go_elsewhere_by_itself_does(ports):
    ports.http.answer(URL, status=302, location=OTHER)

    with pytest.raises(MovedAwayError) as raised:
        ask(URL, ports, PAGE, on_redirect=leave(URL))
    assert raised.value.target == OTHER
    assert [url for url, _ in ports.http.asked] == [URL]


def test_a_permit_is_given_once_in_a_while(ports):
    ask_permit(URL, ports)

    assert refused(ask_permit, URL, ports).retry_after == SECOND
    ports.clock.advance(SECOND)
    ask_permit(URL, ports)


def test_a_feed_is_asked_at_the_pace_of_robots_txt_with_its_conditions(ports):
    ports.robots.put(HOST, Rules("User-agent: *\nCrawl-delay: 7", timedelta(hours=1)))
    ports.http.answer(URL, status=304)
    ask_for_feed(URL, ports, {"If-None-Match": '"1"'})

    assert ports.hosts.pace(HOST).spacing == 7 * SECOND
    assert ports.http.asked == [(URL, {"If-None-Match": '"1"'})]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, "User-agent: *\nDisallow: /x"), (404, ABSENT.text), (403, ABSENT.text), (500, None), (429, None)],
)
def test_what_robots_txt_says_is_remembered(ports, status, expected):
    ports.http.answer("https://paper.example/robots.txt", "User-agent: *\nDisallow: /x", status)
    rules = learn_rules(URL, ports)

    assert ports.robots.get(HOST).text == rules.text == expected


def test_rules_of_a_host_that_is_not_there_are_believed_for_a_while(ports):
    learn_rules(URL, ports)

    assert ports.robots.get(HOST) == UNAVAILABLE
    ports.clock.advance(UNAVAILABLE.ttl)
    assert ports.robots.get(HOST) is None


@pytest.mark.parametrize("reason", [Reason.HOST_BUSY, Reason.STORE_UNAVAILABLE])
def test_nothing_is_remembered_of_a_file_that_was_not_asked_for(ports, reason):
    ports.http.fail("https://paper.example/robots.txt", TransientError(reason, URL))
    ports.http.fail("https://paper.example/.well-known/tdmrep.json", TransientError(reason, URL))

    assert refused(learn_rules, URL, ports).reason is reason
    assert ports.robots.get(HOST) is None
    assert refused(learn_reservations, URL, ports).reason is reason
    assert ports.reservations.get(HOST) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [((b"[]", 200), "[]"), ((b"", 404), ""), ((b"", 500), "")],
)
def test_what_tdmrep_json_says_is_remembered(ports, answer, said):
    ports.http.answer("https://paper.example/.well-known/tdmrep.json", *answer)
    learn_reservations(URL, ports)

    assert ports.reservations.get(HOST).text == said


def test_a_reservation_that_robots_txt_denies_is_not_asked_for(ports):
    ports.robots.put(HOST, Rules("User-agent: *\nDisallow: /", timedelta(hours=1)))
    learn_reservations(URL, ports)

    assert ports.http.asked == []
    assert ports.reservations.get(HOST).text == ""


def test_a_certificate_that_is_wrong_says_nothing_of_robots_txt(ports):
    ports.http.fail("https://paper.example/robots.txt", RejectedError(Reason.TLS_FAILED, URL))

    assert learn_rules(URL, ports) == ABSENT


#: What a server may send as Location.
BROKEN = [
    "ftp://[x/", "http://[x/", "http://[::1", "http://]/", "//[x", "http://", "http:///", "http://a b/", "https://\x00/",
    "http://paper.example:port/", "http://paper.example:99999/", "http://user@/", "javascript:alert(1)", "data:,x",
    "http://\ufffe/", "http://\u2100.example/", "http://xn--\uff41/", "http://%5B/", "#", "?", "..", "\udc80",
    "h" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("target", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_redirect_is_a_failure_of_the_page_and_no_bug(ports, target):
    ports.http.answer(URL, status=302, location=target)

    error = refused(ask, URL, ports, PAGE)

    assert isinstance(error, RejectedError)
    assert error.reason in {Reason.BAD_URL, Reason.TOO_MANY_REDIRECTS}
