"""Word pieces for the encoder: each word's piece numbers, looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MAX_PIECES = 8  # of a word; more says nothing to the tagger
_REMEMBERED = 50_000  # words


class Pieces:
    """Turns words into piece numbers; the line break becomes the separator."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first, self._break = self._tokenizer.encode("").ids  # [CLS] and [SEP]
        self._known: dict[str, list[int]] = {"\n": [self._break]}

    def of(self, forms: Sequence[str]) -> tuple[list[int], NDArray[np.int64]]:
        """Return the piece numbers, with the opening and closing marks, and each word's first position."""
        ids = [self._first]
        heads = np.empty(len(forms), np.int64)
        for i, form in enumerate(forms):
            heads[i] = len(ids)
            ids += self._pieces(form)
        ids.append(self._break)
        return ids, heads

    def _pieces(self, form: str) -> list[int]:
        pieces = self._known.get(form)
        if pieces is None:
            encodable = form.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair has no UTF-8
            pieces = self._tokenizer.encode(encodable, add_special_tokens=False).ids[:MAX_PIECES]
            if len(self._known) < _REMEMBERED:
                self._known[form] = pieces
        return pieces
