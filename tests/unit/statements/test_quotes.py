import pytest

from worker.statements.quotes import quotations
from worker.statements.sentences import paragraphs


def quoted(text):
    return [q.inner.of(text) for q in quotations(text, paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Yes,” said Orla. “Now.”", ["Yes,", "Now."]),
        ('"Yes," said Orla. "Now."', ["Yes,", "Now."]),
        ("''Yes,'' said Orla. ''It's now.''", ["Yes,", "It's now."]),
        ("``Yes,'' said Orla.", ["Yes,"]),
        ("„Ja“, sagte Uwe, „gern“.", ["Ja", "gern"]),
        ("‚Ja‘, sagte Uwe, „nein“.", ["Ja", "nein"]),
        ("»Ja«, sagte Uwe, »gern«.", ["Ja", "gern"]),
        ("„Tak”, powiedział Jan.", ["Tak"]),
        ("”Ja”, sa Ulla.", ["Ja"]),
        ("« Oui », dit Léa. « Non ! »", ["Oui", "Non !"]),
        ("«Да», — сказала Вера. «Нет»", ["Да", "Нет"]),
        ("「はい」と言った。", ["はい"]),
        ('“Yes," said Orla.', ["Yes,"]),
        ("“A.”“B.”", ["A.", "B."]),
        ("´´Yes,´´ said Orla.", ["Yes,"]),
        (",,Ja“, sagte Uwe, ,,gern“.", ["Ja", "gern"]),
        ("‟Yes,” said Orla.", ["Yes,"]),
        ("‹Oui›, dit Léa.", ["Oui"]),
        ("『はい』と言った。", ["はい"]),
        ("one,,two ,, three“ and 5´ or `x`, he said", []),
    ],
)
def test_marks_pair_in_every_style(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘I don’t know the workers’ rights,’ she said.", ["I don’t know the workers’ rights,"]),
        ("'I don't know the workers' rights,' she said.", ["I don't know the workers' rights,"]),
        ("‘Keep rockin’ on,’ he sang, ‘boys’ and girls’", ["Keep rockin’ on,", "boys’ and girls"]),
        ("the dogs' owners and the cats' owners", []),
        ("rock 'n' roll of the '90s, 'tis said", []),
        ("L’aula dell’uomo è ‘bella’ oggi", ["bella"]),
    ],
)
def test_apostrophes_are_told_from_single_quotes(text, expected):
    assert quoted(text) == expected


def test_inches_are_not_quotes():
    assert quoted('a 27" screen and 6\'2" tall') == []


def test_a_quotation_within_a_quotation_is_nested():
    text = "“He said ‘never’ to me,” she recalled."

    (outer,) = quotations(text, paragraphs(text))

    assert outer.inner.of(text) == "He said ‘never’ to me,"
    assert [q.inner.of(text) for q in outer.nested] == ["never"]


def test_nested_quotations_may_use_the_same_marks():
    text = '"the "inner" part" he said'

    (outer,) = quotations(text, paragraphs(text))

    assert outer.inner.of(text) == 'the "inner" part'


def test_two_guillemets_may_share_their_closing_mark():
    text = "«Газета «Заря» вышла."

    (outer,) = quotations(text, paragraphs(text))

    assert outer.inner.of(text) == "Газета «Заря"
    assert [q.inner.of(text) for q in outer.nested] == ["Заря"]


@pytest.mark.parametrize(
    "text",
    [
        "“One.\n\n“Two.\n\n“Three,” he said.",
        "''One.\n''Two.\n''Three,'' he said.",
        "‘One.\n\n‘Two.\n\n‘Three,’ he said.",
        "« One.\n» Two.\n» Three, » dit-il.",
    ],
)
def test_a_quotation_over_paragraphs_repeats_its_opening_mark(text):
    found = quotations(text, paragraphs(text))

    assert [q.inner.of(text) for q in found] == ["One.", "Two.", "Three,"]
    assert [q.continues for q in found] == [False, True, True]
    assert [q.closed for q in found] == [False, False, True]


def test_an_unclosed_quotation_ends_with_its_paragraph():
    text = 'He said: "We go.\n\nNobody "went" there.'

    first, second = quotations(text, paragraphs(text))

    assert (first.inner.of(text), first.closed) == ("We go.", False)
    assert (second.inner.of(text), second.continues) == ("went", False)


def test_a_forgotten_closing_mark_does_not_swallow_the_next_quotation():
    assert quoted("“We go, said Orla. “Now,” she added.")[1] == "Now,"
