"""The word lists of one language: cues of attribution and the closed classes rules are written in.

A list is a plain text file, `lexicon/<language>.txt`; its head says how to read and extend it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from worker.core.records import CueClass, Stance

Frame = Literal["clause", "object", "infinitive", "name", "preposition", "noun"]

LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "ru", "uk")
_FOLDER = Path(__file__).parent / "lexicon"
_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a cue says about the attribution it makes."""

    lemma: str
    cue_class: CueClass
    stance: Stance


@dataclass(slots=True)
class Entry:
    """One inflected cue, split into words, and its sense in each frame it takes (most usual first)."""

    words: tuple[str, ...]
    senses: dict[Frame, Sense] = field(default_factory=dict)

    @property
    def sense(self) -> Sense:
        """The sense in the cue's most usual frame."""
        return next(iter(self.senses.values()))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The cues of a language by their first word, longest first, and its closed word classes."""

    language: str
    cues: Mapping[str, tuple[Entry, ...]]
    classes: Mapping[str, frozenset[str]]

    def words(self, name: str) -> frozenset[str]:
        """Return the members of a closed class, lower-case; empty when the language lists none."""
        return self.classes.get(name, frozenset())


def code_of(language: str) -> str:
    """Return the ISO 639-1 code in a BCP 47 code: "pt" for "pt-BR"."""
    return language.lower().replace("_", "-").split("-")[0]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the word lists of `language` ("de", "pt-BR").

    Raises:
        LookupError: If there are none.
    """
    code = code_of(language)
    if code not in LANGUAGES:
        raise LookupError(f"no word lists for language {language!r}; there are some for {', '.join(LANGUAGES)}")
    entries: dict[tuple[str, ...], Entry] = {}
    classes: dict[str, set[str]] = {}
    for section, line in _lines(code):
        if section[0] == "word":
            classes.setdefault(" ".join(section[1:]), set()).update(line.lower().split())
        else:
            _add(entries, section, line, inflect=code == "en")
    cues: dict[str, list[Entry]] = {}
    for entry in entries.values():
        cues.setdefault(entry.words[0], []).append(entry)
    ordered = {word: tuple(sorted(group, key=lambda e: -len(e.words))) for word, group in cues.items()}
    return Vocabulary(code, ordered, {name: frozenset(words) for name, words in classes.items()})


def _lines(language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    section: tuple[str, ...] = ()
    for raw in (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if line.startswith("["):
            section = tuple(line.strip("[]").split())
        elif line and not line.startswith("#"):
            yield section, line


def _add(entries: dict[tuple[str, ...], Entry], section: tuple[str, ...], line: str, *, inflect: bool) -> None:
    cue_class, stance, frame = section
    assert cue_class in get_args(CueClass), section
    assert stance in get_args(Stance), section
    lemma, _, listed = line.partition(":")
    first, *rest = lemma.lower().split()
    sense = Sense(lemma.strip(), cast("CueClass", cue_class), cast("Stance", stance))
    for form in _forms(first, listed.lower().split(), frame, inflect=inflect):
        words = (form, *rest)
        entries.setdefault(words, Entry(words)).senses.setdefault(cast("Frame", frame), sense)


def _forms(word: str, listed: list[str], frame: str, *, inflect: bool) -> list[str]:
    if not inflect or frame == "preposition":
        return [word, *listed]
    if frame == "noun":
        return [word, *listed, _with_s(word)]
    has_past = any(not form.endswith(("ing", "s")) for form in listed)
    has_gerund = any(form.endswith("ing") for form in listed)
    past = [] if has_past else [_past(word)]
    gerund = [] if has_gerund else [_gerund(word)]
    return [word, *listed, _with_s(word), *past, *gerund]


def _ends_in_consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2:-1] not in "aeiou"


def _with_s(word: str) -> str:
    if _ends_in_consonant_y(word):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_SIBILANTS) else "s")


def _past(word: str) -> str:
    if _ends_in_consonant_y(word):
        return word[:-1] + "ied"
    return word + ("d" if word.endswith("e") else "ed")


def _gerund(word: str) -> str:
    stem = word[:-1] if word.endswith("e") and not word.endswith(("ee", "ye", "oe")) else word
    return stem + "ing"
