"""From bytes to a tree, as a browser reads them; lexbor, which follows the standard to the letter, is the judge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.unit.clean.html.test_tokeniser import blocks
from worker.clean.html.tokeniser import read_tree

INLINE = frozenset(["a", "b", "i", "em", "span", "font", "s", "label", "nobr"])


GROUPS = {
    "blocks": "div p ul ol li dl dt dd h1 h2 h3 section article blockquote pre main figure hr",
    "formatting": "div p ul li a b i em span font h1 section s nobr",
    "forms and dialogs": "div p form dialog summary label s body html head button li",
}


def soup(names: str) -> st.SearchStrategy[str]:
    tags = st.builds("<{}{}>".format, st.sampled_from(["", "", "/"]), st.sampled_from(names.split()))
    return st.lists(tags | st.sampled_from(["kelp ", "fish"]), max_size=12).map("".join)


class Judge:
    """The blocks of lexbor's tree: texts, and the elements that they stand in."""

    def __init__(self, markup: str) -> None:
        self.blocks: list[tuple[str, str]] = []
        self.parts: list[str] = []
        body = LexborHTMLParser(markup).body
        assert body is not None
        self.walk(body, "body")
        self.flush("body")

    def walk(self, node: LexborNode, tag: str) -> None:
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                self.parts.append(child.text_content or "")
            elif child.tag in INLINE:
                self.walk(child, tag)
            elif child.tag not in {"hr", "button", "-comment"}:
                self.flush(tag)
                self.walk(child, child.tag)
                self.flush(child.tag)

    def flush(self, tag: str) -> None:
        if text := " ".join("".join(self.parts).split()):
            self.blocks.append((text, tag))
        self.parts.clear()


@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_elements_end_one_another_as_in_a_browser(names, data):
    markup = data.draw(soup(names))

    assert blocks(markup) == Judge(markup).blocks


#: Text stands in cells and captions only, and behind tables: beside rows it stays, where a browser moves it.
TABLES = ["<table>", "</table>end ", "<tr>", "</tr>", "<td>kelp ", "<th>fish", "</td>", "<tbody>", "</thead>",
          "<tfoot>", "<caption>sea", "</caption>", "<td><p>kelp", "<td><b>fish</b>",
          "<td><ul><li>sea</ul>"]  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(TABLES), max_size=12).map("".join))
def test_tables_are_built_as_in_a_browser(rows):
    markup = f"<!DOCTYPE html><table>{rows}"  # without it, a table does not end the paragraph before it

    assert blocks(markup) == Judge(markup).blocks


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(" \n/='\"<>!-?ab", max_size=12))
def test_tags_end_where_a_browser_ends_them(inside):
    markup = f"<div {inside}>kelp</div>fish<p>end</p>"

    assert "".join(text for text, _ in blocks(markup)).replace(" ", "") == "".join(
        text for text, _ in Judge(markup).blocks
    ).replace(" ", "")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("&;=x9amplt gé", max_size=10))
def test_attributes_state_what_a_browser_reads(value):
    markup = f"<meta property=a content='{value}'>"
    node = LexborHTMLParser(markup).css_first("meta")
    stated = (node.attributes["content"] or "").strip()

    assert read_tree(markup.encode()).metas == ([("a", stated)] if node.attributes["content"] else [])
