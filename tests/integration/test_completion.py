"""Completion as a shell does it: a real bash, with the script that `onrecord --install-completion` installs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.prefix) / "bin"
SCRIPT = """
eval "$(_ONRECORD_COMPLETE=source_bash onrecord)"
COMP_WORDS=({words}); COMP_CWORD={at}
_onrecord_completion onrecord
echo "${{COMPREPLY[@]}}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("onrecord sta", {"status"}),
        ("onrecord feeds im", {"import"}),
        ("onrecord status --w", {"--watch"}),
        ("onrecord dead ''", {"list", "show", "retry", "drop"}),
    ],
)
def test_bash_completes_commands_and_options(typed, expected):
    script = SCRIPT.format(words=typed, at=len(typed.split()) - 1)
    environ = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}

    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) == expected
