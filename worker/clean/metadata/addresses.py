"""The addresses that a page states: its own, and that of its lead image."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from worker.clean.metadata.headline import clean_title
from worker.clean.metadata.json_ld import text_of
from worker.clean.metadata.sources import Sources, split_url

_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
#: What joining to the page's own address would leave as it is: most addresses.
_WHOLE_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?/[\w/%~,=&+@!*'():-]*(?:\.[\w-]+)*(?:\?[\w/%~,=&+@!*'().:-]+)?")
#: Characters read; nothing longer is an address.
_LONGEST = 4_000


def read_canonical_url(sources: Sources) -> str | None:
    """Return the address that the page calls its own, http(s) only: by <link>, then OpenGraph."""
    linked = next((href for rel, href in sources.tree.links if "canonical" in rel.split() and href), "")
    return _absolute(sources.url, linked or sources.meta(("og:url",)))


def read_image(sources: Sources) -> str | None:
    """Return the lead image's address: by OpenGraph and Twitter, then JSON-LD."""
    stated: Any = sources.article.get("image")
    while isinstance(stated, list) and stated:
        stated = stated[0]
    linked = stated.get("url") or stated.get("contentUrl") if isinstance(stated, dict) else stated
    return _absolute(sources.url, sources.meta(_IMAGE) or text_of(linked))


def _absolute(base: str, address: str) -> str | None:
    if not address:
        return None
    address = clean_title(address[:_LONGEST])
    if _WHOLE_ADDRESS.fullmatch(address):
        return address
    try:
        joined = urljoin(base, address)
        return joined if split_url(joined).scheme in {"http", "https"} else None
    except ValueError:
        return None
