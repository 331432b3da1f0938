"""Sockets that connect to checked addresses only, and never outlive their deadline or byte budget.

The address is checked after the name was resolved and before anything is sent, and the connection goes to
that very address: a name that resolves differently a moment later gains nothing, nor does a redirect.

A deadline is kept inside `recv_into`, under http.client and TLS: each read may wait for what is left of the
whole exchange, so that a server cannot stretch it by sending a byte now and then, in headers or in the body.
The byte budget sits at the same place and so also bounds headers, chunk sizes, trailers and 1xx answers.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from worker.adapters.http.address import Network, refusal

Resolver = Callable[[str, int], Sequence[tuple[int, str]]]


class BlockedAddressError(Exception):
    """The host resolves to an address that must not be reached."""


class BudgetError(Exception):
    """The server sent more bytes than the exchange may have."""


class Deadline:
    """A point in monotonic time."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, more than zero.

        Raises:
            TimeoutError: There are none.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of the whole exchange has passed")
        return left


class _Bounded:
    """A socket whose reads obey `deadline` and `budget`, both set by whoever uses the connection."""

    deadline: Deadline | None = None
    budget: int = 0

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        self.budget -= count
        if self.deadline is not None and self.budget < 0:
            raise BudgetError("the server sent more than it may")
        return count


class BoundedSocket(_Bounded, socket.socket):
    """A plain socket with bounds."""


class BoundedTLSSocket(_Bounded, ssl.SSLSocket):
    """A TLS socket with bounds; the handshake is bounded by the timeout that `Route.connect` leaves."""


def resolve(host: str, port: int) -> Sequence[tuple[int, str]]:
    """Return (family, address) of a host, in the order of preference of the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, str(sockaddr[0])) for family, _, _, _, sockaddr in found]


@dataclass(frozen=True)
class Route:
    """How to get to a host: `resolver` finds its addresses, `allow` names private networks to let through."""

    allow: Sequence[Network] = ()
    resolver: Resolver = resolve
    timeout: timedelta = timedelta(seconds=5)

    def connect(self, host: str, port: int, deadline: Deadline) -> BoundedSocket:
        """Connect to the first address that answers, if every address of the host may be reached.

        Raises:
            BlockedAddressError: One of the addresses must not be reached.
            OSError: No address answered in time, or the name does not resolve.
        """
        addresses = self._resolved(host.strip("[]"), port, deadline)
        for _, address in addresses:
            why = refusal(address, port, self.allow)
            if why:
                raise BlockedAddressError(why)
        failure = OSError(f"{host} has no address")
        for family, address in addresses:
            sock = BoundedSocket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(min(self.timeout.total_seconds(), deadline.left()))
                sock.connect((address, port))
                sock.settimeout(deadline.left())
            except OSError as error:
                sock.close()
                failure = error
            else:
                return sock
        raise failure

    def _resolved(self, host: str, port: int, deadline: Deadline) -> Sequence[tuple[int, str]]:
        """Look a name up in a thread of its own: the system's resolver waits for slow name servers as long as it likes.

        Raises:
            OSError: The name does not resolve, or not in time.
        """
        answer: Future[Sequence[tuple[int, str]]] = Future()

        def look_up() -> None:
            try:
                answer.set_result(self.resolver(host, port))
            except Exception as error:  # noqa: BLE001 - raised again by whoever waits
                answer.set_exception(error)

        threading.Thread(target=look_up, daemon=True).start()
        return answer.result(min(self.timeout.total_seconds(), deadline.left()))


class _Checked:
    """What both connection classes share: connecting to checked addresses, by the deadline."""

    def __init__(self, *args: Any, route: Route, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._route, self._deadline = route, deadline

    def _new_conn(self) -> socket.socket:
        return self._route.connect(self._dns_host, self.port, self._deadline)  # type: ignore[attr-defined]

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._bounded = self.sock  # type: ignore[attr-defined]  # http.client hands its own over to the answer
        self._bounded.deadline = self._deadline

    def bound(self, byte_budget: int) -> None:
        """Let the server send so many bytes from now on."""
        self._bounded.budget = byte_budget


class CheckedHTTPConnection(_Checked, HTTPConnection):
    """HTTP to a checked address."""


class CheckedHTTPSConnection(_Checked, HTTPSConnection):
    """HTTPS to a checked address."""
