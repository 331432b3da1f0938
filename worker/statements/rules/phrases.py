"""A sentence as the patterns see it: its cues, and the noun phrases beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.core.records import Span
from worker.statements.cues import match
from worker.statements.rules.tokens import Token
from worker.statements.vocabulary import CueEntry, Vocabulary

Range = tuple[int, int]  # tokens[first:last]

LONGEST_SOURCE = 14  # words; a longer subject is more likely misread than real
_APPOSITION = 25  # words between a name and its verb
_BRACKETS = 10  # tokens of "(D-N.Y.)"
_OUTER_MARKS = frozenset(".!?…,;:—–-")
_BETWEEN_MARKS = frozenset((",", "—", "–", "-", ";", "."))
_ENDS_SUBJECT = frozenset(",;:—–?!…")


@dataclass(frozen=True, slots=True)
class CueWords:
    """A cue at tokens[first:last], with the auxiliaries before it from `lead` on."""

    lead: int
    first: int
    last: int
    entry: CueEntry


class Sentence:
    """The tokens of one sentence, and the closed classes to read them with."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.low = [token.low for token in tokens]
        self.lexicon = lexicon
        self.pronouns = lexicon.words("pronoun")
        self.auxiliaries = lexicon.words("auxiliary")
        self.boundaries = lexicon.words("boundary")
        self.prepositions = lexicon.words("preposition")
        self.determiners = lexicon.words("determiner")
        self.relatives = lexicon.words("relative")

    def cues(self) -> Iterator[CueWords]:
        """Yield the cues outside quotations, in order; they do not overlap."""
        at = 0
        while at < len(self.tokens):
            entry = match(self.low, at, self.lexicon) if self.tokens[at].kind == "word" else None
            if entry is None or self._is_name(at, entry):
                at += 1
                continue
            lead = at
            while lead > 0 and self.is_auxiliary(lead - 1):
                lead -= 1
            yield CueWords(lead, at, at + len(entry.words), entry)
            at += len(entry.words)

    def is_auxiliary(self, at: int) -> bool:
        """Say whether the word may stand between a subject and its verb: "has", "later", "repeatedly"."""
        word, token = self.low[at], self.tokens[at]
        adverb = self.lexicon.derives_forms and word.endswith("ly") and len(word) > 4 and not token.capital
        return token.kind == "word" and (word in self.auxiliaries or adverb)

    def is_inflected_cue(self, at: int) -> bool:
        """Say whether the word is a cue that is hardly a noun: "argued", not "press" or "reports"."""
        entries = self.lexicon.cues.get(self.low[at], ())
        return any(e.words[0] != e.sense.lemma.split()[0] and not e.words[0].endswith("s") for e in entries)

    # -- noun phrases -----------------------------------------------------------------------------

    def subject_before(self, end: int) -> Range | None:
        """Return the noun phrase, with its apposition or brackets, right before token `end`."""
        if end == 0:
            return None
        if self.low[end - 1] == ",":
            return self._with_apposition(end - 1)
        before = self._before_brackets(end)
        start = self.phrase_start(before)
        return (start, end) if start < before else None

    def subject_after(self, start: int) -> Range | None:
        """Return the noun phrase that starts at token `start`: "said [the mayor of Ellery] on Monday"."""
        end = start
        while end < len(self.tokens) and end - start < LONGEST_SOURCE and not self._ends_subject(end, start):
            end += 1
        if start == end or (end < len(self.tokens) and self._is_verb_of_another(end)):
            return None
        first = self.low[start]
        opens = first not in self.prepositions or first in self.determiners
        return (start, end) if opens and self.tokens[start].kind == "word" else None

    def opening_subject(self, before: int) -> Range | None:
        """Return the pronoun or name that the sentence opens with, the subject of a later ", adding"."""
        if self.low[0] in self.pronouns and self.low[0] not in self.determiners:
            return (0, 1)
        end = last = 0
        while end < before and self.tokens[end].kind == "word" and self.low[end] not in self.boundaries:
            end += 1
            if self.tokens[end - 1].capital:
                last = end
            elif last > 1:
                break
        return (0, last) if last and self.low[0] not in self.prepositions else None

    def phrase_start(self, end: int) -> int:
        """Return where the noun phrase that ends before token `end` starts; `end` when there is none."""
        at = end
        while at > 0 and end - at < LONGEST_SOURCE and self._extends_phrase(at - 1, last=at == end):
            at -= 1
        while at < end and self._cannot_open(at):
            at += 1
        return at

    def _cannot_open(self, at: int) -> bool:
        word = self.low[at]
        governs = word in self.prepositions and word not in self.determiners
        return governs or word in _OUTER_MARKS or self.is_auxiliary(at)

    def _with_apposition(self, comma: int) -> Range | None:
        """S, the minister, C: from the start of S to the second comma."""
        for at in range(comma - 1, max(0, comma - _APPOSITION), -1):
            if self.tokens[at].kind == "quotation":
                return None
            if self.low[at] == ",":
                start = self.phrase_start(self._before_brackets(at))
                return (start, comma) if start < at and self._opens_apposition(at + 1) else None
        return None

    def _opens_apposition(self, at: int) -> bool:
        word = self.low[at]
        known = word in self.determiners or word in self.relatives or word.endswith(("ing", "ed"))
        return known or self.tokens[at].capital or self.tokens[at - 2].capital

    def _before_brackets(self, end: int) -> int:
        """Skip "(D-N.Y.)" between a name and its verb."""
        if self.low[end - 1] == ")":
            for at in range(end - 2, max(0, end - _BRACKETS), -1):
                if self.low[at] == "(":
                    return at
        return end

    def _extends_phrase(self, at: int, *, last: bool) -> bool:
        """Say whether the token may stand in a noun phrase, as its `last` word or an earlier one."""
        token = self.tokens[at]
        if token.kind != "word":
            return token.low == "." and not last and at > 0 and self._abbreviates(at)
        if token.low in self.pronouns and token.low not in self.determiners:
            return last
        if token.low in self.boundaries:
            return False
        return last or token.capital or not self.is_inflected_cue(at)

    def _ends_subject(self, at: int, start: int) -> bool:
        token = self.tokens[at]
        if token.kind == "quotation" or token.low in self.boundaries or token.low in _ENDS_SUBJECT:
            return True
        if token.low == ".":
            return at + 1 == len(self.tokens) or not self._abbreviates(at)
        circumstance = token.low in self.lexicon.words("circumstance")
        return (at > start and circumstance) or self._is_verb_of_another(at)

    def _is_verb_of_another(self, at: int) -> bool:
        return not self.tokens[at].capital and self.is_inflected_cue(at)

    def _abbreviates(self, period: int) -> bool:
        word = self.tokens[period - 1]
        return word.capital and word.end == self.tokens[period].start

    def _is_name(self, at: int, entry: CueEntry) -> bool:
        return self.tokens[at].capital and at > 0 and "preposition" not in entry.senses

    # -- what stands before and after a token ------------------------------------------------------

    def before_marks(self, end: int) -> int:
        """Skip the comma, the dash or both that part a quotation from its cue."""
        for _ in range(3):
            if end > 1 and self.low[end - 1] in _BETWEEN_MARKS:
                end -= 1
        return end

    def ends_with_quotation(self, end: int) -> bool:
        """Say whether a quotation, and perhaps a comma, stands right before token `end`."""
        end = self.before_marks(end)
        return end > 0 and self.tokens[end - 1].kind == "quotation"

    def content_before(self, end: int) -> Range | None:
        """Return what ends right before token `end`: a quotation, or a clause and its comma."""
        if end == 0:
            return None
        if self.ends_with_quotation(end):
            return self._quoted_before(self.before_marks(end))
        if self.low[end - 1] in _BETWEEN_MARKS and end > 3:
            return self.trim(self.clause_start(end - 1), end - 1)
        return None

    def _quoted_before(self, end: int) -> Range | None:
        """Return the quotation before `end`, with the clause that it closes when it is a part of one."""
        last = self.tokens[end - 1]
        words = len(self.text[last.start : last.end].split())
        if end == 1 or (words > 3 and self.tokens[end - 2].kind != "word"):
            return (end - 1, end)
        return self.trim(self.clause_start(end - 1), end)

    def quotation_after(self, at: int) -> list[Range]:
        """Return the second part of a quotation that the cue interrupts: ["A,"] said S, ["b."]."""
        for i in range(at, min(len(self.tokens), at + 20)):
            if self.tokens[i].kind == "quotation" and self.low[i - 1] in (*_BETWEEN_MARKS, ":"):
                return [(i, i + 1)]
        return []

    def clause_start(self, end: int) -> int:
        """Return where the clause that holds token `end` - 1 starts: after a semicolon or colon."""
        for at in range(end - 1, -1, -1):
            if self.low[at] in (";", ":"):
                return at + 1
        return 0

    def phrase_end(self, start: int) -> int:
        """Return where the phrase from `start` ends: at a mark, or (German) at the verb that follows it."""
        mark = self.next_mark(start)
        verbs = (at for at in range(start + 1, mark) if self.low[at] in self.boundaries)
        return next(verbs, mark)

    def next_mark(self, at: int) -> int:
        """Return the first comma, colon, semicolon or period from token `at` on, else the end."""
        while at < len(self.tokens) and self.low[at] not in (",", ".", ";", ":"):
            at += 1
        return at

    def trim(self, start: int, end: int) -> Range | None:
        """Return the range without the marks at its ends, None when nothing is left."""
        while start < end and self.low[start] in _OUTER_MARKS:
            start += 1
        while start < end and self.low[end - 1] in _OUTER_MARKS:
            end -= 1
        has_words = any(token.kind != "mark" for token in self.tokens[start:end])
        return (start, end) if has_words else None

    def span(self, tokens: Range) -> Span:
        """Return the offsets of a range of tokens."""
        return Span(self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end)
