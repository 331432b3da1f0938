"""What the events about articles carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Literal, Optional

BlockKind = Literal["paragraph", "heading", "quotation", "list_item", "caption"]


@dataclass(frozen=True)
class MomentData:
    """A point in time: RFC 3339 in UTC, the page's own wording, and where it stood."""

    value: str
    raw: str
    source: str
    tz_known: bool


@dataclass(frozen=True)
class BlockData:
    """A run of the text that the page marked up as one unit: text[start:end]."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True)
class ArticleData:
    """One cleaned article (schema.org: NewsArticle).

    `url` is canonical, `fetched_url` where the body came from, `fetched` when (RFC 3339, UTC). `text` is
    NFC, paragraphs joined by a blank line; `text_sha256` is over its UTF-8. `feed_id` and `guid` say which feed
    announced it and as what. `language` is a BCP 47 tag, `image` a URL. `is_free` is null where the page does
    not say; `rights` are its signals on reuse, in its own words. `version` counts from 1; from the second on,
    `changed` names the fields that differ and `previous_sha256` is the text before.
    `cluster_id` is the same for all copies of one story (wire copy): the id of the first that was seen, this one's
    own if it was that; null where the text is too short to say. It stays through all versions.
    """

    id: str
    url: str
    fetched_url: str
    text: str
    text_sha256: str
    blocks: List[BlockData]
    statement_ids: List[str]
    feed_id: Optional[str] = None
    guid: Optional[str] = None
    headline: Optional[str] = None
    standfirst: Optional[str] = None
    authors: List[str] = field(default_factory=list)
    published: Optional[MomentData] = None
    modified: Optional[MomentData] = None
    fetched: Optional[str] = None
    language: Optional[str] = None
    site: Optional[str] = None
    publisher: Optional[str] = None
    section: Optional[str] = None
    keywords: List[str] = field(default_factory=list)
    image: Optional[str] = None
    is_free: Optional[bool] = None
    rights: List[str] = field(default_factory=list)
    version: int = 1
    changed: List[str] = field(default_factory=list)
    previous_sha256: Optional[str] = None
    cluster_id: Optional[str] = None


@dataclass(frozen=True)
class WithdrawnData:
    """An article that its publisher took back, and the slug that says how that showed."""

    id: str
    url: str
    reason: str


@dataclass(frozen=True)
class DeadData:
    """An article that could not be published: what it was, where it failed, why, and after how many attempts."""

    id: str
    url: str
    stage: str
    reason: str
    detail: str
    attempts: int
    feed_id: Optional[str] = None
