"""What the body classifier sees of each block: its text, its place, its kin on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
All features lie near [0, 1].
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.clean import characters
from worker.clean.elements import REGIONS
from worker.clean.marks import HIDDEN, NAMES
from worker.clean.place import place
from worker.clean.tree import RawBlock, Tree

Matrix = NDArray[np.float32]

_BITS = len(NAMES) + 1
_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "header", "footer", "figure")  # fmt: skip
_ENDS = frozenset(".!?。！？…؟।»”\"'’)]")
_QUOTES = frozenset("\"“„«‚‘「『'—–-")
#: Words of boilerplate in the languages of the training pages, by what they ask of the reader.
_BOILERPLATE = (
    "newsletter subscribe sign abonnieren abonner подписывайтесь register member",
    (
        "read also more see related recommended mehr lesen weiterlesen siehe lea leia leggi les läs lire přečtěte "
        "читайте 関"
    ),
    "copyright © photo photograph image credit foto bild quelle source getty reuters afp dpa фото 写 真 무단 reserved",
    "share follow comment comments kommentar kommentare whatsapp facebook twitter telegram instagram email mail click",
    "anzeige advertisement cookie cookies privacy download watch video",
    "editor contact kontakt updated published author reporter 기자 記 者",
)
_WORD_BITS = {word: 1 << group for group, words in enumerate(_BOILERPLATE) for word in words.split()}
_WORDS = frozenset(_WORD_BITS)
_TOKEN = re.compile(r"\w+|©")
#: In ASCII, what is no part of a word becomes a space; ends of lines stay.
_TO_WORDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_\n")}
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: \b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b, begun with a digit, for which `re` searches three times as fast.
_DATE_LIKE = re.compile(r"\d(?:(?<=\b1)9\d\d\b|(?<=\b2)0\d\d\b|\d?[:.h]\d\d\b)")
#: Where the columns of `features` that tell sites apart begin; training blanks them at random.
_TEXT_COLUMNS, _WORD_COLUMNS = 20, 13
_FIRST_MARK = _TEXT_COLUMNS + _WORD_COLUMNS + len(_TAGS)
MARK_COLUMNS = list(range(_FIRST_MARK, _FIRST_MARK + 2 * _BITS))
UNSEEN_COLUMN = _FIRST_MARK + 2 * _BITS
REGION_COLUMNS = list(range(UNSEEN_COLUMN + 1, UNSEEN_COLUMN + 1 + len(REGIONS)))
#: Longer blocks are read for words no further: boilerplate is short.
_SHORT = 400
#: Blocks that start alike are copies.
_START = 60
#: Characters from which a block without many links counts as prose.
_PROSE = 60


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page's metadata says of its text, "" if unknown; `evidence` is JSON-LD's articleBody, no white space."""

    title: str
    description: str
    evidence: str


def features(tree: Tree, hints: Hints) -> Matrix:
    """Return one row of features for each block of a page that has any."""
    texts = [block.text for block in tree.blocks]
    lengths, counts = characters.count(texts)
    sizes = lengths + 2 * counts[:, characters.WIDE]
    links = np.array([block.links for block in tree.blocks], np.float32) / lengths
    prose = np.where((links < 0.5) & (sizes > _PROSE), sizes * (1 - links), 0)
    unseen = _unseen(tree, prose)
    prose = np.where(unseen, 0, prose)
    return np.hstack([
        _text(tree.blocks, lengths, counts, sizes, links),
        _words(texts, hints),
        _marks(tree, prose, unseen),
        place(tree, prose, sizes, links),
    ]).astype(np.float32)  # fmt: skip


def _text(blocks: list[RawBlock], lengths: Matrix, counts: Matrix, sizes: Matrix, links: Matrix) -> Matrix:
    rates = counts[:, :5] / lengths[:, None]
    short = sizes < 120
    given = np.array([(block.emphasis, block.link_count) for block in blocks], np.float32)
    ends = np.array([(text[-1] in _ENDS, text[-1] == ":", text[0] in _QUOTES, text[0].islower(), "|" in text)
                     for text in (block.text for block in blocks)], np.float32)  # fmt: skip
    columns = [
        np.log1p(sizes) / 8, np.minimum(sizes, 50) / 50, np.minimum(sizes, 200) / 200, np.minimum(sizes, 600) / 600,
        links, links > 0.9, given[:, 0] / lengths, np.log1p(given[:, 1]) / 3,
        np.minimum(counts[:, characters.COMMAS], 6) / 6, np.minimum(counts[:, characters.STOPS], 6) / 6,
        np.minimum(1, 20 * rates[:, characters.COMMAS]), np.minimum(1, 20 * rates[:, characters.STOPS]),
        np.where(short, rates[:, characters.DIGITS], 0) * 2, np.where(short, rates[:, characters.CAPITALS], 0.05) * 2,
        rates[:, characters.SPACES] * 4,
    ]  # fmt: skip
    return np.hstack([np.stack(columns, axis=1), ends])


def _tokens(text: str) -> set[str]:
    words = set(_TOKEN.findall(text.casefold()))
    return words if text.isascii() else words.union(_EASTERN.findall(text))


def _words_of(texts: list[str]) -> list[set[str]]:
    """Return the words of each text that is short enough; the same as `_tokens`, for a page's texts at once."""
    plain = "\n".join([text if len(text) < _SHORT and text.isascii() else "" for text in texts])
    found = [set(line.split()) for line in plain.lower().translate(_TO_WORDS).split("\n")]
    for number, text in enumerate(texts):
        if not text.isascii() and len(text) < _SHORT:
            found[number] = _tokens(text)
    return found


def _words(texts: list[str], hints: Hints) -> Matrix:
    title, described = _tokens(hints.title), _tokens(hints.description)
    words = _words_of(texts)
    starts = [text[:_START] for text in texts]
    times = Counter(starts)
    first = {start: number for number, start in reversed(list(enumerate(starts)))}
    evidence = hints.evidence
    stated = [bool(evidence) and "".join(text[:120].split())[:60] in evidence for text in texts]
    shared = [len(title & found) for found in words]
    columns = [
        *_unpack([_boilerplate(found) for found in words], len(_BOILERPLATE)).T,
        [both / max(1, len(found) + len(title) - both) for both, found in zip(shared, words, strict=True)],
        [len(described & found) / max(1, len(found)) for found in words],
        [times[start] > 1 for start in starts],
        [first[start] < number for number, start in enumerate(starts)],
        stated,
        [bool(evidence) and not found for found in stated],
        [len(text) < 120 and _DATE_LIKE.search(text) is not None for text in texts],
    ]
    return np.array(columns, np.float32).T


def _boilerplate(words: set[str]) -> int:
    """Return the bits of the groups of boilerplate that the words are of."""
    bits = 0
    for word in _WORDS.intersection(words):
        bits |= _WORD_BITS[word]
    return bits


def _unpack(values: list[int], width: int) -> Matrix:
    return ((np.array(values, np.int64)[:, None] >> np.arange(width)) & 1).astype(np.float32)


def _marks(tree: Tree, prose: Matrix, unseen: NDArray[np.bool_]) -> Matrix:
    """Return tag, own marks, marks of the branch, regions.

    The branch are the elements around that hold less than half of the page's prose: a larger one says nothing by its
    name, it is the page, or the article.
    """
    held = _held(tree, prose)
    total = max(1.0, float(prose.sum()))
    branch: list[int] = []
    for element, share in zip(tree.elements, (held / total).tolist(), strict=True):
        outer = branch[element.parent] if element.parent >= 0 else 0
        branch.append(0 if share >= 0.5 else outer | element.marks)
    tags = {tag: number for number, tag in enumerate(_TAGS)}
    numbers = [block.element for block in tree.blocks]
    elements = [tree.elements[number] for number in numbers]
    kinds = np.array([tags.get(element.tag, len(_TAGS)) for element in elements])[:, None] == np.arange(len(_TAGS))
    return np.hstack([
        kinds,
        _unpack([element.marks | block.marks for element, block in zip(elements, tree.blocks, strict=True)], _BITS),
        _unpack([branch[number] for number in numbers], _BITS),
        unseen[:, None],
        _unpack([element.regions for element in elements], len(REGIONS)),
    ])  # fmt: skip


def _unseen(tree: Tree, prose: Matrix) -> NDArray[np.bool_]:
    """Return which blocks no reader sees: none where nearly all prose is hidden, for then a script shows it."""
    hidden: list[bool] = []
    for element in tree.elements:
        hidden.append(bool(element.marks & HIDDEN) or (element.parent >= 0 and hidden[element.parent]))
    blocks = np.array([hidden[block.element] for block in tree.blocks])
    return blocks & bool(prose[~blocks].sum() * 4 > prose[blocks].sum())


def _held(tree: Tree, amounts: Matrix) -> NDArray[np.float64]:
    """Return what each element holds, itself and all that is inside it."""
    sums = np.concatenate([[0.0], np.cumsum(amounts, dtype=np.float64)])
    held: NDArray[np.float64] = sums[[element.end for element in tree.elements]]
    held -= sums[[element.first for element in tree.elements]]
    return held
