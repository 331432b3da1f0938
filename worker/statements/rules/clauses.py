"""One sentence read by patterns: which cue attributes which part of it to whom.

The patterns, with C the cue, S its source and the content in brackets:

    ["quotation,"] S C      ["quotation,"] C S       S C that [clause]       S C: ["quotation"]
    [clause], S C           [clause], C S            S's C that [clause]     S's C to [infinitive]
    According to S, [clause]                         [clause], according to S
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.core.records import Span
from worker.statements.attribution import Attribution
from worker.statements.rules.phrases import LONGEST_SOURCE, CueWords, Range, Sentence
from worker.statements.rules.tokens import Token
from worker.statements.vocabulary import Sense, Vocabulary

_STOPS = frozenset(".!?…;:")
_CUES_AHEAD = 6  # later cues that may end a content; the bound keeps a sentence of cues linear
_ADDRESSEE_REACH = 12  # tokens between a cue and its content: "told reporters on Monday that"


@dataclass(frozen=True, slots=True)
class _Found:
    cue: CueWords
    source: Range | None
    content: tuple[Range, ...]
    sense: Sense
    confidence: float


def read(text: str, tokens: Sequence[Token], lexicon: Vocabulary) -> list[Attribution]:
    """Return the attributions of one sentence, in the order of their cues.

    One without content only names a speaker: what he says stands in the sentence before.
    """
    return _ClauseReader(Sentence(text, tokens, lexicon)).read()


class _ClauseReader:
    """Tries the patterns on each cue of one sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.low = sentence.low
        self.complementisers = sentence.lexicon.words("complementiser")
        self.subordinators = sentence.lexicon.words("subordinator")
        self.coordinates = sentence.lexicon.words("coordinate")
        self.passives = sentence.lexicon.words("passive")
        self.weak = sentence.lexicon.words("weak")
        self.possessives = sentence.lexicon.words("possessive")
        self.circumstances = sentence.lexicon.words("circumstance")

    def read(self) -> list[Attribution]:
        cues = list(self.sentence.cues())
        found: list[_Found] = []
        subject: Range | None = None
        for number, cue in enumerate(cues):
            one = self._one(cue, subject, cues[number + 1 : number + 1 + _CUES_AHEAD])
            if one is not None:
                subject = one.source or subject
                found.append(one)
        return [self._attribution(one) for one in found]

    def _one(self, cue: CueWords, subject: Range | None, upcoming: Sequence[CueWords]) -> _Found | None:
        senses = cue.entry.senses
        if "preposition" in senses:
            return self._preposition(cue)
        claim = self._noun(cue) if "noun" in senses else None
        if claim is not None or len(senses) == ("noun" in senses) or self._is_passive(cue):
            return claim
        left = self.sentence.subject_before(cue.lead)
        if "clause" in senses:
            spoken = self._spoken_before(cue, left)
            if spoken is not None:
                return spoken
        if not self._is_verb(cue, left):
            return None
        stated = self._stated_before(cue, left) if "clause" in senses else None
        return stated or self._said_after(cue, left, subject, upcoming)

    # -- patterns ---------------------------------------------------------------------------------

    def _preposition(self, cue: CueWords) -> _Found | None:
        """According to S, [clause] and [clause], according to S."""
        end = self.sentence.phrase_end(cue.last)
        source = (cue.last, min(end, cue.last + LONGEST_SOURCE))
        if source[0] >= source[1]:
            return None
        if cue.first == 0:
            content = self.sentence.trim(end, len(self.tokens))
        else:
            content = self.sentence.trim(self.sentence.clause_start(cue.first), cue.first)
        return _Found(cue, source, (content,), cue.entry.senses["preposition"], 0.8) if content else None

    def _noun(self, cue: CueWords) -> _Found | None:
        """S's C that [clause] and S's C to [infinitive]."""
        if cue.first == 0 or cue.last == len(self.low):
            return None
        owner, link = self.low[cue.first - 1], self.low[cue.last]
        owns = owner in self.possessives or owner.endswith(("'s", "s'"))
        if not owns or link not in (*self.subordinators, "to"):
            return None
        start = cue.first - 1 if owner in self.possessives else self.sentence.phrase_start(cue.first)
        content = self.sentence.trim(cue.last + (link != "to"), self.sentence.next_mark(cue.last))
        if content is None or start >= cue.first:
            return None
        return _Found(cue, (start, cue.first), (content,), cue.entry.senses["noun"], 0.6)

    def _spoken_before(self, cue: CueWords, left: Range | None) -> _Found | None:
        """["quotation,"] C S and ["quotation,"] S C, whatever follows."""
        source, end = left, left[0] if left else cue.lead
        while left and end > 0 and self.sentence.is_auxiliary(end - 1):  # French: a-t-il ajouté
            end -= 1
        if self.sentence.ends_with_quotation(cue.lead):
            source, end = self.sentence.subject_after(cue.last), cue.lead
        # «Basta», afirmó ante los periodistas: the verb says who
        unsaid = source is None and not (end == cue.lead and self.sentence.lexicon.drops_subject)
        if unsaid or not self.sentence.ends_with_quotation(end):
            return None
        content = self.sentence.content_before(end)
        if content is None:
            return None
        after = self.sentence.quotation_after(max(cue.last, source[1] if source else 0))
        return _Found(cue, source, (content, *after), cue.entry.sense, 0.95)

    def _stated_before(self, cue: CueWords, left: Range | None) -> _Found | None:
        """[clause], S C and [clause], C S."""
        source, end = left, left[0] if left else cue.lead
        if left is not None and not self._ends_after(cue):
            return None
        if left is None:
            parted = cue.lead > 0 and self.low[cue.lead - 1] in (",", "—", "–")
            source = self.sentence.subject_after(cue.last) if parted else None
            if source and source[1] < len(self.low) and self.low[source[1]] in self.sentence.auxiliaries:
                return None  # not the source but the subject of what is said
        content = self.sentence.content_before(end) if source else None
        return _Found(cue, source, (content,), cue.entry.sense, 0.9) if content else None

    def _said_after(
        self, cue: CueWords, left: Range | None, subject: Range | None, upcoming: Sequence[CueWords]
    ) -> _Found | None:
        """S C that [clause], S C: ["quotation"], and S C [object]."""
        source = left
        if source is None and self._continues(cue):
            source = subject or self.sentence.opening_subject(cue.lead)
        if source is None:
            return None
        content = self._content_after(cue, upcoming)
        if content is None:
            return _Found(cue, source, (), cue.entry.sense, 0.5) if self._ends_after(cue) else None
        confidence = 0.8 if "clause" in cue.entry.senses else 0.6
        return _Found(cue, source, (content,), cue.entry.sense, confidence)

    # -- how the cue is used ------------------------------------------------------------------------

    def _is_verb(self, cue: CueWords, subject: Range | None) -> bool:
        """Say whether the cue is used as a verb of attribution: "officials report", not "the report"."""
        word, lemma = cue.entry.words[0], cue.entry.sense.lemma
        complement = self._has_complement(cue)
        if lemma in self.weak and not complement:
            return False
        if not self.sentence.lexicon.derives_forms or cue.lead < cue.first:
            return True
        stem = lemma.split()[0]
        if word.endswith("ing") and stem != word:
            return cue.lead > 0 and self.low[cue.lead - 1] in (",", "and", "by", "“")
        if word == stem:
            return subject is not None and self._is_plural(subject)
        if word in (stem + "s", stem + "es") and subject:
            last = subject[1] - 1
            return complement or self.tokens[last].capital or self.low[last] in self.sentence.pronouns
        return True

    def _is_plural(self, subject: Range) -> bool:
        last = self.low[subject[1] - 1]
        plural = last.endswith("s") and not last.endswith("'s")
        return plural or last in self.sentence.lexicon.words("plural subject")

    def _is_passive(self, cue: CueWords) -> bool:
        """Say whether the subject is spoken of: "was told"; "was quoted as saying" is a cue of its own."""
        passive = any(self.low[at] in self.passives for at in range(cue.lead, cue.first))
        return passive and not cue.entry.words[0].endswith("ing") and len(cue.entry.words) < 3

    def _has_complement(self, cue: CueWords) -> bool:
        following = self.low[cue.last] if cue.last < len(self.low) else ""
        return following in self.complementisers or following in (":", ",", "“")

    def _continues(self, cue: CueWords) -> bool:
        """Say whether the cue shares the subject of the one before: ", adding ..." and "and said ..."."""
        if cue.lead == 0:
            return False
        before = self.low[cue.lead - 1]
        return before in self.coordinates or (before == "," and self.low[cue.first].endswith(("ing", "s")))

    def _ends_after(self, cue: CueWords) -> bool:
        """Say whether nothing that the cue could govern follows it: "S said." and "S said on Monday"."""
        if cue.last == len(self.tokens) or self.low[cue.last] in ".,;—–-?!…":
            return True
        if self.low[cue.last] not in self.circumstances:
            return False
        return self.sentence.content_before(self.sentence.phrase_start(cue.lead)) is not None

    # -- content after the cue ----------------------------------------------------------------------

    def _content_after(self, cue: CueWords, upcoming: Sequence[CueWords]) -> Range | None:
        start = self._content_start(cue.last)
        if start < len(self.tokens) and self.tokens[start].kind == "quotation" and self._stands_alone(start):
            return (start, start + 1)
        later = [other for other in upcoming if other.lead > start and self._ends_content(other)]
        return self.sentence.trim(start, later[0].lead - 1 if later else len(self.tokens))

    def _content_start(self, start: int) -> int:
        """Skip whom and when: "told reporters on Monday that [...]", "said in a letter: [...]"."""
        for at in range(start, min(len(self.tokens) - 1, start + _ADDRESSEE_REACH)):
            quoted_next = self.tokens[at + 1].kind == "quotation"
            if self.low[at] in self.subordinators or self.low[at] == ":" or (self.low[at] == "," and quoted_next):
                return at + 1
            if self.tokens[at].kind == "quotation" or self.low[at] in _STOPS:
                break
        return start

    def _stands_alone(self, quotation: int) -> bool:
        """Say whether the quotation is all that is said, and not the first words of a clause."""
        token = self.tokens[quotation]
        inner = self.sentence.text[token.start : token.end].rstrip("\"”'’»“` ")
        return self.low[quotation - 1] in (",", ":") or inner.endswith((".", ",", "!", "?", "…"))

    def _ends_content(self, later: CueWords) -> bool:
        """Say whether a later cue starts a new statement: ", adding ...", "and said ..."."""
        before, first = self.low[later.lead - 1], self.low[later.first]
        preposition = "preposition" in later.entry.senses
        if before == ",":
            return preposition or ("clause" in later.entry.senses and first.endswith("ing"))
        finite = first.endswith(("ed", "id", "s")) or not self.sentence.lexicon.derives_forms
        return before in self.coordinates and finite and ("clause" in later.entry.senses or preposition)

    def _attribution(self, found: _Found) -> Attribution:
        spans = [self.sentence.span(tokens) for tokens in found.content]
        cue = self.sentence.span((found.cue.lead, found.cue.last))
        source: tuple[Span, ...] = (self.sentence.span(found.source),) if found.source else ()
        ordered = tuple(sorted(spans, key=lambda span: span.start))
        return Attribution(ordered, (cue,), source, found.sense.cue_class, found.confidence)
