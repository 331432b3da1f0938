"""The parts under the classifier: the walk, counted characters, features, the network."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.clean.body.test_choice import whole
from worker.clean.body.characters import count
from worker.clean.body.features import features
from worker.clean.body.letters import COMMAS, SPACES
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree

MARKUP = st.lists(
    st.sampled_from(
        ["<div>", "</div>", "<p>", "</p>", "<ul><li>", "<a href=/x>", "</a>", "<br>", "<b>", "<nav>", "<h1>"]
    )
    | st.text("kelp ,.“”\n", min_size=1, max_size=30),
    max_size=40,
).map("".join)


@settings(deadline=None)
@given(MARKUP)
def test_elements_hold_the_blocks_between_their_ends(markup):
    tree = read_tree(markup.encode())

    for number, block in enumerate(tree.blocks):
        element = block.element
        while element >= 0:
            assert tree.elements.firsts[element] <= number < tree.elements.ends[element]
            element = tree.elements.parents[element]


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8))
def test_characters_are_counted_as_python_counts_them(given_texts):
    lengths, counts = (np.asarray(found) for found in count(given_texts))

    assert lengths.tolist() == [len(text) for text in given_texts]
    assert counts[SPACES].tolist() == [text.count(" ") for text in given_texts]
    assert counts[COMMAS].tolist() == [sum(map(text.count, ",，、;；:：")) for text in given_texts]


@settings(max_examples=50, deadline=None)
@given(MARKUP)
def test_features_are_finite_and_small_on_any_page(markup):
    tree = read_tree(markup.encode())
    if not tree.blocks:
        return
    rows = features(tree, whole(tree), Hints("kelp", "kelp, kelp", "kelp"))

    assert rows.shape[0] == len(tree.blocks)
    assert np.isfinite(rows).all()
    assert np.abs(rows).max() <= 4
