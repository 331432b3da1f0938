"""What of a broken document feedparser may see: a bound on its time before it starts, from one linear look.

feedparser takes about 50 us for a tag and 4 us for a reference, whatever they are, so a megabyte of tags takes it
half a minute. Well-formed documents do not come here, and are not bounded by this.
"""

from __future__ import annotations

import re

from worker.core.errors import Reason, RejectedError

_MAX_COST = 20_000  # tags: 1 s; a feed of 500 entries has 16,000
_REFERENCES_A_TAG = 12
_MAX_DEPTH = 2_000  # tags that are open at the same time, in feeds that forget to close them
_MAX_TAG_CHARS = 100_000
_MAX_PREFIXES = 100  # feedparser looks through all of them at each element

_TOKEN = re.compile(r"<!\[CDATA\[|</|<[!?]|<|/>|&")
_PREFIX = re.compile(r"xmlns:([^\s=]{1,99})")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(?:\[.*?\]\s{0,99})?>", re.IGNORECASE | re.DOTALL)
_ELEMENT = re.compile(r"<\w")


def without_doctype(text: str, *, url: str) -> str:
    """Return a document without its DOCTYPE, so that no entity is ever defined.

    Raises:
        RejectedError: HOSTILE_MARKUP, it cannot be cut out cleanly.
    """
    root = _ELEMENT.search(text)
    if root is None or "<!doctype" not in text[: root.start()].lower():
        return text
    prolog = _DOCTYPE.sub("", text[: root.start()])
    if "<!doctype" in prolog.lower():
        raise RejectedError(Reason.HOSTILE_MARKUP, url, "its DOCTYPE holds markup")
    return prolog + text[root.start() :]


def affordable(text: str, *, url: str) -> str:
    """Return as much of a document as can be read in about a second.

    Raises:
        RejectedError: HOSTILE_MARKUP, it is made to be slow: tags or namespaces as no feed has.
    """
    if len(set(_PREFIX.findall(text))) > _MAX_PREFIXES:
        raise RejectedError(Reason.HOSTILE_MARKUP, url, f"more than {_MAX_PREFIXES} namespaces")
    cost, depth, at, end_of_tag = 0.0, 0, 0, -1
    while token := _TOKEN.search(text, at):
        at, kind = token.end(), token[0]
        if kind == "<![CDATA[":
            at = text.find("]]>", at)
            if at < 0:
                return text
            continue
        cost += 1 / _REFERENCES_A_TAG if kind == "&" else 1
        depth += {"<": 1, "</": -1, "/>": -1}.get(kind, 0)
        if cost > _MAX_COST:
            return text[: token.start()]
        if depth > _MAX_DEPTH:
            raise RejectedError(Reason.HOSTILE_MARKUP, url, f"more than {_MAX_DEPTH} open tags")
        if kind == "<" and end_of_tag < at:
            end_of_tag = text.find(">", at)
            if (len(text) if end_of_tag < 0 else end_of_tag) - at > _MAX_TAG_CHARS:
                raise RejectedError(Reason.HOSTILE_MARKUP, url, f"a tag of more than {_MAX_TAG_CHARS} characters")
    return text
