"""The trained engines: a network tags words, Viterbi gives spans, linking gives attributions."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from worker.core.records import CueClass, Span
from worker.statements.attribution import Attribution
from worker.statements.continuation import carried_on
from worker.statements.document import Document
from worker.statements.network.confidence import Confidence, evidence
from worker.statements.network.constraints import (
    believe_labels,
    believe_signatures,
    keep_insertions_whole,
    keep_quotations_whole,
)
from worker.statements.network.corrections import opening_source, past_noun, past_subject
from worker.statements.network.decode import CLASSES, TAGS, Floats, RoleSpan, runs
from worker.statements.network.ends import finished
from worker.statements.network.link import Linker, Paragraph, paragraphs_of
from worker.statements.network.taggers import Convolutions, Encoder, Tagger
from worker.statements.network.words import WordTable, line_breaks, line_of, read, windows
from worker.statements.remainder import with_remainder

_MODELS = Path(__file__).parents[1] / "model"
_WINDOW = 600  # words that are scored and decoded at once
_FRAME = slice(TAGS.index("B-Q"), None)  # the tags of cues and sources
_LEANING = 0.5  # added to their logits: a missed cue costs the whole attribution
_SURE = 20.0  # added to a logit, it decides the tag
_FAINT = 3.0  # added where a content has no cue
_LEAST = 0.48  # confidence in an attribution; F1 is highest around it
_LEAST_QUOTED = 0.07  # in a whole quotation: it is a statement even if nobody is known to have said it
_OPENING = '“"„«`'
_QUOTATION = 7  # spaces in a quotation that is no title and no single word in doubt

Name = Literal["fast", "accurate"]


class NetworkEngine:
    """An engine made of a tagger and a linker."""

    def __init__(self, tagger: Tagger, linker: Linker, confidence: Confidence) -> None:
        self._tagger, self._linker, self._confidence = tagger, linker, confidence

    def attributions(self, document: Document) -> list[Attribution]:
        """Return the attributions that are likely enough, in the order of their first content span."""
        text, words = document.text, read(document)
        found: list[Attribution] = []
        for window in windows(words, _WINDOW):
            found += self.linked(words, self._tagger.scores(words, window), window.start)
        likely = (a for a in found if a.confidence >= (_LEAST_QUOTED if _is_quotation(text, a) else _LEAST))
        in_order = sorted(likely, key=lambda attribution: attribution.content[0].start)
        return carried_on(words.quotations, with_remainder(document, in_order))

    def linked(self, words: WordTable, scores: Floats, offset: int) -> list[Attribution]:
        """Return the attributions of the words from `offset` on, of which `scores` are the logits."""
        tags, classes = scores[:, : len(TAGS)], scores[:, len(TAGS) :]
        keep_quotations_whole(words, tags, offset)
        keep_insertions_whole(words, tags, offset)
        tags[:, _FRAME] += _LEANING
        believe_labels(words, scores, offset)
        believe_signatures(words, tags, offset)
        found = finished(words, _runs(words, tags, offset), offset + len(tags))
        return [
            attribution
            for paragraph in paragraphs_of(words, found)
            for attribution in self._attributions(words, paragraph, tags, classes, offset)
        ]

    def _attributions(
        self, words: WordTable, paragraph: Paragraph, tags: Floats, classes: Floats, offset: int
    ) -> list[Attribution]:
        cues = self._cues(words, paragraph)
        if None in cues:
            paragraph = _with_faint_frames(words, paragraph, tags, offset)
            cues = self._cues(words, paragraph)
        found: list[Attribution] = []
        for cue, parts in cues.items():
            if cue is None:
                found += [_attribution(words, [part], self._confidence) for part in parts]
                continue
            subject, parts = past_subject(words, cue, parts)  # noqa: PLW2901 - the same, without it
            opening = opening_source(words, cue, parts[0][0], paragraph.source)
            source = opening or self._linker.source_of(words, cue, paragraph)[0] or subject
            kind = CLASSES[int(np.add.reduce(classes[cue.first - offset : cue.last - offset]).argmax())]
            cue_and_noun, rest = past_noun(words, cue, [content for content, _ in parts])
            parts = list(zip(rest, (chance for _, chance in parts), strict=True))  # noqa: PLW2901 - the same, shorter
            found.append(_attribution(words, parts, self._confidence, cue_and_noun, source, kind))
        return found

    def _cues(self, words: WordTable, paragraph: Paragraph) -> dict[RoleSpan | None, list[tuple[RoleSpan, float]]]:
        """Return the contents of every cue, each with the probability of that link."""
        contents: dict[RoleSpan | None, list[tuple[RoleSpan, float]]] = {}
        for content in paragraph.content:
            cue, chance = self._linker.cue_of(words, content, paragraph)
            contents.setdefault(cue, []).append((content, chance))
        return contents


def _with_faint_frames(words: WordTable, paragraph: Paragraph, tags: Floats, offset: int) -> Paragraph:
    """Return `paragraph` with the fainter cues and sources of its lines."""
    known = (*paragraph.content, *paragraph.cue, *paragraph.source)
    within = slice(offset, offset + len(tags))
    first, last = line_of(words, min(r.first for r in known), max(r.last for r in known), within)
    faint = tags[first - offset : last - offset].copy()
    faint[:, _FRAME] += _FAINT
    for run in known:
        faint[run.first - first : run.last - first, 1:] = -np.inf
    return paragraph.with_frames(_runs(words, faint, first))


def _attribution(
    words: WordTable,
    parts: list[tuple[RoleSpan, float]],
    confidence: Confidence,
    cue: RoleSpan | None = None,
    source: RoleSpan | None = None,
    cue_class: CueClass = "speech",
) -> Attribution:
    return Attribution(
        tuple(_span(words, content) for content, _ in parts),
        (_span(words, cue),) if cue else (),
        (_span(words, source),) if source else (),
        cue_class,
        confidence.of(evidence(words, parts, cue, source)),
    )


def _runs(words: WordTable, tags: Floats, offset: int) -> list[RoleSpan]:
    breaks = [at - offset for at in line_breaks(words, slice(offset, offset + len(tags)))]
    tags[breaks, 0] += _SURE
    return runs(tags, breaks, offset)


def _is_quotation(text: str, found: Attribution) -> bool:
    start, end = found.content[0].start, found.content[-1].end
    return text[start] in _OPENING and text.count(" ", start, end) >= _QUOTATION


def _span(words: WordTable, run: RoleSpan) -> Span:
    return Span(int(words.start[run.first]), int(words.end[run.last - 1]))


def load(name: Name) -> NetworkEngine:
    """Return the engine `name`; one thread.

    Safe to call before or after a fork: the session owns no threads.

    Raises:
        LookupError: If the weights of the engine are not part of this installation.
    """
    folder = _MODELS / name
    if not (folder / "model.onnx").exists():
        raise LookupError(f"engine {name!r} has no weights in {folder}; train it or use 'fast'")
    linker = Linker(folder.with_name("link.json"))
    tagger = Convolutions(folder) if name == "fast" else Encoder(folder)
    return NetworkEngine(tagger, linker, Confidence(_MODELS / "confidence.json", name))
