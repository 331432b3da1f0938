"""The payloads, and the invariant that every event keeps: each selector's `exact` is what the text says there.

Offsets are half-open, in Unicode code points, into the article's `text`, which is NFC.
Selectors follow the W3C Web Annotation Data Model (TextQuoteSelector, TextPositionSelector).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional

CONTEXT = 32  # code points of prefix and suffix around a quotation


class InvalidEventError(ValueError):
    """An event breaks the verbatim invariant and must not be sent."""


@dataclass(frozen=True)
class Selector:
    """A run of the article's text: its words, what stands around them, and where it is."""

    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Selector:
        """Select text[start:end]."""
        return cls(text[start:end], start, end, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


@dataclass(frozen=True)
class Segment(Selector):
    """One part of what was said; `quoted` when it stands inside quotation marks."""

    quoted: bool = False


@dataclass(frozen=True)
class CueData:
    """The words that attribute, and what they say about the attribution."""

    text: str
    lemma: str
    cue_class: str
    stance: str
    selectors: List[Selector] = field(default_factory=list)


@dataclass(frozen=True)
class SpeakerData:
    """Who said it (schema.org: spokenByCharacter). `name` is null rather than a guess."""

    name: Optional[str]
    type: str
    role: Optional[str]
    resolved_by: str
    confidence: float
    mention: Optional[Selector] = None
    candidates: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class ArticleRef:
    """The article a statement stands in."""

    id: str
    url: str
    headline: Optional[str] = None
    site: Optional[str] = None
    published: Optional[str] = None
    language: Optional[str] = None


@dataclass(frozen=True)
class StatementData:
    """One attributed statement. `text` is its segments in order, joined by " … "."""

    id: str
    article: ArticleRef
    kind: str
    text: str
    segments: List[Segment]
    sentence: Selector
    paragraph: int
    speaker: SpeakerData
    cue: Optional[CueData] = None
    source: List[Selector] = field(default_factory=list)
    addressee: Optional[Selector] = None
    via: Optional[Selector] = None
    said_when: Optional[Selector] = None
    said_where: Optional[Selector] = None
    in_heading: bool = False
    negated: bool = False
    nested_in: Optional[str] = None
    confidence: float = 1.0


@dataclass(frozen=True)
class MomentData:
    """A point in time: RFC 3339 in UTC, the page's own wording, and where it stood."""

    value: str
    raw: str
    source: str
    tz_known: bool


@dataclass(frozen=True)
class ArticleData:
    """One cleaned article (schema.org: NewsArticle). `url` is canonical, `fetched_url` where the body came from."""

    id: str
    url: str
    fetched_url: str
    text: str
    text_sha256: str
    blocks: List[Dict[str, Any]]
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


def to_data(payload: Any) -> Dict[str, Any]:
    """Return a payload as JSON-ready data."""
    return asdict(payload)


def verify(data: Mapping[str, Any], text: str) -> None:
    """Check that every selector in `data`, at any depth, says exactly what `text` says at its offsets.

    Raises:
        InvalidEventError: Naming the first selector that does not.
    """
    for name, value in data.items():
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, Mapping):
                continue
            if "exact" in item and text[item["start"] : item["end"]] != item["exact"]:
                raise InvalidEventError(f"{name}: {item['exact']!r} is not at {item['start']}:{item['end']}")
            verify(item, text)
