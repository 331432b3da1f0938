"""Loading what reading an article needs."""

import pytest

from worker.pipeline.extraction import load_models
from worker.statements import load_engine


def test_what_was_loaded_is_there_for_whoever_asks_next():
    load_models("rules")

    assert load_engine("rules") is load_engine("rules")


def test_an_engine_that_is_not_installed_is_named():
    with pytest.raises(LookupError, match="no engine 'best'"):
        load_models("best")
