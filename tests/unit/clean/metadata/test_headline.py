"""Which of a page's titles is its headline."""

import pytest

from worker.clean.metadata.headline import Titles, choose_headline, key, repeats

ROOF = "The Roof Is Mended"
LONG = "The Roof Over the Old Market Is Mended"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (Titles(ROOF, "Council: the roof is mended", title="Council: the roof is mended"), ROOF),
        (Titles("Old Roof Mended at Last", ROOF, title="Old Roof Mended at Last"), ROOF),
        (Titles("Old Roof - The Paper", "The Roof", headings=("The Roof",), title="Old Roof | The Paper"), "The Roof"),
        (Titles(headings=(ROOF,), title="The Roof Is Mended - The Paper"), ROOF),
        (Titles("The Paper", headings=(ROOF,), title="The Paper"), ROOF),
        (Titles(), None),
        (Titles("A Roof to Share", ROOF, (ROOF,), (ROOF,), ROOF), ROOF),
        (Titles("A Roof to Share", ROOF, (ROOF, "A Roof to Share"), (ROOF,), ROOF), "A Roof to Share"),
        (Titles("Roof: news", "", (ROOF,), ("Latest", ROOF), "Roof: news"), ROOF),
        (Titles("The Roof Is Mended | City", "", (ROOF,), (), "The Roof Is Mended | City"), ROOF),
        (Titles("Editorial", "", (), (LONG,), LONG + " | Editorial"), LONG),
        (Titles("The Roof Over ...", "", (), (LONG,), "Roof"), LONG),
        (Titles("", "", (), ("Menu bar",), LONG), LONG),
        (Titles("", "", (), (ROOF,), "Market news: The Roof Is Mended"), ROOF),
        (Titles("x" * 5_000), "x" * 1_000),
    ],
    ids=[
        "og",
        "JSON-LD beside one title",
        "the same with a site",
        "a heading",
        "only the site's name",
        "nothing",
        "JSON-LD that a further field repeats",
        "og that a further field repeats",
        "a heading that a field repeats instead of JSON-LD",
        "a field without the section",
        "a label is no headline",
        "what was cut is whole elsewhere",
        "a logo in the heading",
        "a heading that ends the title",
        "bounded",
    ],
)
def test_the_headline_is_what_the_publisher_wrote_for_readers(stated, expected):
    assert choose_headline(stated, "The Paper") == expected


def test_words_are_compared_as_a_reader_sees_them():
    assert key("Markt\u00adhalle\u200b: Dach dicht") == key("Markthalle: Dach dicht")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("THE ROOF – is mended!", True),
        ("*** T\u200bhe R\u200boof I\u200bs M\u200bended ***", True),
        ("The Roof Is Mended Again", False),
        ("The Roof", False),
        (ROOF + " !" * 100, False),
    ],
    ids=["marks", "unseen characters", "more", "less", "far longer"],
)
def test_a_text_repeats_the_headline_but_for_marks_and_case(text, expected):
    assert repeats(text, ROOF) is expected


def test_nothing_repeats_a_headline_without_words():
    assert not repeats("", "")
    assert not repeats("!", "?")
