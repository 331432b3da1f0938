"""The parts under the classifier: the walk, counted characters, features, the network."""

import numpy as np
import pytest

from training.clean.probe import probe
from worker.clean.body.choice import from_title, joined, picked, with_updates
from worker.clean.body.features import (
    COLUMN,
    COLUMN_NAMES,
    MARK_COLUMNS,
    REGION_COLUMNS,
    UNSEEN_COLUMN,
    features,
)
from worker.clean.body.network import MODEL, BodyNetwork, network
from worker.clean.body.position import Matrix
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree
from worker.clean.html.tree import Tree

NO_HINTS = Hints("", "", "")


def texts(markup: str) -> list[str]:
    return [block.text for block in read_tree(markup.encode()).blocks]


def whole(tree: Tree) -> list[int]:
    return list(range(len(tree.blocks)))


def rows_of(markup: str) -> Matrix:
    tree = read_tree(markup.encode())
    return features(tree, whole(tree), NO_HINTS)


def test_blocks_end_at_block_level_elements_and_at_double_line_breaks():
    assert texts("<p>One <b>two</b> three</p>four<br>five<br><br>six<ul><li>seven</ul>") == [
        "One two three",
        "four five",
        "six",
        "seven",
    ]


def test_what_no_reader_sees_as_text_is_no_block():
    assert texts("<nav>Home</nav><button>Go</button><p>Kelp<!-- no --><span hidden>no</span></p>") == ["Kelp"]


def test_a_footer_is_read_inside_an_article_only():
    assert texts("<article><p>Kelp</p><footer>Corrected on Monday</footer></article><footer>Imprint</footer>") == [
        "Kelp",
        "Corrected on Monday",
    ]


def test_nested_elements_that_name_something_do_not_copy_a_page_for_each():
    long = "Kelp was landed. " * 10_000

    tree = read_tree(("<h1><div class=byline itemprop=x>" * 300 + f"<time>{long}</time>").encode())

    held = [*tree.headings, *(text for text, _ in tree.bylines), *(text for _, text in tree.properties)]
    assert len(tree.blocks[0].text) > 100_000
    assert sum(map(len, held)) < 1_000_000


def test_a_main_heading_is_all_of_its_text():
    tree = read_tree(b"<h1><div>Kelp</div><div>returns</div></h1><p>It grows.</p><h2>More</h2><h1></h1>")

    assert tree.headings == ["Kelp returns", ""]


def test_a_list_belongs_to_the_container_around_it():
    tree = read_tree(b"<div class=story><p>One</p><ul><li><p>Two</p></li></ul></div>")

    containers = [tree.container(block) for block in tree.blocks]

    assert len(set(containers)) == 1
    assert tree.elements.selectors[containers[0]] == b"div.story"


def test_mark_columns_are_those_that_class_names_change():
    plain, named = (rows_of(f"<p>Kelp</p><div class='{kind}'><p>Ferry</p></div>") for kind in ("x1", "newsletter"))

    changed = set(np.flatnonzero((plain != named).any(axis=0)).tolist())

    assert changed
    assert changed <= set(MARK_COLUMNS)
    assert not changed & set(REGION_COLUMNS)


def test_hidden_blocks_are_told_apart_unless_a_script_shows_them():
    shown = "<p>" + "Kelp grows along the whole of the coast here, they say. " * 3 + "</p>"
    copied = rows_of(f"{shown}<div style='display: none'>{shown}</div>")
    revealed = rows_of(f"<p>Kelp</p><div style='display: none'>{shown}</div>")

    assert copied[:, UNSEEN_COLUMN].tolist() == [0, 1]
    assert revealed[:, UNSEEN_COLUMN].tolist() == [0, 0]


def test_the_network_computes_what_its_formula_says():
    chance = np.random.default_rng(7)
    shapes = {"enter": (3, 2), "near": (10, 2), "page": (2, 2), "far": (10, 2), "leave": (2, 1)}
    biases = {"enter_bias": 2, "near_bias": 2, "far_bias": 2, "leave_bias": 1}
    weights = {name: chance.normal(size=shape).astype(np.float32) for name, shape in (shapes | biases).items()}
    net, rows = BodyNetwork(**weights), chance.normal(size=(6, 3)).astype(np.float32)

    hidden = np.maximum(rows @ net.enter + net.enter_bias, 0)
    page = hidden.mean(axis=0) @ net.page
    for matrix, bias, step in ((net.near, net.near_bias + page, 1), (net.far, net.far_bias, 2)):
        around = [
            np.concatenate([hidden[n + d * step] if 0 <= n + d * step < 6 else np.zeros(2) for d in range(-2, 3)])
            for n in range(6)
        ]
        hidden = hidden + np.maximum(np.array(around) @ matrix + bias, 0)

    assert net.logits(rows) == pytest.approx((hidden @ net.leave + net.leave_bias)[:, 0], abs=1e-4)


def test_features_are_those_that_the_committed_weights_were_fitted_on():
    with np.load(MODEL) as stored:
        assert probe() == pytest.approx(stored["probe"], abs=1e-5)
        assert stored["columns"].tolist() == list(COLUMN_NAMES)
    assert network().enter.shape[0] == probe().shape[1] == len(set(COLUMN_NAMES))


@pytest.mark.parametrize(("kind", "expected"), [("liveblog-update", ["One", "Two", "Three"]), ("card", ["One"])])
def test_the_updates_of_a_live_blog_are_taken_together(kind, expected):
    updates = "".join(f"<div class='{kind}'><p>{text}</p></div><p>Share</p>" for text in ("One", "Two", "Three"))
    tree = read_tree(updates.encode())

    assert [tree.blocks[number].text for number in with_updates(tree, whole(tree), [0])] == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<div><p>One</p><p>Two</p></div><div><p>Three</p></div>",
        "<div><p>One</p></div><div><p>Two</p><p>Three</p></div>",
    ],
    ids=["the one before", "the one after"],
)
def test_a_doubtful_block_beside_one_of_its_container_is_body(markup):
    assert joined(read_tree(markup.encode()), [0, 1, 2], [0.9, 0.2, 0.9], 0.4) == [0, 1, 2]


def test_what_is_picked_is_seen_likely_and_between():
    tree = read_tree(b"<div><p>One</p><p>Two</p><p>Three</p><p>Four</p><p>Five</p></div>")
    rows = np.zeros((5, UNSEEN_COLUMN + 1), np.float32)
    rows[3, UNSEEN_COLUMN] = 1

    assert picked(tree, whole(tree), rows, np.array([0.9, 0.2, 0.5, 0.9, 0.1], np.float32), "") == [0, 1, 2]
    assert picked(tree, whole(tree), rows, np.array([0.12, 0.05, 0.1, 0.9, 0.1], np.float32), "") == [0, 2, 4]


@pytest.mark.parametrize(
    ("likely", "expected"),
    [
        ([0.9, 0.2, 0.9, 0.2], [0, 1, 2]),
        ([0.9, 0.1, 0.9, 0.0], [0, 2]),
        ([0.2, 0.9, 0.2, 0.2], [1]),
        ([0.2, 0.2, 0.2, 0.2], []),
    ],
)
def test_a_doubtful_block_is_body_between_two_that_are(likely, expected):
    tree = read_tree(b"<div><p>One</p><h3>Two</h3><p>Three</p><p>Four</p></div>")

    assert joined(tree, whole(tree), likely, 0.4) == expected


def test_a_doubtful_block_of_another_container_is_not_body():
    tree = read_tree(b"<div><p>One</p></div><div><p>Two</p></div><div><p>Three</p></div>")

    assert joined(tree, whole(tree), [0.9, 0.2, 0.9], 0.4) == [0, 2]


_OTHERS = "".join(
    f"<div><li>{town}: the ferry runs again, and few noticed.</li></div>" for town in ("Port", "Bay", "Cove")
)
_BODY = "<p>Kelp grows along the whole of the coast, they say.</p>" * 2


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"{_OTHERS}<h2>Kelp returns</h2>{_BODY}", [3, 4, 5]),
        (f"{_OTHERS}<h2>KELP returns!</h2>{_BODY}", [3, 4, 5]),
        (f"{_OTHERS}<h2>Kelp</h2>{_BODY}", [0, 1, 2, 3, 4, 5]),
        (f"{_OTHERS}<p>Kelp returns</p>{_BODY}", [0, 1, 2, 3, 4, 5]),
        (f"<h1>Kelp returns</h1>{_OTHERS}<h2>Kelp returns</h2>{_BODY}", [0, 1, 2, 3, 4, 5, 6]),
        (f"<h3></h3>{_OTHERS}{_BODY}<h3>Kelp returns</h3><p>The sea</p>", [0, 1, 2, 3, 4, 5, 6]),
        (f"{_OTHERS}{_BODY}<aside><h3>Kelp returns</h3></aside>{_BODY}", [3, 4, 5, 6, 7]),
    ],
    ids=["title", "other marks", "another heading", "no heading", "first of two", "list at the end", "box inside"],
)
def test_a_body_begins_with_the_title_if_much_follows(markup, expected):
    tree = read_tree(markup.encode())

    assert from_title(tree, whole(tree), whole(tree), "Kelp returns") == expected


def test_without_a_headline_nothing_is_left_out():
    tree = read_tree(f"{_OTHERS}<h2>!</h2>{_BODY}".encode())

    assert from_title(tree, whole(tree), whole(tree), "") == whole(tree)


def test_what_is_picked_is_named_as_on_the_whole_page():
    tree = read_tree(b"<div><p>One</p><p>Two</p><p>Three</p><p>Four</p></div>")

    assert joined(tree, [0, 2, 3], [0.9, 0.2, 0.9], 0.4) == [0, 2, 3]
    assert from_title(tree, [2, 3], [2, 3], "") == [2, 3]


def test_a_heading_that_is_not_looked_at_bounds_nothing():
    tree = read_tree(b"<h1>Kelp returns</h1><div><p>One</div><div><h2>Kelp returns</h2><p>Two</div>")

    assert from_title(tree, [1, 2, 3], [1, 2, 3], "Kelp returns") == [2, 3]


def test_without_a_stated_body_no_block_is_stated_or_missing_in_it():
    known = features(read_tree(b"<p>a</p>"), [0], Hints("", "", "a"))

    stated = [COLUMN["words.stated"], COLUMN["words.not_stated"]]
    assert known[0, stated].tolist() == [1, 0]
    assert rows_of("<p>a</p>")[0, stated].tolist() == [0, 0]


def test_long_blocks_are_not_read_for_boilerplate():
    short, long = rows_of(f"<p>Newsletter {'kelp ' * 20}</p><p>Newsletter {'kelp ' * 90}</p>")

    assert (short[COLUMN["words.subscribe"]], long[COLUMN["words.subscribe"]]) == (1, 0)
