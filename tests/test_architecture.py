"""What the documents promise about the code, held against the code."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from config import broker, limits
from config.broker import QUEUES, celery_config
from config.settings import ROOT, Settings
from worker.adapters.redis import store
from worker.core.messages import MESSAGES


def test_the_task_names_are_the_documented_ones():
    documented = re.findall(r"^\| `(\w+\.\w+)` \| (\w+) \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)

    assert {(kind.task, kind.queue) for kind in MESSAGES} == set(documented)
    assert {kind.queue for kind in MESSAGES} == set(QUEUES)


def test_celery_knows_exactly_these_tasks():
    code = "from worker import app; app.loader.import_default_modules(); print(*sorted(app.tasks))"

    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    ours = {name for name in shown.split() if not name.startswith("celery.")}
    assert ours == {kind.task for kind in MESSAGES}


def test_importing_the_worker_does_not_import_celery():
    code = "import sys, worker; sys.exit('celery' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_time_limits_leave_no_room_for_endless_repeats():
    config = celery_config(Settings(), "redis://h/0")

    assert limits.FETCH_DEADLINE < limits.TASK_SOFT_LIMIT < limits.TASK_HARD_LIMIT < limits.LEASE
    assert config["broker_transport_options"]["visibility_timeout"] >= 3 * config["task_time_limit"]
    assert config["accept_content"] == ["json"]
    assert config["task_acks_late"]
    assert config["task_reject_on_worker_lost"]


def test_what_watches_is_more_patient_than_what_it_watches():
    assert broker.STALL_LIMIT > 2 * limits.TASK_HARD_LIMIT
    assert broker.STALL_LIMIT > limits.TASK_HARD_LIMIT + broker.LONGEST_RECONNECT
    assert broker.TICK_SILENCE > limits.TASK_HARD_LIMIT + limits.TICK_INTERVAL
    assert limits.BREAKER_PAUSE > limits.LEASE  # what was handed out before is back before the next trial


def test_an_attempt_on_a_silent_redis_ends_within_its_limits():
    attempt = (store.RETRIES + 1) * store.SOCKET_TIMEOUT_S  # to do something, and again to settle it

    assert 2 * attempt < limits.TASK_SOFT_LIMIT.total_seconds()


def test_no_dependency_takes_our_package_names():
    owners = packages_distributions()

    for name in ("config", "tasks", "tests", "worker"):
        assert set(owners.get(name, [])) <= {"onrecord-worker"}


@pytest.mark.parametrize("folder", ["tasks"])
def test_task_bodies_are_doors_of_three_lines(folder):
    for path in (ROOT / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any("shared_task" in ast.dump(d) for d in node.decorator_list):
                assert len(node.body) <= 3, f"{path.name}: {node.name}"


def test_messages_are_sent_in_one_place():
    senders = [
        str(path.relative_to(ROOT))
        for folder in ("config", "worker", "tasks")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\.(?:apply_async|send_task)\(|\btasks?\.\w+\.delay\(", path.read_text())
    ]

    assert senders == ["tasks/dispatch.py"]


def test_the_import_rules_hold():
    done = subprocess.run(["lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False,
                          env={"PATH": f"{sys.prefix}/bin"})  # fmt: skip

    assert done.returncode == 0, done.stdout
