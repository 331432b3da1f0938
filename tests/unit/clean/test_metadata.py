"""What a page states and shows about its article."""

import pytest

from worker.clean import metadata
from worker.clean.metadata import Facts, gather
from worker.clean.scan import scan
from worker.clean.tree import read_tree

URL = "https://www.kelpnews.example/2026/roof"


def facts(markup: str, url: str = URL) -> Facts:
    stripped = scan(markup, url)
    return gather(url, read_tree(stripped.html), stripped.linked_data)


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
