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
