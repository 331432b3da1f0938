"""The two networks, and the cascade of both: scores per word, tag and class of cue."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime as ort

from worker.statements.decode import TAGS, Floats, log_softmax
from worker.statements.forms import Forms
from worker.statements.pieces import Pieces
from worker.statements.words import Words, packed, paragraphs

_SHORT = 144  # words that the encoder reads at once, as in its training
_POSITIONS = 512  # word pieces that it has places for, its opening and closing mark among them
_SURE = 0.85  # a paragraph whose words all have a tag more likely than this is not read again


class Tagger(Protocol):
    """Scores the words of a run of paragraphs."""

    def scores(self, words: Words, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        ...


class Convolutions:
    """The small network over hashed words."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._forms = Forms()

    def scores(self, words: Words, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        features = self._forms.of(words.forms[run], words.quote[run])
        scores: Floats = self._session.run(None, {"forms": features[None]})[0][0]
        return scores


class Encoder:
    """The transformer over word pieces."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._pieces = Pieces(folder / "tokenizer.json")

    def scores(self, words: Words, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        ids, heads = self._pieces.of(words.forms[run])
        if len(ids) > _POSITIONS:  # of words that it does not know, as in another script
            middle = (run.start + run.stop) // 2
            halves = slice(run.start, middle), slice(middle, run.stop)
            return np.concatenate([self.scores(words, half) for half in halves])
        quotes = np.zeros(len(ids), np.int64)
        quotes[1:-1] = np.repeat(words.quote[run], np.diff(heads, append=len(ids) - 1))
        inputs = {"ids": np.array([ids], np.int64), "quotes": quotes[None]}
        scores: Floats = self._session.run(None, inputs)[0][0, heads]
        return scores


class Cascade:
    """The small network, and the encoder for the paragraphs in which the small one is unsure of a word."""

    def __init__(self, first: Tagger, second: Tagger) -> None:
        self._first, self._second = first, second

    def scores(self, words: Words, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        scores = self._first.scores(words, run)
        sure = np.exp(log_softmax(scores[:, : len(TAGS)]).max(1)) > _SURE
        unsure = [(a, b) for a, b in paragraphs(words, run) if not sure[a - run.start : b - run.start].all()]
        for window in packed(unsure, _SHORT):
            scores[window.start - run.start : window.stop - run.start] = self._second.scores(words, window)
        return scores


def _session(model: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
