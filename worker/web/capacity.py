"""How many requests are answered at once: in all, and for one client, so that no client takes all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address

from starlette.exceptions import HTTPException

_PREFIX = 64  # RFC 6177: what one site is given at least; whoever has one address of it has all


class Capacity:
    """A number of requests at once, of which one client may have a quarter."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, client: str) -> Iterator[None]:
        """Hold one of the places for a client.

        Raises:
            HTTPException: 503 when all are taken, 429 (RFC 6585) when the client has its share of them.
        """
        if self._taken.total() >= self._most:
            raise HTTPException(503, "too many requests are at work", {"Retry-After": "2"})
        if self._taken[client] >= self._most // 4:
            raise HTTPException(429, "too many of your requests are at work", {"Retry-After": "2"})
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


def client_of(address: tuple[str, int] | None) -> str:
    """Return whom an address belongs to: itself (IPv4), its network of 64 bits (IPv6); "" when it is not known."""
    host = address[0].partition("%")[0] if address else ""
    try:
        parsed = ip_address(host)
    except ValueError:
        return host
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    if mapped or not isinstance(parsed, IPv6Address):
        return str(mapped or parsed)
    return f"{IPv6Address(int(parsed) >> (128 - _PREFIX) << (128 - _PREFIX))}/{_PREFIX}"
