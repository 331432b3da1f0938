"""Proper names: where they begin and end, and what they say about whom they name."""

import pytest

from worker.statements.speakers.names import gender_of, names


def found(text: str, language: str = "en") -> list[str]:
    spans = list(names(text, language))
    assert all(text[name.start : name.end].split() == list(name.words) for name in spans)
    assert all(name.lowered == tuple(word.lower() for word in name.words) for name in spans)
    return [name.text for name in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "we met al-Hakim and el-Sayed and bin-Nasser and ibn-Rushd",
            ["al-Hakim", "el-Sayed", "bin-Nasser", "ibn-Rushd"],
        ),
        ("said Ludwig van der Beek of the pier", ["Ludwig van der Beek"]),
        ("the Bank of the North said", ["Bank of the North"]),
        ("Mayor Ann\u00a0Marsh’s plan and J.P. Lind’s", ["Ann Marsh", "J.P. Lind"]),
        ("iPhone and McKay, eKelp", ["McKay"]),
        ("the harbour, Ann Marsh said. Harbour and Cove agreed.", ["Ann Marsh", "Cove"]),
    ],
    ids=["prefixes", "joints", "of the", "possessive", "inside a word", "opens a sentence"],
)
def test_names_are_capitalised_words_in_a_row(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("selon l’Inter et L'Équipe", "fr", ["Inter", "Équipe"]), ("la guida dell'Inter", "it", ["Inter"])],
)
def test_an_elided_article_is_no_part_of_a_name(text, language, expected):
    assert found(text, language) == expected


def test_titles_are_told_from_the_name():
    mayor, secretary = names("then Mayor Bo Lind met Secretary of State Ann Marsh")

    assert (mayor.text, mayor.titles) == ("Bo Lind", ("mayor",))
    assert (secretary.text, secretary.titles) == ("Ann Marsh", ("secretary",))


@pytest.mark.parametrize(
    ("text", "gender"), [("Mrs. Lind", "female"), ("Mr. Lind", "male"), ("Anna Lind", "female"), ("Lind", None)]
)
def test_titles_and_first_names_suggest_a_gender(text, gender):
    (name,) = names(f"we asked {text} about it")

    assert gender_of(name) == gender


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Nurse Orla Finch", "Orla Finch"),
        ("DCI Orla Finch", "Orla Finch"),
        ("Cllr Finch", "Finch"),
        ("Adv Thandeka Mokoro", "Thandeka Mokoro"),
        ("Port Ellery SSP Orla Finch", "Orla Finch"),
        ("Team Leader Orla Finch", "Orla Finch"),
        ("Baker Tom Finch", "Tom Finch"),
        ("Judge Finch", "Finch"),
        ("Brigadier Orla Finch", "Orla Finch"),
        ("U.S. Attorney Orla Finch", "Orla Finch"),
    ],
)
def test_ranks_offices_and_occupations_are_no_part_of_a_name(phrase, name):
    assert found(f"then {phrase} spoke") == [name]


@pytest.mark.parametrize("name", ["Ann Baker Finch", "Martin King Finch", "Finch Port General Hospital", "Ed Baker"])
def test_a_surname_that_is_an_occupation_stays(name):
    assert found(f"then {name} spoke") == [name]


@pytest.mark.parametrize("office", ["the Home Secretary", "the Deputy Prime Minister", "the Chief Financial Officer"])
def test_an_office_alone_is_no_name(office):
    assert found(f"then {office} spoke") == []


def test_an_office_behind_a_name_is_no_part_of_it():
    assert found("we met Greg Finch Managing Partner for tea") == ["Greg Finch"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("said Martin Finch of Port Ellery", ["Martin Finch", "Port Ellery"]),
        ("said Thandeka Mokoro of the University of Ellery", ["Thandeka Mokoro", "University of Ellery"]),
        ("said Finch Valley College of Nursing", ["Finch Valley College of Nursing"]),
        ("the Ellery-based Moss Union", ["Moss Union"]),
        ("a Kelp-based union", []),
        ("told Moss.com and Finch.org", ["Moss.com", "Finch.org"]),
        ("so Will Finch and A K Marsh", ["Will Finch", "A K Marsh"]),
    ],
    ids=["whence", "whose", "college of", "based", "only based", "domains", "function words"],
)
def test_names_end_where_they_end(text, expected):
    assert found(text) == expected
