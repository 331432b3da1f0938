"""What `make` and its scripts promise: an installation happens once, missing data is named, subjects are checked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT

#: In place of a virtual environment's Python: notes what it is asked to do, and does nothing.
_RECORDER = '#!/bin/sh\necho "$@" >> "$(dirname "$0")/asked"\n'
_AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@b.example")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that `make setup` reads, and a Python that only notes what it is asked."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "compile.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "worker" / "clean", tmp_path / "worker" / "clean")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(_RECORDER)
    python.chmod(0o755)
    return tmp_path


def asked(checkout: Path) -> list[str]:
    return (checkout / ".venv" / "bin" / "asked").read_text().splitlines()


def test_a_second_setup_does_nothing(checkout: Path) -> None:
    assert run(checkout, "make", "-q", "setup").returncode == 1
    assert run(checkout, "make", "setup").returncode == 0
    first = asked(checkout)
    assert sum("pip install" in line for line in first) == 2
    assert "compile.py" in first

    assert run(checkout, "make", "-q", "setup").returncode == 0
    assert run(checkout, "make", "unit").returncode == 0
    assert asked(checkout) == [*first, "-m pytest tests/unit"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_new_lock_is_installed(checkout: Path, name: str) -> None:
    run(checkout, "make", "setup")
    stamp = (checkout / ".venv" / ".compiled").stat().st_mtime
    os.utime(checkout / name, (stamp + 5, stamp + 5))

    assert run(checkout, "make", "-q", "setup").returncode == 1


def test_a_target_without_its_data_says_what_is_missing(checkout: Path) -> None:
    done = run(checkout, "make", "bench-clean", "DATA=/nowhere")

    assert done.returncode
    assert "/nowhere/cleaning" in done.stderr
    assert "make bench-clean DATA=" in done.stderr
    assert not any("tools.bench" in line for line in asked(checkout))


def test_help_names_every_target_for_people(checkout: Path) -> None:
    shown = run(checkout, "make", "help").stdout
    listed = {line.split()[0].split("m", 1)[1].removesuffix("\x1b[0m") for line in shown.splitlines() if "[36m" in line}
    made = (checkout / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()

    assert listed == set(made)


def commit(folder: Path, subject: str) -> str:
    run(folder, "git", *_AUTHOR, "commit", "--allow-empty", "-m", subject)
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


def subjects(folder: Path, since: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, str(ROOT / "tools" / "subjects.py"), since)


@pytest.mark.parametrize("subject", ["Do this; do that", "Say " + "a" * 57, "x"])
def test_a_bad_subject_is_refused_also_in_a_shallow_clone(tmp_path: Path, subject: str) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    run(whole, "git", "init", "-q")
    commit(whole, "An old subject; as they were")
    since = commit(whole, "Begin to check subjects")
    commit(whole, "Say " + "a" * 56)
    assert subjects(whole, since).returncode == 0

    commit(whole, subject)
    commit(whole, "Say something else")
    run(tmp_path, "git", "clone", "-q", "--depth", "2", whole.as_uri(), "shallow")

    assert subject in subjects(whole, since).stdout
    assert subjects(whole, since).returncode == 1
    assert subject in subjects(tmp_path / "shallow", since).stdout


def test_a_tree_without_history_passes(tmp_path: Path) -> None:
    assert subjects(tmp_path, "1234567").returncode == 0
