import math
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from config import broker, limits
from config.settings import ROOT, Settings, SettingsError, env_example, markdown_table, to_env
from worker.services import Services

#: Where the state lies is the image's; the list of feeds is mounted.
OF_THE_IMAGE = {"ONRECORD_STATE_DIR", "ONRECORD_FEEDS", "ONRECORD_SINKS"}


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_env({}) == Settings()


def test_an_empty_value_counts_as_not_set():
    assert Settings.from_env({"ONRECORD_ENGINE": ""}).engine == Settings().engine


def test_values_are_parsed_into_their_types():
    settings = Settings.from_env({"ONRECORD_HOST_SPACING_S": "2.5", "ONRECORD_ALLOW_NETWORKS": "10.0.0.0/8, ::1/128"})

    assert settings.host_spacing == timedelta(seconds=2.5)
    assert [str(network) for network in settings.allow_networks] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("variable", "value", "accepts"),
    [
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "redis://host:notaport/0", "redis://"),
        ("REDIS_URL", "redis://host:6379/first", "redis://"),
        ("ONRECORD_CONCURRENCY", "0", "from 1 to 256"),
        ("ONRECORD_CONCURRENCY", "four", "whole number"),
        ("ONRECORD_POLL_MIN_S", "-1", "seconds from"),
        ("ONRECORD_ALLOW_NETWORKS", "10.0.0.0/99", "10.0.0.0/8"),
        ("ONRECORD_OBEY", "noai,nothing", "noai, noindex"),
        ("SENTRY_DSN", "sentry.example", "http"),
    ],
)
def test_a_wrong_value_names_the_variable_and_what_it_accepts(variable, value, accepts):
    with pytest.raises(SettingsError) as failure:
        Settings.from_env({variable: value})

    assert variable in str(failure.value)
    assert accepts in str(failure.value)


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"REDIS_URL": "redis+cluster://node:6379/1", "ONRECORD_KEY_PREFIX": "{o}"}, "without a database"),
        ({"REDIS_URL": "unix+cluster:///socket"}, "or redis.cluster"),
        ({"REDIS_URL": "redis+cluster://node", "ONRECORD_BROKER_URL": "redis://b"}, "ONRECORD_KEY_PREFIX"),
        ({"REDIS_URL": "redis+cluster://node", "ONRECORD_KEY_PREFIX": "{o}"}, "ONRECORD_BROKER_URL is needed"),
        ({"ONRECORD_BROKER_URL": "redis+cluster://node"}, "which Celery cannot use"),
    ],
)
def test_a_cluster_needs_a_hash_tag_and_a_broker_of_its_own(environ, problem):
    with pytest.raises(SettingsError, match=problem):
        Settings.from_env(environ)


def test_a_cluster_with_all_that_it_needs_is_accepted():
    environ = {"REDIS_URL": "redis+cluster://:word@node:6379", "ONRECORD_KEY_PREFIX": "{onrecord}"}

    assert Settings.from_env({**environ, "ONRECORD_BROKER_URL": "redis://b:6379/0"}).broker_url


def test_all_wrong_values_are_reported_at_once():
    with pytest.raises(SettingsError) as failure:
        Settings.from_env({"ONRECORD_CONCURRENCY": "x", "ONRECORD_LOG_LEVEL": "y", "REDIS_URL": "z"})

    assert len(failure.value.problems) == 3


def test_an_engine_that_is_not_registered_is_named_with_those_that_are():
    with pytest.raises(SettingsError, match="ONRECORD_ENGINE: got 'magic', accepts one of fast, accurate, rules"):
        Services.of(Settings(engine="magic"))


def test_a_password_is_never_shown():
    with pytest.raises(SettingsError) as failure:
        Settings.from_env({"REDIS_URL": "http://user:geheim@host/0"})

    assert "geheim" not in str(failure.value)
    with pytest.raises(SettingsError, match=r"got '\*\*\*', accepts 16 characters"):
        Settings.from_env({"ONRECORD_WEB_TOKEN": "too short"})


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "redis").write_text("redis://:pw@host:6379/0\n")

    assert Settings.from_env({"REDIS_URL_FILE": str(tmp_path / "redis")}).redis_url == "redis://:pw@host:6379/0"


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"REDIS_URL_FILE": "/nowhere/redis"}, "REDIS_URL_FILE: /nowhere/redis cannot be read: No such file"),
        ({"REDIS_URL_FILE": "/dev/null", "REDIS_URL": "redis://h"}, "REDIS_URL and REDIS_URL_FILE are both set"),
    ],
)
def test_a_secret_that_cannot_be_had_is_named(environ, problem):
    with pytest.raises(SettingsError) as failure:
        Settings.from_env(environ)

    assert problem in str(failure.value)


def test_a_process_of_ours_gets_the_secret_itself_and_not_its_file(tmp_path):
    (tmp_path / "redis").write_text("redis://:pw@host:6379/0")
    environ = {"REDIS_URL_FILE": str(tmp_path / "redis")}

    assert Settings.from_env({**environ, **to_env(Settings.from_env(environ))}) == Settings.from_env(environ)


def test_the_broker_may_be_rabbitmq_and_the_store_may_not():
    rabbit = "amqp://user:pw@host:5672/vhost"

    assert Settings.from_env({"ONRECORD_BROKER_URL": rabbit}).broker_url == rabbit
    with pytest.raises(SettingsError):
        Settings.from_env({"REDIS_URL": rabbit})


def test_intervals_that_contradict_each_other_are_refused():
    with pytest.raises(SettingsError, match="ONRECORD_POLL_MIN_S is greater"):
        Settings.from_env({"ONRECORD_POLL_MIN_S": "100", "ONRECORD_POLL_MAX_S": "10"})


@pytest.mark.parametrize(
    ("name", "text"), [("docs/configuration.md", markdown_table()), (".env.example", env_example())]
)
def test_the_documents_show_the_settings_as_they_are(name, text):
    assert text in Path(ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("who", "after"),
    [
        ("a task that hangs", limits.TASK_HARD_LIMIT),
        ("a worker that takes nothing", broker.STALL_LIMIT),
        ("a beat that lives and does nothing", broker.TICK_SILENCE),
    ],
)
def test_the_architecture_says_after_what_time_somebody_notices(who, after):
    (row,) = [line for line in (ROOT / "ARCHITECTURE.md").read_text().splitlines() if line.startswith(f"| {who}")]

    assert f"| {math.ceil(after.total_seconds())} s |" in row


def test_settings_survive_the_way_to_another_process():
    settings = Settings.from_env({"ONRECORD_ALLOW_NETWORKS": "10.0.0.0/8,::1/128", "REDIS_URL": "redis://h:1/2"})

    assert Settings.from_env(to_env(settings)) == settings


@pytest.fixture(scope="module")
def composed():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.mark.parametrize("variable", sorted({spec.metadata["env"] for spec in fields(Settings)} - OF_THE_IMAGE))
def test_docker_compose_passes_every_setting_on(composed, variable):
    for name in ("worker", "beat", "web"):
        assert f"${{{variable}:-" in composed[name]["environment"][variable]


@pytest.mark.parametrize(("who", "what"), [("worker", "feeds"), ("deliver", "sinks")])
def test_docker_compose_takes_the_lists_of_feeds_and_sinks_from_outside(composed, who, what):
    (mounted,) = [volume for volume in composed[who]["volumes"] if isinstance(volume, dict)]

    assert f"${{ONRECORD_{what.upper()}:-config/{what}.toml}}" in mounted["source"]
    assert mounted["target"] == f"/app/config/{what}.toml"
