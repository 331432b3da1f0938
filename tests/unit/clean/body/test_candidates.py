from training.clean.variants import cut
from worker.clean.body.candidates import near_prose
from worker.clean.html.tokeniser import read_tree
from worker.clean.html.tree import Tree

PROSE = "<p>The ferry did not sail on Monday, because nobody had the key to its engine room.</p>"
FAR = "".join(f"<p>Tide {number}</p>" for number in range(60))


def kept(markup: str) -> list[str]:
    tree = read_tree(markup.encode())
    return [tree.blocks[number].text for number in near_prose(tree)]


def test_what_is_far_from_prose_is_left_out():
    assert kept(FAR + PROSE + FAR) == [
        *(f"Tide {number}" for number in range(35, 60)),
        PROSE[3:-4],
        *(f"Tide {number}" for number in range(25)),
    ]


def test_what_is_near_the_main_heading_stays():
    texts = kept(f"<h1>Ferry</h1>{FAR}{PROSE}")

    assert texts[:3] == ["Ferry", "Tide 0", "Tide 1"]
    assert "Tide 30" not in texts


def test_a_page_without_prose_stays_whole():
    assert len(kept(FAR + f"<p><a>{PROSE[3:-4]}</a></p>" + FAR)) == 121


def test_prose_of_a_script_that_writes_a_word_in_few_characters_counts():
    sentence = "月曜日のフェリーは機関室の鍵がなかったため出航しなかった。"

    assert len(kept(f"{FAR}<p>{sentence}</p>{FAR}")) == 51


def part(markup: str) -> Tree | None:
    tree = read_tree(markup.encode())
    return cut(tree, near_prose(tree)) if tree.blocks else None


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
        for name in ("tags", "marks", "regions", "depths", "selectors"):
            mine, its = getattr(near.elements, name), getattr(tree.elements, name)
            assert [mine[place] for place, _ in places] == [its[place] for _, place in places]
        assert block.moved(before.element) == before
