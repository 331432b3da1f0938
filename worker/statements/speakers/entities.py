"""The entities of an article: everyone and everything it names, each with all that the article calls them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from worker.core.records import Span, SpeakerType
from worker.statements.document import Document
from worker.statements.quotes import Quotation
from worker.statements.speakers.names import Gender, Name, gender_of, name_lists

_NAMESAKES = 8  # entities of one surname that are told apart; the bound keeps a list of names linear
_MENTIONS_READ = 20  # mentions of one entity whose surroundings are read for a role
_TITLES_LENGTH = 50  # characters
_WORD = re.compile(r"[^\W\d_][\w’'\-]*")
_APPOSITION = re.compile(r", (?:\w+ )?([^,.;:“\"\n]{3,60})")
_HEAD_END = re.compile(r" (?:of|for|from|in|at|with|on|by|to|that|which|who|whose) ")
_DOMAIN = re.compile(r"\w\.(?:com|org|net|gov|edu|io)\Z")
_WORD_BEFORE = re.compile(r"[\w’'\-.]++ \Z")
_WORDS_BEFORE = re.compile(r"((?:[\w’'\-.]++ ){1,3}+)\Z")


@dataclass(slots=True, eq=False)
class Entity:
    """Who or what a name names: `name` is the fullest the article gives, `mentions` all of them."""

    name: Name
    mentions: list[Name] = field(default_factory=list)
    gender: Gender | None = None
    roles: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    role: str | None = None
    type: SpeakerType = "unknown"

    def may_be(self, gender: Gender | None) -> bool:
        """Say whether a pronoun of `gender` could stand for this entity."""
        return self.type in ("person", "unknown") and not clash(gender, self.gender)


class Entities:
    """Everyone an article names; a surname, a first name or an acronym leads to its entity."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._lists = name_lists()
        self._first_names = self._lists["male names"] | self._lists["female names"]
        self._by_word: dict[str, list[Entity]] = {}
        self._by_role: dict[str, list[Entity]] = {}
        self._names = found = document.names
        owner = {}
        for name in sorted(found, key=lambda name: (-len(name.words), name.start)):
            owner[name.start] = self._place(name)
        for entity in dict.fromkeys(owner.values()):
            self._describe(entity)
        outside = _outside(document.spoken, found)
        self._timeline = [(name, owner[name.start]) for name in outside]

    def entity(self, name: Name) -> Entity:
        """Return who bears `name`; somebody new when the article does not name them elsewhere."""
        return self._known(name) or Entity(name, [name])

    def within(self, span: Span) -> list[Name]:
        """Return the names that stand in the span, in order."""
        first = bisect_left(self._names, span.start, key=lambda name: name.start)
        last = bisect_left(self._names, span.end, key=lambda name: name.start)
        return [name for name in self._names[first:last] if name.end <= span.end]

    def with_role(self, role: str, before: int) -> list[Entity]:
        """Return those the article gives the role ("mayor") and names before the offset."""
        return [b for b in self._by_role.get(role, ()) if b.mentions[0].start < before]

    def before(self, at: int, window: int) -> Iterator[tuple[Name, Entity]]:
        """Yield the names outside quotations within `window` characters before `at`, nearest first."""
        for i in range(bisect_left(self._timeline, at, key=lambda entry: entry[0].start) - 1, -1, -1):
            if self._timeline[i][0].start < at - window:
                return
            yield self._timeline[i]

    def _place(self, name: Name) -> Entity:
        known = self._known(name)
        if known is not None:
            known.mentions.append(name)
            return known
        entity = Entity(name, [name])
        for word in {name.lowered[0], name.lowered[-1], acronym(name).lower()} - {""}:
            namesakes = self._by_word.setdefault(word, [])
            if len(namesakes) < _NAMESAKES:
                namesakes.append(entity)
        return entity

    def _known(self, name: Name) -> Entity | None:
        namesakes = self._by_word.get(name.lowered[-1], ())
        return next((entity for entity in namesakes if self._is_short_for(name, entity.name)), None)

    def _is_short_for(self, name: Name, fuller: Name) -> bool:
        mine, whole = name.lowered, fuller.lowered
        if len(mine) > 1:
            return mine[-1] == whole[-1] and mine[0] == whole[0] and set(mine) <= set(whole)
        if (
            mine[0] == whole[-1]
            or (mine[0] == whole[0] and mine[0] in self._lists["family names first"])
            or name.text == acronym(fuller)
        ):
            return not clash(gender_of(name), gender_of(fuller))
        return mine[0] == whole[0] and len(whole) <= 3 and whole[0] in self._first_names

    def _describe(self, entity: Entity) -> None:
        entity.mentions.sort(key=lambda name: name.start)
        entity.gender = next((g for g in map(gender_of, entity.mentions) if g is not None), None)
        for name in entity.mentions[:_MENTIONS_READ]:
            self._read_role(entity, name)
        entity.type = self._type(entity)
        if entity.type == "organisation":
            kinds = self._lists["kinds of organisations"]
            entity.roles = entity.kinds | kinds.intersection(entity.name.lowered)
        for role in entity.roles:
            holders = self._by_role.setdefault(role, [])
            if len(holders) < _NAMESAKES:
                holders.append(entity)

    def _read_role(self, entity: Entity, name: Name) -> None:
        """Take the role from "Mayor Ann Marsh", "spokesman Bo Lind" and "Ann Marsh, the mayor"."""
        if name.titles or _last_word(self._text, name.start) in self._lists["roles"]:
            before = _WORDS_BEFORE.search(self._text, _three_words_before(self._text, name.start), name.start)
            leading = before[1].strip() if before else ""
            self._take_roles(entity, leading, (*name.titles, *leading.lower().split()[-1:]))
        after = _APPOSITION.match(self._text, name.end, name.end + 80)
        if after:
            self._take_roles(entity, after[1].strip(), _words(after[1]))
            self._take_kind(entity, after[1])

    def _take_roles(self, entity: Entity, phrase: str, words: Sequence[str]) -> None:
        roles = self._lists["roles"].intersection([word.strip(".,") for word in words])
        if roles:
            entity.roles |= roles
            entity.role = entity.role or phrase or None

    def _take_kind(self, entity: Entity, phrase: str) -> None:
        """Take what kind of organisation it is from "Kelp, a shipping company in Ellery"."""
        head = _words(_HEAD_END.split(phrase, maxsplit=1)[0])
        if head and head[-1] in self._lists["kinds of organisations"]:
            entity.kinds.add(head[-1])

    def _type(self, entity: Entity) -> SpeakerType:
        words = set(entity.name.lowered)
        titled = any(name.titles for name in entity.mentions)
        if not titled and (words & self._lists["organisations"] or entity.kinds or _DOMAIN.search(entity.name.text)):
            return "organisation"
        if titled or entity.gender or entity.roles or entity.name.lowered[0] in self._first_names:
            return "person"
        if words & self._lists["places"]:
            return "place"
        if len(entity.name.words) == 1 and entity.name.text.isupper() and len(entity.name.text) > 1:
            return "organisation"
        return "person" if _is_called_by_surname(entity) else "unknown"


def _is_called_by_surname(entity: Entity) -> bool:
    """Say whether the article calls a name of several words by its last."""
    surname = entity.name.lowered[-1:]
    return len(entity.name.words) > 1 and any(name.lowered == surname for name in entity.mentions[:_MENTIONS_READ])


def _last_word(text: str, at: int) -> str:
    """Return the word before `at`, lower-case, without stops at its ends; "" if there is none."""
    least = max(0, at - _TITLES_LENGTH)
    found = _WORD_BEFORE.search(text, max(least, text.rfind(" ", least, max(least, at - 1)) + 1), at)
    return found[0].lower().strip(". ") if found else ""


def _three_words_before(text: str, at: int) -> int:
    """Return where the three words before `at` begin, and no more than `_TITLES_LENGTH` characters before."""
    least = max(0, at - _TITLES_LENGTH)
    start = at - 1
    for _ in range(3):
        start = text.rfind(" ", least, max(least, start))
        if start < 0:
            return least
    return start + 1


def acronym(name: Name) -> str:
    """Return the capital initials of a name of several words, "" for one word."""
    return "".join(word[0] for word in name.words if word[0].isupper()) if len(name.words) > 1 else ""


def clash(one: Gender | None, other: Gender | None) -> bool:
    """Say whether two genders are known and differ."""
    return one is not None and other is not None and one != other


def _words(phrase: str) -> list[str]:
    return _WORD.findall(phrase.lower())


def _outside(quoted: Sequence[Quotation], found: Sequence[Name]) -> list[Name]:
    """Return the names that stand outside of quotations, in order."""
    outside: list[Name] = []
    at = 0
    for name in found:
        while at < len(quoted) and quoted[at].end <= name.start:
            at += 1
        if at == len(quoted) or name.start < quoted[at].start:
            outside.append(name)
    return outside
