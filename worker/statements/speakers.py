"""Who a source is: the fullest name that the article gives for it, or nobody rather than a guess.

A name resolves to the fullest name of the article that it is part of; "he" and "she" to the person
spoken of last whose gender does not forbid it; "the mayor" to the one person the article calls mayor.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from worker.records import Resolution, Span, Speaker, SpeakerType
from worker.statements.attribution import Attribution
from worker.statements.names import Gender, Name, gender_of, name_lists, names
from worker.statements.quotes import Quotation, quotations
from worker.statements.sentences import paragraphs
from worker.statements.vocabulary import vocabulary

_NOBODY = frozenset(
    [
        "i",
        "we",
        "you",
        "they",
        "it",
        "who",
        "which",
        "that",
        "this",
        "these",
        "those",
        "one",
        "some",
        "many",
        "others",
        "someone",
    ]
)
_GROUP = frozenset(["people", "officials", "leaders", "sources", "voters", "critics", "supporters", "experts"])
_APPOSITION = re.compile(r",|\(|\s(?:who|whose|that|which)\s")
_GOVERNS = frozenset(["of", "for", "from", "in", "at", "with", "on", "by", "to"])
_WORD = re.compile(r"[^\W\d_][\w’'\-]*")
_HEAD_ENDS = re.compile(r"\s(?:of|for|from|in|at|with|on|who|whose|that|which|and)\s|,|\(")
_WINDOW = 1200  # characters that a pronoun may look back


@dataclass(slots=True)
class _Person:
    """Everything the article calls one bearer of a name."""

    name: Name
    mentions: list[Name] = field(default_factory=list)
    gender: Gender | None = None
    roles: set[str] = field(default_factory=set)
    role: str | None = None
    type: SpeakerType = "unknown"


def speakers(text: str, found: Sequence[Attribution], language: str = "en") -> list[Speaker]:
    """Return the speaker of each attribution, in their order."""
    cast = _Cast(text, quotations(text), language)
    return [cast.speaker(attribution) for attribution in found]


class _Cast:
    """The bearers of names in one article, and who was spoken of last."""

    def __init__(self, text: str, quoted: Sequence[Quotation], language: str) -> None:
        self._text = text
        self._language = language
        self._lists = name_lists()
        lexicon = vocabulary(language)
        self._pronouns: dict[Gender, frozenset[str]] = {
            "male": lexicon.words("male pronoun"),
            "female": lexicon.words("female pronoun"),
        }
        self._by_word: dict[str, list[_Person]] = {}
        self._people: list[_Person] = []
        self._timeline: list[tuple[int, _Person]] = []
        self._paragraph_starts = [place.start for place in paragraphs(text)]
        found = list(names(text, language))
        for name in sorted(found, key=lambda name: (-len(name.words), name.start)):
            self._place(name)
        outside = _outside(quoted, found)
        owner = {name.start: person for person in self._people for name in person.mentions}
        self._timeline = [(name.start, owner[name.start]) for name in found if name.start in outside]
        for person in self._people:
            self._describe(person)
        self._last: _Person | None = None
        self._last_at = -1

    # -- the cast ---------------------------------------------------------------------------------

    def _place(self, name: Name) -> None:
        """Give the name to the bearer of a fuller one with the same last word, else make a new bearer."""
        for person in self._by_word.get(name.words[-1].lower(), ()):
            if self._fits(name, person.name):
                person.mentions.append(name)
                return
        person = _Person(name, [name])
        self._people.append(person)
        for word in {name.words[0].lower(), name.words[-1].lower(), _acronym(name)}:
            if word:
                self._by_word.setdefault(word, []).append(person)

    def _fits(self, name: Name, fuller: Name) -> bool:
        mine, whole = [w.lower() for w in name.words], [w.lower() for w in fuller.words]
        if len(mine) == 1 and (mine[0] == whole[-1] or name.text == _acronym(fuller, upper=True)):
            return not _clash(gender_of(name) if name.titles else None, gender_of(fuller))
        if len(mine) == 1:
            return mine[0] == whole[0] and len(whole) <= 3 and whole[0] in self._first_names()
        return set(mine) <= set(whole) and mine[-1] == whole[-1] and mine[0] == whole[0]

    def _first_names(self) -> frozenset[str]:
        return self._lists["male names"] | self._lists["female names"]

    def _describe(self, person: _Person) -> None:
        genders = [g for g in map(gender_of, person.mentions) if g is not None]
        person.gender = genders[0] if genders else None
        for name in person.mentions:
            around = self._text[name.end : name.end + 80]
            apposition = re.match(r", (?:an? |the |\w+ )?([^,.;:“\"]{3,60})", around)
            before = re.search(r"([^.,;:“”\"\n]{0,60})\Z", self._text[max(0, name.start - 60) : name.start])
            words = set(name.titles)
            if apposition:
                words |= {w.lower() for w in _WORD.findall(apposition[1])} & self._lists["roles"]
            preceding = _WORD.findall(before[1])[-1:] if before else []
            words |= {w.lower() for w in preceding} & self._lists["roles"]
            person.roles |= words & self._lists["roles"]
            if person.role is None and words & self._lists["roles"]:
                person.role = self._role_text(name, apposition[1] if apposition else "", words)
        person.type = self._type(person)

    def _role_text(self, name: Name, apposition: str, words: set[str]) -> str | None:
        if apposition and words & {w.lower() for w in _WORD.findall(apposition)}:
            return apposition.strip()
        before = re.search(r"((?:[\w’'\-.]+ ){1,3})\Z", self._text[max(0, name.start - 50) : name.start])
        return before[1].strip() if before else None

    def _type(self, person: _Person) -> SpeakerType:
        words = {w.lower() for w in person.name.words}
        if words & self._lists["organisations"] and not any(n.titles for n in person.mentions):
            return "organisation"
        if person.gender or person.roles or any(n.titles for n in person.mentions):
            return "person"
        if person.name.words[0].lower() in self._first_names():
            return "person"
        if len(person.name.words) == 1 and person.name.text.isupper():
            return "organisation"
        return "unknown"

    # -- resolution -------------------------------------------------------------------------------

    def speaker(self, attribution: Attribution) -> Speaker:
        """Return who the attribution's source is; called in text order, for pronouns look back."""
        if not attribution.source:
            return Speaker(None)
        span = Span(attribution.source[0].start, attribution.source[-1].end)
        source = span.of(self._text)
        low = source.lower().strip(" ,")
        for gender, pronouns in self._pronouns.items():
            if low in pronouns:
                return self._pronoun(span, gender)
        if low == "who":
            return self._relative(span)
        if low in _NOBODY:
            return Speaker(None)
        named = self._named(span)
        if named is not None:
            return named
        return self._nominal(span, source)

    def _named(self, span: Span) -> Speaker | None:
        head = self._head(span, self._names_in(span))
        if head is None:
            return None
        person = self._bearer(head)
        self._last, self._last_at = person, span.start
        how: Resolution = "explicit" if head.words == person.name.words else "surname"
        return self._as_speaker(person, how, 0.95 if how == "explicit" else 0.9)

    def _head(self, span: Span, inside: Sequence[Name]) -> Name | None:
        """Return the name that the source phrase is about: its last word, or in apposition to it."""
        cut = next(
            (m for m in _APPOSITION.finditer(self._text, span.start, span.end) if not _within(m, inside)),
            None,
        )
        limit = cut.start() if cut else span.end
        core = self._text[span.start : limit].rstrip(" ,.")
        for name in inside:
            follows = self._text[name.end : name.end + 5]
            if name.end >= span.start + len(core) or follows == " and ":
                before = self._text[span.start : name.start].lower().split()
                governed = bool(before) and not name.titles and set(before[-2:]) & _GOVERNS
                if not (governed and len(before) > (before[-1] == "the")):
                    return name
        if cut is not None:
            return next((n for n in inside if n.start >= limit and len(n.words) > 1), None)
        return None

    def _names_in(self, span: Span) -> list[Name]:
        return [
            n
            for n in names(span.of(self._text), self._language)
            for n in [replace(n, start=n.start + span.start, end=n.end + span.start)]
        ]

    def _bearer(self, name: Name) -> _Person:
        for person in self._by_word.get(name.words[-1].lower(), ()):
            if self._fits(name, person.name):
                return person
        return _Person(name, [name])

    def _as_speaker(self, person: _Person, how: Resolution, confidence: float) -> Speaker:
        return Speaker(person.name.text, person.type, person.role, person.name.span, how, confidence)

    def _relative(self, span: Span) -> Speaker:
        """Ann Marsh, who said: the name right before "who"."""
        for at, person in self._before(span.start):
            name = next(name for name in person.mentions if name.start == at)
            if span.start - name.end <= 2:
                self._last, self._last_at = person, span.start
                return self._as_speaker(person, "appositive", 0.85)
            break
        return Speaker(None)

    def _pronoun(self, span: Span, gender: Gender | None) -> Speaker:
        candidates = list(self._recent(span.start, gender))
        chosen = self._antecedent(span.start, gender, candidates)
        if chosen is None:
            return Speaker(None, "person")
        if chosen.gender is None:
            chosen.gender = gender
        self._last, self._last_at = chosen, span.start
        others = tuple(dict.fromkeys(p.name.text for p in candidates if p is not chosen))[:3]
        return replace(self._as_speaker(chosen, "pronoun", 0.8), candidates=others)

    def _antecedent(self, at: int, gender: Gender | None, candidates: Sequence[_Person]) -> _Person | None:
        """Prefer who spoke in this paragraph, then who it opens with, then who spoke last."""
        start = self._paragraph_starts[bisect_right(self._paragraph_starts, at) - 1]
        last = self._last
        if last is not None and (_clash(gender, last.gender) or last.type not in ("person", "unknown")):
            last = None
        if last is not None and self._last_at >= start:
            return last
        here = [p for at_name, p in self._before(at) if at_name >= start and self._may_be(p, gender)]
        if here:
            return here[-1]
        if last is not None and at - self._last_at < _WINDOW:
            return last
        return candidates[0] if candidates else None

    def _before(self, at: int) -> Iterator[tuple[int, _Person]]:
        """Yield the names outside quotations before `at`, nearest first, within the window."""
        for i in range(bisect_left(self._timeline, at, key=lambda entry: entry[0]) - 1, -1, -1):
            if self._timeline[i][0] < at - _WINDOW:
                return
            yield self._timeline[i]

    def _may_be(self, person: _Person, gender: Gender | None) -> bool:
        return person.type == "person" and not _clash(gender, person.gender)

    def _recent(self, at: int, gender: Gender | None) -> Iterator[_Person]:
        return (person for _, person in self._before(at) if self._may_be(person, gender))

    def _nominal(self, span: Span, source: str) -> Speaker:
        """The mayor: the one person with that role; officials: a group without a name."""
        head = _HEAD_ENDS.split(source, maxsplit=1)[0].strip()
        words = _WORD.findall(head.lower())
        if not words:
            return Speaker(None)
        noun = words[-1]
        if words[0] == "the" and noun in self._lists["roles"]:
            bearers = [p for p in self._people if noun in p.roles and p.mentions[0].start < span.start]
            if len(bearers) == 1:
                self._last, self._last_at = bearers[0], span.start
                return self._as_speaker(bearers[0], "appositive", 0.75)
            return Speaker(None, "person", candidates=tuple(p.name.text for p in bearers[:3]))
        if noun.endswith("s") or noun in _GROUP:
            described = re.sub(r"^(?:the|a|an|some|many|those|these)\s+", "", head, flags=re.IGNORECASE)
            return Speaker(described, "group", None, span, "none", 0.5)
        return Speaker(None, "anonymous")


def _outside(quoted: Sequence[Quotation], found: Sequence[Name]) -> set[int]:
    """Return the starts of the names that stand outside of quotations."""
    outside: set[int] = set()
    at = 0
    for name in found:
        while at < len(quoted) and quoted[at].end <= name.start:
            at += 1
        if at == len(quoted) or name.start < quoted[at].start:
            outside.add(name.start)
    return outside


def _acronym(name: Name, *, upper: bool = False) -> str:
    if len(name.words) < 2:
        return ""
    initials = "".join(word[0] for word in name.words if word[0].isupper())
    return initials if upper else initials.lower()


def _clash(one: Gender | None, other: Gender | None) -> bool:
    return one is not None and other is not None and one != other


def _within(match: re.Match[str], inside: Sequence[Name]) -> bool:
    return any(name.start <= match.start() < name.end for name in inside)
