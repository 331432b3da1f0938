"""Under which id an article is published: that of the URL which its page claims, or of its own. Part of the pipeline.

Careless templates name one canonical URL for many articles: a section, the first article. A claim is believed when no
other article is published under it, or when that one's text is the same; then this one is a duplicate. Every other
article keeps its own URL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urljoin

from worker.clean import clean
from worker.core.errors import Reason, TransientError
from worker.core.records import Article, Page
from worker.core.urls import article_id, site_of
from worker.duplicates.agreement import agree
from worker.pipeline.needs import HasPages, HasSnapshots


class ClaimPorts(HasSnapshots, HasPages, Protocol):
    """What it takes to compare an article with the one that is published under the id that it claims."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The id that an article is published under, and what the journal says of that, "" for nothing.

    `is_copy` says that what is published under it has the same text.
    """

    id: str
    is_copy: bool = False
    detail: str = ""


def judge(article: Article, page: Page, ports: ClaimPorts, taken: Collection[str] = ()) -> Claim:
    """Return the id to publish an article under; `taken` are those known to be published already."""
    own, claimed = article_id(page.url), identity(article, page)
    detail = ""
    for key in dict.fromkeys((claimed, own, second_id(page))):
        published = _published(key, ports)
        if published is None and key not in taken:
            return Claim(key, detail=detail)
        if published is None and key == own:  # it was published from another URL, and is not kept
            return Claim(own, is_copy=True)
        if published and agree(published.text, article.text):
            return Claim(key, is_copy=True, detail=f"it has the text of {published.url}, which is published as {key}")
        if published:
            detail = f"published under its own URL, since {published.url} has another text and is published as {key}"
    return Claim(second_id(page), is_copy=True)


def is_known(article: Article, page: Page, key: str, ports: ClaimPorts) -> bool:
    """Tell whether a page that is looked at again is that of the article which was published as `key`."""
    return key in {identity(article, page), second_id(page)} or judge(article, page, ports).id == key


def identity(article: Article, page: Page) -> str:
    """Return the id of the canonical URL that a page claims, if it may speak for it, else of its own URL.

    A page that names a canonical URL on another site is not believed: it could claim, and so silence, somebody
    else's article. Nor is one that names its site's front page, as careless templates do for all articles.
    """
    claimed = next(_claimed(article, page), None)
    is_front = claimed and claimed == article_id(urljoin(page.final_url, "/"))
    return claimed if claimed and not is_front else article_id(page.url)


def named(article: Article, page: Page, key: str) -> Article:
    """Return an article that is published as `key` without the URL that it claims, if that was not believed."""
    claimed = next(_claimed(article, page), key)
    return article if claimed == key else replace(article, canonical_url=None)


def _claimed(article: Article, page: Page) -> Iterator[str]:
    """Yield the id of the canonical URL, if that is on the site of the page."""
    if article.canonical_url and site_of(article.canonical_url) == site_of(page.final_url):
        yield article_id(article.canonical_url)


def second_id(page: Page) -> str:
    """Return an id for an article whose own was taken by another one that claimed its URL."""
    return hashlib.sha256(f"{article_id(page.url)} itself".encode()).hexdigest()[:32]


def _published(key: str, ports: ClaimPorts) -> Article | None:
    """Return what is published as `key`, as its page reads today; None when none is, or it is not kept."""
    snapshot = ports.snapshots.get(key)
    if snapshot is None or not snapshot.version:
        return None
    try:
        article = clean(ports.pages.get(snapshot.job.page_ref))
    except TransientError as error:
        if error.reason is Reason.PAGE_EXPIRED:
            return None
        raise
    return article if isinstance(article, Article) else None
