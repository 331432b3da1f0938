"""The measuring line of `onrecord clean --jsonl`: stable, one JSON object a page."""

from __future__ import annotations

from typing import Any

from worker.records import Article, NotArticle


def to_json(article: Article | NotArticle, page_id: str) -> dict[str, Any]:
    """Return the line for a page; an empty text when it is no article."""
    if isinstance(article, NotArticle):
        return {"id": page_id, "text": "", "reason": str(article.reason), "detail": article.detail}
    return {
        "id": page_id,
        "text": article.text,
        "title": article.headline,
        "authors": list(article.authors),
        "published": article.published and article.published.value.isoformat(),
        "lang": article.language,
        "image": article.image,
        "canonical_url": article.canonical_url,
        "site_name": article.site_name,
    }
