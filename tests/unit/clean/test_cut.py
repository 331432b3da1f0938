"""The part of a page that training varies."""

from hypothesis import given, settings
from hypothesis import strategies as st

from training.clean.variants import cut
from worker.clean.nearby import near_prose
from worker.clean.reader import read_tree
from worker.clean.tree import Tree

PROSE = "<p>The ferry did not sail on Monday, because nobody had the key to its engine room.</p>"
FAR = "".join(f"<p>Tide {number}</p>" for number in range(60))


def part(markup: str) -> Tree | None:
    tree = read_tree(markup.encode())
    return cut(tree, near_prose(tree)) if tree.blocks else None


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


def test_elements_without_a_block_left_are_left_out():
    near = part(f"<div>{FAR}</div><ul>{FAR}</ul><main><section>{PROSE}</section></main>")

    assert [tag for tag in near.elements.tags if tag != "p"] == ["body", "ul", "main", "section"]
    assert near.elements.parents[-1] == near.elements.tags.index("section")
    assert near.tag(near.blocks[-1]) == "p"


def test_what_is_left_is_as_it_was():
    tree = read_tree(
        f"<div class=a>{FAR}</div><article class=share><h2>Ferry <a>again</a></h2><aside hidden>{PROSE}"
        "<b class=byline>By <a>Ann</a></b></aside></article>".encode()
    )

    left = near_prose(tree)
    near = cut(tree, left)

    assert len(left) < len(tree.blocks)
    for block, number in zip(near.blocks, left, strict=True):
        before = tree.blocks[number]
        places = ((block.element, before.element), (near.container(block), tree.container(before)))
        for name in ("tags", "marks", "regions", "depths", "looks"):
            mine, its = getattr(near.elements, name), getattr(tree.elements, name)
            assert [mine[place] for place, _ in places] == [its[place] for _, place in places]
        assert block.moved(before.element) == before
