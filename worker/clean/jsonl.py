"""An article as one JSON object, for measuring and for `--json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from worker.records import Article


def to_json(article: Article, page_id: str) -> dict[str, Any]:
    """Return the fields that the cleaning benchmark reads; `published` keeps the zone that the page named."""
    return {
        "id": page_id,
        "text": article.text,
        "title": article.headline,
        "authors": list(article.authors),
        "published": _published(article),
        "lang": article.language,
        "image": article.image,
        "canonical_url": article.canonical_url,
        "site_name": article.site_name,
    }


def _published(article: Article) -> str | None:
    moment = article.published
    if moment is None:
        return None
    if not moment.tz_known:
        return moment.value.replace(tzinfo=None).isoformat()
    try:
        stated = datetime.fromisoformat(moment.raw)
    except ValueError:
        return moment.value.isoformat()
    return stated.isoformat() if stated.tzinfo else moment.value.isoformat()
