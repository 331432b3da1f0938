"""Stories: the one source that pages, feeds and expectations are made from.

A file in `articles/` is TOML between two `+++` lines, then blocks separated by blank lines:

    plain text      a paragraph
    ## text         a sub-heading
    > text          a block quotation
    - text          list items, one a line
    !! text         a picture with this caption
    @ text          an embedded social-media post

Inside a block, `{who|words}` marks the words of a statement by `who`, a key of the `[speakers]`
table (an empty name there is a source that the story does not name); `{+|words}` continues the
statement before it. Marks are gold for the tests and never rendered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

Kind = Literal["paragraph", "heading", "quotation", "list_item", "caption", "post"]

ARTICLES = Path(__file__).parent / "articles"
MARK = re.compile(r"\{([a-z_]+|\+)\|([^{}]*)\}")
_PREFIXES: dict[str, Kind] = {
    "## ": "heading",
    "> ": "quotation",
    "- ": "list_item",
    "!! ": "caption",
    "@ ": "post",
}
_SEED_PUBLISHED = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of a story's body; `marked` still carries the gold marks."""

    kind: Kind
    marked: str

    @property
    def text(self) -> str:
        """What a reader sees."""
        return MARK.sub(r"\2", self.marked)


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its newsroom knows it, before any page is made of it."""

    slug: str
    headline: str
    standfirst: str
    authors: tuple[str, ...]
    published: datetime
    language: str
    section: str
    template: str
    feeds: tuple[str, ...]
    blocks: tuple[Block, ...]
    modified: datetime | None = None
    keywords: tuple[str, ...] = ()
    held: bool = False  # written, not out until `Newsroom.publish`
    speakers: Mapping[str, str] = field(default_factory=dict)


def stories() -> Iterator[Story]:
    """Yield every story in `articles/`, in the order of their file names."""
    for path in sorted(ARTICLES.glob("*.md")):
        yield read_story(path)


def read_story(path: Path) -> Story:
    """Read one story.

    Raises:
        ValueError: The file has no front matter.
        TypeError: The front matter lacks a field or has one that no story has.
    """
    _, matter, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    fields = {key: _frozen(value) for key, value in tomllib.loads(matter).items()}
    return Story(slug=path.stem, blocks=tuple(_blocks(body)), **fields)


def seed_story(path: Path) -> Story:
    """Make a story of a plain text: its headline on a line, then a line a paragraph or heading."""
    headline, *lines = filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines()))
    kinds: list[Kind] = ["paragraph" if line[-1] in ".!?:”\"'’" else "heading" for line in lines]
    return Story(
        slug="seed",
        headline=headline,
        standfirst="",
        authors=("Courier foreign desk",),
        published=_SEED_PUBLISHED,
        language="en",
        section="World",
        template="semantic",
        feeds=("world",),
        blocks=tuple(Block(kind, line) for kind, line in zip(kinds, lines, strict=True)),
    )


def _blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.splitlines() if chunk.startswith("- ") else [" ".join(chunk.split("\n"))]
        yield from map(_block, lines)


def _block(line: str) -> Block:
    for prefix, kind in _PREFIXES.items():
        if line.startswith(prefix):
            return Block(kind, line.removeprefix(prefix))
    return Block("paragraph", line)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def latest(story: Story) -> datetime:
    """Return when the story last changed."""
    return max(story.published, story.modified or story.published - timedelta(1))
