import pytest

from worker.cli.checks import broker, eviction, names, persistence, sinks, version

ON = {"aof_enabled": 1, "aof_last_write_status": "ok", "aof_last_bgrewrite_status": "ok"}


@pytest.mark.parametrize(("shown", "level"), [("6.2.14", "error"), ("7.0.0", "ok"), ("7.2.4", "ok"), ("10.0.1", "ok")])
def test_a_server_is_7_0_or_later(shown, level):
    assert version({"redis_version": shown}).level == level


def test_a_file_that_cannot_be_written_is_no_persistence():
    assert persistence(ON | {"aof_last_write_status": "err"}, "everysec").level == "error"
    assert persistence(ON, None).level == "ok"  # some providers do not permit CONFIG


def test_eviction_is_an_error_where_there_is_a_limit():
    assert eviction({"maxmemory_policy": "allkeys-lru", "maxmemory": 100}).level == "error"


def test_one_host_that_is_found_shows_that_names_resolve():
    assert names({"a.example": "", "b.example": "no such name"}).level == "warning"


def test_hoarding_workers_are_noticed():
    conf = {"broker_transport_options": {"visibility_timeout": 120}, "worker_prefetch_multiplier": 4}

    assert broker(conf).level == "warning"


def test_a_sink_that_needs_somebody_is_named():
    row = {"name": "desk", "state": "on", "dead": 0}

    assert (sinks([]).level, sinks([row]).level) == ("ok", "ok")
    assert sinks([row | {"state": "gone"}, row | {"dead": 3}]).found == "desk: gone; desk: 3 dead letters"
    assert sinks([], ["sink 1: needs a name"]).level == "error"
