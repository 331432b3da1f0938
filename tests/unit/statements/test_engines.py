import pytest

from worker.statements import engine_for, is_read
from worker.statements.document import Document
from worker.statements.engines import ENGINES
from worker.statements.rules.engine import RulesEngine


def test_the_preferred_engine_is_taken_where_it_reads_the_language():
    assert engine_for("en-GB", "fast") is engine_for("en", "fast")
    assert isinstance(engine_for("en", "rules"), RulesEngine)


@pytest.mark.parametrize("preferred", ["fast", "accurate", "rules"])
def test_another_engine_is_taken_where_the_preferred_one_does_not_read_the_language(preferred):
    assert isinstance(engine_for("de", preferred), RulesEngine)


def test_no_engine_reads_a_language_without_word_lists():
    assert not is_read("tlh")
    assert is_read("pt-BR")
    with pytest.raises(LookupError, match="no engine reads language 'tlh'"):
        engine_for("tlh", "fast")


def test_an_engine_that_is_registered_nowhere_is_named():
    with pytest.raises(LookupError, match="no engine 'best'; one of fast, accurate, rules"):
        engine_for("en", "best")


def test_every_engine_finds_who_said_what_in_each_of_its_languages():
    said = {"en": "“We go now and never come back,” Ann Marsh said.", "de": "„Wir gehen jetzt“, sagte Anna Huber."}
    for name, registration in ENGINES.items():
        for language in said.keys() & registration.languages:
            (found,) = engine_for(language, name).attributions(Document(said[language], language))
            assert found.source, (name, language)
