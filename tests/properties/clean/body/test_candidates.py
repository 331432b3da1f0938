from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.clean.body.test_candidates import FAR, PROSE, part
from training.clean.variants import cut
from worker.clean.body.candidates import near_prose
from worker.clean.body.features import features
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree

HINTS = Hints("Ferry", "tide", "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", FAR[:200], PROSE, "<ul class=card><li>x</ul>", "<h1>Ferry</h1>", FAR]),
        max_size=20,
    )
)
def test_what_is_far_might_as_well_not_be_there(pieces):
    tree = read_tree("".join(pieces).encode())
    near = near_prose(tree)
    if near:
        part = cut(tree, near)
        all_of_it = list(range(len(near)))

        assert [block.text for block in part.blocks] == [tree.blocks[number].text for number in near]
        assert (features(tree, near, HINTS) == features(part, all_of_it, HINTS)).all()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["<div>", "</div>", FAR[:200], PROSE, "<ul><li>x</ul>", "<h1>Ferry</h1>"]), max_size=40)
)
def test_elements_delimit_the_blocks_that_are_left(pieces):
    near = part("".join(pieces))
    if near is None:
        return

    for number, block in enumerate(near.blocks):
        assert near.elements.firsts[block.element] <= number < near.elements.ends[block.element]
    assert all(parent < number for number, parent in enumerate(near.elements.parents))
