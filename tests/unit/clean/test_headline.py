"""Which of a page's titles is its headline."""

import pytest

from worker.clean.headline import choose_headline


@pytest.mark.parametrize(
    ("shared", "linked", "headings", "title", "expected"),
    [
        ("The Roof Is Mended", "Council: the roof is mended", [], "Council: the roof is mended", "The Roof Is Mended"),
        ("Old Roof Mended at Last", "The Roof Is Mended", [], "Old Roof Mended at Last", "The Roof Is Mended"),
        ("Old Roof Mended - The Paper", "The Roof", ["The Roof"], "Old Roof Mended | The Paper", "The Roof"),
        ("", "", ["The Roof Is Mended"], "The Roof Is Mended - The Paper", "The Roof Is Mended"),
        ("The Paper", "", ["The Roof Is Mended"], "The Paper", "The Roof Is Mended"),
        ("", "", [], "", None),
    ],
    ids=["og", "JSON-LD beside one title", "the same with a site", "a heading", "only the site's name", "nothing"],
)
def test_the_headline_is_what_the_publisher_wrote_for_readers(shared, linked, headings, title, expected):
    assert choose_headline(shared, linked, headings, title, "The Paper") == expected
