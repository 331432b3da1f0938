"""One request to a host that permitted it, and what the host's pace becomes. Part of the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Protocol

from config.limits import FEED, ROBOTS, HttpLimits
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.core.urls import host_of, printable_url
from worker.fetch import pace
from worker.fetch.optout import tdmrep_url
from worker.fetch.refresh import refresh_target
from worker.fetch.response import Response, check_status
from worker.fetch.robots import ABSENT, UNAVAILABLE, Rules, crawl_delay, permitted_delay, read_rules, robots_url
from worker.pipeline.needs import HasClock, HasHosts, HasHttp, HasReservations, HasRobots, HasSettings

#: What says that a host has too much to do, or that nobody is there.
_STRAINED = frozenset({Reason.THROTTLED, Reason.TIMED_OUT, Reason.CONNECT_FAILED})

#: Honest sites need one, aggregators two.
_MOST_REFRESHES = 3

#: What says nothing of a host's file: it was not asked, or what it answered could not be kept.
_NO_ANSWER = frozenset({Reason.HOST_BUSY, Reason.STORE_UNAVAILABLE})


class RequestPorts(HasSettings, HasClock, HasHttp, HasHosts, HasRobots, Protocol):
    """What a request needs."""


class ReservationPorts(RequestPorts, HasReservations, Protocol):
    """What a request for a tdmrep.json needs."""


class MovedAwayError(TransientError):
    """The answer is a redirect to another host, whose own permit and rules count."""

    def __init__(self, url: str, target: str) -> None:
        super().__init__(Reason.HOST_BUSY, url, f"redirected to {target}, another host")
        self.args = (url, target)
        self.target = target


def ask(
    url: str,
    ports: RequestPorts,
    limits: HttpLimits,
    *,
    headers: Mapping[str, str] | None = None,
    delay: timedelta = timedelta(0),
    on_redirect: Callable[[str], None] | None = None,
    forbidden_is_busy: bool = True,
) -> Response:
    """GET `url` and adapt the pace of its host to the answer.

    Args:
        url: Its host has given a permit.
        ports: For the request and the pace.
        limits: Bounds of the exchange.
        headers: Conditions.
        delay: The Crawl-delay of the host.
        on_redirect: As `HttpClient.get`; by default the further host is asked for a permit.
        forbidden_is_busy: A 403 of a host that answered 2xx before is throttling, as some hosts do it.

    Raises:
        IngestError: As `HttpClient.get` and `check_status`, which has passed when a response is returned.
    """
    floor = max(ports.settings.host_spacing, delay)
    try:
        response = ports.http.get(
            url, limits=limits, headers=headers, on_redirect=on_redirect or partial(ask_permit, ports=ports)
        )
        host = host_of(response.url)
        known = ports.hosts.pace(host)
        check_status(response, now=ports.clock.now(), had_success=forbidden_is_busy and known.had_success)
    except IngestError as error:
        _slow_down(host_of(error.subject), floor, error, ports)  # the hop that failed, wherever redirects led
        raise
    quicker = pace.adapted(known, response.elapsed, floor=floor, concurrency=ports.settings.host_concurrency)
    ports.hosts.heard(host, quicker, age=response.age, hold=timedelta(0))
    return response


def ask_permit(url: str, ports: HasHosts) -> None:
    """Ask for a request to the host of `url` beside the one in hand (a redirect, a page of an archive).

    Raises:
        TransientError: HOST_BUSY, with the time after which to ask again.
    """
    wait = ports.hosts.permit(host_of(url))
    if wait:
        raise TransientError(
            Reason.HOST_BUSY, printable_url(url), "on another host, which is not to be asked now", wait
        )


def follow_refreshes(response: Response, get: Callable[[str], Response]) -> Response:
    """Return the page that a page without text leads to, by `get`; after a few of those, the last one."""
    for _ in range(_MOST_REFRESHES):
        target = refresh_target(response)
        if target is None:
            break
        response = get(target)
    return response


def ask_for_feed(url: str, ports: RequestPorts, headers: Mapping[str, str] | None = None) -> Response:
    """GET a feed, or what belongs to one, at the pace that its host's robots.txt asks for, if that is known.

    Raises:
        IngestError: As `ask`.
    """
    delay = crawl_delay(ports.robots.get(host_of(url)), ports.settings.user_agent)
    return ask(url, ports, FEED, headers=headers, delay=delay)


def learn_rules(url: str, ports: RequestPorts) -> Rules:
    """GET the robots.txt of the host of `url`, which has given a permit, and remember what it says.

    Raises:
        TransientError: HOST_BUSY, when it is on another host, which gives no permit now; STORE_UNAVAILABLE.
    """
    try:
        rules = read_rules(ask(robots_url(url), ports, ROBOTS, forbidden_is_busy=False))
    except TransientError as error:
        if error.reason in _NO_ANSWER:
            raise
        rules = UNAVAILABLE
    except RejectedError:  # no rules that could be read; what is wrong with the host shows with its pages
        rules = ABSENT
    ports.robots.put(host_of(url), rules)
    return rules


def learn_reservations(url: str, ports: ReservationPorts) -> None:
    """GET the tdmrep.json of the host of `url`, which has given a permit, and remember it; unreadable, it says nothing.

    Raises:
        TransientError: As `learn_rules`.
    """
    host, target = host_of(url), tdmrep_url(url)
    known = ports.robots.get(host)
    try:
        is_denied = known is not None and permitted_delay(known, target, ports.settings.user_agent) is None
        said = ABSENT if is_denied else read_rules(ask(target, ports, ROBOTS, forbidden_is_busy=False))
    except TransientError as error:
        if error.reason in _NO_ANSWER:
            raise
        said = Rules("", UNAVAILABLE.ttl)
    except RejectedError:
        said = ABSENT
    ports.reservations.put(host, said)


def leave(url: str) -> Callable[[str], None]:
    """Return what `ask` does on a redirect to another host when the subject can go there by itself.

    Raises:
        MovedAwayError: When called, with the redirect's target.
    """

    def refuse(target: str) -> None:
        raise MovedAwayError(printable_url(url), target)

    return refuse


def _slow_down(host: str, floor: timedelta, error: IngestError, ports: RequestPorts) -> None:
    """Ask a strained host half as often, and a throttling one not at all for a while."""
    if error.reason in _STRAINED:
        asked = error.retry_after if isinstance(error, TransientError) else None
        alone = pace.hold(asked) if error.reason is Reason.THROTTLED else timedelta(0)
        slower = pace.slowed(ports.hosts.pace(host), floor=floor)
        ports.hosts.heard(host, slower, age=timedelta(0), hold=alone)
