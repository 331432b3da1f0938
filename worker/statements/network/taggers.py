"""The two networks: scores per word, tag and class of cue."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime as ort

from worker.statements.network.decode import Floats
from worker.statements.network.pieces import Pieces
from worker.statements.network.word_forms import Forms
from worker.statements.network.words import WordTable, packed, paragraphs

_SHORT = 80  # words that the encoder reads at once: more cost time, and found no more
_POSITIONS = 512  # word pieces that it has places for, its opening and closing mark among them


class Tagger(Protocol):
    """Scores the words of a run of paragraphs."""

    def scores(self, words: WordTable, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        ...


class Convolutions:
    """The small network over hashed words."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._forms = Forms()

    def scores(self, words: WordTable, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        features = self._forms.of(words.forms[run], words.quote[run])
        scores: Floats = self._session.run(None, {"forms": features[None]})[0][0]
        return scores


class Encoder:
    """The transformer over word pieces."""

    def __init__(self, folder: Path) -> None:
        self._session = _session(folder / "model.onnx")
        self._pieces = Pieces(folder / "tokenizer.json")

    def scores(self, words: WordTable, run: slice) -> Floats:
        """Return logits of shape (words of the run, tags + classes)."""
        windows = packed(paragraphs(words, run), _SHORT)
        return np.concatenate([self._read(words, window) for window in windows])

    def _read(self, words: WordTable, run: slice) -> Floats:
        ids, heads = self._pieces.of(words.forms[run])
        if len(ids) > _POSITIONS:  # of words that it does not know, as in another script
            middle = (run.start + run.stop) // 2
            halves = slice(run.start, middle), slice(middle, run.stop)
            return np.concatenate([self._read(words, half) for half in halves])
        quotes = np.zeros(len(ids), np.int64)
        quotes[1:-1] = np.repeat(words.quote[run], np.diff(heads, append=len(ids) - 1))
        inputs = {"ids": np.array([ids], np.int64), "quotes": quotes[None]}
        scores: Floats = self._session.run(None, inputs)[0][0, heads]
        return scores


def _session(model: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
