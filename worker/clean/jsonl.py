"""An article as one JSON object: the fields that are measured, and all of them for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from worker.core.records import Article, Moment


def to_json(article: Article, page_id: str) -> dict[str, Any]:
    """Return the fields that the cleaning benchmark reads; `published` keeps the zone that the page named."""
    return {
        "id": page_id,
        "text": article.text,
        "title": article.headline,
        "authors": list(article.authors),
        "published": _stated(article.published),
        "lang": article.language,
        "image": article.image,
        "canonical_url": article.canonical_url,
        "site_name": article.site_name,
    }


def to_full_json(article: Article, page_id: str) -> dict[str, Any]:
    """Return everything that is known of an article; `blocks` have offsets into `text`."""
    return to_json(article, page_id) | {
        "standfirst": article.standfirst,
        "modified": _stated(article.modified),
        "publisher": article.publisher,
        "section": article.section,
        "keywords": list(article.keywords),
        "is_free": article.is_free,
        "rights": list(article.rights),
        "blocks": [{"kind": block.kind, "start": block.start, "end": block.end} for block in article.blocks],
    }


def _stated(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    if not moment.tz_known:
        return moment.value.replace(tzinfo=None).isoformat()
    try:
        stated = datetime.fromisoformat(moment.raw)
    except ValueError:
        return moment.value.isoformat()
    return stated.isoformat() if stated.tzinfo else moment.value.isoformat()
