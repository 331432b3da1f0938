"""Articles for bulk: sentences of `phrases` put together anew for each number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tests.newsroom import phrases

_BEGINNING = datetime(2026, 11, 1, tzinfo=UTC)


class Said(NamedTuple):
    """One statement of a bulk article: a full name or an organisation, and the words as the text has them."""

    speaker: str
    words: str


@dataclass(frozen=True, slots=True)
class BulkStory:
    """The content of one bulk article."""

    headline: str
    author: str
    published: datetime
    paragraphs: tuple[str, ...]
    statements: tuple[Said, ...]


class Writer:
    """Writes article n with random numbers of its own; good for one story."""

    def __init__(self, chance: random.Random, n: int) -> None:
        self._chance = chance
        self._n = n
        self._statements: list[Said] = []

    def story(self, version: int) -> BulkStory:
        """Return the article; version 1 has one more paragraph."""
        headline = f"{self._thing().capitalize()} in {self._pick(phrases.TOWNS)} {self._pick(phrases.EVENTS)}"
        author = self._person()[0]
        paragraphs = [f"File {self._n}: {self._narrate()}", *self._spoken(self._chance.randint(4, 12))]
        if version:
            paragraphs.append(f"This story was updated with a correction: {self._narrate()}")
        return BulkStory(headline, author, published(self._n), tuple(paragraphs), tuple(self._statements))

    def _spoken(self, number: int) -> Iterator[str]:
        for done in range(0, number, 4):
            yield from self._heard_from_one(min(4, number - done))

    def _heard_from_one(self, number: int) -> Iterator[str]:
        """Yield what a new person says, with now and then an organisation or narration in between."""
        full, pronoun = self._person()
        yield self._state(full, pronoun, self._pick(phrases.INTRODUCTIONS))
        for _ in range(number - 1):
            if self._chance.random() < 0.2:
                yield self._state(self._pick(phrases.ORGANISATIONS), "it", self._pick(phrases.BY_ORGANISATIONS))
            else:
                yield self._state(full, pronoun, self._pick(phrases.FOLLOW_UPS))
            if self._chance.random() < 0.6:
                yield f"{self._narrate()} {self._narrate()}"

    def _state(self, speaker: str, pronoun: str, pattern: str) -> str:
        opinion, other = self._chance.sample(phrases.OPINIONS, 2)
        claim = self._filled(self._pick(phrases.CLAIMS))
        self._statements.append(Said(speaker, claim if "{claim}" in pattern else opinion))
        text = pattern.format(
            full=speaker,
            surname=speaker.rsplit(maxsplit=1)[-1],
            organisation=speaker,
            pronoun=pronoun,
            role=self._pick(phrases.ROLES),
            time=self._pick(phrases.TIMES),
            opinion=opinion,
            other=other,
            claim=claim,
        )
        return text[0].upper() + text[1:]

    def _narrate(self) -> str:
        return self._filled(self._pick(phrases.NARRATION))

    def _filled(self, pattern: str) -> str:
        thing = self._thing()
        return pattern.format(
            thing=thing,
            Thing=thing.capitalize(),
            town=self._pick(phrases.TOWNS),
            event=self._pick(phrases.EVENTS),
            time=self._pick(phrases.TIMES),
            number=f"{self._chance.randint(1_000, 999_999):,}",
            days=self._chance.randint(3, 400),
            file=f"{self._chance.randint(10, 99)}/{self._n}",
        )

    def _person(self) -> tuple[str, str]:
        first, pronoun = self._chance.choice(phrases.FIRST_NAMES)
        return f"{first} {self._pick(phrases.SURNAMES)}", pronoun

    def _thing(self) -> str:
        return self._pick(phrases.THINGS)

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self._chance.choice(choices)


def published(n: int) -> datetime:
    """Return when article n came out; the higher its number, the later."""
    return _BEGINNING + timedelta(seconds=37 * n)
