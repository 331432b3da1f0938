"""The contract as others get it: a wheel called onrecord, beside whatever else is called worker."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
import redis

from config.settings import ROOT

_READS = """
import sys
import worker
from onrecord import decode, encode, payload_of, verify

assert worker.FOREIGN
assert "redis" not in sys.modules
event = decode({"event": sys.stdin.read()})
assert decode(encode(event)) == event
print(payload_of(event).speaker.name)
"""
_CONSUMES = """
import sys, threading
import redis, worker
from onrecord import Consumer, decode, encode, payload_of

event, url, prefix = decode({"event": sys.stdin.read()}), sys.argv[1], sys.argv[2]
redis.Redis.from_url(url).xadd(f"{prefix}:statements", encode(event))
consumer = Consumer("statements", group="desk", url=url, prefix=prefix)

def handle(got):
    assert got == event and worker.FOREIGN
    print(payload_of(got).speaker.name)
    consumer.stop()

consumer.run(handle)
"""
_FOREIGN = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "worker"
version = "9"
"""


def build(project, folder):
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT / "worker/contract", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a clean environment, into which the wheel and a foreign package called worker were installed."""
    folder = tmp_path_factory.mktemp("clean")
    project = folder / "worker"
    project.mkdir()
    (project / "pyproject.toml").write_text(_FOREIGN)
    (project / "worker.py").write_text("FOREIGN = True\n")
    foreign = build(project, folder)
    venv.create(folder / "venv", with_pip=False)
    own = folder / "venv/bin/python"
    install = [sys.executable, "-m", "pip", "--python", own, "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, foreign, wheel], check=True, capture_output=True)
    return own


def run(python, folder, code, *arguments):
    """Run a program that reads an event from its standard input; return what it printed."""
    example = (ROOT / "worker/contract/schema/examples/statement.created.direct.json").read_text("utf-8")
    done = subprocess.run(
        [python, "-c", code, *arguments], cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
        input=json.dumps(json.loads(example)), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_code_the_schemas_and_the_type_marker(wheel):
    names = {name for name in ZipFile(wheel).namelist() if name.startswith("onrecord/")}

    assert {"onrecord/__init__.py", "onrecord/py.typed", "onrecord/schema/statement.v1.json"} <= names
    assert "onrecord/schema/context.jsonld" in names
    assert {"onrecord/" + path.name for path in (ROOT / "worker/contract").glob("*.py")} <= names


def test_installed_beside_a_foreign_worker_it_reads_an_event(python, tmp_path):
    assert run(python, tmp_path, _READS) == "Ida Lund\n"


def test_installed_beside_a_foreign_worker_an_event_goes_to_redis_and_back(python, tmp_path, redis_url):
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    if not (site / "redis").exists():
        (site / "redis").symlink_to(Path(redis.__file__).parent)  # the extra; no index is asked for it

    assert run(python, tmp_path, _CONSUMES, redis_url, "wheel") == "Ida Lund\n"


def test_consuming_without_the_extra_says_what_to_install(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    code = "import onrecord; onrecord.consume(print, 'articles', group='g')"

    command, environ = [tmp_path / "venv/bin/python", "-c", code], {"PYTHONPATH": str(wheel)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert "pip install 'onrecord[redis]'" in done.stderr
