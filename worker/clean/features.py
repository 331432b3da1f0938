"""What the body classifier sees of each block: its text, its place, its kin on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
All features lie near [0, 1].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.clean import characters
from worker.clean.elements import REGIONS
from worker.clean.evidence import evidence
from worker.clean.marks import HIDDEN, NAMES
from worker.clean.nearby import PROSE
from worker.clean.place import place
from worker.clean.tree import RawBlock, Tree

Matrix = NDArray[np.float32]

_BITS = len(NAMES) + 1
_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "header", "footer", "figure")  # fmt: skip
_TAG_NUMBERS = {tag: number for number, tag in enumerate(_TAGS)}
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
#: The end of a block among words: no word, and no white space.
_END = "\0"
_WORD_BITS[_END] = 1 << 12  # above a bit for each group, for the title and the summary
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
#: Longer blocks have no date line.
_DATED = 120


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page's metadata says of its text, "" if unknown; `evidence` is JSON-LD's articleBody, no white space."""

    title: str
    description: str
    evidence: str


def features(tree: Tree, hints: Hints) -> Matrix:
    """Return one row of features for each block of a page that has any."""
    blocks = tree.blocks
    texts = [block.text for block in blocks]
    lengths, counts = characters.count(texts)
    sizes = characters.sizes(lengths, counts)
    links = np.array([block.links for block in blocks], np.float32) / lengths
    prose = np.where((links < 0.5) & (sizes > PROSE), sizes * (1 - links), 0)
    unseen = _unseen(tree, prose)
    prose[unseen] = 0
    columns: list[NDArray[Any]] = [
        *_text(blocks, lengths, counts, sizes, links),
        *_words(texts, hints, counts[characters.DIGITS] > 0),
        *_marks(tree, prose, unseen),
        *place(tree, prose, sizes, links),
        *evidence(tree, prose, sizes, unseen),
    ]
    rows = [column if column.ndim == 2 else column[None] for column in columns]
    return np.concatenate(rows, dtype=np.float32, casting="unsafe").T


def _text(
    blocks: list[RawBlock], lengths: Matrix, counts: Matrix, sizes: Matrix, links: Matrix
) -> list[NDArray[np.floating[Any]]]:
    commas, stops, digits, capitals, spaces = counts[:5] / lengths
    short = sizes < 120
    emphasis = np.array([block.emphasis for block in blocks]) / lengths
    link_counts = np.array([block.link_count for block in blocks])
    return [
        np.log1p(sizes) / 8, np.minimum(sizes, 50) / 50, np.minimum(sizes, 200) / 200, np.minimum(sizes, 600) / 600,
        links, links > 0.9, emphasis, np.log1p(link_counts) / 3,
        np.minimum(counts[characters.COMMAS], 6) / 6, np.minimum(counts[characters.STOPS], 6) / 6,
        np.minimum(1, 20 * commas), np.minimum(1, 20 * stops),
        np.where(short, digits, 0) * 2, np.where(short, capitals, 0.05) * 2, spaces * 4,
        counts[characters.ENDS], counts[characters.COLONS], counts[characters.QUOTED], counts[characters.LOWER],
        counts[characters.PIPES] > 0,
    ]  # fmt: skip


def _tokens(text: str) -> list[str]:
    words = _TOKEN.findall(text.casefold())
    return words if text.isascii() else words + _EASTERN.findall(text)


def _words_of(texts: list[str]) -> list[str]:
    """Return the words of all texts that are short enough, each text's followed by `_END`; as `_tokens`, at once."""
    plain = "\n".join([text if len(text) < _SHORT and text.isascii() else "" for text in texts])
    lines = plain.lower().translate(_TO_WORDS).split("\n")
    for number, text in enumerate(texts):
        if not text.isascii() and len(text) < _SHORT:
            lines[number] = " ".join(_tokens(text))
    return f" {_END} ".join([*lines, ""]).split()


def _words(texts: list[str], hints: Hints, digits: NDArray[np.bool_]) -> list[NDArray[Any]]:
    """Return what the words of each block share with boilerplate and the metadata; `digits` tells which have any."""
    evidence = hints.evidence
    first: dict[str, int] = {}
    starts = np.array([first.setdefault(text[:_START], number) for number, text in enumerate(texts)])
    stated = np.array([bool(evidence) and "".join(text[:120].split())[:_START] in evidence for text in texts])
    return [
        *_shared(_words_of(texts), set(_tokens(hints.title)), set(_tokens(hints.description))),
        np.bincount(starts)[starts] > 1,
        starts < np.arange(len(texts)),
        stated,
        bool(evidence) & ~stated,
        _dated(texts, digits),
    ]


def _dated(texts: list[str], digits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which blocks are lines with a date or a time; `digits` tells which have any digit."""
    dated = np.zeros(len(texts), np.bool_)
    lines = [number for number in np.flatnonzero(digits).tolist() if len(texts[number]) < _DATED]
    dated[[number for number in lines if _DATE_LIKE.search(texts[number])]] = True
    return dated


def _shared(words: list[str], title: set[str], described: set[str]) -> list[NDArray[Any]]:
    """Return, for each block, the groups of boilerplate that it has words of, and the shares of title and summary."""
    bits = dict(_WORD_BITS)
    for group, named in enumerate((title, described), len(_BOILERPLATE)):
        for word in named:
            bits[word] = bits.get(word, 0) | 1 << group
    told = np.fromiter(map(bits.get, words, repeat(0)), np.int16, len(words))  # small: a page may have a million words
    places = np.flatnonzero(told)
    telling = told[places]
    ends = np.flatnonzero(telling == _WORD_BITS[_END])
    starts = np.concatenate(([0], ends[:-1] + 1))
    counts = places[ends] - np.concatenate(([0], places[ends[:-1]] + 1))
    held = np.add.reduceat(_unpack(telling, len(_BOILERPLATE) + 2), starts, axis=1, dtype=np.int32)
    titled, summed = held[-2:]
    return [
        held[:-2] > 0,
        titled / np.maximum(1, counts + len(title) - titled),
        summed / np.maximum(1, counts),
    ]


def _unpack(values: NDArray[np.signedinteger[Any]], width: int) -> NDArray[np.signedinteger[Any]]:
    """Return the lowest bits of each value, a row for each bit."""
    return (values >> np.arange(width, dtype=values.dtype)[:, None]) & 1


def _marks(tree: Tree, prose: Matrix, unseen: NDArray[np.bool_]) -> list[NDArray[Any]]:
    """Return tag, own marks, marks of the branch, regions.

    The branch are the elements around that hold less than half of the page's prose: a larger one says nothing by its
    name, it is the page, or the article.
    """
    elements = tree.elements
    large = _held(tree, prose) >= 0.5 * max(1.0, float(prose.sum()))
    branch: list[int] = []
    for parent, marks, is_large in zip(elements.parents, elements.marks, large.tolist(), strict=True):
        branch.append(0 if is_large else marks | (branch[parent] if parent >= 0 else 0))
    numbers = [block.element for block in tree.blocks]
    tags = np.array([_TAG_NUMBERS.get(elements.tags[number], len(_TAGS)) for number in numbers])
    return [
        tags == np.arange(len(_TAGS))[:, None],
        _unpack(np.array([elements.marks[block.element] | block.marks for block in tree.blocks]), _BITS),
        _unpack(np.array([branch[number] for number in numbers]), _BITS),
        unseen,
        _unpack(np.array([elements.regions[number] for number in numbers]), len(REGIONS)),
    ]


def _unseen(tree: Tree, prose: Matrix) -> NDArray[np.bool_]:
    """Return which blocks no reader sees: none where nearly all prose is hidden, for then a script shows it."""
    elements = tree.elements
    blocks = np.zeros(len(tree.blocks), np.bool_)
    for number, marks in enumerate(elements.marks):
        if marks & HIDDEN:
            blocks[elements.firsts[number] : elements.ends[number]] = True
    return blocks & bool(prose[~blocks].sum() * 4 > prose[blocks].sum())


def _held(tree: Tree, amounts: Matrix) -> NDArray[np.float64]:
    """Return what each element holds, itself and all that is inside it."""
    sums = np.concatenate([[0.0], np.cumsum(amounts, dtype=np.float64)])
    held: NDArray[np.float64] = sums[tree.elements.ends] - sums[tree.elements.firsts]
    return held
