"""Which addresses may be connected to: the public Internet, and what the operator allows (SSRF)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})

_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215

# What `is_global` of Python 3.11 lets through, although no web site is there (IANA's special registries).
_NEVER = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # the platform services of Azure, public by its number only
        "::/96",  # IPv4-compatible
        "100::/64",  # discard
        "2001::/23",  # IETF protocol assignments, Teredo, ORCHID
        "2001:db8::/32",
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
    )
)


def refusal(address: str, port: int, allow: Sequence[Network]) -> str | None:
    """Say why this address and port must not be connected to, or None if they may."""
    ip = ip_address(address.partition("%")[0])
    if any(ip in network for network in allow if network.version == ip.version):
        return None
    if not is_public(ip):
        return f"{ip} is not a public address"
    return None if port in PUBLIC_PORTS else f"port {port} is no web port"


def is_public(ip: Address) -> bool:
    """Tell whether an address is one of the public Internet, also behind the wrappings of IPv4 in IPv6."""
    if isinstance(ip, IPv6Address):
        inner = _embedded_ipv4(ip)
        if inner is not None:
            return is_public(inner)
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return False
    return not any(ip in network for network in _NEVER if network.version == ip.version)


def _embedded_ipv4(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in _NAT64):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
