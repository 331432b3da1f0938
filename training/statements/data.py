"""Gold articles as the networks see them: words, one tag a word, one class a cue word."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from worker.statements.document import Document
from worker.statements.network.decode import CLASSES, TAGS
from worker.statements.network.words import WordTable, read

NO_CLASS = -100
_CLASS_OF = {
    "S": "speech", "T": "belief", "F": "belief", "P": "belief",
    "I": "intention", "E": "evidence", "A": "support", "?": "other",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """An article with its gold: `tags` and `classes` are one number a word."""

    id: str
    words: WordTable
    tags: np.ndarray
    classes: np.ndarray
    gold: list[dict]


def examples(path: Path) -> list[Example]:
    """Read a PolNeAR file whose attributions carry a class (`*-speech.jsonl`)."""
    with path.open(encoding="utf-8") as lines:
        return [_example(json.loads(line)) for line in lines]


def unlabelled(data: Path) -> list[Example]:
    """Read the English articles of the cleaning sets, which have no gold: no election, many topics."""
    found = []
    for path in sorted(data.glob("cleaning/*/gold.jsonl")):
        with path.open(encoding="utf-8") as lines:
            articles = [json.loads(line) for line in lines]
        found += [_plain(a["id"], a["gold"]["text"]) for a in articles if _is_english(a["gold"]["text"])]
    return found


def _is_english(text: str) -> bool:
    words = text.lower().split()
    return sum(word in ("the", "of", "and", "to", "said") for word in words) > 0.06 * max(60, len(words))


def _plain(name: str, text: str) -> Example:
    words = read(Document("\n".join(line for line in text.splitlines() if line.strip())))
    empty = np.zeros(len(words.forms), np.int64)
    return Example(name, words, empty, np.full_like(empty, NO_CLASS), [])


def _example(article: dict) -> Example:
    words = read(Document(article["text"]))
    tags = np.zeros(len(words.forms), np.int64)
    classes = np.full(len(words.forms), NO_CLASS, np.int64)
    for attribution in article["attributions"]:
        for role, letter in (("content", "C"), ("cue", "Q"), ("source", "S")):
            for start, end in attribution[role]:
                run = inside(words, start, end)
                tags[run] = TAGS.index("I-" + letter)
                tags[run[:1]] = TAGS.index("B-" + letter)
                if role == "cue":
                    classes[run] = CLASSES.index(_CLASS_OF[attribution["class"]])
    tags[[i for i, form in enumerate(words.forms) if form == "\n"]] = 0
    return Example(article["id"], words, tags, classes, article["attributions"])


def inside(words: WordTable, start: int, end: int) -> np.ndarray:
    """Return the indices of the words of which the larger part lies in start..end."""
    middle = (words.start + words.end) / 2
    return np.flatnonzero((middle >= start) & (middle < end))


def silver(example: Example, logits: np.ndarray) -> Example:
    """Return a text without gold with what a teacher is surest of in its place."""
    tags = logits[:, : len(TAGS)].argmax(1)
    is_cue = np.isin(tags, [TAGS.index("B-Q"), TAGS.index("I-Q")])
    return replace(example, tags=tags, classes=np.where(is_cue, logits[:, len(TAGS) :].argmax(1), NO_CLASS))
