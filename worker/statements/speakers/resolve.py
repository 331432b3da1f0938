"""Who a source is: the fullest name that the article gives for it, or nobody rather than a guess.

A name resolves to the fullest name of the article that it is part of; "he" and "she" to the person
spoken of last whose gender does not forbid it; "the mayor" to the one person the article calls mayor.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from worker.core.records import Resolution, Span, Speaker
from worker.statements.attribution import Attribution
from worker.statements.document import Document
from worker.statements.speakers.entities import Entities, Entity
from worker.statements.speakers.names import Gender, Name, name_lists, names
from worker.statements.vocabulary import alternatives, vocabulary

_WINDOW = 1_200  # characters that a pronoun may look back
_LONGEST_PARAGRAPH = 5_000  # characters of one that a pronoun may look back
_LONGEST_SOURCE = 300  # characters of a source that are read
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?\n“”\"«„])\s*\Z")
_POSSESSIVE = re.compile(r"[’']s?\Z")
_SENTENCE_ENDS = re.compile(r"[.!?][”\"’']?\s+(?=[^\W\d_a-z])")
_NAMED_KIND = re.compile(r"(?:[’']s)? (?:[a-z]{1,20} ){0,2}?([a-z]{1,20})(?=[ ,.]*\Z)")
_WORD = re.compile(r"[^\W\d_][\w’'\-]*")


@dataclass(frozen=True, slots=True)
class _SourcePatterns:
    """What parts the words of a source in one language."""

    apposition: re.Pattern[str]
    head_end: re.Pattern[str]
    determiner: re.Pattern[str]
    behind_name: re.Pattern[str]


@cache
def _patterns(language: str) -> _SourcePatterns:
    words = {
        name: alternatives(vocabulary(language).words(name))
        for name in ("name relative", "head end", "group determiner", "behind name")
    }
    return _SourcePatterns(
        apposition=re.compile(rf",|\(|\s{words['name relative']}\s"),
        head_end=re.compile(rf"\s{words['head end']}\s|,|\("),
        determiner=re.compile(rf"^{words['group determiner']}\s+", re.IGNORECASE),
        behind_name=re.compile(rf"\s{words['behind name']}\b", re.IGNORECASE),
    )


def speakers(document: Document, found: Sequence[Attribution]) -> list[Speaker]:
    """Return the speaker of each attribution, in their order."""
    resolver = _Resolver(document)
    order = sorted(range(len(found)), key=lambda i: _place(found[i]))
    resolved = {i: resolver.speaker(found[i]) for i in order}
    return [resolved[i] for i in range(len(found))]


def _place(attribution: Attribution) -> int:
    return (attribution.source or attribution.content)[0].start


class _Resolver:
    """Resolves sources in text order, keeping who was spoken of last."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._entities = Entities(document)
        self._paragraphs = [place.start for place in document.paragraphs]
        self._roles = name_lists()["roles"]
        self._kinds = name_lists()["kinds of organisations"]
        self._companies = name_lists()["kinds of companies"]
        self._lexicon = lexicon = document.lexicon
        self._patterns = _patterns(lexicon.language)
        self._gender: dict[str, Gender] = dict.fromkeys(lexicon.words("male pronoun"), "male")
        self._gender |= dict.fromkeys(lexicon.words("female pronoun"), "female")
        self._last: Entity | None = None
        self._last_at = -1
        self._source_at = -1

    def speaker(self, attribution: Attribution) -> Speaker:
        """Return who the attribution's source is."""
        if not attribution.source:
            return self._inherited(attribution)
        self._source_at = attribution.source[0].start
        span = self._one_sentence(attribution)
        possessive = _POSSESSIVE.search(self._text, span.start + 1, span.end)
        if possessive:
            span = Span(span.start, possessive.start())
        low = span.of(self._text).lower().strip(" ,")
        if low in self._gender:
            return self._pronoun(span, self._gender[low])
        if low in self._lexicon.words("who") and not span.of(self._text).isupper():
            return self._relative(span)
        if low in self._lexicon.words("organisation pronoun"):
            return self._thing(span)
        if low in self._lexicon.words("unnamed") and not span.of(self._text).isupper():
            return Speaker(None)
        return self._named(span) or self._nominal(span)

    def _one_sentence(self, attribution: Attribution) -> Span:
        """Return the source without what an engine took from the sentence before or after the cue's."""
        start = attribution.source[0].start
        span = Span(start, min(attribution.source[-1].end, start + _LONGEST_SOURCE))
        ends = [
            match.end()
            for match in _SENTENCE_ENDS.finditer(self._text, span.start, span.end)
            if not self._is_short(span.start, match.start())
            and not any(name.start < match.start() < name.end for name in self._entities.within(span))
        ]
        if not ends or not attribution.cue:
            return span
        return Span(ends[-1], span.end) if attribution.cue[0].start >= span.end else Span(start, ends[0])

    def _is_short(self, start: int, stop: int) -> bool:
        """Say whether the stop is that of an abbreviation: "Lt. Ann Marsh"."""
        before = self._text[start:stop].lower().split()
        return bool(before) and before[-1] in self._lexicon.words("abbreviation")

    def _inherited(self, attribution: Attribution) -> Speaker:
        """A quotation that nothing attributes, in the paragraph after somebody was quoted, is theirs.

        Nobody's if somebody without a known name spoke since.
        """
        at = attribution.content[0].start
        here = bisect_right(self._paragraphs, at) - 1
        spoke = bisect_right(self._paragraphs, self._last_at) - 1
        if self._last is None or self._last_at < max(0, self._source_at) or here - spoke > 1 or attribution.cue:
            return Speaker(None)
        self._last_at = at
        return self._known(self._last, at, "inherited", 0.6)

    # -- names ------------------------------------------------------------------------------------

    def _named(self, span: Span) -> Speaker | None:
        inside = self._entities.within(span) or list(self._alone(span))
        head = self._head(span, inside)
        if head is None:
            return None
        entity = self._entities.entity(head)
        if self._is_plural(head, entity):
            return None
        explicit = head.words == entity.name.words
        return self._known(entity, span.start, "explicit" if explicit else "surname", 0.95 if explicit else 0.9)

    def _alone(self, span: Span) -> Iterator[Name]:
        """Yield the names that the source has on its own: an engine may cut one that the text has whole."""
        for name in names(span.of(self._text), self._lexicon.language):
            yield name._replace(start=name.start + span.start, end=name.end + span.start)

    def _is_plural(self, name: Name, entity: Entity) -> bool:
        """Say whether the "name" is a plural noun with the capital of its sentence: "Voters said"."""
        alone = len(entity.name.words) == 1 and len(entity.mentions) == 1 and entity.type == "unknown"
        plural = name.words[0].lower().endswith(tuple(self._lexicon.words("plural ending")))
        return alone and plural and _OPENS_SENTENCE.search(self._text, max(0, name.start - 3), name.start) is not None

    def _head(self, span: Span, inside: Sequence[Name]) -> Name | None:
        """Return the name that the source phrase is about: its last word, or in apposition to it."""
        breaks = (m.start() for m in self._patterns.apposition.finditer(self._text, span.start, span.end))
        cut = next((at for at in breaks if not any(n.start <= at < n.end for n in inside)), span.end)
        core_end = span.start + len(self._text[span.start : cut].rstrip(" ,."))
        if inside and self._patterns.behind_name.match(self._text, inside[0].end, span.end):
            core_end = inside[0].end
        for name in inside:
            ends_core = name.end >= core_end or self._is_joined(name)
            if ends_core and name.start < cut and not self._is_governed(span, name):
                return name
        return next((n for n in inside if n.start >= cut and len(n.words) > 1), None)

    def _is_joined(self, name: Name) -> bool:
        """Say whether another stands beside the name: "Ann Marsh and Bo Lind"."""
        return any(self._text.startswith(f" {word} ", name.end) for word in self._lexicon.words("and"))

    def _is_governed(self, span: Span, name: Name) -> bool:
        """Say whether the name only tells whose or which: "a spokesman for Delta"."""
        before = self._text[span.start : name.start].lower().split()
        if name.titles or not before:
            return False
        apart = not before[-1].isalpha() or "," in self._text[span.start : name.start]
        nearest = before[-2:] if apart or self._entities.entity(name).type == "person" else before
        if not self._lexicon.words("governing").intersection(nearest):
            return False
        return len(before) > (before[-1] in self._lexicon.words("the"))

    def _known(self, entity: Entity, at: int, how: Resolution, confidence: float) -> Speaker:
        self._last, self._last_at = entity, at
        return Speaker(entity.name.text, entity.type, entity.role, entity.name.span, how, confidence)

    # -- pronouns ---------------------------------------------------------------------------------

    def _relative(self, span: Span) -> Speaker:
        """Ann Marsh, who said: the name right before "who"."""
        name, entity = next(self._entities.before(span.start, _WINDOW), (None, None))
        if name is None or entity is None or span.start - name.end > 2:
            return Speaker(None)
        return self._known(entity, span.start, "appositive", 0.85)

    def _pronoun(self, span: Span, gender: Gender) -> Speaker:
        people = [b for _, b in self._entities.before(span.start, _WINDOW) if b.type == "person" and b.may_be(gender)]
        chosen = self._antecedent(span.start, gender)
        if people and (chosen is None or (chosen.type != "person" and len(chosen.name.words) == 1)):
            chosen = people[0]
        if chosen is None:
            return Speaker(None, "person")
        chosen.gender = chosen.gender or gender
        others = tuple(dict.fromkeys(b.name.text for b in people if b is not chosen))[:3]
        return replace(self._known(chosen, span.start, "pronoun", 0.8), candidates=others)

    def _antecedent(self, at: int, gender: Gender) -> Entity | None:
        """Prefer who spoke in this paragraph, then who it opens with, then who spoke last."""
        start = self._paragraphs[bisect_right(self._paragraphs, at) - 1]
        last = self._last if self._last is not None and self._last.may_be(gender) else None
        if last is not None and self._last_at >= start:
            return last
        here = [
            b
            for name, b in self._entities.before(at, min(at - start, _LONGEST_PARAGRAPH))
            if name.start >= start and b.type == "person" and b.may_be(gender)
        ]
        if here:
            return here[-1]
        return last if at - self._last_at < _WINDOW else None

    def _thing(self, span: Span) -> Speaker:
        """It said: the organisation that spoke in this paragraph or the one before."""
        last = self._spoke_near(span.start)
        return self._known(last, span.start, "pronoun", 0.6) if last is not None else Speaker(None)

    def _spoke_near(self, at: int) -> Entity | None:
        """Return the organisation that spoke last, unless that was more than a paragraph ago."""
        if self._last is None or self._last.type != "organisation" or self._last_at < 0:
            return None
        here, spoke = (bisect_right(self._paragraphs, place) for place in (at, self._last_at))
        return self._last if here - spoke <= 1 else None

    # -- common nouns -----------------------------------------------------------------------------

    def _nominal(self, span: Span) -> Speaker:
        """The mayor: the one person with that role."""
        head = self._patterns.head_end.split(span.of(self._text), maxsplit=1)[0].strip()
        words = _WORD.findall(head.lower())
        called = self._lexicon.pattern("called").search(self._text, span.start, span.end)
        called = called or self._lexicon.pattern("called behind").match(self._text, span.end)
        if called:
            return Speaker(called["named"], "group", mention=Span(*called.span("named")))
        if not words:
            return Speaker(None)
        noun = words[-1]
        if words[0] in self._lexicon.words("the") and noun in self._roles:
            entities = self._entities.with_role(noun, span.start)
            if len(entities) == 1:
                return self._known(entities[0], span.start, "appositive", 0.75)
            return Speaker(None, "person", candidates=tuple(b.name.text for b in entities[:3]))
        return self._organisation(span, words) or self._group(span, head, noun)

    def _group(self, span: Span, head: str, noun: str) -> Speaker:
        """Officials: a group without a name."""
        if noun.endswith("s") or noun in self._lexicon.words("group noun"):
            return Speaker(self._patterns.determiner.sub("", head), "group", mention=span, confidence=0.5)
        return Speaker(None, "anonymous")

    def _organisation(self, span: Span, words: Sequence[str]) -> Speaker | None:
        """The agency: the one of that kind, or the one that spoke last; Ellery police: what it says."""
        if words[-1] not in self._kinds:
            return None
        if words[0] in self._lexicon.words("the"):
            known = self._entities.with_role(words[-1], span.start)
            last = self._spoke_near(span.start)
            if last is not None and (last in known or (not known and words[-1] in self._companies)):
                return self._known(last, span.start, "appositive", 0.6)
            if len(known) == 1:
                return self._known(known[0], span.start, "appositive", 0.7)
        inside = self._entities.within(span)
        name = _NAMED_KIND.match(self._text, inside[0].end, span.end) if inside else None
        if name is None or name[1] not in self._kinds:
            return None
        mention = Span(inside[0].start, name.end())
        return Speaker(mention.of(self._text), "organisation", None, mention, "explicit", 0.7)
