"""Loading what reading an article needs, and the statements of articles in other languages."""

import pytest

from config.settings import Settings
from worker.core import calendar_words
from worker.core.records import Article
from worker.pipeline.extraction import load_models, statements_of, summary
from worker.services import Services
from worker.statements import engine_for

POLISH = Article("https://paper.example/1", "„Idziemy”, powiedziała Anna Nowak.", language="pl")


def test_what_was_loaded_is_there_for_whoever_asks_next():
    calendar_words._of_all.cache_clear()

    load_models("rules")

    assert engine_for("en", "rules") is engine_for("de", "rules")
    assert calendar_words._of_all.cache_info().currsize == 1


def test_an_engine_that_is_not_installed_is_named():
    with pytest.raises(LookupError, match="no engine 'best'"):
        load_models("best")


def test_an_article_in_a_language_that_no_engine_reads_has_no_statements_and_it_is_said_why():
    assert statements_of(POLISH, Services(Settings(), "")) == []
    assert summary(POLISH, [], [None]) == "0 statements: no engine reads language 'pl'"


def test_an_article_without_a_known_language_is_read_as_english():
    article = Article("https://paper.example/1", "“We go,” Ann Marsh said.")

    (statement,) = statements_of(article, Services(Settings(engine="rules"), ""))
    assert statement.speaker.name == "Ann Marsh"
    assert summary(article, [statement], [None, None]) == "1 statements"
