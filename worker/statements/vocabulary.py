"""The word lists of one language: cues of attribution and the closed classes rules are written in.

The lists of a language are one file, `lexicon/<language>.toml`; the head of the English one says how to read and
extend them. A new language is such a file and its tests.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from worker.core.records import CueClass, Stance

Frame = Literal["clause", "object", "infinitive", "name", "preposition", "noun"]

_FOLDER = Path(__file__).parent / "lexicon"
#: ISO 639-1 codes of the languages that have word lists.
LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a cue says about the attribution it makes."""

    lemma: str
    cue_class: CueClass
    stance: Stance


@dataclass(slots=True)
class CueEntry:
    """One inflected cue, split into words, and its sense in each frame it takes (most usual first)."""

    words: tuple[str, ...]
    senses: dict[Frame, Sense] = field(default_factory=dict)

    @property
    def sense(self) -> Sense:
        """The sense in the cue's most usual frame."""
        return next(iter(self.senses.values()))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, and what its grammar has.

    `cues` are by their first word, longest first; `classes` are closed word classes. `dialogue` says whether dashes set
    off speech, `drops_subject` whether a verb may stand without one, `derives_forms` whether forms follow from a lemma.
    """

    language: str
    cues: Mapping[str, tuple[CueEntry, ...]]
    classes: Mapping[str, frozenset[str]]
    patterns: Mapping[str, str] = field(default_factory=dict)
    dialogue: bool = False
    drops_subject: bool = False
    derives_forms: bool = False

    def words(self, name: str) -> frozenset[str]:
        """Return the members of a closed class, lower-case; empty when the language lists none."""
        return self.classes.get(name, frozenset())

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return a compiled pattern, with those that it names put in; one that matches nothing where there is none."""
        return _compiled(self.language, name)


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
    lists = _read(code)
    grammar = lists.get("grammar", {})
    entries: dict[tuple[str, ...], CueEntry] = {}
    for section, lines in lists["cues"].items():
        for line in lines.split("\n"):
            if line:
                _add(entries, section.split(), line, inflect=grammar.get("derives_forms", False))
    cues: dict[str, list[CueEntry]] = {}
    for entry in entries.values():
        cues.setdefault(entry.words[0], []).append(entry)
    ordered = {word: tuple(sorted(group, key=lambda e: -len(e.words))) for word, group in cues.items()}
    classes = {name: _members(words) for name, words in lists["words"].items()}
    return Vocabulary(code, ordered, classes, lists.get("patterns", {}), **grammar)


@cache
def in_any_language(name: str) -> frozenset[str]:
    """Return the members of a closed class in all languages, for what is read before its language is looked at."""
    return frozenset[str]().union(*(_members(_read(code)["words"].get(name, "")) for code in LANGUAGES))


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression that matches each of the words, the longest first; without words, nothing."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"


@cache
def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def _members(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.lower().split())


@cache
def _compiled(language: str, name: str) -> re.Pattern[str]:
    patterns = vocabulary(language).patterns
    source, before = patterns.get(name, "(?!)"), None
    while source != before:
        before = source
        for part, inner in patterns.items():
            source = source.replace(f"<{part}>", inner)
    return re.compile(source)


def _add(entries: dict[tuple[str, ...], CueEntry], section: Sequence[str], line: str, *, inflect: bool) -> None:
    cue_class, stance, frame = section
    assert cue_class in get_args(CueClass), section
    assert stance in get_args(Stance), section
    lemma, _, listed = line.partition(":")
    first, *rest = lemma.lower().split()
    sense = Sense(lemma.strip(), cast("CueClass", cue_class), cast("Stance", stance))
    for form in _forms(first, listed.lower().split(), frame, inflect=inflect):
        words = (form, *rest)
        entries.setdefault(words, CueEntry(words)).senses.setdefault(cast("Frame", frame), sense)


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
