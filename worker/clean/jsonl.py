"""An article as one JSON object, for measuring and for `--json`."""

from __future__ import annotations

from typing import Any

from worker.records import Article


def to_json(article: Article, page_id: str) -> dict[str, Any]:
    """Return the fields that the cleaning benchmark reads; `published` keeps the page's own zone."""
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
    return article.published.raw if article.published else None
