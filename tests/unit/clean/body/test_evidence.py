"""Where prose lies together."""

import numpy as np

from worker.clean.body.columns import PageColumns
from worker.clean.body.evidence import EVIDENCE_NAMES, evidence
from worker.clean.html.tokeniser import read_tree

_PROSE = "The kelp along this coast has grown for nine summers, and nobody has cut any of it so far."
_STORY = f"<div class=story><p>{_PROSE}</p><p>{_PROSE}</p><p>Nine summers</p><p>{_PROSE}</p></div>"
_TEASERS = "".join(
    f"<div class=teaser><h3>Ferry, again</h3><p>{_PROSE}</p><p>Read on</p><p>Share</p></div>" for _ in "abcd"
)
_BETWEEN, _IN_ELEMENT, _IN_RUN = (
    EVIDENCE_NAMES.index(name)
    for name in ("nearest_prose.around_in_container", "densest_strict.in_element", "densest_strict.in_run")
)


def columns(markup):
    tree = read_tree(markup.encode())
    rows = np.zeros((len(tree.blocks), len(EVIDENCE_NAMES)), np.float32)
    evidence(PageColumns(tree, list(range(len(tree.blocks)))), rows, 0)
    return rows.T.tolist()


def test_the_story_is_denser_than_more_prose_in_teasers():
    found = columns(f"{_TEASERS}{_STORY}<p>Imprint</p>")

    assert found[_IN_ELEMENT] == [0] * 16 + [1] * 4 + [0]
    assert found[_IN_RUN] == [0] * 16 + [1] * 4 + [0]


def test_a_short_line_between_two_paragraphs_of_its_container_is_told_apart():
    assert columns(f"{_STORY}<p>Imprint</p>")[_BETWEEN] == [0, 1, 1, 0, 0]


def test_what_no_reader_sees_counts_neither_for_nor_against():
    unseen = "<p style='display: none'>x</p>"
    hidden = columns(f"<div><p>{_PROSE}</p>{unseen}<p>{_PROSE}</p></div><div><p>{_PROSE}</p></div>")

    assert hidden[_IN_RUN] == [1, 1, 1, 1]


def test_a_page_of_one_block_has_evidence_too():
    assert all(len(column) == 1 and abs(column[0]) <= 1 for column in columns("<p>Kelp</p>"))
