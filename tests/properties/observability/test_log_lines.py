import io
import json
import logging
import unicodedata

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks import base
from worker.adapters.observability import logs
from worker.core.errors import Reason
from worker.core.outcomes import Outcome, Step

EVIL = "x\x1b[2J\r\n2026-11-23T10:00:00Z [info] published\u202e\x9b31m\u2028y"
HARMFUL = "a=\"\\{' \n\r\t\0\x07\x08\x0b\x1b\x7f\x85\x9b\u2028\u2029\u202e\u2066"


@pytest.fixture
def written(monkeypatch):
    """Log lines of a form, as they were written."""
    root = logging.getLogger()
    before = root.handlers, root.level

    def write(form):
        logs.configure("info", form)
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream := io.StringIO())
        error = ValueError(EVIL)
        structlog.get_logger("onrecord").error("bug", subject=EVIL, exc_info=error)
        logging.getLogger("library").error("%s", EVIL, exc_info=error)
        return stream.getvalue()

    yield write
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_no_text_from_outside_commands_a_terminal_or_forges_a_line(written):
    shown = written("console")

    assert not set("\x1b\r\x9b\u202e\u2028") & set(shown)
    assert len([line for line in shown.splitlines() if line.startswith("20")]) == 2
    assert "ValueError" in shown


def test_a_line_of_json_is_one_line(written):
    lines = [json.loads(line) for line in written("json").splitlines()]

    assert [line["event"][:3] for line in lines] == ["bug", "x\ufffd["]
    assert all("\x1b" not in line["exception"] for line in lines)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from(HARMFUL), min_size=1), form=st.sampled_from(["json", "console"]))
def test_whatever_an_outsider_writes_stays_in_its_line(line_of, text, form):
    line = line_of(form, base._log, "articles.fetch", {"article_id": "a1", "token": 1}, dropped(text))

    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert not [char for char in line[:-1] if unicodedata.category(char) in {"Cc", "Zl", "Zp"}]


def test_the_line_of_an_outcome_has_the_id_that_why_understands(line_of):
    said = json.loads(line_of("json", base._log, "articles.fetch", {"article_id": "a1", "token": 1}, dropped("x")))

    assert (said["event"], said["id"], said["reason"], said["subject"]) == ("dropped", "a1", "not_an_article", "x")
    assert said["level"] == "info"


def dropped(text):
    return Step(Outcome.DROPPED, reason=Reason.NOT_AN_ARTICLE, subject=text, detail=text)


@pytest.fixture
def line_of():
    """What a call logs, in a form."""
    root = logging.getLogger()
    before = root.handlers, root.level

    def call(form, function, *args):
        logs.configure("info", form)
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream := io.StringIO())
        function(*args)
        return stream.getvalue()

    yield call
    root.handlers, root.level = before
    structlog.reset_defaults()
