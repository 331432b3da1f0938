"""Servers that attack: each case is bounded in time, memory and reach, and ends with its reason."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from config.limits import HttpLimits
from tests.newsroom.hostile import MODES, HostileServer, redirect
from worker.adapters.http.client import HttpClient
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.fetch.response import check_page, check_status

LIMITS = HttpLimits(
    total=timedelta(seconds=0.5),
    connect=timedelta(seconds=0.3),
    wire_bytes=200_000,
    body_bytes=400_000,
    header_bytes=16_384,
    redirects=3,
)
#: For what ends by its size: on a loaded machine that must not be a matter of time.
PATIENT = replace(LIMITS, total=timedelta(seconds=10))
LOOPBACK = (ip_network("127.0.0.1/32"),)
SLACK_S = 2.0  # a loaded machine; what is not bounded runs into the timeout of the whole suite
PEAK_BYTES = 8 * 1024**2

REFUSED = {
    "silent": Reason.TIMED_OUT,
    "slow-status": Reason.TIMED_OUT,
    "slow-headers": Reason.TIMED_OUT,
    "slow-body": Reason.TIMED_OUT,
    "slow-chunks": Reason.TIMED_OUT,
    "stalled-body": Reason.TIMED_OUT,
    "slow-redirects": Reason.TIMED_OUT,
    "endless-body": Reason.TOO_LARGE,
    "endless-chunks": Reason.TOO_LARGE,
    "endless-chunk-size": Reason.CONNECT_FAILED,
    "endless-trailers": Reason.TOO_LARGE,
    "endless-headers": Reason.TOO_LARGE,
    "endless-status-line": Reason.TOO_LARGE,
    "long-header": Reason.TOO_LARGE,
    "endless-continue": Reason.TOO_LARGE,
    "declared-huge": Reason.TOO_LARGE,
    "bomb-gzip": Reason.TOO_LARGE,
    "bomb-deflate": Reason.TOO_LARGE,
    "bomb-members": Reason.TOO_LARGE,
    "bomb-nested": Reason.BAD_ENCODING,
    "bomb-brotli": Reason.TOO_LARGE,
    "bomb-zstd": Reason.TOO_LARGE,
    "bomb-frames": Reason.TOO_LARGE,
    "bomb-unsaid": Reason.TOO_LARGE,
    "wide-zstd": Reason.BAD_ENCODING,
    "cut-brotli": Reason.BAD_ENCODING,
    "cut-zstd": Reason.BAD_ENCODING,
    "broken-brotli": Reason.BAD_ENCODING,
    "broken-zstd": Reason.BAD_ENCODING,
    "unknown-encoding": Reason.BAD_ENCODING,
    "cut-gzip": Reason.BAD_ENCODING,
    "corrupt-gzip": Reason.BAD_ENCODING,
    "closed-at-once": Reason.CONNECT_FAILED,
    "closed-in-headers": Reason.EMPTY,
    "closed-in-body": Reason.CONNECT_FAILED,
    "closed-in-chunk": Reason.CONNECT_FAILED,
    "bad-chunk-size": Reason.CONNECT_FAILED,
    "negative-chunk": Reason.CONNECT_FAILED,
    "two-lengths": Reason.CONNECT_FAILED,
    "not-http": Reason.CONNECT_FAILED,
    "bad-status": Reason.CONNECT_FAILED,
    "too-many-headers": Reason.CONNECT_FAILED,
    "loop": Reason.TOO_MANY_REDIRECTS,
    "pair": Reason.TOO_MANY_REDIRECTS,
    "to-file": Reason.BAD_URL,
    "to-ftp": Reason.BAD_URL,
    "to-data": Reason.BAD_URL,
    "to-script": Reason.BAD_URL,
    "to-number": Reason.BAD_URL,
    "to-nowhere": Reason.TOO_MANY_REDIRECTS,
    "to-brackets": Reason.BAD_URL,
    "to-metadata": Reason.BLOCKED_ADDRESS,
    "to-mapped": Reason.BLOCKED_ADDRESS,
    "to-nat64": Reason.BLOCKED_ADDRESS,
    "to-6to4": Reason.BLOCKED_ADDRESS,
    "to-cgnat": Reason.BLOCKED_ADDRESS,
    "to-multicast": Reason.BLOCKED_ADDRESS,
    "to-mail-port": Reason.BLOCKED_ADDRESS,
    "without-target": Reason.HTTP_ERROR,
    "binary": Reason.NOT_TEXT,
    "image": Reason.WRONG_TYPE,
    "empty": Reason.EMPTY,
    "challenge": Reason.INTERSTITIAL,
    "mitigated": Reason.INTERSTITIAL,
}
SURVIVED = (
    "not-gzip",
    "not-brotli",
    "brotli",
    "zstd",
    "two-frames",
    "no-encoding",
    "charset-encoding",
    "identity",
    "binary-encoding",
    "gzip-and-charset",
    "unsaid-gzip",
    "gzip-as-none",
    "status-203",
    "two-charsets",
    "type-twice",
    "raw-deflate",
    "zlib-deflate",
    "two-members",
    "padded-gzip",
    "longer-than-said",
    "to-login",
    "mislabelled",
    "wrong-charset",
    "moved",
)


class PermissionDeniedError(Exception):
    """What a caller's permit may raise."""


@pytest.fixture
def server():
    with HostileServer() as running:
        yield running


def client(**options):
    return HttpClient(user_agent="onrecord-tests", **{"allow": LOOPBACK, **options})


def fetch(url, limits=LIMITS, **options):
    response = client(**options).get(url, limits=limits)
    check_status(response, now=datetime(2026, 1, 1, tzinfo=UTC))
    check_page(response)
    return response


@contextlib.contextmanager
def bounded():
    tracemalloc.start()
    started = time.monotonic()
    try:
        yield
    finally:
        elapsed, (_, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert elapsed < LIMITS.total.total_seconds() + SLACK_S
    assert peak < PEAK_BYTES


@pytest.mark.parametrize("mode", REFUSED)
def test_an_attack_ends_early_with_its_reason(server, mode):
    with bounded(), pytest.raises(IngestError) as caught:
        fetch(server.url(mode), LIMITS if REFUSED[mode] is Reason.TIMED_OUT else PATIENT)

    assert caught.value.reason is REFUSED[mode]
    assert isinstance(caught.value, TransientError) == (
        caught.value.reason in {Reason.TIMED_OUT, Reason.CONNECT_FAILED}
    )


@pytest.mark.parametrize("mode", SURVIVED)
def test_a_sloppy_server_is_still_read(server, mode):
    with bounded():
        response = fetch(server.url(mode))

    assert b"<p>" in response.body


def test_credentials_in_a_url_are_never_sent(server):
    fetch(server.url("to-login").replace("//", "//ann:secret@"))

    assert len(server.requests) == 2
    assert b"secret" not in b"".join(server.requests)
    assert b"Authorization" not in b"".join(server.requests)


@pytest.mark.parametrize(("mode", "moved"), [("moved", True), ("moved-for-now", False), ("fine", False)])
def test_only_permanent_redirects_move_a_resource(server, mode, moved):
    assert (fetch(server.url(mode)).moved_to == server.url("fine")) is moved


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "ann@127.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
def test_no_spelling_of_loopback_is_reached(server, host):
    with bounded(), pytest.raises(RejectedError) as caught:
        fetch(f"http://{host}:{server.port}/fine", allow=())

    assert caught.value.reason in {Reason.BAD_URL, Reason.BLOCKED_ADDRESS}
    assert server.requests == []


PRIVATE = (
    "10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.8 168.63.129.16 198.18.0.1 240.0.0.1 "
    "255.255.255.255 fc00::1 fe80::1 fec0::1 fd00:ec2::254 ff02::1 2001:db8::1 ::ffff:10.0.0.1"
)


def resolving_to(*addresses):
    return lambda *_: [(socket.AF_INET6 if ":" in address else socket.AF_INET, address) for address in addresses]


@pytest.mark.parametrize("address", PRIVATE.split())
def test_a_name_that_resolves_to_a_private_address_is_refused(address):
    with pytest.raises(RejectedError) as caught:
        fetch("http://paper.example/", resolver=resolving_to(address))

    assert caught.value.reason is Reason.BLOCKED_ADDRESS


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(RejectedError) as caught:
        fetch("http://paper.example/", resolver=resolving_to("8.8.8.8", "10.0.0.1"))

    assert caught.value.reason is Reason.BLOCKED_ADDRESS


def test_a_name_that_is_rebound_between_two_hops_is_refused(server):
    answers = iter(["127.0.0.1", "127.0.0.2"])
    with HostileServer("127.0.0.2") as inside, pytest.raises(RejectedError) as caught:
        fetch(f"http://paper.example:{server.port}/moved", resolver=lambda *_: [(socket.AF_INET, next(answers))])

    assert caught.value.reason is Reason.BLOCKED_ADDRESS
    assert len(server.requests) == 1
    assert inside.requests == []


def test_a_name_is_resolved_once_for_check_and_connection(server):
    asked = []

    def resolver(host, port):
        asked.append((host, port))
        return [(socket.AF_INET, "127.0.0.1")]

    fetch(f"http://paper.example:{server.port}/fine", resolver=resolver)

    assert asked == [("paper.example", server.port)]


def test_a_name_that_does_not_resolve_may_do_so_later():
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(TransientError) as caught:
        fetch("http://paper.example/", resolver=unknown)

    assert caught.value.reason is Reason.CONNECT_FAILED


def test_a_name_server_that_never_answers_is_given_up():
    never = threading.Event()

    with bounded(), pytest.raises(TransientError) as caught:
        fetch("http://paper.example/", resolver=lambda *_: never.wait(60))
    never.set()

    assert caught.value.reason is Reason.TIMED_OUT


def test_a_cookie_comes_back_within_its_chain_of_redirects_only(server, monkeypatch):
    answer = b"HTTP/1.1 302 Found\r\nSet-Cookie: who=ann; Path=/\r\nLocation: /fine\r\nContent-Length: 0\r\n\r\n"
    monkeypatch.setitem(MODES, "cookie", lambda: [answer])

    one = client()
    one.get(server.url("cookie"), limits=LIMITS)
    one.get(server.url("fine"), limits=LIMITS)

    assert [b"\r\nCookie: who=ann\r\n" in request for request in server.requests] == [False, True, False]


def test_a_site_that_sets_a_cookie_and_sends_readers_back_is_read(server, monkeypatch):
    gate = b"HTTP/1.1 302 Found\r\nSet-Cookie: seen=1\r\nLocation: /gate\r\nContent-Length: 0\r\n\r\n"
    fine = MODES["fine"]
    monkeypatch.setitem(MODES, "gate", lambda: fine() if len(server.requests) > 1 else [gate])

    assert b"Nothing is wrong" in fetch(server.url("gate")).body


def test_headers_that_are_repeated_all_count(server, monkeypatch):
    answer = b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\nX-Robots-Tag: noarchive\r\nContent-Length: 1\r\n\r\n."
    monkeypatch.setitem(MODES, "twice", lambda: [answer])

    assert client().get(server.url("twice"), limits=LIMITS).headers["x-robots-tag"] == "noai, noarchive"


@pytest.mark.parametrize("target", ["login", "login?next=/a", "cookiewall?to=/a", "privacy-gate/"])
def test_a_redirect_to_a_gate_is_no_article(server, monkeypatch, target):
    monkeypatch.setitem(MODES, "gated", lambda: [redirect(f"/{target}")])
    monkeypatch.setitem(MODES, target, MODES["fine"])

    with bounded(), pytest.raises(RejectedError) as caught:
        fetch(server.url("gated"))

    assert caught.value.reason is Reason.INTERSTITIAL


def test_another_host_is_announced_before_it_is_asked(server, monkeypatch):
    announced = []

    def refuse(url):
        announced.append(url)
        raise PermissionDeniedError

    with HostileServer() as other:
        monkeypatch.setitem(MODES, "to-other", lambda: [redirect(other.url("fine"))])
        with pytest.raises(PermissionDeniedError):
            client().get(server.url("to-other"), limits=LIMITS, on_redirect=refuse)

    assert announced == [other.url("fine")]
    assert other.requests == []


def test_a_redirect_within_one_host_needs_no_further_permit(server):
    def refuse(url):
        raise PermissionDeniedError

    assert client().get(server.url("moved"), limits=LIMITS, on_redirect=refuse).status == 200


def test_proxies_of_the_environment_are_ignored(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.2:1/")

    assert fetch(server.url("fine")).status == 200


def test_a_certificate_nobody_vouches_for_is_refused(certificate):
    with HostileServer(tls=certificate[0]) as secure, pytest.raises(RejectedError) as caught:
        fetch(secure.url("fine"))

    assert caught.value.reason is Reason.TLS_FAILED
    assert secure.requests == []


@pytest.mark.parametrize("mode", ["slow-headers", "slow-body", "endless-headers", "endless-body", "bomb-gzip"])
def test_the_bounds_hold_inside_tls(certificate, mode):
    trusted = ssl.create_default_context(cafile=certificate[1])
    with HostileServer(tls=certificate[0]) as secure, bounded(), pytest.raises(IngestError) as caught:
        fetch(secure.url(mode), LIMITS if REFUSED[mode] is Reason.TIMED_OUT else PATIENT, tls=trusted)

    assert caught.value.reason is REFUSED[mode]


def test_a_trusted_certificate_is_accepted(certificate):
    trusted = ssl.create_default_context(cafile=certificate[1])
    with HostileServer(tls=certificate[0]) as secure:
        assert fetch(secure.url("fine"), tls=trusted).status == 200


def test_a_handshake_that_never_comes_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as mute, bounded(), pytest.raises(TransientError) as caught:
        fetch(f"https://127.0.0.1:{mute.getsockname()[1]}/fine")

    assert caught.value.reason is Reason.TIMED_OUT


def test_plain_http_behind_https_is_no_certificate_error(server):
    with pytest.raises(TransientError) as caught:
        fetch(server.url("fine").replace("http:", "https:"))

    assert caught.value.reason is Reason.CONNECT_FAILED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server context for 127.0.0.1, and the file that holds its self-signed certificate."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *extension], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert
