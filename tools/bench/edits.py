"""What is told of edits: the newsroom's English articles, edited in known ways, read again. `make bench-edits`.

An article is edited in one place, so all its other statements must be told unchanged. What is told of them anyway
is counted: as `edited` that would be false, as `reread` it is true and useless.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from tests.newsroom.render import BASE
from tests.newsroom.site import Newsroom
from worker.clean import clean
from worker.contract import Event
from worker.core.jobs import Job
from worker.core.records import Article, FeedEntry, Page
from worker.statements import engine_for, extract
from worker.versions.events import article_events
from worker.versions.revisions import content_of, revision

_URL = "https://paper.example/story"
_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_FILLER = "The weather was mild for the season, with some rain in the evening."

#: Text and one of its direct quotations -> the edited text; the quotation is in one piece.
Edit = Callable[[str, str], str]


def _insert(text: str, _quote: str) -> str:
    first, rest = text.split("\n\n", 1)
    return f"{first}\n\n{_FILLER}\n\n{rest}"


def _change_word(text: str, quote: str) -> str:
    words = quote.split()
    words[len(words) // 2] = "never"
    return text.replace(quote, " ".join(words))


def _cut_short(text: str, quote: str) -> str:
    words = quote.split()
    return text.replace(quote, " ".join(words[: len(words) // 2]).rstrip(",") + "," + quote[-1])


def _take_out(text: str, quote: str) -> str:
    return "\n\n".join(paragraph for paragraph in text.split("\n\n") if quote not in paragraph)


EDITS: dict[str, Edit] = {
    "a paragraph put in": _insert,
    "a word of a quotation changed": _change_word,
    "a quotation cut to half": _cut_short,
    "a paragraph with a quotation taken out": _take_out,
}


def main() -> None:
    """Print what is told, an edit a row."""
    engine = sys.argv[1] if len(sys.argv) > 1 else "fast"
    read = _reader(engine)
    table = Table("edit", "articles", "told with both wordings", "others told", title=f"engine {engine}")
    for name in ("edited", "reread"):
        table.add_column(f"of them {name}", justify="right")
    articles = [(text, read(text)) for text in _texts()]
    for name, edit in EDITS.items():
        seen = Counter(mark for text, events in articles for mark in _told(text, events, edit, read))
        others = f"{seen['edited'] + seen['reread']} of {seen['others']}"
        told = "-" if edit is _insert else f"{seen['told']}"
        table.add_row(name, str(seen["articles"]), told, others, str(seen["edited"]), str(seen["reread"]))
    Console().print(table)


def _texts() -> list[str]:
    with Newsroom() as site:
        paths = [site.path(story.slug) for story in site.stories if story.language == "en"]
        found = [clean(Page(BASE + path, BASE + path, site.page(path).encode())) for path in paths]
    return [article.text for article in found if isinstance(article, Article)]


def _reader(name: str) -> Callable[[str], list[Event]]:
    engine = engine_for("en", name)
    job = Job("a", 1, _URL, "paper.example", "", FeedEntry(_URL), 1, _NOW)
    page = Page(_URL, _URL, b"", None, 200, _NOW)

    def read(text: str) -> list[Event]:
        found = list(extract(text, engine=engine, blocks=(), language="en"))
        return article_events(Article(_URL, text), found, job, page, article_id="a", source="urn:bench")

    return read


def _told(text: str, before: list[Event], edit: Edit, read: Callable[[str], list[Event]]) -> Iterator[str]:
    quote = _quotation(text, before)
    if quote is None:
        return
    subject, words = quote
    touched = {event.subject for event in before[1:] if edit is not _insert and _shares(event, words, text, edit)}
    yield "articles"
    yield from ["others"] * (len(before) - 1 - len(touched))
    for event in revision(content_of(before), 2, read(edit(text, words)), time=_NOW).events[1:]:
        if event.subject not in touched:
            yield event.data.get("reason") or "reread"
        elif event.subject == subject and event.data["reason"] == "edited":
            yield "told"


def _quotation(text: str, events: list[Event]) -> tuple[str, str] | None:
    """Return one direct quotation in one piece that stands once: its statement, and its words."""
    whole = [
        (event.subject, event.data["text"])
        for event in events[1:]
        if event.data["kind"] == "direct"
        and len(event.data["segments"]) == 1
        and len(event.data["text"].split()) > 6
        and text.count(event.data["text"]) == 1
    ]
    return random.Random(len(text)).choice(whole) if whole else None


def _shares(event: Event, words: str, text: str, edit: Edit) -> bool:
    """Tell whether the edit touches a statement: its words, its sentence, or the mention of its speaker."""
    after, data = edit(text, words), event.data
    mention = data["speaker"]["mention"]
    runs = [*data["segments"], data["sentence"], *([mention] if mention else [])]
    return any(run["exact"] not in after for run in runs)


if __name__ == "__main__":
    main()
