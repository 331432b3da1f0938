import io
import json
import logging

import pytest
import structlog

from worker.adapters import logs

EVIL = "x\x1b[2J\r\n2026-11-23T10:00:00Z [info] published\u202e\x9b31m\u2028y"


@pytest.fixture
def written(monkeypatch):
    """Log lines of a form, as they were written."""
    root = logging.getLogger()
    before = root.handlers, root.level

    def write(form):
        logs.configure("info", form)
        root.handlers[0].setStream(stream := io.StringIO())
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
