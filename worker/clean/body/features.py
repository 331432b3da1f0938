"""What the body classifier sees of each block: its text, its place, its kin on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
All features lie near [0, 1].
"""

from __future__ import annotations

import re
from array import array

import numpy as np

from worker.clean.body.columns import Scene, doubles, integers
from worker.clean.body.evidence import EVIDENCE_COLUMNS, evidence
from worker.clean.body.letters import (
    CAPITALS,
    COLONS,
    COMMAS,
    DIGITS,
    ENDS,
    LOWER,
    PIPES,
    QUOTED,
    SPACES,
    STOPS,
)
from worker.clean.body.position import PLACE_COLUMNS, PLACE_LOGS, Matrix, place
from worker.clean.body.vocabulary import GROUPS, Hints, Telling
from worker.clean.html.class_names import NAMES
from worker.clean.html.elements import REGIONS
from worker.clean.html.tree import Tree

_BITS = len(NAMES) + 1
_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "header", "footer", "figure")  # fmt: skip
_TAG_NUMBERS = {tag: number for number, tag in enumerate(_TAGS)}
#: \b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b, begun with a digit, for which `re` searches three times as fast.
_DATE_LIKE = re.compile(r"\d(?:(?<=\b1)9\d\d\b|(?<=\b2)0\d\d\b|\d?[:.h]\d\d\b)")
#: How many columns of `features` tell of text, words and tag; those after them tell sites apart, and training blanks
#: them at random.
_TEXT_COLUMNS, _WORD_COLUMNS, _TAG_COLUMNS = 20, 13, len(_TAGS)
_GROUPS, _REGION_BITS = GROUPS, len(REGIONS)
_FIRST_MARK = _TEXT_COLUMNS + _WORD_COLUMNS + _TAG_COLUMNS
MARK_COLUMNS = list(range(_FIRST_MARK, _FIRST_MARK + 2 * _BITS))
UNSEEN_COLUMN = _UNSEEN = _FIRST_MARK + 2 * _BITS
REGION_COLUMNS = list(range(UNSEEN_COLUMN + 1, UNSEEN_COLUMN + 1 + len(REGIONS)))
_PLACE = REGION_COLUMNS[-1] + 1
_EVIDENCE = _PLACE + PLACE_COLUMNS
COLUMNS = _EVIDENCE + EVIDENCE_COLUMNS
#: Columns that become logarithms: the divisor of log(1 + x), and the largest value.
_LOGS = {0: (8, np.inf), 7: (3, np.inf)} | {_PLACE + column: scale for column, scale in PLACE_LOGS.items()}
_LOGGED = array("i", _LOGS)
_DIVISORS, _MOST = (array("f", values) for values in zip(*_LOGS.values(), strict=True))
#: Sizes by which a block is short, in Latin characters.
_SMALL = 120
#: Longer blocks are read for words no further: boilerplate is short.
_SHORT = 400
#: Blocks that start alike are copies.
_START = 60
#: Longer blocks have no date line.
_DATED = 120


def features(tree: Tree, near: list[int], hints: Hints) -> Matrix:
    """Return one row of features for each of the blocks that `near` names, of one at least."""
    rows = np.zeros((len(near), COLUMNS), np.float32)
    scene = Scene(tree, near)
    _text(scene, rows)
    _words(scene, hints, rows)
    _marks(scene, rows)
    place(scene, rows, _PLACE)
    evidence(scene, rows, _EVIDENCE)
    logged = np.empty((scene.count, len(_LOGS)), np.float32)
    _gather(rows, logged)
    np.log1p(logged, logged)  # all at once: math's would cost more than all else
    _scatter(logged, rows)
    return rows


def _gather(rows: Matrix, logged: Matrix) -> None:
    for block in range(len(rows)):
        for number in range(len(_LOGGED)):
            logged[block, number] = rows[block, _LOGGED[number]]


def _scatter(logged: Matrix, rows: Matrix) -> None:
    for block in range(len(rows)):
        for number in range(len(_LOGGED)):
            rows[block, _LOGGED[number]] = min(logged[block, number] / _DIVISORS[number], _MOST[number])


def _text(scene: Scene, rows: Matrix) -> None:
    for block, one in enumerate(scene.blocks):
        size, length = scene.sizes[block], scene.lengths[block]
        commas, stops = scene.counts[COMMAS, block], scene.counts[STOPS, block]
        rows[block, 0] = size
        rows[block, 1] = min(size, 50) / 50
        rows[block, 2] = min(size, 200) / 200
        rows[block, 3] = min(size, 600) / 600
        rows[block, 4] = scene.links[block]
        rows[block, 5] = scene.links[block] > 0.9
        rows[block, 6] = scene.emphasis[block]
        rows[block, 7] = one.link_count
        rows[block, 8] = min(commas, 6) / 6
        rows[block, 9] = min(stops, 6) / 6
        rows[block, 10] = min(1, 20 * commas / length)
        rows[block, 11] = min(1, 20 * stops / length)
        rows[block, 12] = 2 * scene.counts[DIGITS, block] / length if size < _SMALL else 0
        rows[block, 13] = 2 * scene.counts[CAPITALS, block] / length if size < _SMALL else 0.1
        rows[block, 14] = 4 * scene.counts[SPACES, block] / length
        rows[block, 15] = scene.counts[ENDS, block]
        rows[block, 16] = scene.counts[COLONS, block]
        rows[block, 17] = scene.counts[QUOTED, block]
        rows[block, 18] = scene.counts[LOWER, block]
        rows[block, 19] = scene.counts[PIPES, block] > 0


def _words(scene: Scene, hints: Hints, rows: Matrix) -> None:
    """Write what the words of each block share with boilerplate and the metadata, and which start as others do."""
    telling, at = Telling(hints), _TEXT_COLUMNS
    firsts: dict[str, int] = {}
    for block, one in enumerate(scene.blocks):
        text: str = one.text
        if len(text) < _SHORT:
            telling.read(text)
            for group in range(_GROUPS):
                rows[block, at + group] = telling.groups >> group & 1
            titled, described = telling.titled, telling.described
            rows[block, at + _GROUPS] = titled / max(1, telling.count + telling.title_size - titled)
            rows[block, at + _GROUPS + 1] = described / max(1, telling.count)
        first: int = firsts.setdefault(text[:_START], block)
        if first != block:
            rows[first, at + _GROUPS + 2] = rows[block, at + _GROUPS + 2] = rows[block, at + _GROUPS + 3] = 1
        if hints.evidence:
            is_stated = "".join(text[: 2 * _START].split())[:_START] in hints.evidence
            rows[block, at + _GROUPS + 4] = is_stated
            rows[block, at + _GROUPS + 5] = not is_stated
        if scene.counts[DIGITS, block] > 0 and len(text) < _DATED:
            rows[block, at + _GROUPS + 6] = _DATE_LIKE.search(text) is not None


def _marks(scene: Scene, rows: Matrix) -> None:
    """Write tag, own marks, marks of the branch, whether a block is seen, regions.

    The branch are the elements around that hold less than half of the page's prose: a larger one says nothing by its
    name, it is the page, or the article.
    """
    elements = scene.tree.elements
    branch = _branch(scene, elements.marks)
    for block, one in enumerate(scene.blocks):
        own: int = scene.numbers[block]
        number: int = scene.origins[own]
        tag: int = _TAG_NUMBERS.get(elements.tags[number], -1)
        if tag >= 0:
            rows[block, _FIRST_MARK - _TAG_COLUMNS + tag] = 1
        _unpack(elements.marks[number] | one.marks, _BITS, rows, block, _FIRST_MARK)
        _unpack(branch[own], _BITS, rows, block, _FIRST_MARK + _BITS)
        rows[block, _UNSEEN] = scene.is_unseen[block]
        _unpack(elements.regions[number], _REGION_BITS, rows, block, _UNSEEN + 1)


def _branch(scene: Scene, marks: list[int]) -> array[int]:
    sums, branch = doubles(scene.count + 1), integers(scene.width)
    for block in range(scene.count):
        sums[block + 1] = sums[block] + scene.prose[block]
    large = 0.5 * max(1.0, sums[scene.count])
    for number in range(scene.width):
        parent: int = scene.parents[number]
        if sums[scene.ends[number]] - sums[scene.firsts[number]] < large:
            branch[number] = marks[scene.origins[number]] | (branch[parent] if parent >= 0 else 0)
    return branch


def _unpack(bits: int, count: int, rows: Matrix, block: int, at: int) -> None:
    """Write the lowest bits, a column each."""
    for bit in range(count):
        rows[block, at + bit] = bits >> bit & 1
