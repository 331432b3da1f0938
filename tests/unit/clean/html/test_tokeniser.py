"""From bytes to a tree, as a browser reads them; lexbor, which follows the standard to the letter, is the judge."""

import pytest

from worker.clean.html.block import RawBlock
from worker.clean.html.class_names import BYLINE
from worker.clean.html.tokeniser import read_tree


def blocks(markup: str) -> list[tuple[str, str]]:
    tree = read_tree(markup.encode())
    return [(block.text, tree.tag(block)) for block in tree.blocks]


def only(markup: str) -> RawBlock:
    (block,) = read_tree(markup.encode()).blocks
    return block


def test_the_first_attribute_of_a_name_counts():
    tree = read_tree(b'<link HREF="/a"rel=canonical href=/b><p class=one CLASS=two>Kelp</p>')

    assert tree.links == [("canonical", "/a")]
    assert tree.elements.selectors[-1] == b"p.one"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("12<!-- -->kg", "12kg"),
        ("12<!-->kg", "12kg"),
        ("12<!--->kg", "12kg"),
        ("12<!x>kg<?php ?></>!", "12kg!"),
        ("12<svg><path d='</svg>'></svg>kg", "12 '>kg"),
        ("12<svg/>kg", "12 kg"),
        ("12<script>x</scrip></script >kg", "12 kg"),
        ("12<SCRIPT>x</sCRIPT>kg", "12 kg"),
        ("12 < 13 &lt; 14", "12 < 13 < 14"),
        ("12&nbsp;\n kg", "12 kg"),
        ("a<title>Kelp</title>b", "ab"),
    ],
)
def test_what_is_no_text_leaves_what_stands_around_it(markup, expected):
    assert only(markup).text == expected


def test_links_and_emphasis_count_characters_and_end_with_their_tags():
    block = only("<p>By <a>Ann <b>Marsh</b></a>, <em>Bay</em> Town</p>")

    assert (block.links, block.emphasis, block.link_count) == (3 + 5, 5 + 3, 1)


def test_formatting_goes_on_in_the_next_block_until_it_ends():
    first, second, third = read_tree(b"<p><b>One<p>Two</b> more<p>Three").blocks

    assert (first.emphasis, second.emphasis, third.emphasis) == (3, 3, 0)


def test_formatting_that_ends_inside_a_block_makes_nothing_of_what_follows():
    first, second = read_tree(b"<b>One<div>Two</b>more</div>").blocks

    assert (first.emphasis, second.emphasis) == (3, 3)


def test_formatting_in_a_cell_ends_with_the_cell():
    cells = read_tree(b"<table><tr><td><b>One<td>Two</table>").blocks

    assert [cell.emphasis for cell in cells] == [3, 0]


def test_tables_get_their_bodies_and_rows():
    tree = read_tree(b"<table><td>One<tr><td>Two<tfoot><tr><td>Three</table>Four<td>Five")

    assert tree.elements.tags == ["body", "table", "tbody", "tr", "td", "tr", "td", "tfoot", "tr", "td"]
    assert [tree.tag(block) for block in tree.blocks] == ["td", "td", "td", "body"]


def test_a_table_in_a_cell_is_its_own():
    tree = read_tree(b"<table><tr><td><table><tr><td>In</td></tr></table>Out</td><td>Next</td></tr></table>")

    around = [tree.elements.depths[block.element] for block in tree.blocks]
    assert around == [8, 4, 4]


def test_an_unclosed_element_of_no_text_is_but_a_tag():
    assert blocks("<svg>Kelp<noscript>Fish") == [("Kelp Fish", "body")]


def test_elements_without_rules_end_by_their_names_however_many_there_are():
    others = "".join(f"<w{number}></w{number}>" for number in range(1_200))

    assert blocks(f"<x-a>one{others}<p>more</p></x-a>two") == [("one", "x-a"), ("more", "p"), ("two", "body")]


def test_one_unclosed_element_leaves_others_to_be_passed_over():
    assert blocks("<svg>a<noscript>b</noscript>c<math>d<noscript>e</noscript>f") == [("a c d f", "body")]


def test_what_the_head_and_scripts_state_is_kept():
    tree = read_tree(
        b'<html lang="nb"><head><title> Kelp &amp;\nfish </title><title>No</title>'
        b'<script type="application/ld+json">{"a": "<b>"}</script><script>1</script>'
        b"<meta name=A content=' b '><meta name=c></head>"
    )

    assert (tree.language, tree.title) == ("nb", "Kelp & fish")
    assert tree.linked_data == ['{"a": "<b>"}']
    assert tree.metas == [("a", "b")]


def test_nothing_is_read_of_menus_and_hidden_words():
    assert blocks("<nav><time>1</time>Home</nav>Kelp<span hidden>no</span> grows") == [("Kelp grows", "body")]


def test_an_element_that_names_something_is_kept_with_its_text():
    tree = read_tree(
        b"<div class=byline>By <a rel=author>Ann</a></div><time datetime=2026-11-03>3 Nov</time>"
        b"<span itemprop=headline>Kelp</span>"
    )

    assert [text for text, _ in tree.bylines] == ["Ann", "By Ann"]
    assert [(stated, text) for stated, text, _ in tree.times] == [("2026-11-03", "3 Nov")]
    assert tree.properties == [("headline", "Kelp")]


def test_a_byline_of_two_blocks_is_two_lines_and_has_marks_of_its_own():
    tree = read_tree(b"<div class=byline><p>Ann</p><p>Ben</p></div><p>Kelp <span class=byline>Cy</span></p>")

    assert [text for text, _ in tree.bylines] == ["Ann\nBen", "Cy"]
    assert all(marks & BYLINE for _, marks in tree.bylines)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<footer>No</footer><blockquote>Kelp<footer>Ann</footer></blockquote>", ["Kelp", "Ann"]),
        ("One<br>&nbsp;<br>Two", ["One", "Two"]),
        ("<textarea>a<p>b", []),
    ],
)
def test_blocks_are(markup, expected):
    assert [text for text, _ in blocks(markup)] == expected


def test_marks_of_formatting_go_on_with_it():
    assert [bool(block.marks & BYLINE) for block in read_tree(b"<p><b class=byline>One<p>Two").blocks] == [True, True]


def test_a_look_is_cut():
    assert read_tree(b"<p class='" + b"x" * 70 + b"'>a").elements.selectors[-1] == b"p." + b"x" * 60


def test_the_first_statement_counts():
    tree = read_tree(
        b"<html lang=nb><html lang=en><nav><title>No</title></nav><title>Yes</title><body class=a>x<body class=b>y"
        b"<link rel=License href=/l><link rel=icon href=/i><meta property=a name=b content=c><span data-ts=17>z</span>"
    )

    assert (tree.language, tree.title, tree.elements.selectors[0]) == ("nb", "Yes", b"body.a")
    assert (tree.links, tree.metas, tree.times[0][:2]) == ([("license", "/l")], [("a", "c")], ("17", "z"))


@pytest.mark.parametrize(
    "unseen",
    [
        '<span class="sr-only"> (opens in a new window)</span>',
        '<span class="link__note visually-hidden">, external</span>',
        '<span class="screen-reader-text"> Opens elsewhere</span>',
        '<span style="position: absolute; width: 1px; clip: rect(0, 0, 0, 0)">, new tab</span>',
        '<span style="clip-path: inset(50%)">, new tab</span>',
        '<span style="visibility: hidden">7781</span>',
    ],
)
def test_words_that_no_reader_sees_are_in_no_sentence(unseen):
    assert blocks(f"<p>The <a href=/q>quay{unseen}</a> is shut.</p>") == [("The quay is shut.", "p")]


@pytest.mark.parametrize("name", ["not-sr-only", "sr-only-focusable", "visually-hidden-parent"])
def test_classes_with_such_words_in_them_hide_nothing(name):
    assert blocks(f'<p>The <span class="{name}">quay</span> is shut.</p>') == [("The quay is shut.", "p")]


def test_how_a_word_is_pronounced_is_no_second_word():
    assert blocks("<p><ruby>運河<rp>(</rp><rt>うんが</rt><rp>)</rp></ruby>が開く。</p>") == [("運河が開く。", "p")]
