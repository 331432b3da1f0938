"""Past one machine: workers of single queues and two beats, each with a state folder of its own, on one Redis."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest

from config.settings import ROOT, to_env
from tests.e2e.test_main_job import all_done, nothing_lost_or_doubled
from tools.wait import wait_for
from worker.adapters.observability.heartbeat import ALIVE
from worker.cli.processes import end_with_parent

WORKER = ["worker", "--without-gossip", "--without-mingle", "-Q"]
MACHINES = {
    "network": [*WORKER, "control,network"],
    "cpu-1": [*WORKER, "cpu"],
    "cpu-2": [*WORKER, "cpu"],
    "beat-1": ["beat", "--pidfile", ""],
    "beat-2": ["beat", "--pidfile", ""],
}


@contextmanager
def machines(services):
    """Run each as on a machine of its own; they share nothing but the address of Redis."""
    running = []
    try:
        for name, arguments in MACHINES.items():
            folder = services.settings.state_dir / name
            folder.mkdir()
            settings = replace(services.settings, redis_url=services.redis_url, state_dir=folder, concurrency=1)
            named = ["-n", f"{name}@test"] if arguments[0] == "worker" else []
            with (folder / "log").open("ab") as log:
                command = [sys.executable, "-m", "celery", "-A", "worker", "--quiet", *arguments, *named]
                environ = {**os.environ, **to_env(settings)}
                running.append(
                    subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, preexec_fn=end_with_parent)
                )
        yield {name: services.settings.state_dir / name for name in MACHINES}
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@pytest.mark.timeout(200)
def test_workers_of_single_queues_and_two_beats_share_the_work(services, site, events):
    with machines(services) as folders:
        wait_for(lambda: all_done(services, site), 120)
        assert all((folders[name] / ALIVE["worker"]).exists() for name in ("network", "cpu-1", "cpu-2"))
        assert all((folders[name] / ALIVE["beat"]).exists() for name in ("beat-1", "beat-2"))

    nothing_lost_or_doubled(services, site, events)
    said = {name: (folder / "log").read_text() for name, folder in folders.items()}
    assert " fetched " in said["network"]
    assert " published " not in said["network"]
    assert " published " in said["cpu-1"]
    assert " published " in said["cpu-2"]
