"""What the body classifier sees of each block: its text, its place, its kin on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.clean.marks import NAMES
from worker.clean.tree import REGIONS, RawBlock

Matrix = NDArray[np.float32]

_BITS = len(NAMES) + 1
_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "ul", "header", "footer", "figure", "cite")  # fmt: skip
_WIDE = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MARKS = ",，、;；:："
_STOPS = ".!?。！？؟।"
_ENDS = frozenset(".!?。！？…؟।»”\"'’)]")
_QUOTES = frozenset("\"“„«‚‘「『'—–-")
_BOILERPLATE = frozenset(
    [
        "newsletter",
        "subscribe",
        "sign",
        "read",
        "also",
        "more",
        "see",
        "click",
        "follow",
        "reserved",
        "copyright",
        "photo",
        "photograph",
        "image",
        "credit",
        "foto",
        "bild",
        "quelle",
        "source",
        "getty",
        "reuters",
        "afp",
        "dpa",
        "weiterlesen",
        "mehr",
        "lesen",
        "abonnieren",
        "anzeige",
        "advertisement",
        "cookie",
        "privacy",
        "share",
        "comment",
        "comments",
        "kommentar",
        "kommentare",
        "email",
        "mail",
        "whatsapp",
        "facebook",
        "twitter",
        "telegram",
        "instagram",
        "download",
        "watch",
        "video",
        "related",
        "recommended",
        "editor",
        "contact",
        "kontakt",
        "leia",
        "lea",
        "leggi",
        "lire",
        "läs",
        "přečtěte",
        "читайте",
        "подписывайтесь",
        "фото",
        "写",
        "真",
        "©",
        "무단",
        "기자",
        "記",
        "者",
        "関",
        "連",
    ]
)
_TOKEN = re.compile(r"\w+|©")
_DATE_LIKE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b")


def block_sizes(blocks: list[RawBlock]) -> NDArray[np.float32]:
    """Return the weight of each block's text in characters."""
    return np.array([_size(block.text) for block in blocks], np.float32)


def features(blocks: list[RawBlock], sizes: NDArray[np.float32], title: str, description: str, evidence: str) -> Matrix:
    """Return one row of features for each block.

    Args:
        blocks: All blocks of the page, in order.
        sizes: Their weights, from `block_sizes`.
        title: The page's title as its metadata states it; "" if unknown.
        description: The page's description; "" if unknown.
        evidence: The JSON-LD articleBody, white space removed; "" if there is none.
    """
    own = _own(blocks, sizes, title, description, evidence)
    kin = _kin(blocks, sizes, own)
    return np.hstack([own, kin, _neighbours(own)]).astype(np.float32)


def _size(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_WIDE.findall(text))


def _tokens(text: str) -> set[str] | frozenset[str]:
    folded = text.casefold()
    words = set(_TOKEN.findall(folded))
    return words | set(_WIDE.findall(folded)) if not text.isascii() else words


def _own(blocks: list[RawBlock], sizes: NDArray[np.float32], title: str, description: str, evidence: str) -> Matrix:
    title_words, described = _tokens(title), _tokens(description)
    rows = []
    seen: dict[str, int] = defaultdict(int)
    for block, size in zip(blocks, sizes.tolist(), strict=True):
        text = block.text
        length = len(text)
        count = max(1, length)
        words = _tokens(text) if length < 400 else frozenset()
        seen[text] += 1
        rows.append((
            size, block.links / count, block.emphasis / count, block.link_count, block.depth,
            sum(map(text.count, _MARKS)), text[-1] in _ENDS, sum(map(text.count, _STOPS)),
            text[0] in _QUOTES, not words.isdisjoint(_BOILERPLATE),
            bool(_DATE_LIKE.search(text)) if length < 120 else 0,
            sum(map(str.isdigit, text)) / count if length < 120 else 0,
            sum(map(str.isupper, text)) / count if length < 120 else 0.05,
            text.count(" ") / count, text.endswith(":"), "|" in text, text[:1].islower(),
            len(words & title_words) / max(1, len(words | title_words)),
            len(words & described) / max(1, len(words)),
            seen[text],
            -1 if not evidence else "".join(text.split())[:60] in evidence,
        ))  # fmt: skip
    tags = {tag: number for number, tag in enumerate(_TAGS)}
    kinds = np.zeros((len(blocks), len(_TAGS)), np.float32)
    for number, block in enumerate(blocks):
        if block.tag in tags:
            kinds[number, tags[block.tag]] = 1
    sets = np.hstack(
        [
            _unpack([block.own for block in blocks], _BITS),
            _unpack([block.near for block in blocks], _BITS),
            _unpack([block.marks for block in blocks], _BITS),
            _unpack([block.regions for block in blocks], len(REGIONS)),
        ]
    )
    return np.hstack([np.array(rows, np.float32), kinds, sets])


def _unpack(values: list[int], width: int) -> Matrix:
    return ((np.array(values, np.int64)[:, None] >> np.arange(width)) & 1).astype(np.float32)


def _groups(blocks: list[RawBlock], name: str) -> NDArray[np.int64]:
    """Number the distinct values of a field, in order of appearance."""
    index: dict[object, int] = {}
    return np.array([index.setdefault(getattr(block, name), len(index)) for block in blocks], np.int64)


def _kin(blocks: list[RawBlock], sizes: NDArray[np.float32], own: Matrix) -> Matrix:
    """Return what a block's containers and same-marked blocks hold, and where it stands on the page."""
    prose = np.where((own[:, 1] < 0.5) & (sizes > 60), sizes * (1 - own[:, 1]), 0)
    total = max(1.0, float(prose.sum()))
    columns = []
    for name in ("parent", "grandparent", "signature", "parent_signature"):
        groups = _groups(blocks, name)
        held = np.bincount(groups, prose)
        counts = np.bincount(groups)
        linked = np.bincount(groups, own[:, 1] * sizes) / np.maximum(1, np.bincount(groups, sizes))
        columns += [held[groups] / total, held[groups] / max(1.0, float(held.max())), counts[groups],
        linked[groups],
                    np.bincount(groups, sizes)[groups] / counts[groups]]  # fmt: skip
        best = int(held.argmax())
        members = np.flatnonzero(groups == best)
        columns.append((np.arange(len(blocks)) - members[0]) / len(blocks))
        columns.append((members[-1] - np.arange(len(blocks))) / len(blocks))
    order = np.arange(len(blocks))
    heading = next((number for number, block in enumerate(blocks) if block.tag == "h1"), -1)
    before = np.cumsum(prose) - prose
    columns += [order / len(blocks), before / total, 1 - (before + prose) / total, np.full(len(blocks),
    len(blocks)),
                np.full(len(blocks), total), np.full(len(blocks), heading >= 0), order - heading,
                np.full(len(blocks), float((prose > 0).sum()))]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _neighbours(own: Matrix) -> Matrix:
    """Return the leading features of the two blocks before and after."""
    shown = own[:, [0, 1, 6, 9, 7, 4]]
    padded = np.pad(shown, ((2, 2), (0, 0)))
    count = len(own)
    kinds = own[:, 21:27]
    near = np.pad(kinds, ((1, 1), (0, 0)))
    return np.hstack([padded[0:count], padded[1 : count + 1], padded[3 : count + 3], padded[4 : count + 4],
                      near[0:count], near[2 : count + 2]])  # fmt: skip


def context(scores: NDArray[np.float32], blocks: list[RawBlock], sizes: NDArray[np.float32]) -> Matrix:
    """Return the first stage's scores of the blocks around each block, and of its kin."""
    count = len(scores)
    padded = np.pad(scores, 4)
    columns: list[NDArray[np.floating[Any]]] = [
        padded[4 + shift : 4 + shift + count] for shift in (-4, -3, -2, -1, 0, 1, 2, 3, 4)
    ]
    sums = np.concatenate([[0.0], np.cumsum(scores * sizes)])
    lengths = np.concatenate([[0.0], np.cumsum(sizes)])
    order = np.arange(count)
    for reach in (6, 15):
        low, high = np.maximum(0, order - reach), np.minimum(count, order + reach + 1)
        columns.append((sums[high] - sums[low]) / np.maximum(1, lengths[high] - lengths[low]))
    total = max(1.0, float(sums[-1]))
    columns += [sums[:-1] / total, 1 - sums[1:] / total, np.full(count, total)]
    for name in ("parent", "grandparent", "signature"):
        groups = _groups(blocks, name)
        held = np.bincount(groups, scores * sizes)
        columns += [held[groups] / np.maximum(1, np.bincount(groups, sizes))[groups], held[groups] / total]
    return np.stack(columns, axis=1).astype(np.float32)
