"""Each script and its callers agree on its arguments: the head of the script names them, calls give them by name."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT
from worker.adapters.redis.store import arguments

SCRIPTS = {path.stem: path.read_text() for path in (ROOT / "worker/adapters/redis/lua").glob("*.lua")}
SHARED = SCRIPTS.pop("shared")
ADAPTERS = sorted((ROOT / "worker/adapters/redis").glob("*.py"))
HEAD = re.compile(r"^local (.+) = unpack\(ARGV, 1, (\d+)\)$", re.MULTILINE)
#: Where what follows the named arguments begins.
REST = re.compile(r"publish\((\d+)\)|= (\d+), #ARGV|FIRST = (\d+)")


def calls(path: Path) -> list[ast.Call]:
    """Return the calls of scripts in a module: those of `run` or `_run` whose first argument is a script's name."""
    nodes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    runs = (node for node in nodes if isinstance(node.func, ast.Attribute) and node.func.attr in {"run", "_run"})
    return [node for node in runs if node.args and isinstance(node.args[0], ast.Constant)]


CALLS: list[tuple[Any, ast.Call]] = [
    (ast.literal_eval(node.args[0]), node) for path in ADAPTERS for node in calls(path)
]


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_the_head_of_a_script_unpacks_all_its_arguments_by_name(name):
    source = SCRIPTS[name]
    names, heads = arguments()[name], HEAD.findall(source)

    assert [(tuple(listed.split(", ")), int(count)) for listed, count in heads] == [(names, len(names))] * bool(names)
    assert len(set(names)) == len(names)
    code = re.sub(r"--.*", "", source)
    assert not re.search(r"ARGV\[\d", code), "an argument without a name"
    assert {int("".join(found)) for found in REST.findall(code)} <= {len(names) + 1}
    assert ("ARGV" in HEAD.sub("", code)) <= bool(REST.search(code))


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_argument_hides_a_function_that_all_scripts_share(name):
    shared = set(re.findall(r"^local (?:function )?(\w+)", SHARED, re.MULTILINE))

    assert not shared & set(arguments()[name])


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_a_call_gives_exactly_the_arguments_that_the_script_names(name, call):
    given = [keyword.arg for keyword in call.keywords]

    assert all(isinstance(rest, ast.Starred) for rest in call.args[1:]), "an argument without a name"
    assert sorted(given) == sorted(arguments()[name])
    assert not call.args[1:] or REST.search(SCRIPTS[name])


def test_every_script_is_called():
    assert {name for name, _ in CALLS} == set(SCRIPTS)
