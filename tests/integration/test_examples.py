"""The examples of docs/events.md, each run as it stands there, on a real Redis."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import pytest

from config.settings import ROOT
from tools.wait import wait_for
from worker.adapters.redis.store import connect
from worker.cli.processes import end_with_parent
from worker.contract import decode, encode

STREAM = "onrecord:statements"
CLIENT = "redis@5.12.1"


@pytest.fixture
def url(redis_url):
    """A database of its own, since the examples name the stream as everybody has it."""
    own = redis_url.removesuffix("/0") + "/7"
    yield own
    connect(own).flushdb()


@pytest.fixture
def client(url):
    return connect(url)


@pytest.fixture
def publish(client):
    def publish(*texts, name="created.direct", **options):
        example = decode(
            {"event": (ROOT / f"worker/contract/schema/examples/statement.{name}.json").read_text("utf-8")}
        )
        return [client.xadd(STREAM, encode_with(example, text), **options) for text in texts]

    return publish


def encode_with(event, text):
    fields = encode(event)
    return {**fields, "event": json.dumps({**json.loads(fields["event"]), "data": {**event.data, "text": text}})}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A folder with the Node example and its client from npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node or npm is not installed")
    folder = tmp_path_factory.mktemp("node")
    command = ["npm", "install", "--no-audit", "--no-fund", "--fetch-retries", "0", "--prefix", str(folder), CLIENT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    if done.returncode:
        pytest.skip(f"{CLIENT} cannot be had from npm: {done.stderr.strip().splitlines()[-1]}")
    shutil.copy(ROOT / "examples/consume.mjs", folder)
    return folder


@pytest.mark.parametrize(
    ("document", "name"),
    [
        *(("docs/events.md", name) for name in ("consume.py", "consume.sh", "consume.mjs")),
        *(("worker/contract/README.md", name) for name in ("consume.sh", "consume.mjs")),
    ],
)
def test_the_documents_show_the_examples_that_are_run(document, name):
    assert f"\n{(ROOT / 'examples' / name).read_text()}```" in (ROOT / document).read_text()


def read(process, count):
    return [process.stdout.readline().strip() for _ in range(count)]


def consumes_and_ends(command, url, publish, client, **environment):
    """Run a program while statements come, some of them left by a consumer that died; return what it printed."""
    publish("one", "two")
    client.xgroup_create(STREAM, "desk", id="0")
    ((_, entries),) = client.xreadgroup("desk", "dead", {STREAM: ">"})
    client.xclaim(STREAM, "desk", "dead", 0, [entry for entry, _ in entries], idle=70_000)
    publish("three")
    process = subprocess.Popen(
        command,
        env={**os.environ, "REDIS_URL": url, **environment},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,
    )
    shown = read(process, 3)
    publish("other", name="retracted")
    publish("four")
    shown += read(process, 1)
    wait_for(lambda: client.xpending(STREAM, "desk")["pending"] == 0)
    process.terminate()
    rest, _ = process.communicate(timeout=20)

    assert (process.returncode, rest) == (0, "")
    return shown


def test_the_node_example_joins_reads_acknowledges_and_takes_over(node, url, publish, client):
    shown = consumes_and_ends(["node", str(node / "consume.mjs")], url, publish, client)

    assert shown == [f"Ida Lund | {text}" for text in ("one", "two", "three", "four")]


def test_the_python_example_joins_reads_and_acknowledges(url, publish, client, tmp_path):
    (tmp_path / "onrecord").symlink_to(ROOT / "worker/contract")
    publish("one", "two")
    command = [sys.executable, str(ROOT / "examples/consume.py")]
    environ = {**os.environ, "REDIS_URL": url, "PYTHONPATH": str(tmp_path)}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, preexec_fn=end_with_parent)
    shown = read(process, 2)
    publish("other", name="retracted")
    wait_for(lambda: client.xpending(STREAM, "desk")["pending"] == 0)
    process.terminate()
    rest, _ = process.communicate(timeout=20)

    assert (shown, rest, process.returncode) == (["Ida Lund | one", "Ida Lund | two"], "", 0)


def test_the_commands_of_the_shell_join_read_acknowledge_and_take_over(url, publish, client):
    entry, second = "1767225600000-0", "1767225600001-0"
    publish("one", id=entry)
    publish("two", id=second)
    lines = (ROOT / "examples/consume.sh").read_text().splitlines()
    join, read_one, acknowledge, take_over = [shlex.split(line)[1:] for line in lines]

    client.execute_command(*join)
    assert entry in str(client.execute_command(*read_one))
    assert client.execute_command(*acknowledge) == 1
    client.execute_command(*read_one)
    client.xclaim(STREAM, "desk", "me", 0, [second], idle=70_000)
    assert second in str(client.execute_command(*take_over))
