"""Proper names in a text: where they stand, and what they say about whom they name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Literal, NamedTuple

from worker.core.records import Span
from worker.statements.vocabulary import alternatives, in_any_language, vocabulary

Gender = Literal["male", "female"]

_FILE = Path(__file__).with_name("names.toml")
_UPPER = r"[^\W\d_a-zß-öø-ÿа-яєіїґ]"
_LOWER_WORD = re.compile(r"(?<![\w’'])[^\W\d_A-Z]\w+")
_Words = list[tuple[str, int]]  # words with their offsets
_SHORTEST_ACRONYM = 3  # letters
_BASED = ("-based", "-born", "-owned", "-backed", "-led", "-listed", "-year-old")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?:\n“”\"«„—]\s*)\Z")


class Name(NamedTuple):
    """A proper name as one place of the text gives it, without the titles before it; `lowered` are its words."""

    start: int
    end: int
    words: tuple[str, ...]
    lowered: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """Where the name stands."""
        return Span(self.start, self.end)

    @property
    def text(self) -> str:
        """The name in one spacing."""
        return " ".join(self.words)


@cache
def name_lists() -> Mapping[str, frozenset[str]]:
    """Return the lists of `names.toml` by their heading."""
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {heading: frozenset(words.split()) for heading, words in lists.items()}


@cache
def _pattern() -> re.Pattern[str]:
    """Return what matches capitalised words in a row, with what joins the parts of one name between them.

    Every repetition is bounded, so that a list in capitals is many names and not one that is as long as the text.
    """
    titles = alternatives(word.capitalize() for word in in_any_language("title before name"))
    prefixes = in_any_language("name prefix")
    part = (
        rf"(?:{titles}\.|{alternatives(prefixes)}-{_UPPER}[\w’'\-]{{0,40}}"
        rf"|(?:{_UPPER}\.){{1,6}}(?!\w)|{_UPPER}[\w’'\-–]{{0,60}}(?:\.(?:com|org|net|gov|edu|io)\b)?)"
    )
    # What a part may begin with is looked at first, for most letters are none.
    others = "".join(set(ascii_lowercase) - {prefix[0] for prefix in prefixes})
    starts = rf"[^\W\d_{others}ß-öø-ÿа-яєіїґ]"
    # French and Italian elide the article before a name: l'Inter, dell'Inter.
    articles = in_any_language("elided article")
    elided = alternatives([*articles, *(article.capitalize() for article in articles)]) + "[’']"
    joint = alternatives(in_any_language("name joint"))
    return re.compile(
        rf"(?<!\w)(?={starts})(?:(?!{elided})|(?<=[lL][’'])){part}"
        rf"(?:(?:[ \u00a0]{joint}){{0,2}}[ \u00a0]{part}){{0,9}}"
    )


def names(text: str, language: str = "en") -> Iterator[Name]:
    """Yield the proper names of `text` in order; titles are told from the name they stand before."""
    titles, skipped = _titles(language), _function_words(language)
    opening: frozenset[str] = frozenset()
    for match in _pattern().finditer(text):
        start, found = match.start(), match[0]
        if found.lower() in skipped and not _is_acronym(found):  # one word, as most are that no name begins with
            continue
        opens = _OPENS_SENTENCE.search(text, max(0, start - 4), start) is not None
        if opens and not opening:
            opening = skipped | (_common_words(text) - titles)
        yield from _names(found, start, titles, opening if opens else skipped)


def _is_acronym(word: str) -> bool:
    """Say whether the word is WHO rather than who, among words that are not all in capitals."""
    return len(word) >= _SHORTEST_ACRONYM and word.isupper()


def _common_words(text: str) -> set[str]:
    """Return the words that `text` has in lower case, too: at the start of a sentence they are no names."""
    return set(_LOWER_WORD.findall(text)) - name_lists()["male names"]


@cache
def _titles(language: str) -> frozenset[str]:
    lists = name_lists()
    foreign = vocabulary(language).words("title")
    english = (lists[name] for name in ("titles", "male titles", "female titles", "offices"))
    return foreign.union(*english)


@cache
def _function_words(language: str) -> frozenset[str]:
    """Return the words that no name starts with: closed classes, days, and prepositions of attribution."""
    lexicon = vocabulary(language)
    classes = ("pronoun", "auxiliary", "complementiser", "boundary", "preposition", "determiner")
    attributing = {word for word, group in lexicon.cues.items() for e in group if "preposition" in e.senses}
    return frozenset(attributing).union(name_lists()["days"], *(lexicon.words(name) for name in classes))


def _names(text: str, at: int, titles: frozenset[str], skipped: frozenset[str]) -> Iterator[Name]:
    """Yield the names in `text`, words with one space between, of which the first begins at `at`."""
    words = []
    for word in text.split():
        words.append((word, at))
        at += len(word) + 1
    words = _without_opening(words, skipped)
    if not words:
        return
    first, rest = _parted(words)
    found, person = _titled(first, titles)
    yield from _owners(person, found)
    yield from _owners(rest, ())


def _without_opening(words: _Words, skipped: frozenset[str]) -> _Words:
    """Return the words without function words before a name, and without "Harbour-based"."""
    for i, (word, _) in enumerate(words):
        if word.endswith(_BASED):
            words = words[i + 1 :]
            break
    if len(words) == 1 and _is_acronym(words[0][0]):
        return words
    while words and words[0][0].lower().strip("’'") in skipped and not _is_given(words):
        words = words[1:]
    return words


def _is_given(words: _Words) -> bool:
    """Say whether the function word is a name here: Will Marsh, A K Menon."""
    if len(words) not in {2, 3}:
        return False
    (first, _), (second, _) = words[:2]
    return first == "Will" or (first == "A" and len(second.rstrip(".")) == 1)


def _parted(words: _Words) -> tuple[_Words, _Words]:
    """Part a person from whence they are: Ann Marsh | of Port Ellery."""
    lists = name_lists()
    of = next((i for i, (word, _) in enumerate(words) if word == "of"), 0)
    before = [_plain(word) for word, _ in words[:of]]
    if of < 2 or lists["organisations"].intersection(before):
        return words, []
    after = of + 1 + (words[of + 1][0] == "the")
    in_house = _plain(words[after][0]) in lists["organisations"] and not _offices().intersection(before)
    is_person = before[-2] in lists["male names"] | lists["female names"] or in_house
    return (words[:of], words[after:]) if is_person else (words, [])


def _titled(words: _Words, titles: frozenset[str]) -> tuple[tuple[str, ...], _Words]:
    """Return the titles before a name, and the name; no words where there is an office alone."""
    lists = name_lists()
    given = lists["male names"] | lists["female names"]
    plain = [_plain(word) for word, _ in words]
    if plain[-1] in lists["organisations"]:
        titles = frozenset()
    if plain[-1] in _offices() and titles:
        keep = next((i for i, word in enumerate(plain) if word in _offices() or word in lists["office adjectives"]), 0)
        return ((), words[:keep]) if keep > 1 and plain[0] in given else ((), [])
    last_title = max((i for i in range(len(plain) - 1) if _is_title(plain, i, titles, given)), default=-1)
    found = tuple(plain[: last_title + 1])
    words = words[last_title + 1 :]
    if found and len(words) > 2 and words[0][0] == "of":  # Secretary of State Ann Marsh
        words = words[2:]
    if len(words) >= 4 and "_".join(word.lower() for word, _ in words[:2]) in lists["places before names"]:
        words = words[2:]  # Ambassador to the United States Ann Marsh
    return found, words


def _is_title(plain: list[str], i: int, titles: frozenset[str], given: frozenset[str]) -> bool:
    """Say whether word `i` is a title: not in Martin King Lind, where it follows a first name."""
    if plain[i] in name_lists()["occupations that are surnames"]:
        return i == 0 and plain[1] in given
    return plain[i] in titles and (i == 0 or plain[0] not in given or plain[i + 1] in given)


@cache
def _offices() -> frozenset[str]:
    """Return the titles that are nobody's surname."""
    return name_lists()["offices"]


def _owners(words: _Words, titles: tuple[str, ...]) -> Iterator[Name]:
    """Yield the names between the possessives of the words."""
    run: list[tuple[str, int, int]] = []
    for word, start in words:
        stripped = _without_possessive(word)
        run.append((stripped, start, start + len(stripped)))
        if stripped != word:
            yield _name(run, titles)
            run, titles = [], ()
    if run:
        yield _name(run, titles)


def _name(run: list[tuple[str, int, int]], titles: tuple[str, ...]) -> Name:
    words = [word for word, _, _ in run]
    return Name(run[0][1], run[-1][2], tuple(words), tuple([word.lower() for word in words]), titles)


def _without_possessive(word: str) -> str:
    bare = word.removesuffix("s")
    return bare[:-1] if bare.endswith(("’", "'")) else word


def _plain(word: str) -> str:
    return word.lower().rstrip(".")


def gender_of(name: Name) -> Gender | None:
    """Return the gender that the titles or the first name suggest, None when they do not."""
    lists = name_lists()
    for title in name.titles:
        if title in lists["male titles"]:
            return "male"
        if title in lists["female titles"]:
            return "female"
    first = name.lowered[0]
    if len(name.words) > 1:
        male, female = first in lists["male names"], first in lists["female names"]
        if male != female:
            return "male" if male else "female"
    return None
