"""Who wrote an article, from what its page states and shows."""

import pytest

from worker.clean.metadata.authors import choose_authors

HOUSE = ["The Gazette", "gazette.example"]


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Analysis by Jonna Aske", ("Jonna Aske",)),
        ("By Jonna Aske in Port Ellery", ("Jonna Aske",)),
        ("By Jonna Aske on Monday", ("Jonna Aske",)),
        ("By Jonna Aske, Harbour Beat Writer", ("Jonna Aske",)),
        ("Por Redacción Puerto", ()),
        ("Jonna van der Aske", ("Jonna van der Aske",)),
        ("Ấn Văn Đông", ("Ấn Văn Đông",)),
        ("Ấnbản", ()),
        ("In dem Kelp steckt kein Salz", ()),
        ("Edit with Kelp", ()),
        ("Editor: Jonna Aske and Milo Brandt", ()),
        ("By: Jonna Aske", ("Jonna Aske",)),
        ("متفرقات", ()),
        ("青木葵", ("青木葵",)),
        ("“Kelp”", ()),
        ("Key Points", ()),
    ],
)
def test_a_byline_names_persons_only(byline, expected):
    assert choose_authors(None, [], [byline], HOUSE) == expected


@pytest.mark.parametrize(
    ("author", "bylines", "expected"),
    [
        (person("The Gazette"), [], ()),
        ({"name": "Gazette Staff"}, [], ()),
        (person("The Gazette"), ["By Jonna Aske"], ("Jonna Aske",)),
        ({"@type": "Organization", "name": "The Gazette"}, [], ()),
        ("The Gazette", [], ()),
    ],
    ids=["a house", "a staff", "beside a byline", "an organisation", "untyped text"],
)
def test_a_house_is_no_author_though_it_is_credited_as_a_person(author, bylines, expected):
    assert choose_authors(author, [], bylines, HOUSE) == expected


def test_a_section_of_a_house_with_a_short_name_is_no_person():
    assert choose_authors(None, [], ["By Jonna Aske, SGZ Business"], ["SGZ"]) == ("Jonna Aske",)


def test_women_in_science_are_no_place():
    assert choose_authors(person("Women in Science"), [], [], HOUSE) == ("Women in Science",)
