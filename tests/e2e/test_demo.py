"""`make demo`, whole and killed half-way."""

import os
import re
import signal
import subprocess
import sys

import pytest

from config.settings import ROOT
from tools.wait import wait_for


def demo(state):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.newsroom.demo"],
        cwd=ROOT,
        env={**os.environ, "ONRECORD_STATE_DIR": str(state), "COLUMNS": "160"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def number(shown, what):
    return int(re.search(rf"(\d+)\s+{what}", shown)[1])


@pytest.mark.timeout(280)
def test_the_demo_ends_by_itself_also_when_it_was_killed_before(tmp_path):
    log = tmp_path / "demo" / "worker.log"
    first = demo(tmp_path)
    wait_for(lambda: log.exists() and log.read_text().count("published ") >= 4, 90)
    first.send_signal(signal.SIGKILL)
    first.communicate()

    second = demo(tmp_path)
    shown, _ = second.communicate(timeout=180)

    assert second.returncode == 0, shown
    assert "✓" in shown
    assert number(shown, "articles published") >= 20
    assert number(shown, "of them with a speaker") >= 50
