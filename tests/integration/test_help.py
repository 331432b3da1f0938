"""What `--help` says of each command: a sentence, an example that the command line would accept, and no bare option."""

import re
import shlex
from itertools import takewhile

import pytest
import typer
from typer.testing import CliRunner

from worker.cli.app import app


def commands(group, path=()):
    """Yield the words and the command of each leaf."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


LEAVES = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_an_example_that_it_accepts(path):
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"}).stdout

    (line,) = re.findall(r"Example: (.*)", shown)
    words = shlex.split(line[line.index("onrecord") :])[1 + len(path) :]
    LEAVES[path].make_context(path[-1], list(takewhile(lambda word: word not in {"|", "||", ">"}, words)))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_argument_and_option_is_explained(path):
    assert [one.name for one in LEAVES[path].params if not getattr(one, "help", "")] == []
