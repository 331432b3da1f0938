"""One sentence read by patterns: which cue attributes which part of it to whom.

The patterns, with C the cue, S its source and the content in brackets:

    S C that [clause]        S C: ["quotation"]       According to S, [clause]     S's C that [clause]
    ["quotation,"] S C       ["quotation,"] C S       [clause], S C                [clause], according to S
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.records import Span
from worker.statements.attribution import Attribution
from worker.statements.cues import match
from worker.statements.tokens import Token
from worker.statements.vocabulary import Entry, Sense, Vocabulary

_STOPS = frozenset(".!?…;:")
_CLOSING = frozenset(".!?…,;:—–-")
_MAX_SOURCE = 14  # words; a longer subject is more likely misread than real


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue at tokens[first:last], with the auxiliaries before it from `lead` on."""

    lead: int
    first: int
    last: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Found:
    cue: _Cue
    source: tuple[int, int] | None  # token range
    content: list[tuple[int, int]]
    sense: Sense
    confidence: float


class Reader:
    """Reads the attributions of one sentence, given its tokens."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.low = [token.low for token in tokens]
        self.lexicon = lexicon
        self.pronouns = lexicon.words("pronoun")
        self.auxiliaries = lexicon.words("auxiliary")
        self.boundaries = lexicon.words("boundary")
        self.complementisers = lexicon.words("complementiser")
        self.prepositions = lexicon.words("preposition")
        self.determiners = lexicon.words("determiner")
        self.subordinators = lexicon.words("subordinator")
        self.weak = lexicon.words("weak")

    def read(self) -> list[Attribution]:
        """Return the attributions, in the order of their cues; one without content names a speaker only."""
        cues = list(self._cues())
        found: list[_Found] = []
        subject: tuple[int, int] | None = None
        for number, cue in enumerate(cues):
            upcoming = cues[number + 1 :]
            one = self._preposition(cue) if "preposition" in cue.entry.senses else self._verb(cue, subject, upcoming)
            if one is not None:
                subject = one.source or subject
                found.append(one)
        return [self._attribution(one) for one in found]

    def _cues(self) -> Iterator[_Cue]:
        at = 0
        while at < len(self.tokens):
            entry = match(self.low, at, self.lexicon) if self.tokens[at].kind == "word" else None
            if entry is None or self._is_name(at, entry):
                at += 1
                continue
            lead = at
            while lead > 0 and self._is_auxiliary(lead - 1):
                lead -= 1
            yield _Cue(lead, at, at + len(entry.words), entry)
            at += len(entry.words)

    def _is_name(self, at: int, entry: Entry) -> bool:
        return self.tokens[at].capital and at > 0 and "preposition" not in entry.senses

    def _is_auxiliary(self, at: int) -> bool:
        word = self.low[at]
        return self.tokens[at].kind == "word" and (word in self.auxiliaries or (word.endswith("ly") and len(word) > 4))

    # -- patterns ---------------------------------------------------------------------------------

    def _preposition(self, cue: _Cue) -> _Found | None:
        """According to S, [clause] and [clause], according to S."""
        end = self._next_mark(cue.last, ",")
        source = (cue.last, min(end, cue.last + _MAX_SOURCE))
        if source[1] <= source[0]:
            return None
        sense = cue.entry.senses["preposition"]
        if cue.first == 0:
            content = self._trim(end, len(self.tokens))
        else:
            content = self._trim(self._clause_start(cue.first), cue.first)
        return _Found(cue, source, [content], sense, 0.8) if content else None

    def _verb(self, cue: _Cue, subject: tuple[int, int] | None, upcoming: Sequence[_Cue]) -> _Found | None:
        frame = next(iter(cue.entry.senses))
        if frame == "noun":
            return self._noun(cue)
        sense = cue.entry.sense
        if self._is_passive(cue):
            return None
        left = self._subject_left(cue)
        spoken = self._spoken_before(cue, left, sense)
        if spoken is not None:
            return spoken
        weak = sense.lemma in self.weak and not self._has_complement(cue)
        if weak or not self._is_verb(cue, left):
            return None
        stated = self._stated_before(cue, left, sense)
        if stated is not None:
            return stated
        source = left
        if source is None and self._continues(cue):
            source = subject or self._sentence_subject(cue)
        if source is None and not (self._quotation_after(cue.last) and left):
            return None
        content = self._after(cue, upcoming)
        if content is None:
            return _Found(cue, source, [], sense, 0.5) if self._ends_after(cue) else None
        return _Found(cue, source, [content], sense, 0.8 if "clause" in cue.entry.senses else 0.6)

    def _noun(self, cue: _Cue) -> _Found | None:
        """S's C that [clause] and S's C to [infinitive]."""
        if cue.first == 0 or cue.last >= len(self.low) or self.low[cue.last] not in (*self.subordinators, "to"):
            return None
        owner = self.low[cue.first - 1]
        if owner not in ("his", "her", "their", "my", "our") and not owner.endswith(("'s", "s'")):
            return None
        start = cue.first - 1 if owner in self.determiners else self._phrase_start(cue.first)
        infinitive = self.low[cue.last] == "to"
        end = self._next_mark(cue.last, ",")
        content = self._trim(cue.last if infinitive else cue.last + 1, end)
        if content is None or start >= cue.first:
            return None
        return _Found(cue, (start, cue.first), [content], cue.entry.sense, 0.6)

    def _sentence_subject(self, cue: _Cue) -> tuple[int, int] | None:
        """Return the name or pronoun that the sentence opens with, as the subject of a later gerund."""
        if self.low[0] in self.pronouns and self.low[0] not in self.determiners:
            return (0, 1)
        end = last = 0
        while end < cue.lead and self.tokens[end].kind == "word" and self.low[end] not in self.boundaries:
            end += 1
            if self.tokens[end - 1].capital:
                last = end
            elif last > 1:
                break
        return (0, last) if last and self.low[0] not in self.prepositions else None

    def _is_verb(self, cue: _Cue, subject: tuple[int, int] | None) -> bool:
        """Say whether the cue is used as a verb here: "officials report", not "the report"."""
        word, lemma = cue.entry.words[0], cue.entry.sense.lemma.split()[0]
        has_auxiliary = cue.lead < cue.first
        if word.endswith("ing") and lemma != word:
            return has_auxiliary or (cue.lead > 0 and self.low[cue.lead - 1] in (",", "and", "by", "“"))
        if word == lemma and not has_auxiliary:
            last = self.low[subject[1] - 1] if subject else ""
            return last in ("i", "we", "they", "you", "who", "people", "some", "many", "most") or (
                last.endswith("s") and not last.endswith("'s")
            )
        if word in (lemma + "s", lemma + "es") and not has_auxiliary and subject:
            last = subject[1] - 1
            return self.tokens[last].capital or self.low[last] in self.pronouns or self._has_complement(cue)
        return True

    def _has_complement(self, cue: _Cue) -> bool:
        following = self.low[cue.last] if cue.last < len(self.low) else ""
        return following in self.complementisers or following in (":", ",", "“")

    def _is_passive(self, cue: _Cue) -> bool:
        word = cue.entry.words[0]
        passive = any(
            self.low[at] in ("is", "are", "was", "were", "been", "being", "be") for at in range(cue.lead, cue.first)
        )
        return passive and not word.endswith("ing") and len(cue.entry.words) < 3

    def _spoken_before(self, cue: _Cue, left: tuple[int, int] | None, sense: Sense) -> _Found | None:
        """["quotation,"] C S and ["quotation,"] S C, whatever follows."""
        if "clause" not in cue.entry.senses:
            return None
        source, end = left, left[0] if left else cue.lead
        while left and end > 0 and self._is_auxiliary(end - 1):  # a-t-il ajouté
            end -= 1
        if self._ends_with_quotation(cue.lead):
            source, end = self._subject_right(cue), cue.lead
        if source is None or not self._ends_with_quotation(end):
            return None
        content = self._before(end)
        after = self._quotation_after(max(cue.last, source[1]))
        return _Found(cue, source, [content, *after], sense, 0.95) if content else None

    def _stated_before(self, cue: _Cue, left: tuple[int, int] | None, sense: Sense) -> _Found | None:
        """[clause], S C and [clause], C S."""
        if "clause" not in cue.entry.senses:
            return None
        if left is not None:
            content = self._before(left[0]) if self._ends_after(cue) else None
            return _Found(cue, left, [content], sense, 0.9) if content else None
        right = self._subject_right(cue) if cue.lead > 0 and self.low[cue.lead - 1] in ",—–" else None
        if right and right[1] < len(self.low) and self.low[right[1]] in self.auxiliaries:
            return None  # not the source but the subject of what is said
        content = self._before(cue.lead) if right else None
        return _Found(cue, right, [content], sense, 0.9) if content else None

    def _before_marks(self, end: int) -> int:
        """Skip the comma, the dash or both that part a quotation from its cue."""
        for _ in range(3):
            if end > 1 and self.low[end - 1] in (",", "—", "–", "-", ";", "."):
                end -= 1
        return end

    def _ends_with_quotation(self, end: int) -> bool:
        """Say whether a quotation, and perhaps a comma, stands right before token `end`."""
        end = self._before_marks(end)
        return end > 0 and self.tokens[end - 1].kind == "quotation"

    def _continues(self, cue: _Cue) -> bool:
        """Say whether the cue shares the subject of the one before: ", adding ..." and "and said ..."."""
        if cue.lead == 0:
            return False
        before = self.low[cue.lead - 1]
        return before in ("and", "but") or (before == "," and self.low[cue.first].endswith(("ing", "s")))

    # -- sources ----------------------------------------------------------------------------------

    def _subject_left(self, cue: _Cue) -> tuple[int, int] | None:
        end = cue.lead
        if end == 0:
            return None
        if self.low[end - 1] == ",":
            return self._with_apposition(end - 1)
        before = self._before_brackets(end)
        start = self._phrase_start(before)
        return (start, end) if start < before else None

    def _before_brackets(self, end: int) -> int:
        """Skip "(D-N.Y.)" between a name and its verb."""
        if self.low[end - 1] == ")":
            for at in range(end - 2, max(0, end - 10), -1):
                if self.low[at] == "(":
                    return at
        return end

    def _with_apposition(self, comma: int) -> tuple[int, int] | None:
        """S, the minister, C: from the start of S to the second comma."""
        for at in range(comma - 1, max(0, comma - 25), -1):
            if self.tokens[at].kind == "quotation":
                return None
            if self.low[at] == ",":
                start = self._phrase_start(self._before_brackets(at))
                return (start, comma) if start < at and self._opens_apposition(at + 1) else None
        return None

    def _opens_apposition(self, at: int) -> bool:
        word = self.low[at]
        return (
            word in self.determiners
            or word in ("who", "whose", "which")
            or self.tokens[at].capital
            or self.tokens[at - 2].capital
        )

    def _phrase_start(self, end: int) -> int:
        """Return where the noun phrase that ends before token `end` starts; `end` when there is none."""
        at = end
        while at > 0 and end - at < _MAX_SOURCE and self._extends_phrase(at - 1, last=at == end):
            at -= 1
        while at < end and (self.low[at] in self.prepositions or self.low[at] in _CLOSING or self._is_auxiliary(at)):
            at += 1
        return at

    def _extends_phrase(self, at: int, *, last: bool) -> bool:
        """Say whether the token may stand in a noun phrase, of which it is the `last` word or an earlier one."""
        token = self.tokens[at]
        if token.kind != "word":
            return token.low == "." and not last and at > 0 and self._abbreviates(at)
        if token.low in self.pronouns and token.low not in self.determiners:
            return last
        if token.low in self.boundaries:
            return False
        return last or token.capital or not self._is_inflected_cue(at)

    def _abbreviates(self, period: int) -> bool:
        word = self.tokens[period - 1]
        return word.capital and word.end == self.tokens[period].start

    def _is_inflected_cue(self, at: int) -> bool:
        """Say whether the word is a cue that is hardly a noun: "argued", not "press" or "reports"."""
        entries = self.lexicon.cues.get(self.low[at], ())
        return any(e.words[0] != e.sense.lemma.split()[0] and not e.words[0].endswith("s") for e in entries)

    def _subject_right(self, cue: _Cue) -> tuple[int, int] | None:
        start = end = cue.last
        while end < len(self.tokens) and end - start < _MAX_SOURCE:
            token = self.tokens[end]
            if token.kind == "quotation" or token.low in self.boundaries or token.low in ",;:—–?!…":
                break
            if token.low in "." and not (self.tokens[end - 1].capital and end + 1 < len(self.tokens)):
                break
            if not token.capital and self._is_inflected_cue(end):
                return None
            if end > start and token.low in ("in", "on", "during", "after", "at", "when", "to", "by"):
                break
            end += 1
        if start < end and (
            self.low[start] in self.pronouns
            or self.low[start] in self.determiners
            or self.tokens[start].capital
            or self.low[start].isalpha()
        ):
            if self.low[start] in self.prepositions and self.low[start] not in self.determiners:
                return None
            return (start, end)
        return None

    # -- content ----------------------------------------------------------------------------------

    def _before(self, end: int) -> tuple[int, int] | None:
        """Return the content that ends right before token `end`: a quotation or a clause and its comma."""
        if end == 0:
            return None
        if self._ends_with_quotation(end):
            return self._quoted_before(self._before_marks(end))
        if self.low[end - 1] in (",", "—", "–", "-", ";", ".") and end > 3:
            return self._trim(self._clause_start(end - 1), end - 1)
        return None

    def _quoted_before(self, end: int) -> tuple[int, int] | None:
        inner = self.text[self.tokens[end - 1].start : self.tokens[end - 1].end]
        if end == 1 or (len(inner.split()) > 3 and self.tokens[end - 2].kind != "word"):
            return (end - 1, end)
        return self._trim(self._clause_start(end - 1), end)

    def _clause_start(self, end: int) -> int:
        for at in range(end - 1, -1, -1):
            if self.low[at] in (";", ":"):
                return at + 1
        return 0

    def _ends_after(self, cue: _Cue) -> bool:
        """Say whether nothing that the cue could govern follows it."""
        at = cue.last
        if at >= len(self.tokens) or self.tokens[at].low in ".,;—–-?!…":
            return True
        return (
            self.low[at]
            in (
                "in",
                "on",
                "during",
                "after",
                "at",
                "when",
                "to",
                "of",
                "as",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            )
            and self._before(self._phrase_start(cue.lead)) is not None
        )

    def _quotation_after(self, at: int) -> list[tuple[int, int]]:
        """Return the second part of a quotation that the cue interrupts: ["A,"] said S, ["b."]."""
        for i in range(at, min(len(self.tokens), at + 20)):
            if self.tokens[i].kind == "quotation" and self.low[i - 1] in (",", ":", ";", "—", "–", "-", "."):
                return [(i, i + 1)]
        return []

    def _after(self, cue: _Cue, upcoming: Sequence[_Cue]) -> tuple[int, int] | None:
        start = cue.last
        end = len(self.tokens)
        skip = start
        # an addressee or a time between the cue and its content: "told reporters that", "said on Monday that"
        for at in range(start, min(end, start + 12)):
            if (
                self.low[at] in self.subordinators
                or (self.low[at] in (",", ":") and at + 1 < end and self.tokens[at + 1].kind == "quotation")
                or (self.low[at] == ":" and at + 1 < end)
            ):
                skip = at + 1
                break
            if self.tokens[at].kind == "quotation" or self.low[at] in _STOPS:
                break
        start = skip
        if start < end and self.low[start] in self.subordinators:
            start += 1
        if start < end and self.tokens[start].kind == "quotation":
            inner = self.text[self.tokens[start].start : self.tokens[start].end].rstrip("\"”'’»“` ")
            if self.low[start - 1] in (",", ":") or inner.endswith((".", ",", "!", "?", "…")):
                return (start, start + 1)
        for other in upcoming:
            if other.lead <= start:
                continue
            before = self.low[other.lead - 1]
            verb = "clause" in other.entry.senses or "preposition" in other.entry.senses
            if (
                verb
                and before == ","
                and (self.low[other.first].endswith("ing") or "preposition" in other.entry.senses)
            ):
                end = other.lead - 1
                break
            if verb and before in ("and", "but") and self._looks_finite(other):
                end = other.lead - 1
                break
        return self._trim(start, end)

    def _looks_finite(self, cue: _Cue) -> bool:
        return self.low[cue.first].endswith(("ed", "id", "s"))

    def _next_mark(self, at: int, marks: str) -> int:
        while at < len(self.tokens) and not (self.tokens[at].kind == "mark" and self.low[at] in marks + ".;:"):
            at += 1
        return at

    def _trim(self, start: int, end: int) -> tuple[int, int] | None:
        while start < end and self.low[start] in _CLOSING:
            start += 1
        while start < end and self.low[end - 1] in _CLOSING:
            end -= 1
        if start < end and any(token.kind != "mark" for token in self.tokens[start:end]):
            return (start, end)
        return None

    # -- spans ------------------------------------------------------------------------------------

    def _attribution(self, found: _Found) -> Attribution:
        return Attribution(
            content=tuple(sorted((self._span(r) for r in found.content), key=lambda s: s.start)),
            cue=(self._span((found.cue.lead, found.cue.last)),),
            source=(self._span(found.source),) if found.source else (),
            cue_class=found.sense.cue_class,
            confidence=found.confidence,
        )

    def _span(self, tokens: tuple[int, int]) -> Span:
        return Span(self.tokens[tokens[0]].start, self.tokens[tokens[1] - 1].end)
