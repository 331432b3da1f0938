"""Exports of a real stream: each event once, whatever the form, and a file only when it is complete."""

import json
import os
import pty
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from dataclasses import replace

import pytest

from config.settings import ROOT
from worker.adapters.redis.store import connect
from worker.contract import Match, decode, encode
from worker.views.export import events_between

EXAMPLES = ROOT / "worker/contract/schema/examples"


def example(name, **changes):
    event = decode({"event": (EXAMPLES / f"{name}.json").read_text("utf-8")})
    return replace(event, **changes)


@pytest.fixture
def client(redis_url):
    return connect(redis_url)


@pytest.fixture
def publish(client, services):
    """Publish events, the n-th of them n milliseconds after the beginning of 2026."""

    def publish(*events, stream="statements"):
        pipe = client.pipeline()
        for n, event in enumerate(events):
            pipe.xadd(f"{services.settings.key_prefix}:{stream}", encode(event), id=f"{1767225600000 + n}-0")
        pipe.execute()

    return publish


@pytest.fixture
def export(services):
    def export(*arguments, check=True, **environment):
        done = subprocess.run(
            [sys.executable, "-c", "from worker.cli import main; main()", "export", *map(str, arguments)],
            cwd=ROOT,
            env={
                **os.environ,
                "REDIS_URL": services.redis_url,
                "ONRECORD_KEY_PREFIX": services.settings.key_prefix,
                **environment,
            },
            capture_output=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done

    return export


def statements(count, **changes):
    return [example("statement.created.direct", id=f"e{n}", **changes) for n in range(count)]


def ids(lines):
    return [json.loads(line)["id"] for line in lines.splitlines()]


def test_every_event_of_the_stream_is_a_line_as_it_stands_there(publish, export, client, services):
    publish(*statements(250))

    done = export("statements")

    on_stream = [fields["event"] for _, fields in client.xrange(f"{services.settings.key_prefix}:statements")]
    assert done.stdout.decode().splitlines() == on_stream
    assert done.stderr == b"250 events\n"


def test_an_event_that_is_on_the_stream_twice_is_exported_once(publish, export):
    publish(*statements(3), *statements(5), *statements(2, source="urn:another"))

    assert ids(export("statements").stdout) == ["e0", "e1", "e2", "e3", "e4", "e0", "e1"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--since", "2026-01-01T00:00:00.003"], ["e3", "e4"]),
        (["--until", "2026-01-01T00:00:00.001"], ["e0", "e1"]),
        (["--since", "1767225600001-0", "--until", "1767225600003-0"], ["e1", "e2", "e3"]),
        (["--since", "1m"], []),
        (["--type", "amended"], []),
        (["--type", "statement.created", "--speaker", "lund", "--until", "1767225600000-0"], ["e0"]),
    ],
)
def test_a_range_has_both_its_edges_and_only_what_is_wanted(publish, export, arguments, expected):
    publish(*statements(5))

    assert ids(export("statements", *arguments).stdout) == expected


def test_a_file_is_replaced_only_by_a_complete_one(publish, export, tmp_path):
    target = tmp_path / "statements.jsonl"
    target.write_text("before\n")

    export("statements", "--output", target, REDIS_URL="redis://127.0.0.1:1/0", check=False)
    assert target.read_text() == "before\n"
    publish(*statements(3))
    export("statements", "--output", target)

    assert ids(target.read_text()) == ["e0", "e1", "e2"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("statements")] == ["statements.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["gossip"], 2, "no such stream"),
        (["statements", "--since", "yesterday"], 2, "nor a date or time"),
        (["statements", "--format", "xml"], 2, "jsonl or parquet"),
        (["statements", "--output", "README.md/file"], 1, "README.md/file: cannot be written: Not a directory"),
    ],
)
def test_what_cannot_be_exported_is_said(export, arguments, code, says):
    done = export(*arguments, check=False, COLUMNS="300")

    assert says in done.stderr.decode()
    assert done.returncode == code


def test_without_pyarrow_it_says_what_to_install(export, tmp_path):
    (tmp_path / "pyarrow.py").write_text("raise ImportError('none', name='pyarrow')\n")

    done = export("statements", "--format", "parquet", check=False, PYTHONPATH=str(tmp_path))

    assert done.stderr.decode() == "onrecord: pyarrow is not installed; `uv pip install --group export` does that\n"
    assert done.returncode == 1
    assert done.stdout == b""


def test_memory_does_not_grow_with_the_range(publish, client, services):
    publish(*statements(4_000))
    key = f"{services.settings.key_prefix}:statements"

    def peak(last):
        tracemalloc.start()
        count = sum(1 for _ in events_between(client, key, "0-0", last, Match()))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return count, most

    few, some = peak("1767225600399-0")
    many, more = peak("+")

    assert (few, many) == (400, 4_000)
    assert more < 1.5 * some


def test_a_parquet_file_has_typed_columns_and_every_event(publish, export, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: uv pip install --group export")
    direct, retracted = example("statement.created.direct"), example("statement.retracted", id="gone")
    publish(direct, retracted)

    export("statements", "--output", tmp_path / "statements.parquet")

    first, second = parquet.read_table(tmp_path / "statements.parquet").to_pylist()
    assert first["statement"] == direct.data
    assert first["time"].isoformat() == direct.time.replace("Z", "+00:00")
    assert (first["entry"], first["type"], first["statement_retracted"]) == ("1767225600000-0", direct.type, None)
    assert (second["id"], second["statement"], second["statement_retracted"]) == ("gone", None, retracted.data)


@pytest.mark.parametrize("stream", ["articles", "dead"])
def test_the_other_streams_can_be_parquet_too(publish, export, tmp_path, stream):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: uv pip install --group export")
    event = example({"articles": "article.created", "dead": "dead.article"}[stream])
    publish(event, stream=stream)

    export(stream, "--output", tmp_path / "file.parquet")

    (row,) = parquet.read_table(tmp_path / "file.parquet").to_pylist()
    assert row[event.dataschema.split(":")[-2].replace("-", "_")] == event.data


@pytest.mark.timeout(30)
def test_a_bar_on_the_terminal_says_how_far_it_is(publish, services, tmp_path):
    publish(*statements(2_000))
    screen, terminal = pty.openpty()
    target = tmp_path / "statements.jsonl"
    exporting = subprocess.Popen(
        [sys.executable, "-c", "from worker.cli import main; main()", "export", "statements", "--output", str(target)],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": services.redis_url, "ONRECORD_KEY_PREFIX": services.settings.key_prefix},
        stderr=terminal,
    )
    os.close(terminal)
    shown = ""
    with suppress(OSError):  # the other side is closed
        while part := os.read(screen, 10_000):
            shown += part.decode()
    os.close(screen)

    assert exporting.wait() == 0
    assert "━" in shown
    assert "2,000 events" in shown.splitlines()[-1]
