"""What flows through the worker, stage by stage: FeedEntry -> Page -> Article -> Statement.

Every record is frozen. Text spans are half-open offsets in Unicode code points
into the text they belong to, which is NFC. Datetimes are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from worker.core.errors import Reason

BlockKind = Literal["paragraph", "heading", "quotation", "list_item", "caption"]
StatementKind = Literal["direct", "mixed", "indirect"]
CueClass = Literal["speech", "belief", "intention", "evidence", "support", "other"]
Stance = Literal["asserts", "denies", "doubts", "asks", "promises"]
SpeakerType = Literal["person", "organisation", "place", "group", "document", "anonymous", "unknown"]
Resolution = Literal["explicit", "surname", "pronoun", "appositive", "inherited", "none"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points: text[start:end]."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the part of `text` that this span selects."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as a feed announced it; nothing in it is trusted."""

    url: str
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched page: the decoded-from-transport body, where it came from, and what its headers say on reuse."""

    url: str
    final_url: str
    body: bytes
    content_type: str | None = None
    status: int = 200
    fetched: datetime | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A run of `Article.text` that the page marked up as one unit."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as the page stated it.

    `value` is aware UTC; when the page named no zone, `tz_known` is False and UTC was assumed.
    `raw` is the page's own wording, `source` says where it stood ("json-ld", "time", ...; "feed" for the entry's).
    """

    value: datetime
    raw: str
    source: str
    tz_known: bool = True


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article: its body text, the blocks of that text, and its metadata.

    `text` is NFC, paragraphs joined by a blank line; `blocks` are in order and do not overlap.
    """

    url: str
    text: str
    blocks: tuple[Block, ...] = ()
    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    language: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    publisher: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    image: str | None = None
    is_free: bool | None = None
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotArticle:
    """The page is not an article, and why; an expected negative, not an error."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ContentSegment:
    """One content span of a statement, and whether it stands inside quotation marks."""

    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that attribute: "said", "according to", "has long argued"."""

    spans: tuple[Span, ...]
    lemma: str
    cue_class: CueClass = "speech"
    stance: Stance = "asserts"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a statement is attributed to; `name` is None rather than a guess.

    `mention` is the span that the name was taken from (the fullest one in the article).
    `candidates` are other names that were considered, best first.
    """

    name: str | None
    type: SpeakerType = "unknown"
    role: str | None = None
    mention: Span | None = None
    resolved_by: Resolution = "none"
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, in which words, and how the text attributes it.

    `segments` are the content spans in text order, `source` the words that name the source at
    the cue ("he", "Peskov"), `speaker` who that is. `nested_in` is the index of the enclosing
    statement in the same list. All offsets are into the text that was given to the engine.
    """

    kind: StatementKind
    segments: tuple[ContentSegment, ...]
    sentence: Span
    paragraph: int
    cue: Cue | None = None
    source: tuple[Span, ...] = ()
    speaker: Speaker = field(default_factory=lambda: Speaker(None))
    in_heading: bool = False
    addressee: Span | None = None
    via: Span | None = None
    said_when: Span | None = None
    said_where: Span | None = None
    negated: bool = False
    nested_in: int | None = None
    confidence: float = 1.0
