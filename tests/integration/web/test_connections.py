"""Connections that ask nothing, too many requests and two kinds of body: none keeps the others out."""

import asyncio
import socket
from contextlib import ExitStack
from threading import Event
from urllib.parse import urlsplit

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tests.integration.web.asking import ask
from worker.web import connection, live
from worker.web.render import Templates
from worker.web.security import Access

HEAD = b"GET /api/status HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def connect(page):
    """Open a connection that has sent so much; all are closed at the end."""
    with ExitStack() as stack:

        def to(sent=b""):
            made = stack.enter_context(socket.create_connection(("127.0.0.1", urlsplit(page).port), 20))
            made.sendall(sent)
            return made

        yield to


def answer(connected):
    """Return all that comes until the server ends the connection."""
    received = b""
    while chunk := connected.recv(65536):
        received += chunk
    return received


def test_idle_connections_keep_nobody_out(page, connect, monkeypatch):
    monkeypatch.setattr(connection, "MAX_CONNECTIONS", 50)
    held = [connect(HEAD if number % 2 else b"") for number in range(200)]

    for path, status in (("/healthz", 503), ("/readyz", 200), ("/websub/x/y", 404), ("/", 200)):
        assert ask(page + path).status == status, path
    assert len(held) == 200


def test_a_request_that_is_slow_to_come_is_ended(connect, monkeypatch):
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 0.3)

    assert answer(connect()) == b""
    assert answer(connect(HEAD + b"X: ")) == b""


def test_a_body_that_nobody_reads_is_not_waited_for(connect, monkeypatch):
    monkeypatch.setattr(connection, "HEAD_TIMEOUT_S", 0.3)

    assert answer(connect(HEAD + b"Content-Length: 1000000\r\n\r\n")).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_used_again(connect):
    kept = connect(HEAD + b"\r\n")
    assert kept.recv(15) == b"HTTP/1.1 200 OK"
    kept.sendall(HEAD + b"Connection: close\r\n\r\n")
    assert answer(kept).count(b"HTTP/1.1 200 OK") == 1


def test_a_body_with_a_length_and_an_encoding_ends_the_connection(connect):
    smuggled = b"0\r\n\r\n" + HEAD + b"\r\n"
    two = HEAD + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(smuggled) + smuggled

    answers = answer(connect(two))

    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/metrics/x", "/healthzzz"])
def test_a_probe_asks_by_address_or_by_our_name(page, path):
    by_name = ask(page + path).status

    assert ask(page + path, Host="evil.example").status == 421
    assert ask(page + path, Host="10.1.2.3:8000").status == (by_name if by_name != 404 else 421)
    assert ask(page + path, Host="[fd00::1]").status == (by_name if by_name != 404 else 421)


def test_nobody_gets_in_by_coming_all_at_once(services, monkeypatch):
    """The places of live pages are counted before anything is waited for."""
    monkeypatch.setattr(live, "MAX_CLIENTS", 3)
    watched = live.Live(services, Templates(services, Access("")), Event())

    async def run():
        scope = {"type": "http", "headers": [], "query_string": b""}
        came = [watched.watch(Request(scope)) for _ in range(20)]
        return await asyncio.gather(*came, return_exceptions=True)

    answers = asyncio.run(run())

    assert sum(isinstance(answer, HTTPException) for answer in answers) == 17
