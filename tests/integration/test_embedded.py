"""The embedded Redis, when its start or its end is disturbed."""

import subprocess

import pytest

from worker.adapters import embedded


def test_a_start_that_was_interrupted_leaves_no_server_behind(tmp_path, monkeypatch):
    really_run = subprocess.run

    def run_and_be_interrupted(command, **options):
        done = really_run(command, **options)
        if command[1:] == [str(tmp_path / "redis.conf")]:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(subprocess, "run", run_and_be_interrupted)
    with pytest.raises(KeyboardInterrupt):
        embedded.ensure(tmp_path)
    embedded.stop(tmp_path)

    assert not embedded._is_alive(tmp_path)


def test_a_server_keeps_its_address_and_data_over_a_stop(tmp_path):
    import redis

    url = embedded.ensure(tmp_path)
    redis.Redis.from_url(url).set("kept", "yes")
    embedded.stop(tmp_path)

    assert embedded.running_url(tmp_path) is None
    assert embedded.ensure(tmp_path) == url
    assert redis.Redis.from_url(url).get("kept") == b"yes"
    embedded.stop(tmp_path)
