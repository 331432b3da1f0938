"""What a record takes: measured on a real Redis, and bounded here so that it stays small."""

import json

from config import limits
from worker.adapters.redis.footprint import footprint
from worker.adapters.redis.store import Scripts, connect
from worker.cli.status import status

BUCKET_MS = int(limits.SEEN_BUCKET.total_seconds() * 1000)


def admit(services, ids):
    """Admit articles under ids of our choice."""
    run = Scripts(connect(services.redis_url), services.settings.key_prefix)
    about = {"url": "https://paper.example/2026/11/23/a-slug-of-some-length", "host": "paper.example"}
    entry = json.dumps({"guid": about["url"], "title": "A title of forty characters, as they are"})
    rows = [json.dumps({"id": one, "aliases": [], "feed": "", "entry": entry, **about}) for one in ids]
    named: dict[str, str | int] = {
        "feed": "",
        "token": 0,
        "length": BUCKET_MS,
        "concurrency": 2,
        "fields": "{}",
        "wait": 0,
    }
    run("admit", *rows, **named, complete=0, events="[]")


def measured(services):
    return footprint(services.redis_url, services.settings.key_prefix)


def test_nothing_is_measured_where_nothing_is(services, capsys):
    found = measured(services)

    assert (found.seen_article_bytes, found.article_in_flight_bytes) == (None, None)
    status(services, as_json=False)
    assert "seen article bytes -" in capsys.readouterr().out


def test_an_article_that_was_seen_takes_few_bytes_when_there_are_many(services):
    admit(services, [f"0000{n:016x}{0:012x}" for n in range(343)])  # as dense as 22.5 million ids in a bucket

    assert 10 < measured(services).seen_article_bytes < 20


def test_an_article_in_flight_takes_about_a_kilobyte(services):
    admit(services, [f"{n:04x}{n:016x}{0:012x}" for n in range(200)])

    assert 300 < measured(services).article_in_flight_bytes < 1500
