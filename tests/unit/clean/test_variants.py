"""Variants of training pages: the tree stays one, and the labels stay with their blocks."""

import random

import pytest

from training.clean.labels import weigh
from training.clean.variants import parts, vary_tree
from worker.clean.body.vocabulary import Hints
from worker.clean.html.tokeniser import read_tree

_HINTS = Hints("Kelp", "Kelp grows", "Kelpgrows")
_LINE = (
    "The kelp of bay {0} has grown for nine summers. Nobody cut any of it in bay {0}, and nobody will before spring. "
)
_BODY = "".join(f"<p>{2 * _LINE.format(number)}</p>" for number in range(9))
_BOX = "".join(f"<div class=card><h3>Ferry {number}</h3><p>Read on</p></div>" for number in range(4))
PAGE = read_tree(f"<div class=top>Home</div><main><div class=story>{_BODY}</div></main><aside>{_BOX}</aside>".encode())
SHARES = [float(block.text.startswith("The kelp")) for block in PAGE.blocks]
FOREIGN = parts(read_tree(f"<section><p>Crane</p>{_BOX.replace('Ferry', 'Crane')}</section>".encode()), [0.0] * 9)


def variant(seed):
    return vary_tree(PAGE, SHARES, _HINTS, FOREIGN, random.Random(seed))


def is_inside(tree, number):
    element = tree.blocks[number].element
    while element >= 0:
        if not tree.elements.firsts[element] <= number < tree.elements.ends[element]:
            return False
        element = tree.elements.parents[element]
    return True


@pytest.mark.parametrize("seed", range(60))
def test_blocks_of_a_variant_lie_in_their_elements_and_keep_their_labels(seed):
    tree, shares, _ = variant(seed)

    assert len(shares) == len(tree.blocks)
    assert all(is_inside(tree, number) for number in range(len(tree.blocks)))
    assert all(parent < number for number, parent in enumerate(tree.elements.parents))
    known = " ".join(block.text for block in PAGE.blocks)
    for block, share in zip(tree.blocks, shares, strict=True):
        assert share == float("kelp" in block.text or "Nobody" in block.text)
        assert block.text in known or "Crane" in block.text or block.text == "Read on"


def test_a_variant_leaves_its_page_alone_and_is_the_same_again():
    before = [block.moved(block.element) for block in PAGE.blocks], list(PAGE.elements.tags), list(PAGE.elements.ends)

    first, second = variant(5), variant(5)

    assert ([*PAGE.blocks], PAGE.elements.tags, PAGE.elements.ends) == before
    assert first == second


def test_variants_shorten_list_link_rename_and_graft():
    found = [variant(seed)[:2] for seed in range(60)]
    tags = {
        tree.tag(block) for tree, shares in found for block, share in zip(tree.blocks, shares, strict=True) if share
    }

    assert {"p", "li", "div", "td"} <= tags
    assert min(sum(shares) for _, shares in found) <= 6
    assert any(block.links for tree, _ in found for block in tree.blocks)
    assert any("Crane" in block.text for tree, _ in found for block in tree.blocks)


def test_parts_hold_nothing_of_the_body():
    found = parts(PAGE, SHARES)

    assert found
    assert not any("kelp" in block.text for part in found for block in part.blocks)
    assert all(part.elements.parents[0] == -1 and part.elements.ends[0] == len(part.blocks) for part in found)


def test_a_block_weighs_by_its_share_of_the_body():
    assert weigh([48, 0], 50) == [0.5, 0.02]
