"""What a worker should find in each story: metadata, the body's blocks, and who said what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.newsroom.render import path_of
from tests.newsroom.story import MARK, Story, stories

_QUOTED = re.compile(r"“([^”]*)”?|\"([^\"]*)\"?|„([^“”]*)[“”]?|«([^»]*)»?")


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """A statement as the story's source marks it.

    `segments` are its words in order, quotation marks included; `speaker` is a full name, or None for
    a source that the story does not name; `paragraph` counts the story's blocks from 0. A quotation that runs over
    several paragraphs is one statement a paragraph.
    """

    speaker: str | None
    segments: tuple[str, ...]
    paragraph: int

    @property
    def quoted(self) -> tuple[str, ...]:
        """The words inside quotation marks."""
        found = (match for segment in self.segments for match in _QUOTED.finditer(segment))
        return tuple(match[match.lastindex or 0].strip() for match in found)

    @property
    def kind(self) -> str:
        """Whether all of its words are quoted (direct), some (mixed), or none (indirect)."""
        if not self.quoted:
            return "indirect"
        bare = (_QUOTED.sub("", segment).strip(" ,.?!") for segment in self.segments)
        return "mixed" if any(bare) else "direct"


@dataclass(frozen=True, slots=True)
class Expected:
    """The gold of one story: `authors` are people only, `blocks` are (kind, text) with a cleaner's kinds."""

    slug: str
    path: str
    headline: str
    standfirst: str
    authors: tuple[str, ...]
    published: datetime
    language: str
    blocks: tuple[tuple[str, str], ...]
    statements: tuple[GoldStatement, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the body's plain paragraphs."""
        return tuple(text for kind, text in self.blocks if kind == "paragraph")


def expected() -> dict[str, Expected]:
    """Return the gold of every story by its slug; stories without `[speakers]` have no gold statements."""
    return {story.slug: _of(story) for story in stories()}


def _of(story: Story) -> Expected:
    return Expected(
        slug=story.slug,
        path=path_of(story),
        headline=story.headline,
        standfirst=story.standfirst,
        authors=tuple(filter(_is_person, story.authors)),
        published=story.published,
        language=story.language,
        blocks=tuple(("quotation" if b.kind == "post" else b.kind, b.text) for b in story.blocks),
        statements=tuple(_statements(story)),
    )


def _is_person(author: str) -> bool:
    """Tell a person from a byline like "Courier staff", which is nobody's name."""
    return author.rsplit(maxsplit=1)[-1][0].isupper()


def _statements(story: Story) -> Iterator[GoldStatement]:
    for number, block in enumerate(story.blocks):
        groups: list[tuple[str, list[str]]] = []
        for who, words in MARK.findall(block.marked):
            if who == "+":
                groups[-1][1].append(words)
            else:
                groups.append((story.speakers[who], [words]))
        for name, segments in groups:
            yield GoldStatement(name or None, tuple(segments), number)
