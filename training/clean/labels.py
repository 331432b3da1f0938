"""Labels blocks by aligning the gold text to them: 4-gram coverage, duplicates settled by neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_TOKEN = re.compile(r"\w+")


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def grams(words: list[str], size: int = 4) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1))] if words else []


def label(texts: list[str], gold: str) -> tuple[list[float], list[float]]:
    """Return (share of each block that is body, weight of each block)."""
    gold_words = tokens(gold)
    joined = " " + " ".join(gold_words) + " "
    counts = Counter(grams(gold_words))
    block_words = [tokens(text) for text in texts]
    lines = {" ".join(tokens(line)) for line in gold.splitlines()}
    shares = [_share(words, counts, lines) for words in block_words]
    shares = _settle_duplicates(block_words, shares, joined)
    shares = _drop_copies(block_words, shares, counts)
    return shares, weigh([len(words) for words in block_words], len(gold_words))


def weigh(words: list[int], total: int) -> list[float]:
    """Return what each block weighs by its number of words, in a page whose body has `total` of them."""
    return [(count + 2) / (max(1, total) + 50) for count in words]


def _share(words: list[str], counts: Counter, lines: set[str]) -> float:
    if not words:
        return 0.0
    if len(words) < 6:
        # Only as a line of its own: the names in a page's tags stand somewhere in its sentences, too.
        return float(" ".join(words) in lines)
    own = grams(words)
    return sum(gram in counts for gram in own) / len(own)


def _settle_duplicates(block_words: list[list[str]], shares: list[float], joined: str) -> list[float]:
    places: dict[str, list[int]] = {}
    for number, words in enumerate(block_words):
        if shares[number] > 0.5:
            places.setdefault(" ".join(words), []).append(number)
    settled = list(shares)
    sure = [s > 0.5 and len(w) >= 8 for s, w in zip(shares, block_words, strict=True)]

    def support(number: int) -> float:
        around = [i for i in range(max(0, number - 6), min(len(sure), number + 7)) if i != number]
        return sum(sure[i] * len(block_words[i]) / (1 + abs(i - number)) for i in around)

    for text, numbers in places.items():
        allowed = max(1, joined.count(f" {text} "))
        ranked = sorted(numbers, key=support, reverse=True)
        for number in ranked[allowed:]:
            settled[number] = 0.0
        if len(text.split()) < 6:
            for number in ranked[:allowed]:
                if support(number) < 3:
                    settled[number] = 0.0
    return settled


def _drop_copies(block_words: list[list[str]], shares: list[float], gold: Counter) -> list[float]:
    """Drop blocks whose words the gold holds less often than the blocks do, the longest first.

    Pages carry hidden copies of their whole text in one block.
    """
    bodies = [share > 0.5 and len(words) >= 8 for words, share in zip(block_words, shares, strict=True)]
    own = [Counter(grams(words)) if body else Counter() for words, body in zip(block_words, bodies, strict=True)]
    total: Counter = sum(own, Counter())
    settled = list(shares)
    for number in sorted(range(len(own)), key=lambda number: -len(block_words[number])):
        spare = sum(min(times, max(0, total[gram] - gold[gram])) for gram, times in own[number].items())
        if own[number] and spare > 0.8 * own[number].total():
            settled[number] = 0.0
            total.subtract(own[number])
    return settled
