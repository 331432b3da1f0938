"""What the events about statements carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Literal, Optional

from .selector import Segment, Selector

StatementKind = Literal["direct", "mixed", "indirect"]
#: Why a statement changed or went: its publisher edited the page, withdrew it, or the page says what it said and is
#: read differently (by a newer release, or because the text around it changed).
ChangeReason = Literal["edited", "withdrawn", "reread"]


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
    """The article a statement stands in; `published` is RFC 3339 in UTC, `language` a BCP 47 tag.

    `feed_id` says which feed announced it, where one did. `version` is that of the article whose text the offsets are
    into. A later version that only moves a statement sends no event for it; `Selector.locate` finds it there.
    """

    id: str
    url: str
    headline: Optional[str] = None
    site: Optional[str] = None
    published: Optional[str] = None
    language: Optional[str] = None
    version: int = 1
    feed_id: Optional[str] = None


@dataclass(frozen=True)
class QuoteCluster:
    """The same quotation in all articles: the id of the statement that had it first, when (RFC 3339, UTC), and where.

    `first_host` is the host that the article was fetched from. First is what this worker saw first.
    """

    id: str
    first_seen: str
    first_host: str


@dataclass(frozen=True)
class StatementData:
    """One attributed statement (schema.org: Quotation when direct, Claim when indirect).

    `text` is its segments in order, joined by " … "; `source` the words that name the source at the cue
    ("he", "the ministry"), `speaker` who that is. `paragraph` counts from 0. `nested_in` is the id of
    the statement that this one stands in. `confidence` is between 0 and 1. `quote_cluster` is null for what is not
    quoted, or too short to tell from what everybody says.

    `statement.amended` has the same id as before, and says more: `changed` names the fields that differ,
    `previous_text` and `previous_speaker` are the wording and the name before (also where those are the same),
    `reason` tells an edit of the page from another reading of it.
    """

    id: str
    article: ArticleRef
    kind: StatementKind
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
    previous_text: Optional[str] = None
    previous_speaker: Optional[str] = None
    changed: List[str] = field(default_factory=list)
    reason: Optional[ChangeReason] = None
    quote_cluster: Optional[QuoteCluster] = None


@dataclass(frozen=True)
class RetractedData:
    """A statement that is gone from its article: its id, the wording and the speaker that it had, and why it went."""

    id: str
    article: ArticleRef
    text: str
    speaker: Optional[str] = None
    reason: Optional[ChangeReason] = None
