"""Redis gone, silent, full, read-only or empty: the worker waits, says so once, and goes on."""

import shutil
import signal
from contextlib import contextmanager

import pytest

from tests.newsroom.bulk import BulkSite, Wire
from tools.chaos.check import check
from tools.chaos.system import System, send, settings_for
from tools.wait import wait_for

SAID = "Redis cannot be used, waiting for it"


@pytest.fixture
def site():
    with BulkSite(Wire(hosts=5, articles=30), published=2) as running:
        yield running


@pytest.fixture
def system(tmp_path, site):
    with System(settings_for(site, tmp_path), tmp_path, "tools.chaos.hasty", sets=1) as running:
        yield running


@contextmanager
def killed(system):
    system.kill_redis()
    yield
    system.revive_redis()


@contextmanager
def silent(system):
    send(system.redis_pid, signal.SIGSTOP)
    yield
    send(system.redis_pid, signal.SIGCONT)


@contextmanager
def full(system):
    system.client.config_set("maxmemory", 1)
    yield
    system.client.config_set("maxmemory", 0)


@contextmanager
def read_only(system):
    system.client.replicaof("127.0.0.1", 9)  # nobody is there: a replica that lost its primary
    yield
    system.client.replicaof("NO", "ONE")


@contextmanager
def emptied(system):
    system.kill_redis()
    yield
    shutil.rmtree(system.settings.state_dir / "redis" / "appendonlydir")
    system.revive_redis()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("outage", [killed, silent, full, read_only, emptied])
def test_the_worker_waits_for_redis_and_says_so_once(system, site, outage):
    wait_for(lambda: system.published() >= 5, 60)
    with outage(system):
        site.publish(4)
        wait_for(lambda: SAID in system.logged, 30)
    wait_for(lambda: system.published() == 30, 150)

    verdict = check(system, site)
    assert verdict.kept, (verdict.lost, verdict.doubled, verdict.altered, verdict.dead)
    assert system.logged.count(SAID) <= 2  # the worker, and beat
    assert "Traceback" not in system.logged
    assert all(process.poll() is None for process in system.sets[0].running.values())  # nobody had to be started again
