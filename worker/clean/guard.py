"""A linear scan before any parser: what makes C parsers quadratic is refused here.

Measured on lexbor and lxml: one tag with 50,000 attributes, or 100,000 open elements, takes tens of seconds.
"""

from __future__ import annotations

import re

from worker.errors import Reason, RejectedError

MAX_BYTES = 15 * 1024**2
_MAX_TAG = 512 * 1024  # characters of one tag; whole data sets hang on some
_ATTRIBUTE = re.compile(r"\s[\w:.-]{1,40}\s?=")
_MAX_TAGS = 200_000
_MAX_DEPTH = 5_000  # open minus closed tags, void and self-closing ones not counted
_MAX_ATTRIBUTES = 5_000
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})")
_RAW = frozenset(("script", "style", "textarea", "noscript", "svg"))  # their inside is no markup to count
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "tr",
        "th",
        "option",
    ]
)


def guard(html: str, subject: str) -> None:
    """Refuse markup that a parser may choke on.

    Raises:
        RejectedError: HOSTILE_MARKUP, saying which bound it breaks.
    """
    depth = count = at = 0
    while match := _TAG.search(html, at):
        at = match.end()
        count += 1
        name = match[2].lower()
        if name in _RAW and not match[1]:
            closing = html.find("</" + match[2], at)
            at = closing if closing >= 0 else len(html)
        elif name not in _VOID:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _MAX_DEPTH or count > _MAX_TAGS:
            raise _hostile(subject, "more elements, or deeper ones, than a page has")
    for tag in re.finditer(r"<[a-zA-Z][^>]{2000,}", html):
        if tag.end() - tag.start() > _MAX_TAG or len(_ATTRIBUTE.findall(tag[0])) > _MAX_ATTRIBUTES:
            raise _hostile(subject, "a tag longer than any page has")


def _hostile(subject: str, detail: str) -> RejectedError:
    return RejectedError(Reason.HOSTILE_MARKUP, subject, detail)
