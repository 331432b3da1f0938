"""What the body classifier sees of each block: its text, its marks, its position on the page.

No words of any language are counted but a short list of boilerplate phrases: lengths are in
characters, and a CJK character counts as three, about what a word's share of it carries.
All features lie near [0, 1].
"""

from __future__ import annotations

import re
from array import array

import numpy as np

from worker.clean.body.columns import PageColumns, doubles, integers
from worker.clean.body.evidence import EVIDENCE_NAMES, evidence
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
from worker.clean.body.position import POSITION_LOGS, POSITION_NAMES, Matrix, position
from worker.clean.body.vocabulary import BOILERPLATE, GROUPS, Hints, PartVocabulary
from worker.clean.html.class_names import MARKS
from worker.clean.html.elements import REGIONS
from worker.clean.html.tree import Tree

_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "td", "section", "article",
         "body", "dd", "pre", "header", "footer", "figure")  # fmt: skip
_TAG_NUMBERS = {tag: number for number, tag in enumerate(_TAGS)}
#: \b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d\b, begun with a digit, for which `re` searches three times as fast.
_DATE_LIKE = re.compile(r"\d(?:(?<=\b1)9\d\d\b|(?<=\b2)0\d\d\b|\d?[:.h]\d\d\b)")
#: The columns that `_text` and `_words` write, in this order. A number in a name is the size at which the column is 1.
_TEXT_NAMES = ("size", "size_50", "size_200", "size_600", "link_share", "is_link", "emphasis_share", "links", "commas",
               "stops", "comma_share", "stop_share", "digit_share", "capital_share", "space_share", "ends_a_sentence",
               "ends_with_colon", "begins_quoted", "begins_small", "has_pipe")  # fmt: skip
_WORD_NAMES = (*BOILERPLATE, "title_overlap", "description_share", "begins_as_another", "begins_as_an_earlier",
               "stated", "not_stated", "date")  # fmt: skip
#: The names of the elements' marks; the last is set by what hides an element for certain, "hidden" by a word.
_MARK_NAMES = (*MARKS, "not_displayed")
#: The names of all columns of `features`, in order.
COLUMN_NAMES = (
    *(f"text.{name}" for name in _TEXT_NAMES),
    *(f"words.{name}" for name in _WORD_NAMES),
    *(f"tag.{name}" for name in _TAGS),
    *(f"mark.{name}" for name in _MARK_NAMES),
    *(f"branch.{name}" for name in _MARK_NAMES),
    "unseen",
    *(f"region.{name}" for name in REGIONS),
    *POSITION_NAMES,
    *EVIDENCE_NAMES,
)
#: The number of each column.
COLUMN = {name: number for number, name in enumerate(COLUMN_NAMES)}
_FIRST_WORD, _FIRST_TAG, _FIRST_MARK = (COLUMN[name] for name in ("words.subscribe", "tag.p", "mark.body_property"))
_BITS, _GROUPS, _REGION_BITS = len(_MARK_NAMES), GROUPS, len(REGIONS)
#: What tells sites apart, which training blanks at random.
MARK_COLUMNS = list(range(_FIRST_MARK, _FIRST_MARK + 2 * _BITS))
UNSEEN_COLUMN = _UNSEEN = COLUMN["unseen"]
REGION_COLUMNS = list(range(UNSEEN_COLUMN + 1, UNSEEN_COLUMN + 1 + len(REGIONS)))
_POSITION = REGION_COLUMNS[-1] + 1
_EVIDENCE = _POSITION + len(POSITION_NAMES)
#: Columns that become logarithms: the divisor of log(1 + x), and the largest value.
_LOGS = {"text.size": (8, np.inf), "text.links": (3, np.inf)} | POSITION_LOGS
_LOGGED = array("i", [COLUMN[name] for name in _LOGS])
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
    rows = np.zeros((len(near), len(COLUMN_NAMES)), np.float32)
    page = PageColumns(tree, near)
    _text(page, rows)
    _words(page, hints, rows)
    _marks(page, rows)
    position(page, rows, _POSITION)
    evidence(page, rows, _EVIDENCE)
    logged = np.empty((page.count, len(_LOGS)), np.float32)
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


def _text(page: PageColumns, rows: Matrix) -> None:
    for block, one in enumerate(page.blocks):
        size, length = page.sizes[block], page.lengths[block]
        commas, stops = page.counts[COMMAS, block], page.counts[STOPS, block]
        rows[block, 0] = size
        rows[block, 1] = min(size, 50) / 50
        rows[block, 2] = min(size, 200) / 200
        rows[block, 3] = min(size, 600) / 600
        rows[block, 4] = page.links[block]
        rows[block, 5] = page.links[block] > 0.9
        rows[block, 6] = page.emphasis[block]
        rows[block, 7] = one.link_count
        rows[block, 8] = min(commas, 6) / 6
        rows[block, 9] = min(stops, 6) / 6
        rows[block, 10] = min(1, 20 * commas / length)
        rows[block, 11] = min(1, 20 * stops / length)
        rows[block, 12] = 2 * page.counts[DIGITS, block] / length if size < _SMALL else 0
        rows[block, 13] = 2 * page.counts[CAPITALS, block] / length if size < _SMALL else 0.1
        rows[block, 14] = 4 * page.counts[SPACES, block] / length
        rows[block, 15] = page.counts[ENDS, block]
        rows[block, 16] = page.counts[COLONS, block]
        rows[block, 17] = page.counts[QUOTED, block]
        rows[block, 18] = page.counts[LOWER, block]
        rows[block, 19] = page.counts[PIPES, block] > 0


def _words(page: PageColumns, hints: Hints, rows: Matrix) -> None:
    """Write what the words of each block share with boilerplate and the metadata, and which start as others do."""
    vocabulary, at = PartVocabulary(hints), _FIRST_WORD
    firsts: dict[str, int] = {}
    for block, one in enumerate(page.blocks):
        text: str = one.text
        if len(text) < _SHORT:
            vocabulary.read(text)
            for group in range(_GROUPS):
                rows[block, at + group] = vocabulary.groups >> group & 1
            titled, described = vocabulary.titled, vocabulary.described
            rows[block, at + _GROUPS] = titled / max(1, vocabulary.count + vocabulary.title_size - titled)
            rows[block, at + _GROUPS + 1] = described / max(1, vocabulary.count)
        first: int = firsts.setdefault(text[:_START], block)
        if first != block:
            rows[first, at + _GROUPS + 2] = rows[block, at + _GROUPS + 2] = rows[block, at + _GROUPS + 3] = 1
        if hints.evidence:
            is_stated = "".join(text[: 2 * _START].split())[:_START] in hints.evidence
            rows[block, at + _GROUPS + 4] = is_stated
            rows[block, at + _GROUPS + 5] = not is_stated
        if page.counts[DIGITS, block] > 0 and len(text) < _DATED:
            rows[block, at + _GROUPS + 6] = _DATE_LIKE.search(text) is not None


def _marks(page: PageColumns, rows: Matrix) -> None:
    """Write tag, own marks, marks of the branch, whether a block is seen, regions.

    The branch are the elements around that hold less than half of the page's prose: a larger one says nothing by its
    name, it is the page, or the article.
    """
    elements = page.tree.elements
    branch = _branch(page, elements.marks)
    for block, one in enumerate(page.blocks):
        own: int = page.numbers[block]
        number: int = page.origins[own]
        tag: int = _TAG_NUMBERS.get(elements.tags[number], -1)
        if tag >= 0:
            rows[block, _FIRST_TAG + tag] = 1
        _unpack(elements.marks[number] | one.marks, _BITS, rows, block, _FIRST_MARK)
        _unpack(branch[own], _BITS, rows, block, _FIRST_MARK + _BITS)
        rows[block, _UNSEEN] = page.is_unseen[block]
        _unpack(elements.regions[number], _REGION_BITS, rows, block, _UNSEEN + 1)


def _branch(page: PageColumns, marks: list[int]) -> array[int]:
    sums, branch = doubles(page.count + 1), integers(page.width)
    for block in range(page.count):
        sums[block + 1] = sums[block] + page.prose[block]
    large = 0.5 * max(1.0, sums[page.count])
    for number in range(page.width):
        parent: int = page.parents[number]
        if sums[page.ends[number]] - sums[page.firsts[number]] < large:
            branch[number] = marks[page.origins[number]] | (branch[parent] if parent >= 0 else 0)
    return branch


def _unpack(bits: int, count: int, rows: Matrix, block: int, at: int) -> None:
    """Write the lowest bits, a column each."""
    for bit in range(count):
        rows[block, at + bit] = bits >> bit & 1
