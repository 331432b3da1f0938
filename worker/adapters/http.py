"""HTTP over urllib3: pooled, checked, bounded in time, bytes and reach."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3._collections import RecentlyUsedContainer
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError

from config.limits import HttpLimits
from worker.adapters.address import Network
from worker.adapters.connection import (
    BlockedAddressError,
    BudgetError,
    CheckedHTTPPool,
    CheckedHTTPSPool,
    Deadline,
    Resolver,
    resolve,
)
from worker.errors import Reason, RejectedError, TransientError
from worker.fetch.response import Response
from worker.fetch.url import check_url, host_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 65_536
_POOLS = 200


def _allow_all(_host: str) -> None:
    """Every host may be redirected to."""


class HttpClient:
    """GET requests to strangers. One per process, made after the fork; safe to use from threads.

    Only http and https, only addresses that `allow` or the public Internet hold, no proxies of the
    environment, no cookies, no credentials; TLS is verified.
    """

    def __init__(self, *, user_agent: str, allow: Sequence[Network] = (), resolver: Resolver = resolve) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._pool_options: dict[str, Any] = {"allow": tuple(allow), "resolver": resolver}
        self._pools: RecentlyUsedContainer[tuple[str, str, int], Any] = RecentlyUsedContainer(
            _POOLS, lambda pool: pool.close()
        )

    def get(
        self,
        url: str,
        *,
        limits: HttpLimits,
        headers: Mapping[str, str] | None = None,
        on_redirect: Callable[[str], None] = _allow_all,
    ) -> Response:
        """Fetch `url`, redirects followed; `on_redirect` is told each further host before it is asked, and may raise.

        Raises:
            TransientError: CONNECT_FAILED or TIMED_OUT.
            RejectedError: BAD_URL, BLOCKED_ADDRESS, TOO_MANY_REDIRECTS, TLS_FAILED, TOO_LARGE or BAD_ENCODING.
        """
        deadline, started = Deadline(limits.total.total_seconds()), url
        permanent = True
        for _ in range(limits.redirects + 1):
            with _http_errors(url):
                answer = self._ask(check_url(url), deadline, limits, headers or {})
            status, answer_headers, body, elapsed = answer
            if status not in _REDIRECTS or "location" not in answer_headers:
                moved = url if permanent and url != started else None
                return Response(status, url, answer_headers, body, elapsed, moved)
            permanent = permanent and status in _PERMANENT
            target = check_url(urljoin(url, answer_headers["location"]))
            if host_of(target) != host_of(url):
                on_redirect(host_of(target))
            url = target
        raise RejectedError(Reason.TOO_MANY_REDIRECTS, started, f"more than {limits.redirects} redirects")

    def _ask(
        self, url: str, deadline: Deadline, limits: HttpLimits, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes, timedelta]:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        begun = time.monotonic()
        timeout = urllib3.Timeout(connect=min(limits.connect.total_seconds(), deadline.left()), read=deadline.left())
        response = self._pool(parts.scheme, parts.hostname or "", parts.port).urlopen(
            "GET",
            path,
            headers={**self._headers, **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            timeout=timeout,
        )
        elapsed = timedelta(seconds=time.monotonic() - begun)
        try:
            answer_headers = _headers(response, limits)
            has_body = response.status not in _REDIRECTS and response.status != 304
            body = _body(response, deadline, limits, answer_headers) if has_body else b""
        except BaseException:
            response.close()
            raise
        if not has_body and response.length_remaining != 0:
            response.close()  # its body was not read, so the connection cannot serve again
        response.release_conn()
        return response.status, answer_headers, body, elapsed

    def _pool(self, scheme: str, host: str, port: int | None) -> Any:
        kind, default = (CheckedHTTPSPool, 443) if scheme == "https" else (CheckedHTTPPool, 80)
        key = (scheme, host, port or default)
        pool = self._pools.get(key)
        if pool is None:
            pool = kind(host, port or default, maxsize=2, block=False, **self._pool_options)
            self._pools[key] = pool
        return pool


@contextmanager
def _http_errors(url: str) -> Iterator[None]:
    """Translate what sockets, TLS, urllib3 and our own bounds raise."""
    try:
        yield
    except BlockedAddressError as error:
        raise RejectedError(Reason.BLOCKED_ADDRESS, url, str(error)) from error
    except BudgetError as error:
        raise RejectedError(Reason.TOO_LARGE, url, "more bytes than a page may have") from error
    except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
        if isinstance(error, NewConnectionError):
            raise TransientError(Reason.CONNECT_FAILED, url, str(error)) from error
        raise TransientError(Reason.TIMED_OUT, url, "no complete answer in time") from error
    except SSLError as error:
        raise RejectedError(Reason.TLS_FAILED, url, str(error)) from error
    except zlib.error as error:
        raise RejectedError(Reason.BAD_ENCODING, url, f"the compressed body is broken: {error}") from error
    except (HTTPError, OSError) as error:
        raise TransientError(Reason.CONNECT_FAILED, url, str(error)) from error


def _headers(response: Any, limits: HttpLimits) -> dict[str, str]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if sum(len(name) + len(value) for name, value in headers.items()) > limits.header_bytes:
        raise BudgetError
    return headers


def _body(response: Any, deadline: Deadline, limits: HttpLimits, headers: Mapping[str, str]) -> bytes:
    """Read and decode the body, never holding more than one chunk beyond what it may have."""
    inflate = _decoder(headers.get("content-encoding", "identity").strip().lower(), response)
    parts: list[bytes] = []
    wire = size = 0
    while True:
        deadline.left()
        chunk = response.read1(_CHUNK, decode_content=False)
        if not chunk:
            break
        wire += len(chunk)
        decoded = inflate(chunk, limits.body_bytes - size + 1)
        size += len(decoded)
        if wire > limits.wire_bytes or size > limits.body_bytes or size > limits.ratio * wire + _CHUNK:
            raise BudgetError
        parts.append(decoded)
    return b"".join(parts)


def _decoder(encoding: str, response: Any) -> Callable[[bytes, int], bytes]:
    if encoding in {"", "identity"}:
        return lambda chunk, _most: chunk
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise RejectedError(Reason.BAD_ENCODING, response.geturl() or "", f"content encoding {encoding[:30]!r}")
    machine = zlib.decompressobj(47)  # gzip or zlib, told by the header (RFC 1950, 1952)

    def inflate(chunk: bytes, most: int) -> bytes:
        decoded = machine.decompress(chunk, most)
        if machine.unconsumed_tail:
            raise BudgetError
        return decoded

    return inflate
