"""HTTP for strangers' servers, GET and POST: bounded in time, bytes and reach; every failure has its reason."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3.exceptions import HTTPError, IncompleteRead, SSLError
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError
from urllib3.response import BaseHTTPResponse

from config.limits import HttpLimits
from worker.adapters.http.address import Network
from worker.adapters.http.connection import (
    BlockedAddressError,
    BoundedTLSSocket,
    BudgetError,
    CheckedHTTPConnection,
    CheckedHTTPSConnection,
    Deadline,
    Resolver,
    Route,
    resolve,
)
from worker.adapters.http.cookies import Cookies
from worker.adapters.http.decoding import ACCEPTED, DecodingError, TooLargeError, read_body
from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.urls import DEFAULT_PORTS, check_url, host_of, printable_url
from worker.fetch.response import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_NO_BODY = frozenset({204, 304})
_SINGLE = frozenset({"location", "content-type", "etag", "last-modified", "retry-after", "expires", "set-cookie"})
_CHUNK_BYTES = 64 * 1024


class HttpClient:
    """GETs http and https URLs, and POSTs to them; safe to share between threads, and across a fork.

    It keeps no connection: a polite crawler comes back to a host after seconds, when most servers have closed
    the connection anyway, and so there is nothing to share, to go stale or to leak. Cookies live as long as one chain
    of redirects, proxies and .netrc of the environment are ignored.

    Args:
        user_agent: Who asks, and where to complain.
        allow: Networks that may be reached although they are not public: tests, intranets.
        resolver: Where names are looked up.
        tls: The certificates to trust; the system's by default.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: Sequence[Network] = (),
        resolver: Resolver = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allow, self._resolver = tuple(allow), resolver
        self._tls = tls or ssl.create_default_context()
        self._tls.sslsocket_class = BoundedTLSSocket

    def get(
        self,
        url: str,
        *,
        limits: HttpLimits,
        headers: Mapping[str, str] | None = None,
        on_redirect: Callable[[str], None] | None = None,
    ) -> Response:
        """Return the answer to a GET, redirects followed; `limits` hold for all hops together.

        Args:
            url: Any http(s) URL; it is normalised, its credentials are not sent.
            limits: Time, sizes, redirects.
            headers: To send besides User-Agent, Accept and Accept-Encoding: conditions, mostly.
            on_redirect: Called with the target of a redirect to a host that was not asked before;
                what it raises (no permit, denied by robots.txt) ends the exchange.

        Raises:
            TransientError: CONNECT_FAILED or TIMED_OUT.
            RejectedError: BAD_URL, BLOCKED_ADDRESS, TLS_FAILED, TOO_MANY_REDIRECTS, TOO_LARGE, BAD_ENCODING.
        """
        deadline = Deadline(limits.total.total_seconds())
        start = url = check_url(url)
        seen = {host_of(url)}
        permanent, cookies = True, Cookies()
        for _ in range(limits.redirects + 1):
            response = self._exchange(url, headers or {}, limits, deadline, cookies=cookies)
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target:
                return _settled(response, start, permanent=permanent)
            permanent = permanent and response.status in _PERMANENT
            url = _next_hop(url, target)
            if host_of(url) not in seen and on_redirect:
                on_redirect(url)
            seen.add(host_of(url))
        raise RejectedError(
            Reason.TOO_MANY_REDIRECTS,
            printable_url(start),
            f"more than {limits.redirects} redirects, last to {url}",
        )

    def post(self, url: str, form: Mapping[str, str], *, limits: HttpLimits) -> Response:
        """Return the answer to a POST of a form; redirects are not followed.

        Raises:
            IngestError: As `get`.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send(check_url(url), urlencode(form).encode(), headers=headers, limits=limits)

    def send(self, url: str, body: bytes, *, headers: Mapping[str, str], limits: HttpLimits) -> Response:
        """Return the answer to a POST of `body` to a URL that is taken as it is; redirects are not followed.

        Raises:
            IngestError: As `get`.
        """
        return self._exchange(url, headers, limits, Deadline(limits.total.total_seconds()), body)

    def _exchange(
        self,
        url: str,
        headers: Mapping[str, str],
        limits: HttpLimits,
        deadline: Deadline,
        body: bytes | None = None,
        cookies: Cookies | None = None,
    ) -> Response:
        """GET one URL, once, or POST `body` to it; a redirect is an answer like any other, its body unread."""
        started = time.monotonic()
        cookie = cookies.header(url) if cookies is not None else ""
        with _errors_named(url), self._connected(url, limits, deadline) as connection:
            connection.bound(limits.header_bytes)
            parts = urlsplit(url)
            connection.request(
                "GET" if body is None else "POST",
                (parts.path or "/") + ("?" + parts.query if parts.query else ""),
                body=body,
                headers=self._headers({**headers, "Cookie": cookie} if cookie else headers),
                preload_content=False,
                decode_content=False,
                enforce_content_length=True,
            )
            answer = connection.getresponse()
            answered = time.monotonic()
            connection.bound(limits.wire_bytes)
            answered_with = b"" if answer.status in _REDIRECTS | _NO_BODY else _body(answer, limits)
            if cookies is not None:
                cookies.learn(url, answer.headers.getlist("set-cookie"))
        elapsed, age = timedelta(seconds=answered - started), timedelta(seconds=time.monotonic() - answered)
        return Response(answer.status, url, _lower(answer), answered_with, elapsed, age)

    @contextmanager
    def _connected(
        self, url: str, limits: HttpLimits, deadline: Deadline
    ) -> Iterator[CheckedHTTPConnection | CheckedHTTPSConnection]:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
        route = Route(self._allow, self._resolver, limits.connect)
        connection = (
            CheckedHTTPSConnection(host, port, route=route, deadline=deadline, ssl_context=self._tls)
            if parts.scheme == "https"
            else CheckedHTTPConnection(host, port, route=route, deadline=deadline)
        )
        try:
            connection.connect()
            yield connection
        finally:
            connection.close()

    def _headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        return {
            "User-Agent": self._user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
            **extra,
        }


@contextmanager
def _errors_named(url: str) -> Iterator[None]:
    """Translate what sockets, TLS, http.client and urllib3 raise into failures with a reason."""
    subject = printable_url(url)
    try:
        yield
    except BlockedAddressError as error:
        raise RejectedError(Reason.BLOCKED_ADDRESS, subject, str(error)) from error
    except (BudgetError, TooLargeError) as error:
        raise RejectedError(Reason.TOO_LARGE, subject, str(error)) from error
    except DecodingError as error:
        raise RejectedError(Reason.BAD_ENCODING, subject, str(error)) from error
    except (ssl.SSLCertVerificationError, SSLError) as error:
        raise RejectedError(Reason.TLS_FAILED, subject, f"the certificate is not valid: {error}") from error
    except (TimeoutError, Urllib3TimeoutError) as error:
        raise TransientError(Reason.TIMED_OUT, subject, "no complete answer in time") from error
    except IncompleteRead as error:
        raise TransientError(Reason.CONNECT_FAILED, subject, f"the answer broke off: {error}") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise TransientError(Reason.CONNECT_FAILED, subject, f"{type(error).__name__}: {error}"[:300]) from error


def _body(answer: BaseHTTPResponse, limits: HttpLimits) -> bytes:
    return read_body(
        answer.stream(_CHUNK_BYTES, decode_content=False),
        answer.headers.get("content-encoding", ""),
        wire_bytes=limits.wire_bytes,
        body_bytes=limits.body_bytes,
        ratio=limits.ratio,
        cut=limits.cut,
    )


def _lower(answer: BaseHTTPResponse) -> dict[str, str]:
    """Return the headers under lower-case names, repeated lists joined (RFC 9110 §5.3), the last of what is no list."""
    return {
        name.lower(): answer.headers.getlist(name)[-1] if name.lower() in _SINGLE else answer.headers[name]
        for name in answer.headers
    }


def _next_hop(url: str, target: str) -> str:
    """Return the URL that a Location header points to, checked like one from outside."""
    try:
        return check_url(urljoin(url, _as_utf8(target)))
    except ValueError as error:
        raise RejectedError(Reason.BAD_URL, printable_url(target), f"redirected there: {error}") from error


def _as_utf8(header: str) -> str:
    """Read a header, which http.client takes for Latin-1, as the UTF-8 that servers put there."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except ValueError:
        return header


def _settled(response: Response, start: str, *, permanent: bool) -> Response:
    """Add where the resource moved to, if it did so for good."""
    if not permanent or response.url == start:
        return response
    return replace(response, moved_to=response.url)
