"""What a publisher says against reuse: in headers and a file here, in the page by `worker.clean`; and who obeys it.

A signal is a line "name: value", as it stands in `Article.rights`: "x-robots-tag: noai", "tdm-reservation: 1".

Sources: X-Robots-Tag as Google documents it; the TDM Reservation Protocol (W3C community group, 2024), 6.1 and 6.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

#: What can be obeyed: directives of robots meta elements and X-Robots-Tag, and a reservation of text and data mining.
CHOICES = ("noai", "noindex", "noarchive", "nosnippet", "tdm")

_KNOWN = (*CHOICES[:-1], "noimageai", "notranslate")
_TDM = ("tdm-reservation", "tdm-policy")
_TDM_FILE = "tdmrep"  # the name of a signal from the file, which any other word on the reservation overrides
_MAX_RULES = 1_000
_AGENT = re.compile(r"^\s*([a-z0-9_*-]+)\s*:\s*(?=[a-z])", re.IGNORECASE)
_WITH_VALUE = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


def signals(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the signals in the headers of an answer; those for one named crawler only concern us not."""
    words = ", ".join(word for word in _KNOWN if word in _directives(headers.get("x-robots-tag", "")))
    found = [("x-robots-tag", words), *((name, headers.get(name, "").strip()) for name in _TDM)]
    return tuple(f"{name}: {value[:200]}" for name, value in found if value)


def tdmrep_url(url: str) -> str:
    """Return where the reservations of the host of `url` are."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/.well-known/tdmrep.json"


def file_signals(tdmrep: str, url: str) -> tuple[str, ...]:
    """Return what the text of a tdmrep.json says of a canonical URL: its first rule that matches; one, or nothing."""
    parts = urlsplit(url)
    path = unquote(parts.path + (f"?{parts.query}" if parts.query else ""))
    for location, reserved, policy in _rules(tdmrep):
        if _matches(location, path):
            return (f"{_TDM_FILE}: {reserved}" + (f", {policy}" if policy else ""),)
    return ()


def refusal(rights: Iterable[str], obeyed: Collection[str]) -> str | None:
    """Return the first signal in an article's rights that is to be obeyed."""
    rights = tuple(rights)
    if any(right.startswith("tdm-reservation: ") for right in rights):
        rights = tuple(right for right in rights if not right.startswith(f"{_TDM_FILE}: "))
    return next((right for right in rights if _meant(right) & frozenset(obeyed)), None)


def _meant(right: str) -> frozenset[str]:
    name, _, value = right.partition(": ")
    if name in {"tdm-reservation", _TDM_FILE} and value.partition(",")[0].strip() == "1":
        return frozenset({"tdm"})
    return frozenset(value.split(", ")) if name in {"robots", "x-robots-tag"} else frozenset()


@lru_cache(maxsize=32)  # as for robots.txt: a worker meets the same hosts again and again
def _rules(tdmrep: str) -> tuple[tuple[str, str, str], ...]:
    """Return location, reservation and policy of each rule; what is no rule is passed over."""
    try:
        rules = json.loads(tdmrep)
    except (ValueError, RecursionError):
        return ()
    return tuple(islice(_usable(rules), _MAX_RULES)) if isinstance(rules, list) else ()


def _usable(rules: list[Any]) -> Iterator[tuple[str, str, str]]:
    for rule in rules:
        known = rule if isinstance(rule, dict) else {}
        location, reserved, policy = (known.get(name) for name in ("location", "tdm-reservation", "tdm-policy"))
        if isinstance(location, str) and str(reserved) in {"0", "1"}:
            yield location, str(reserved), policy[:200] if isinstance(policy, str) else ""


def _matches(location: str, path: str) -> bool:
    """Tell whether a path is one of those that `location` names, as in robots.txt (RFC 9309 §2.2.3), in linear time."""
    *pieces, last = map(unquote, location.removesuffix("$").split("*"))
    ends = location.endswith("$")
    at = 0
    for n, piece in enumerate(pieces):
        at = path.find(piece, at) if n else (0 if path.startswith(piece) else -1)
        if at < 0:
            return False
        at += len(piece)
    if ends:
        return path.endswith(last) and len(path) - len(last) >= at if pieces else path == last
    return path.find(last, at) >= 0 if pieces else path.startswith(last)


def _directives(value: str) -> set[str]:
    """Return the directives for everybody; a name before a colon opens a list for that crawler alone."""
    meant, is_ours = set(), True
    for part in value.lower()[:2000].split(","):
        agent = _AGENT.match(part)
        if agent and agent[1] not in _WITH_VALUE:
            is_ours = agent[1] == "*"
            part = part[agent.end() :]  # noqa: PLW2901 - what follows the name
        if is_ours:
            meant.add(part.strip())
    return meant
