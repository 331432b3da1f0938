"""The cookies of one chain of redirects: sites set one and come back for it; no other request ever sends it.

A subset of RFC 6265: domain, Secure and Max-Age are obeyed, paths and dates are not, for the chain lasts seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_MOST, _MAX_CHARS = 50, 4_096


class Cookies:
    """A jar that starts empty and is thrown away with its chain."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool, bool, str], str] = {}  # (domain, with hosts below it, Secure, name) -> value

    def learn(self, url: str, set_cookie: Iterable[str]) -> None:
        """Keep what an answer from `url` sets, in its Set-Cookie headers."""
        host = urlsplit(url).hostname or ""
        for header in set_cookie:
            pair, *attributes = header[:_MAX_CHARS].split(";")
            name, has_value, value = (part.strip() for part in pair.partition("="))
            given = {key.strip().lower(): text.strip() for key, _, text in (one.partition("=") for one in attributes)}
            domain = given.get("domain", "").lstrip(".").lower()
            if not name or not has_value or not pair.isprintable() or not _may_set(host, domain):
                continue
            key = (domain or host, bool(domain), "secure" in given, name)
            if given.get("max-age", "1").lstrip("-") == "0" or given.get("max-age", "1").startswith("-"):
                self._kept.pop(key, None)
            elif len(self._kept) < _MOST or key in self._kept:
                self._kept[key] = value

    def header(self, url: str) -> str:
        """Return the Cookie header for a request of `url`, "" for none."""
        parts = urlsplit(url)
        sent = (
            f"{name}={value}"
            for (domain, is_wide, is_secure, name), value in self._kept.items()
            if (parts.scheme == "https" or not is_secure) and _is_within(parts.hostname or "", domain, is_wide=is_wide)
        )
        return "; ".join(sent)


def _may_set(host: str, domain: str) -> bool:
    """Tell whether a host may set a cookie for a domain: its own, or one above it that is no top-level domain."""
    return not domain or ("." in domain and _is_within(host, domain, is_wide=True))


def _is_within(host: str, domain: str, *, is_wide: bool) -> bool:
    return host == domain or (is_wide and host.endswith("." + domain))
