import re

import pytest

from tools.bench.agreement import agreement
from worker.statements import engine_for
from worker.statements.vocabulary import LANGUAGES, alternatives, in_any_language, vocabulary


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_find_the_statements_of_every_language(language):
    reached = agreement(language, engine_for(language, "rules"))

    assert reached.gold == 30
    assert reached.right_f1 >= 0.95
    assert reached.speaker_share >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_lists_what_the_rules_need(language):
    lexicon = vocabulary(language)

    senses = [sense for group in lexicon.cues.values() for entry in group for sense in entry.senses.values()]
    assert {"speech", "belief"} <= {sense.cue_class for sense in senses}
    assert {"asserts", "denies", "asks", "promises"} <= {sense.stance for sense in senses}
    for name in ("pronoun", "male pronoun", "female pronoun", "auxiliary", "boundary", "subordinator", "negation"):
        assert lexicon.words(name), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_only_what_is_known_of_languages(language):
    lexicon, english = vocabulary(language), vocabulary("en")

    assert lexicon.patterns.keys() <= english.patterns.keys()
    for name in lexicon.patterns:
        assert lexicon.pattern(name).search("") is None or name in {"part", "name"}
    known = english.classes.keys() | {"clitic", "verb clitic", "elided", "elided article", "title"}
    known |= {name for other in LANGUAGES if other != language for name in vocabulary(other).classes}
    assert lexicon.classes.keys() <= known


def test_a_language_without_patterns_has_no_circumstances():
    assert vocabulary("de").pattern("when").search("gestern und heute, yesterday and today") is None
    assert vocabulary("en").pattern("when").search("late on Monday evening")[0] == "late on Monday evening"


def test_a_pattern_holds_those_that_it_names():
    assert vocabulary("en").pattern("where").search("he said in Port Ellery")[1] == "Port Ellery"


def test_words_of_all_languages_are_the_words_of_each():
    assert {"mr", "usw", "sra", "janv"} <= in_any_language("abbreviation")
    assert not in_any_language("no such class")


def test_alternatives_match_whole_words_and_none_of_no_words():
    either = re.compile(alternatives(["d'", "de la", "de"]))

    assert [either.match(text)[0] for text in ("d'or", "de la rue", "de rue")] == ["d'", "de la", "de"]
    assert re.search(alternatives(()), "anything") is None


def test_a_regional_code_means_its_language():
    assert vocabulary("pt-BR") is not vocabulary("pt")
    assert vocabulary("pt-BR").language == "pt"


def test_a_language_without_lists_is_read_with_those_of_no_other():
    with pytest.raises(LookupError, match="no word lists for language 'tlh'"):
        vocabulary("tlh")
