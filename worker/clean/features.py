"""What the body classifier sees of each block: its text, its place, its kin on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
All features lie near [0, 1].
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.clean import characters
from worker.clean.elements import REGIONS
from worker.clean.marks import HIDDEN, NAMES
from worker.clean.tree import RawBlock, Tree

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

_BITS = len(NAMES) + 1
_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "header", "footer", "figure")  # fmt: skip
_ENDS = frozenset(".!?。！？…؟।»”\"'’)]")
_QUOTES = frozenset("\"“„«‚‘「『'—–-")
#: Words of boilerplate in the languages of the training pages, by what they ask of the reader.
_BOILERPLATE = (
    "newsletter subscribe sign abonnieren abonner подписывайтесь register member",
    "read also more see related recommended weiterlesen mehr lesen siehe leia lea leggi lire läs les også přečtěte читайте 関 連",
    "copyright © photo photograph image credit foto bild quelle source getty reuters afp dpa фото 写 真 무단 reserved",
    "share follow comment comments kommentar kommentare whatsapp facebook twitter telegram instagram email mail click",
    "anzeige advertisement cookie cookies privacy download watch video",
    "editor contact kontakt updated published author reporter 기자 記 者",
)
_WORD_BITS = {word: 1 << group for group, words in enumerate(_BOILERPLATE) for word in words.split()}
_TOKEN = re.compile(r"\w+|©")
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DATE_LIKE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b")
#: Where the columns of `features` that tell sites apart begin; training blanks them at random.
_TEXT_COLUMNS, _WORD_COLUMNS = 20, 13
_FIRST_MARK = _TEXT_COLUMNS + _WORD_COLUMNS + len(_TAGS)
MARK_COLUMNS = list(range(_FIRST_MARK, _FIRST_MARK + 2 * _BITS))
REGION_COLUMNS = list(range(_FIRST_MARK + 2 * _BITS + 1, _FIRST_MARK + 2 * _BITS + 1 + len(REGIONS)))
#: Longer blocks are read for words no further: boilerplate is short.
_SHORT = 400
#: Blocks that start alike are copies.
_START = 60
_PROSE = 60
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page's metadata says of its text: title, description, JSON-LD articleBody without white space; "" if unknown."""

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
    return np.hstack([
        _text(tree.blocks, texts, lengths, counts, sizes, links),
        _words(texts, hints),
        _marks(tree, prose),
        _place(tree, prose, sizes, links),
    ]).astype(np.float32)  # fmt: skip


def block_sizes(blocks: list[RawBlock]) -> Matrix:
    """Return the weight of each block's text in characters."""
    if not blocks:
        return np.zeros(0, np.float32)
    lengths, counts = characters.count([block.text for block in blocks])
    return lengths + 2 * counts[:, characters.WIDE]


def _text(blocks: list[RawBlock], texts: list[str], lengths: Matrix, counts: Matrix, sizes: Matrix, links: Matrix) -> Matrix:
    rates = counts[:, :5] / lengths[:, None]
    short = sizes < 120
    given = np.array([(block.emphasis, block.link_count) for block in blocks], np.float32)
    ends = np.array([(text[-1] in _ENDS, text[-1] == ":", text[0] in _QUOTES, text[0].islower(), "|" in text)
                     for text in texts], np.float32)  # fmt: skip
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


def _words(texts: list[str], hints: Hints) -> Matrix:
    title, described = _tokens(hints.title), _tokens(hints.description)
    seen: dict[str, int] = defaultdict(int)
    for text in texts:
        seen[text[:_START]] += 1
    rows, earlier = [], set()
    for text in texts:
        words = _tokens(text) if len(text) < _SHORT else set()
        bits = 0
        for word in words:
            bits |= _WORD_BITS.get(word, 0)
        found = "".join(text[:120].split())[:60] in hints.evidence if hints.evidence else None
        rows.append((
            bits & 1, bits >> 1 & 1, bits >> 2 & 1, bits >> 3 & 1, bits >> 4 & 1, bits >> 5 & 1,
            len(words & title) / max(1, len(words | title)) if words else 0,
            len(words & described) / max(1, len(words)) if words else 0,
            seen[text[:_START]] > 1, text[:_START] in earlier, found is True, found is False,
            len(text) < 120 and _DATE_LIKE.search(text) is not None,
        ))  # fmt: skip
        earlier.add(text[:_START])
    return np.array(rows, np.float32)


def _unpack(values: list[int], width: int) -> Matrix:
    return ((np.array(values, np.int64)[:, None] >> np.arange(width)) & 1).astype(np.float32)


def _marks(tree: Tree, prose: Matrix) -> Matrix:
    """Return tag, own marks, regions, and the marks of the branch: of the elements that hold less than half of the prose.

    An element that holds most of a page's prose says nothing by its name: it is the page, or the article.
    """
    held = _held(tree, prose)
    total = max(1.0, float(prose.sum()))
    branch: list[int] = []
    hidden: list[int] = []
    for element, share in zip(tree.elements, (held / total).tolist(), strict=True):
        outer = branch[element.parent] if element.parent >= 0 else 0
        hidden.append((hidden[element.parent] if element.parent >= 0 else 0) | element.marks & HIDDEN)
        branch.append(0 if share >= 0.5 else outer | element.marks)
    tags = {tag: number for number, tag in enumerate(_TAGS)}
    numbers = [block.element for block in tree.blocks]
    elements = [tree.elements[number] for number in numbers]
    kinds = np.array([tags.get(element.tag, len(_TAGS)) for element in elements])[:, None] == np.arange(len(_TAGS))
    return np.hstack([
        kinds,
        _unpack([element.marks | block.marks for element, block in zip(elements, tree.blocks, strict=True)], _BITS),
        _unpack([branch[number] for number in numbers], _BITS),
        _unseen(np.array([hidden[number] > 0 for number in numbers]), prose)[:, None],
        _unpack([element.regions for element in elements], len(REGIONS)),
    ])  # fmt: skip


def _unseen(hidden: NDArray[np.bool_], prose: Matrix) -> NDArray[np.bool_]:
    """Return which blocks no reader sees; a page that hides nearly all of its prose shows it by a script, so none of them."""
    shown = prose[~hidden].sum()
    return hidden & bool(shown * 4 > prose[hidden].sum())


def _held(tree: Tree, amounts: Matrix) -> NDArray[np.float64]:
    """Return what each element holds, itself and all that is inside it."""
    sums = np.concatenate([[0.0], np.cumsum(amounts, dtype=np.float64)])
    held: NDArray[np.float64] = sums[[element.end for element in tree.elements]]
    return held - sums[[element.first for element in tree.elements]]


def _groups(keys: list[object]) -> Numbers:
    """Number the distinct keys in order of appearance."""
    index: dict[object, int] = {}
    return np.array([index.setdefault(key, len(index)) for key in keys], np.int64)


def _place(tree: Tree, prose: Matrix, sizes: Matrix, links: Matrix) -> Matrix:
    """Return where each block stands: what its kin hold, how far from the main container, where on the page."""
    elements = tree.elements
    numbers = [block.element for block in tree.blocks]
    containers = [elements[max(0, elements[number].parent)].container for number in numbers]
    outer = [elements[max(0, elements[number].parent)].container for number in containers]
    signatures: list[object] = [(elements[a].signature, elements[b].signature) for a, b in zip(numbers, containers, strict=True)]
    kin: list[list[object]] = [[*numbers], [*containers], [*outer], signatures, [elements[number].signature for number in containers]]
    columns = [column for keys in kin for column in _kin(_groups(keys), prose, sizes, links)]
    columns += _repeated(containers, [elements[number].signature for number in containers], prose)
    columns += _from_main(tree, prose, containers, outer)
    columns += _on_page(tree, prose, links, sizes)
    return np.stack(columns, axis=1)


def _kin(groups: Numbers, prose: Matrix, sizes: Matrix, links: Matrix) -> list[NDArray[np.floating]]:
    count, size = np.bincount(groups), np.bincount(groups, sizes)
    held, linked = np.bincount(groups, prose), np.bincount(groups, links * sizes) / size
    share, rank = held / max(1.0, prose.sum()), held / max(1.0, held.max())
    return [share[groups], rank[groups], np.minimum(1, np.log1p(count) / 4)[groups], linked[groups],
            (np.log1p(size / count) / 8)[groups], (np.bincount(groups, prose > 0) / count)[groups]]  # fmt: skip


def _repeated(containers: list[int], signatures: list[str], prose: Matrix) -> list[NDArray[np.floating]]:
    """Return how many containers look like a block's own, and what they hold each: teasers come in rows of one block."""
    groups = _groups([*signatures])
    alike = np.array([len(set(members)) for members in _members(groups, containers)])
    held = np.bincount(groups, prose) / alike
    blocks = np.bincount(groups) / alike
    return [np.minimum(1, np.log(alike) / 3)[groups], (np.log1p(held) / 8)[groups], np.minimum(1, np.log1p(blocks) / 4)[groups]]


def _members(groups: Numbers, values: list[int]) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in range(int(groups.max()) + 1)]
    for group, value in zip(groups.tolist(), values, strict=True):
        members[group].append(value)
    return members


def _from_main(tree: Tree, prose: Matrix, containers: list[int], outer: list[int]) -> list[NDArray[np.floating]]:
    """Return how each block stands to the container with most prose of its own, its children's counted half."""
    elements, count = tree.elements, len(tree.blocks)
    score = np.bincount(containers, prose, len(elements)) + np.bincount(outer, prose / 2, len(elements))
    main = int(score.argmax())
    order = np.arange(count)
    number, steps = main, np.zeros(count)
    for _ in range(_LEVELS):
        inside = (order >= elements[number].first) & (order < elements[number].end)
        steps += ~inside
        number = max(0, elements[number].parent)
    held = np.flatnonzero((np.array(containers) == main) & (prose > 0))
    first, last = (int(held[0]), int(held[-1])) if len(held) else (0, 0)
    depth = np.array([elements[number].depth for number in containers]) - elements[main].depth
    same = np.array([elements[number].signature == elements[main].signature for number in containers])
    return [steps / _LEVELS, steps == 0, np.clip(depth, -6, 6) / 6, np.array(containers) == main, same,
            np.clip((order - first) / 10, -1, 1), np.clip((last - order) / 10, -1, 1),
            np.clip((order - first) / 60, -1, 1), np.clip((last - order) / 60, -1, 1)]  # fmt: skip


def _on_page(tree: Tree, prose: Matrix, links: Matrix, sizes: Matrix) -> list[NDArray[np.floating]]:
    blocks, count = tree.blocks, len(tree.blocks)
    order = np.arange(count)
    total = max(1.0, float(prose.sum()))
    before = np.cumsum(prose) - prose
    heading = next((number for number, block in enumerate(blocks) if tree.tag(block) == "h1"), -1)
    page = (np.log1p(count) / 8, np.log1p(total) / 12, heading >= 0, float((links * sizes).sum() / sizes.sum()))
    return [order / count, before / total, 1 - (before + prose) / total, np.clip((order - heading) / 10, -1, 1),
            np.clip((order - heading) / 60, -1, 1), *(np.full(count, value) for value in page)]  # fmt: skip
