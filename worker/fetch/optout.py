"""What a publisher says against reuse: in HTTP headers here, in the page by `worker.clean`; and who obeys it.

A signal is a line "name: value", as it stands in `Article.rights`: "x-robots-tag: noai", "tdm-reservation: 1".

Sources: X-Robots-Tag as Google documents it; the TDM Reservation Protocol (W3C community group, 2024), headers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

#: What can be obeyed: directives of robots meta elements and X-Robots-Tag, and a reservation of text and data mining.
CHOICES = ("noai", "noindex", "noarchive", "nosnippet", "tdm")

_KNOWN = (*CHOICES[:-1], "noimageai", "notranslate")
_TDM = ("tdm-reservation", "tdm-policy")
_AGENT = re.compile(r"^\s*([a-z0-9_*-]+)\s*:\s*(?=[a-z])", re.IGNORECASE)
_WITH_VALUE = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")


def signals(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the signals in the headers of an answer; those for one named crawler only concern us not."""
    words = ", ".join(word for word in _KNOWN if word in _directives(headers.get("x-robots-tag", "")))
    found = [("x-robots-tag", words), *((name, headers.get(name, "").strip()) for name in _TDM)]
    return tuple(f"{name}: {value[:200]}" for name, value in found if value)


def refusal(rights: Iterable[str], obeyed: Collection[str]) -> str | None:
    """Return the first signal in an article's rights that is to be obeyed."""
    return next((right for right in rights if _meant(right) & frozenset(obeyed)), None)


def _meant(right: str) -> frozenset[str]:
    name, _, value = right.partition(": ")
    if name == "tdm-reservation" and value.strip() == "1":
        return frozenset({"tdm"})
    return frozenset(value.split(", ")) if name in {"robots", "x-robots-tag"} else frozenset()


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
