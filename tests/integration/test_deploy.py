"""What runs it for real (compose, Kubernetes, systemd, Prometheus), held against the code and by their own tools."""

import re
import shutil
import subprocess
import sys

import pytest
import yaml

from config.broker import QUEUES, TICK_SILENCE
from config.settings import ROOT, Settings, to_env
from worker.adapters.observability import metrics
from worker.adapters.observability.heartbeat import ALIVE

DEPLOY = ROOT / "deploy"
SETTINGS = set(to_env(Settings()))
OURS = ("worker", "worker-network", "worker-cpu", "beat", "web", "deliver")
PROFILES = {"web", "monitoring", "rabbitmq", "split", "sinks"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def queues_of(command):
    return set(command[command.index("-Q") + 1].split(","))


# --- the image


def test_the_image_has_what_runs_and_nothing_else():
    image = (ROOT / "Dockerfile").read_text()
    pins = {name: set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
            for name in ("requirements-run.lock", "requirements.lock")}  # fmt: skip

    assert pins["requirements-run.lock"] < pins["requirements.lock"]
    assert not [pin for pin in pins["requirements-run.lock"] if re.match(r"(pytest|ruff|mypy|hypothesis|uv)\b", pin)]
    assert "--require-hashes -r requirements-run.lock" in image
    assert image.count("\nFROM ") == 2
    assert re.search(r"^USER 10001", image, re.MULTILINE)
    needed = {
        words[1] for line in image.splitlines() if (words := line.split())[:1] == ["COPY"] and "=" not in words[1]
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert needed <= allowed


# --- docker compose


@pytest.fixture(scope="module")
def composed():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_compose_has_its_profiles_and_every_service_says_whether_it_is_well(composed):
    assert {profile for service in composed.values() for profile in service.get("profiles", [])} == PROFILES
    assert [name for name, service in composed.items() if "healthcheck" not in service and name != "deliver"] == []


def test_compose_calls_a_worker_and_a_beat_alive_by_their_own_progress(composed):
    for name, role in (("worker", "worker"), ("worker-cpu", "worker"), ("beat", "beat")):
        assert f"/state/{ALIVE[role]} " in composed[name]["healthcheck"]["test"][1]


def test_compose_runs_ours_without_rights_and_ready_to_be_scaled(composed):
    for name in OURS:
        service = composed[name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "container_name" not in service
        assert name == "web" or "ports" not in service
    assert queues_of(composed["worker"]["command"]) == set(QUEUES)
    assert queues_of(composed["worker-network"]["command"]) | queues_of(composed["worker-cpu"]["command"]) == set(
        QUEUES
    )


def test_the_probe_finds_a_fresh_file_and_no_old_one(composed, tmp_path):
    probe = composed["worker"]["healthcheck"]["test"][1].replace("$$", "$").replace("/state", str(tmp_path))
    alive = tmp_path / ALIVE["worker"]

    def is_alive():
        return subprocess.run(["sh", "-c", probe], check=False, capture_output=True).returncode == 0

    assert not is_alive()
    alive.touch()
    assert is_alive()
    subprocess.run(["touch", "-d", "-90 seconds", alive], check=True)
    assert not is_alive()


def compose_command():
    """Return how compose is called here: version 2, else version 1, else None."""
    plugin = ["docker", "compose", "version"]
    if shutil.which("docker") and not subprocess.run(plugin, check=False, capture_output=True).returncode:
        return plugin[:2]
    return ["docker-compose"] if shutil.which("docker-compose") else None


@pytest.mark.skipif(compose_command() is None, reason="neither `docker compose` nor docker-compose is installed")
@pytest.mark.parametrize("profile", ["", *sorted(PROFILES)])
def test_compose_itself_takes_every_profile(profile, tmp_path):
    text = (ROOT / "docker-compose.yml").read_text()
    if compose_command() == ["docker-compose"]:  # version 1 knows no optional env_file
        text = re.sub(r"^ +env_file:.*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "compose.yml").write_text(text)
    command = [*compose_command(), "-f", tmp_path / "compose.yml", *(["--profile", profile] if profile else [])]

    done = subprocess.run([*command, "config", "-q"], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


# --- Kubernetes


@pytest.fixture(scope="module")
def cluster():
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which renders the manifests, is not installed")
    command = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(yaml.safe_load_all(shown))


def deployments(cluster):
    return {one["metadata"]["name"]: one["spec"] for one in cluster if one["kind"] == "Deployment"}


def test_network_and_cpu_workers_are_apart_and_together_read_every_queue(cluster):
    found = deployments(cluster)
    args = {name: spec["template"]["spec"]["containers"][0]["args"] for name, spec in found.items()}

    assert set(found) == {"worker-network", "worker-cpu", "beat", "web"}
    assert queues_of(args["worker-cpu"]) == {"cpu"}
    assert queues_of(args["worker-network"]) | queues_of(args["worker-cpu"]) == set(QUEUES)


def test_every_pod_is_restricted_bounded_and_probed(cluster):
    workloads = [one for one in cluster if one["kind"] in {"Deployment", "StatefulSet"}]
    for one in workloads:
        pod = one["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]
        assert "livenessProbe" in container
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert one["spec"]["selector"]["matchLabels"].items() <= labels.items()


def test_liveness_is_progress_and_readiness_is_redis(cluster):
    found = {name: spec["template"]["spec"]["containers"][0] for name, spec in deployments(cluster).items()}

    for name, role in (("worker-network", "worker"), ("worker-cpu", "worker"), ("beat", "beat")):
        assert f"/state/{ALIVE[role]} " in found[name]["livenessProbe"]["exec"]["command"][2]
    assert found["web"]["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert "httpGet" not in found["web"]["livenessProbe"]  # Redis' absence is no reason to restart it


def test_the_cluster_names_settings_and_secrets_that_exist(cluster):
    (values,) = [one["data"] for one in cluster if one["kind"] == "ConfigMap"]

    assert set(values) <= SETTINGS
    for spec in deployments(cluster).values():
        (container,) = spec["template"]["spec"]["containers"]
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert values["REDIS_URL_FILE"].startswith(mounts["secrets"] + "/")
        assert mounts["state"] == "/state"


# --- systemd


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_hardened_and_gets_its_secret_as_a_credential(unit):
    lines = set(unit.read_text().splitlines())

    assert {"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= lines
    assert {
        "LoadCredential=redis_url:/etc/onrecord/redis_url",
        "Restart=always",
        "SystemCallErrorNumber=EPERM",
    } <= lines


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_itself_takes_the_units(tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/onrecord/.venv", sys.prefix).replace("/opt/onrecord", str(ROOT))
        name = unit.name.replace("@.", "@network.")
        (tmp_path / name).write_text(text)
    files = [path for path in tmp_path.iterdir() if path.suffix == ".service"]

    done = subprocess.run(["systemd-analyze", "verify", *files], check=False, capture_output=True, text=True)

    ours = [line for line in done.stderr.splitlines() if "onrecord" in line]
    assert ours == []


# --- Prometheus


def test_the_alerts_ask_for_metrics_that_exist():
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"][0]["rules"]
    asked = [rule["expr"] for rule in rules]

    assert len(asked) > 5
    assert {name for rule in asked for name in re.findall(r"\bonrecord_\w+", rule)} <= {m.name for m in metrics.ALL}
    silence = re.search(r"onrecord_tick_silence_seconds > (\d+)", " ".join(asked))
    assert silence
    assert 0 <= int(silence[1]) - TICK_SILENCE.total_seconds() < 1


def test_prometheus_asks_the_service_that_compose_runs(composed):
    (job,) = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]

    (target,) = job["static_configs"][0]["targets"]
    assert target.partition(":")[0] in composed
    assert set(composed["web"]["profiles"]) >= set(composed["prometheus"]["profiles"])
