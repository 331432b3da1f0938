"""Pages that are nothing but a way to another one: a meta refresh, or a script of one line."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from worker.core.text import unescaped
from worker.core.urls import canonical_url
from worker.fetch.response import Response

_MAX_BYTES = 30_000  # a page that only leads on is short
_MAX_WORDS = 60  # "You are being redirected. If nothing happens, click here."
_MAX_SECONDS = 10  # beyond, a refresh is for readers, who stay so long

_HIDDEN = re.compile(
    rb"<!--(?:(?!-->).)*+|<(script|style|noscript|title)\b(?:(?!</\1).)*+|<[^>]*+>?", re.IGNORECASE | re.DOTALL
)
_META = re.compile(rb"<meta\s(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+", re.IGNORECASE)
_IS_REFRESH = re.compile(r"http-equiv\s*+=\s*+[\"']?\s*+refresh\b", re.IGNORECASE)
_CONTENT = re.compile(r"content\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))", re.IGNORECASE)
_REFRESH = re.compile(r"\s*+(\d{1,4})?(?:\.\d*+)?\s*+[;,]?\s*+url\s*+=\s*+[\"']?([^\"']++)", re.IGNORECASE)
_SCRIPT = re.compile(
    rb"(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s{0,9}(?:=|\.(?:replace|assign)\s{0,9}\()\s{0,9}"
    rb"(?:\"([^\"\s]{1,2048})\"|'([^'\s]{1,2048})')",
    re.IGNORECASE,
)


def refresh_target(response: Response) -> str | None:
    """Return the canonical URL that a page leads to which has no text of its own; None for every other page."""
    body = response.body
    if len(body) > _MAX_BYTES or len(_HIDDEN.sub(b" ", body).split()) > _MAX_WORDS:
        return None
    stated = _stated_by_meta(body) or _stated_by_script(body)
    if not stated:
        return None
    try:
        target = canonical_url(urljoin(response.url, stated))
        return target if target != canonical_url(response.url) else None
    except ValueError:
        return None


def _stated_by_meta(body: bytes) -> str | None:
    for element in _META.findall(body):
        text = element.decode("utf-8", "replace")
        content = _CONTENT.search(text) if _IS_REFRESH.search(text) else None
        if content:
            refresh = _REFRESH.match(unescaped("".join(filter(None, content.groups()))))
            return refresh[2].strip() if refresh and int(refresh[1] or 0) <= _MAX_SECONDS else None
    return None


def _stated_by_script(body: bytes) -> str | None:
    """Return where the only assignment of the page's location leads."""
    found = {one or other for one, other in _SCRIPT.findall(body)}
    return found.pop().decode("utf-8", "replace").replace("\\/", "/") if len(found) == 1 else None
