"""The contract as others get it: a wheel called onrecord, beside whatever else is called worker."""

import json
import os
import subprocess
import sys
import venv
from zipfile import ZipFile

import pytest

from config.settings import ROOT

_ROUND_TRIP = """
import json, sys
import worker
from onrecord import decode, encode, payload_of, verify

assert worker.FOREIGN
assert "redis" not in sys.modules
event = decode({"event": sys.stdin.read()})
assert decode(encode(event)) == event
print(payload_of(event).speaker.name)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)],
        cwd=ROOT / "worker/contract",
        capture_output=True,
        text=True,
        check=True,
    )
    return folder / done.stdout.splitlines()[-1]


def test_the_wheel_holds_the_code_the_schemas_and_the_type_marker(wheel):
    names = {name for name in ZipFile(wheel).namelist() if name.startswith("onrecord/")}

    assert {"onrecord/__init__.py", "onrecord/py.typed", "onrecord/schema/statement.v1.json"} <= names
    assert "onrecord/schema/context.jsonld" in names
    assert {"onrecord/" + path.name for path in (ROOT / "worker/contract").glob("*.py")} <= names


def test_installed_beside_a_foreign_worker_it_reads_an_event(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    site = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True, check=True
    ).stdout.strip()
    ZipFile(wheel).extractall(site)
    (tmp_path / "worker.py").write_text("FOREIGN = True\n")
    example = json.loads((ROOT / "worker/contract/schema/examples/statement.created.direct.json").read_text("utf-8"))

    done = subprocess.run(
        [python, "-c", _ROUND_TRIP], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
        input=json.dumps(example), check=False,
    )  # fmt: skip

    assert done.stdout == "Ida Lund\n", done.stderr


def test_consuming_without_the_extra_says_what_to_install(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    code = "import onrecord; onrecord.consume(print, 'articles', group='g')"

    command, environ = [tmp_path / "venv/bin/python", "-c", code], {"PYTHONPATH": str(wheel)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert "pip install 'onrecord[redis]'" in done.stderr
