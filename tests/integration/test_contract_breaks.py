"""CI refuses an incompatible change of the contract, also when whoever made it wrote all documents anew."""

import os
import shutil
import subprocess
import sys

import pytest

from config.settings import ROOT


@pytest.fixture
def checkout(tmp_path):
    """A copy of the contract and its tests, with a call that runs them after an edit."""
    shutil.copytree(ROOT / "worker/contract", tmp_path / "worker/contract")
    shutil.copytree(ROOT / "tests/unit/contract", tmp_path / "tests/unit/contract")
    shutil.copy(
        ROOT / "worker/__init__.py", tmp_path / "worker"
    )  # else the package of that name that is installed wins
    payload = tmp_path / "worker/contract/statement.py"

    def check(old, new):
        text = payload.read_text("utf-8")
        assert old in text
        payload.write_text(text.replace(old, new), "utf-8")
        ours = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(tmp_path)}}
        subprocess.run([sys.executable, "-m", "worker.contract.schema_gen"], check=True, **ours)
        options = ["-q", "--import-mode=importlib", "--rootdir", ".", "-p", "no:cacheprovider", "-c", os.devnull]
        tests = ["tests/unit/contract/test_schema.py", "-k", "released_schema or committed_documents"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        return subprocess.run(command, capture_output=True, text=True, check=False, **ours)

    return check


def test_a_field_that_goes_fails(checkout):
    done = checkout("    confidence: float = 1.0\n", "")

    assert done.returncode == 1
    assert "incompatible within v1, so either undo or make a v2: StatementData.confidence: removed" in done.stdout


def test_a_field_that_comes_passes(checkout):
    done = checkout("    confidence: float = 1.0\n", "    confidence: float = 1.0\n    mood: Optional[str] = None\n")

    assert done.returncode == 0, done.stdout
