"""The bound on nesting holds for what lexbor builds, whatever the order of tags."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from worker.clean.nesting import FORMATTING, Nesting

ROUNDS = 60
NAMES = (
    "a", "b", "i", "font", "nobr", "span", "label", "div", "p", "ul", "li", "dd", "dt", "table", "tr", "td",
    "th", "tbody", "caption", "button", "object", "form", "h1", "h2", "section", "option", "ruby", "rt",
    "body", "br", "hr", "dialog", "summary", "center",
)  # fmt: skip
TAGS = st.builds("<{}{}>".format, st.sampled_from(["", "", "/"]), st.sampled_from(NAMES))


def depth(markup: str) -> int:
    """Return how deep lexbor nests a page."""
    deepest, level = 0, [LexborHTMLParser(markup).root]
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter()]
    return deepest


def bound(markup: str) -> int:
    nesting, most = Nesting(), 0
    for tag in markup.strip("<>").replace("x", "").split("><"):
        (nesting.close if tag.startswith("/") else nesting.open)(tag.strip("/").encode())
        most = max(most, nesting.depth)
    return most


@settings(max_examples=400, deadline=None)
@given(st.lists(TAGS, max_size=3).map("".join), st.lists(TAGS, min_size=1, max_size=8).map("".join))
def test_no_page_nests_deeper_than_its_bound_tells(before, repeated):
    markup = before + repeated * ROUNDS

    assert depth(markup) <= 4 * bound(markup) + 12


@pytest.mark.parametrize(
    "repeated",
    ["<div></x>", "<li><dd>", "<div><table></div></table>", "<div><object></div></object>", "<form><span></form>",
     "<p><div>", "<font><div></font>"],
)  # fmt: skip
def test_a_closing_tag_that_closes_nothing_takes_nothing_off(repeated):
    assert bound(repeated * ROUNDS) >= ROUNDS


@pytest.mark.parametrize(
    "repeated",
    ["<p>", "<li>", "<p><b></b></p>", "<dt><dd>", "<table><tr><td><td><tr><th></table>", "<a>", "<h1></h2>", "<br><hr>",
     "<div><span></div>", "<ul><li><p><li></ul>", "<option>", "<button>"],
)  # fmt: skip
def test_what_ends_without_its_closing_tag_is_not_counted_on(repeated):
    assert bound(repeated * ROUNDS) <= 12


def test_formatting_that_a_block_ends_stays_active_until_its_own_closing_tag():
    nesting = Nesting()
    for _ in range(5):
        nesting.open(b"p")
        nesting.open(b"b")
        nesting.close(b"p")
    assert nesting.active == 5

    nesting.close(b"b")

    assert nesting.active == 4
    assert b"b" in FORMATTING


def test_formatting_in_a_cell_ends_with_the_cell():
    nesting = Nesting()
    for name in (b"table", b"td", b"b"):
        nesting.open(name)

    nesting.close(b"td")

    assert nesting.active == 0
