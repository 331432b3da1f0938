import pytest

from tools.bench.agreement import agreement
from worker.statements import engine_for
from worker.statements.vocabulary import LANGUAGES, vocabulary


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


def test_a_regional_code_means_its_language():
    assert vocabulary("pt-BR") is not vocabulary("pt")
    assert vocabulary("pt-BR").language == "pt"


def test_a_language_without_lists_is_read_with_those_of_no_other():
    with pytest.raises(LookupError, match="no word lists for language 'tlh'"):
        vocabulary("tlh")
