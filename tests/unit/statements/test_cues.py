import pytest

from worker.statements.cues import match, read_cue
from worker.statements.vocabulary import LANGUAGES, vocabulary


@pytest.mark.parametrize(
    ("cue", "lemma", "cue_class", "stance"),
    [
        ("said", "say", "speech", "asserts"),
        ("has also argued", "argue", "speech", "asserts"),
        ("according to", "according to", "speech", "asserts"),
        ("was quoted as saying", "be quoted as saying", "speech", "asserts"),
        ("made it clear", "make it clear", "speech", "asserts"),
        ("denied", "deny", "speech", "denies"),
        ("asked", "ask", "speech", "asks"),
        ("vowed", "vow", "speech", "promises"),
        ("doubts", "doubt", "belief", "doubts"),
        ("believes", "believe", "belief", "asserts"),
        ("plans", "plan", "intention", "asserts"),
        ("endorsed", "endorse", "support", "asserts"),
    ],
)
def test_a_cue_is_read_as_lemma_class_and_stance(cue, lemma, cue_class, stance):
    reading = read_cue(cue)

    assert (reading.lemma, reading.cue_class, reading.stance) == (lemma, cue_class, stance)


@pytest.mark.parametrize(
    ("language", "cue", "lemma"),
    [
        ("de", "sagte", "sagen"),
        ("fr", "a déclaré", "déclarer"),
        ("es", "aseguró", "asegurar"),
        ("it", "ha detto", "dire"),
        ("pt", "disse", "dizer"),
        ("ru", "заявила", "заявить"),
        ("uk", "наголосив", "наголосити"),
    ],
)
def test_cues_of_other_languages_are_read(language, cue, lemma):
    assert read_cue(cue, language).lemma == lemma


def test_negation_is_noticed():
    assert read_cue("did not say").negated
    assert read_cue("hat nicht gesagt", "de").negated
    assert not read_cue("said").negated


def test_an_unknown_cue_keeps_its_own_word():
    assert read_cue("bloviated").lemma == "bloviated"
    assert read_cue("…").lemma == "…"


def test_the_longest_cue_wins():
    entry = match(["go", "on", "to", "say", "that"], 0, vocabulary("en"))

    assert entry.words == ("go", "on", "to", "say")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cue_is_listed_under_an_empty_word(language):
    assert all(all(entry.words) for group in vocabulary(language).cues.values() for entry in group)


def test_english_is_rich():
    lemmas = {s.lemma for group in vocabulary("en").cues.values() for e in group for s in e.senses.values()}

    assert len(lemmas) >= 450
