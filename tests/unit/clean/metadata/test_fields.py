"""What a page states and shows about its article."""

import pytest

from worker.clean.html.tokeniser import read_tree
from worker.clean.metadata import fields as metadata
from worker.clean.metadata.fields import Facts, gather

URL = "https://www.kelpnews.example/2026/roof"
PARAGRAPH = "<p>" + "The roof of the market was mended on the last day of the month. " * 4 + "</p>"


def facts(markup: str, url: str = URL) -> Facts:
    return gather(url, read_tree(markup.encode(), url))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p><b>Jonna Aske/Milo Brandt</b></p>{0}{0}", ("Jonna Aske", "Milo Brandt")),
        ("{0}{0}<p><strong>Jonna Aske</strong></p>", ("Jonna Aske",)),
        ("{0}<p><b>Jonna Aske</b></p>{0}", ()),
        ("<p>Jonna Aske</p>{0}{0}", ()),
        ("<p><b>The Roof Was Mended Last Week</b> by hand</p>{0}{0}", ()),
        ("<p><b>Jonna Aske</b></p>", ()),
    ],
    ids=["before", "after", "a sub-heading", "plain", "emphasis in a sentence", "no paragraph"],
)
def test_an_emphasised_line_at_the_start_or_end_is_a_signature(markup, expected):
    assert metadata.authors(facts("<article>" + markup.format(PARAGRAPH) + "</article>")) == expected


def test_a_signature_is_not_read_where_an_author_is_stated():
    page = facts(f'<meta name="author" content="Jonna Aske"><article><p><b>Milo Brandt</b></p>{PARAGRAPH}</article>')

    assert metadata.authors(page) == ("Jonna Aske",)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<meta name="headline" content="A Roof at Last">', "A Roof at Last"),
        ('<h1 itemprop="headline">A Roof at Last</h1>', "A Roof at Last"),
        ('<h1 itemprop="headline">A Roof at Last</h1><h2 itemprop="headline">Ferry Sails</h2>', "Roof to share"),
    ],
    ids=["meta", "microdata", "a list of articles"],
)
def test_further_headline_fields_confirm_the_headline(markup, expected):
    stated = '<meta property="og:title" content="Roof to share"><h1>A Roof at Last</h1>'

    assert metadata.headline(facts(stated + markup)) == expected


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        (URL, "A Roof at Last - Kelp News", "A Roof at Last"),
        ("https://ft.example/", "A Roof at Last - Software", "A Roof at Last - Software"),
        ("https://ft.community/", "A Roof at Last - Community", "A Roof at Last - Community"),
    ],
    ids=["a name", "too short", "the top level"],
)
def test_the_host_names_a_site_that_does_not(url, title, expected):
    assert metadata.headline(facts(f"<title>{title}</title>", url)) == expected
