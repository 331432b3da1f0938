"""`onrecord run` as a user starts it, while the parts that it started are killed."""

import os
import signal
import socket
import subprocess
import sys
from threading import Thread
from urllib.request import urlopen

import psutil
import pytest

from config.settings import ROOT
from tests.integration.receiver import SECRET, Receiver
from tests.integration.web.asking import ask
from tools.wait import wait_for
from worker.adapters import embedded
from worker.adapters.redis.store import connect
from worker.cli.processes import end_with_parent


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def web_port():
    """A port that is free by now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def run(tmp_path, site, receiver, web_port):
    """Start it; yield the process and the lines it prints."""
    feeds, sinks = tmp_path / "feeds.toml", tmp_path / "sinks.toml"
    sinks.write_text(f'[[sink]]\nname = "desk"\nurl = "{receiver.url}"\nsecret_env = "DESK"\n')
    feeds.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in site.feeds))
    environment = {
        "ONRECORD_STATE_DIR": str(tmp_path / "state"),
        "ONRECORD_ALLOW_NETWORKS": "127.0.0.0/8",
        "ONRECORD_HOST_SPACING_S": "0",
        "ONRECORD_POLL_MIN_S": "1",
        "ONRECORD_POLL_MAX_S": "2",
        "ONRECORD_ENGINE": "rules",
        "ONRECORD_CONCURRENCY": "2",
        "ONRECORD_WEB_PORT": str(web_port),
        "COLUMNS": "200",
        "ONRECORD_SINKS": str(sinks),
        "DESK": SECRET,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", "from worker.cli import main; main()", "run", "--feeds", str(feeds)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=end_with_parent,
    )
    lines: list[str] = []
    reader = Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")), daemon=True)
    reader.start()
    yield process, lines
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait()
    reader.join()
    process.stdout.close()
    embedded.stop(tmp_path / "state" / "redis")


def ids(url):
    """Return the ids of all events on the streams that sinks get by default."""
    entries = [each for stream in ("articles", "statements") for each in connect(url).xrange(f"onrecord:{stream}")]
    return {fields["ce-id"] for _, fields in entries}


def said(lines, text):
    return any(text in line for line in lines)


@pytest.mark.timeout(240)
def test_redis_and_all_processes_may_be_killed_under_a_run(run, site, tmp_path, receiver):
    process, lines = run
    folder = tmp_path / "state" / "redis"
    wait_for(lambda: len(lines) > 20, 90)
    url = embedded.running_url(folder)

    os.kill(connect(url).info("server")["process_id"], signal.SIGKILL)
    wait_for(lambda: said(lines, "Redis answers again"), 30)
    for child in psutil.Process(process.pid).children():
        if "celery" in " ".join(child.cmdline()) or "deliver" in child.cmdline():
            child.kill()
    wait_for(lambda: all(said(lines, f"the {name} ended by itself") for name in ("worker", "beat", "deliver")), 30)
    held = site.publish("bridge-reopens")
    article = held.rsplit("/", 1)[-1]
    wait_for(lambda: any(article in str(fields) for _, fields in connect(url).xrevrange("onrecord:articles")), 120)
    wait_for(lambda: set(receiver.taken) == ids(url), 60)
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 0
    assert embedded.running_url(folder) is None
    assert not said(lines, "Traceback")


@pytest.mark.timeout(240)
def test_a_run_shows_the_web_page_and_ends_though_somebody_watches(run, web_port):
    process, lines = run
    wait_for(lambda: said(lines, f"web page: http://localhost:{web_port}/  token for changes: "), 60)
    url = f"http://localhost:{web_port}"

    wait_for(lambda: "<mark" in ask(url).text, 90)
    with urlopen(f"{url}/live", timeout=20) as watched:
        assert watched.readline() == b"retry: 2000\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert not said(lines, "Traceback")


@pytest.mark.timeout(240)
def test_a_run_goes_on_without_a_web_page_when_its_port_is_taken(web_port, request):
    with socket.create_server(("127.0.0.1", web_port)):
        _, lines = request.getfixturevalue("run")

        wait_for(lambda: said(lines, f"no web page: port {web_port} is taken"), 60)
        wait_for(lambda: said(lines, " said "), 90)


@pytest.mark.parametrize(
    ("moment", "signals"),
    [
        ("redis.conf", [signal.SIGINT, signal.SIGTERM]),
        ("server.json", [signal.SIGTERM]),
        ("appendonlydir", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM]),
    ],
)
def test_no_redis_is_left_behind_whenever_a_run_is_asked_to_end(run, tmp_path, moment, signals):
    """The files are those that the start of Redis makes, one after the other."""
    process, lines = run
    folder = tmp_path / "state" / "redis"
    wait_for((folder / moment).exists, 60)

    for number in signals:
        process.send_signal(number)

    assert process.wait(60) == 0
    assert not embedded._is_alive(folder)
    assert not said(lines, "Traceback")
