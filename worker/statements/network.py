"""The trained engines: a network tags words, Viterbi gives spans, linking gives attributions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import onnxruntime as ort

from worker.records import Block, Span
from worker.statements.attribution import Attribution
from worker.statements.decode import CLASSES, TAGS, Floats, Run, log_softmax, runs
from worker.statements.forms import Forms
from worker.statements.link import Linker, Paragraph, paragraphs_of
from worker.statements.pieces import Pieces
from worker.statements.words import Words, quotations_within, read, windows

_MODELS = Path(__file__).with_name("model")
_FAST_WINDOW = 600  # words the small network reads at once
_ACCURATE_WINDOW = 144  # words the encoder reads at once, as in its training
_SURE = 8.0  # added to a logit, it settles the tag
_MOSTLY = 0.5

Name = Literal["fast", "accurate"]


class Tagger(Protocol):
    """Scores the words of a window."""

    def scores(self, words: Words, window: slice) -> Floats:
        """Return logits of shape (words of the window, tags + classes)."""
        ...


class Convolutions:
    """The small network over hashed words."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._forms = Forms()

    def scores(self, words: Words, window: slice) -> Floats:
        """Return logits of shape (words of the window, tags + classes)."""
        features = self._forms.of(words.forms[window], words.quote[window])
        scores: Floats = self._session.run(None, {"forms": features[None]})[0][0]
        return scores


class Encoder:
    """The transformer over word pieces."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._pieces = Pieces(folder / "tokenizer.json")

    def scores(self, words: Words, window: slice) -> Floats:
        """Return logits of shape (words of the window, tags + classes)."""
        ids, heads = self._pieces.of(words.forms[window])
        quotes = np.zeros(len(ids), np.int64)
        quotes[1:-1] = np.repeat(words.quote[window], np.diff(heads, append=len(ids) - 1))
        inputs = {"ids": np.array([ids], np.int64), "quotes": quotes[None]}
        scores: Floats = self._session.run(None, inputs)[0][0, heads]
        return scores


class Network:
    """An engine made of a tagger and a linker."""

    def __init__(self, tagger: Tagger, linker: Linker, longest: int) -> None:
        self._tagger, self._linker, self._longest = tagger, linker, longest

    def attributions(self, text: str, blocks: Sequence[Block] = ()) -> list[Attribution]:  # noqa: ARG002
        """Return the attributions in the order of their first content span."""
        words = read(text)
        found: list[Attribution] = []
        for window in windows(words, self._longest):
            scores = self._tagger.scores(words, window)
            found += self._linked(words, scores, window.start)
        return sorted(found, key=lambda attribution: attribution.content[0].start)

    def _linked(self, words: Words, scores: Floats, offset: int) -> list[Attribution]:
        tags, classes = scores[:, : len(TAGS)], scores[:, len(TAGS) :]
        keep_quotations_whole(words, tags, offset)
        found = [Run(r.role, r.first + offset, r.last + offset, r.score) for r in runs(tags)]
        return [
            attribution
            for paragraph in paragraphs_of(words, found)
            for attribution in self._attributions(words, paragraph, classes, offset)
        ]

    def _attributions(self, words: Words, paragraph: Paragraph, classes: Floats, offset: int) -> list[Attribution]:
        contents: dict[Run | None, list[tuple[Run, float]]] = {}
        for content in paragraph.content:
            cue, chance = self._linker.cue_of(words, content, paragraph)
            contents.setdefault(cue, []).append((content, chance))
        found = []
        for cue, parts in contents.items():
            confidence = float(np.mean([content.score * chance for content, chance in parts]))
            spans = tuple(_span(words, content) for content, _ in parts)
            if cue is None:
                found += [Attribution((span,), confidence=confidence) for span in spans]
                continue
            source, _ = self._linker.source_of(words, cue, paragraph)
            kind = classes[cue.first - offset : cue.last - offset]
            found.append(
                Attribution(
                    spans,
                    (_span(words, cue),),
                    (_span(words, source),) if source else (),
                    CLASSES[int(log_softmax(kind).mean(0).argmax())],
                    confidence,
                )
            )
        return found


def keep_quotations_whole(words: Words, tags: Floats, offset: int) -> None:
    """Settle in `tags` that a quotation which is mostly content is all content, in one run.

    A paragraph that opens a quotation and never closes it may be a transcript ("“VANCE: We ..."):
    where the network sees a cue or a source in it, the network is believed.
    """
    starts = words.start[offset : offset + len(tags)]
    if not len(starts) or not words.quotations:
        return
    chances = np.exp(log_softmax(tags))
    content, frame = chances[:, 1:3].sum(1), chances[:, 3:].sum(1)
    near = quotations_within(words, int(starts[0]), int(starts[-1]) + 1)
    bounds = np.searchsorted(starts, [(q.start, q.end) for q in near]).reshape(-1, 2)
    for quotation, (first, last) in zip(near, bounds.tolist(), strict=True):
        if first == last or content[first:last].mean() <= _MOSTLY:
            continue
        if not quotation.closed and frame[first:last].max() > _MOSTLY:
            continue
        tags[first:last, 2] += 2 * _SURE
        tags[first, 1] += 2 * _SURE
        tags[first + 1 : last, 1] -= 2 * _SURE


def _span(words: Words, run: Run) -> Span:
    return Span(int(words.start[run.first]), int(words.end[run.last - 1]))


def _session(model: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


@cache
def load(name: Name) -> Network:
    """Return the engine `name`; one thread, and loaded once a process.

    Safe to call before or after a fork: the session owns no threads.

    Raises:
        LookupError: If the weights of the engine are not part of this installation.
    """
    folder = _MODELS / name
    if not (folder / "model.onnx").exists():
        raise LookupError(f"engine {name!r} has no weights in {folder}; train it or use 'fast'")
    linker = Linker(folder.with_name("link.json"))
    if name == "fast":
        return Network(Convolutions(folder), linker, _FAST_WINDOW)
    return Network(Encoder(folder), linker, _ACCURATE_WINDOW)
