"""The consumer's view at the end: what was published, against what the newsroom served."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.newsroom.bulk import BulkSite
from tools.chaos.system import System
from worker.clean import clean
from worker.contract import Event, InvalidEventError, decode, verify
from worker.core.records import Block, NotArticle, Page
from worker.core.urls import article_id
from worker.statements import engine_for, extract
from worker.views.status import identity_holds


@dataclass(slots=True)
class Verdict:
    """What went wrong, in sentences; `kept` is the whole promise.

    `dead` are dead letters, of which a newsroom whose pages are all well deserves none.
    """

    articles: int
    statements: int
    counts: dict[str, int]
    fetches: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    @property
    def identity(self) -> bool:
        """Tell whether discovered = published + duplicate + dropped + retrying + dead."""
        return identity_holds(self.counts)

    @property
    def refetch(self) -> float:
        """How often an article was fetched on average, by the newsroom's own log."""
        return self.fetches / max(1, self.articles)

    @property
    def kept(self) -> bool:
        """Tell whether nothing was lost, doubled, altered or given up, and the sum is right."""
        return self.identity and not (self.lost or self.doubled or self.altered or self.dead)


def check(system: System, site: BulkSite) -> Verdict:
    """Read all streams as a consumer would, and compare them with the newsroom's own records."""
    articles = [decode(fields) for _, fields in system.entries("articles")]
    statements = [decode(fields) for _, fields in system.entries("statements")]
    numbers = announced(site)
    published = {event.subject for event in articles}
    fetches = sum(request.path.startswith("/news/") for request in site.requests)
    return Verdict(
        articles=len(numbers),
        statements=len(statements),
        counts=system.counts(),
        fetches=fetches,
        lost=[site.wire.url(n) for key, n in numbers.items() if key not in published]
        + list(_lost_statements(articles, statements)),
        doubled=list(_doubled(articles, statements)),
        altered=list(_altered(articles, statements, numbers, site)),
        dead=["{url}: {reason} at {stage}".format_map(decode(fields).data) for _, fields in system.entries("dead")],
    )


def announced(site: BulkSite) -> dict[str, int]:
    """Return the ids of all articles that the newsroom's feeds have listed, with their numbers."""
    wire = site.wire
    return {article_id(wire.url(n)): n for n in range(min(site.published * wire.hosts, wire.articles))}


def _lost_statements(articles: list[Event], statements: list[Event]) -> Iterator[str]:
    known = {event.subject for event in statements}
    for event in articles:
        for key in event.data["statement_ids"]:
            if key not in known:
                yield f"statement {key} of {event.data['url']}"


def _doubled(articles: list[Event], statements: list[Event]) -> Iterator[str]:
    for key, number in Counter(event.id for event in [*articles, *statements]).items():
        if number > 1:
            yield f"event {key} stands {number} times on its stream"
    for key, number in Counter(event.subject for event in articles).items():
        if number > 1:
            yield f"article {key} was published {number} times"


def _altered(
    articles: list[Event], statements: list[Event], numbers: Mapping[str, int], site: BulkSite
) -> Iterator[str]:
    said: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for event in statements:
        said[event.partitionkey][event.subject] = event.data
    engine = engine_for("en", "rules")
    for event in articles:
        if event.subject not in numbers or not _is_served(event, numbers[event.subject], site):
            yield f"{event.data['url']}: the newsroom has no such text"
            continue
        blocks = [Block(block["kind"], block["start"], block["end"]) for block in event.data["blocks"]]
        wanted = [_places(s) for s in extract(event.data["text"], engine=engine, blocks=blocks)]
        found = [said[event.subject][key] for key in event.data["statement_ids"] if key in said[event.subject]]
        if [_places_of(data) for data in found] != wanted or not all(_is_verbatim(data, event) for data in found):
            yield f"statements of {event.data['url']}: not what its text says"


def _is_served(event: Event, number: int, site: BulkSite) -> bool:
    """Tell whether an event says what the newsroom wrote, or at least what a cleaner makes of the page it served."""
    versions = (0, 1) if site.wire.is_updated(number) else (0,)
    shown = event.data["headline"], event.data["text"]
    stories = [site.wire.story(number, version) for version in versions]
    if shown in {(story.headline, "\n\n".join(story.paragraphs)) for story in stories}:
        return True
    return shown in {_cleaned(site, number, version) for version in versions}


def _cleaned(site: BulkSite, number: int, version: int) -> tuple[str | None, str] | None:
    url = site.wire.url(number)
    article = clean(Page(url, url, site.wire.page(number, version), "text/html; charset=utf-8", 200))
    return None if isinstance(article, NotArticle) else (article.headline, article.text)


def _places(statement: Any) -> list[tuple[int, int]]:
    return [(segment.start, segment.end) for segment in statement.segments]


def _places_of(data: Mapping[str, Any]) -> list[tuple[int, int]]:
    return [(segment["start"], segment["end"]) for segment in data["segments"]]


def _is_verbatim(data: Mapping[str, Any], article: Event) -> bool:
    try:
        verify(data, article.data["text"])
    except InvalidEventError:
        return False
    return True
