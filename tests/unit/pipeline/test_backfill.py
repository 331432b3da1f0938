"""The walk through an archive, without Redis: its budget, its place, its permits."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.errors import IngestError, Reason, TransientError
from worker.pipeline.backfill import backfill

SITE = "https://paper.example"
URL = f"{SITE}/feed"


def atom(numbers, older=""):
    entries = "".join(
        f"<entry><title>Story {n}</title><link href='{SITE}/{n}'/><id>{n}</id>"
        f"<published>2026-02-{n:02}T12:00:00Z</published></entry>"
        for n in numbers
    )
    link = f"<link rel='prev-archive' href='{older}'/>" if older else ""
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Paper</title>{link}{entries}</feed>"


@pytest.fixture
def archive(ports):
    """A feed of three pages, with two entries each."""
    ports.registry.add(URL)
    pages = {"/feed": ([6, 5], "/2"), "/2": ([4, 3], "/1"), "/1": ([2, 1], "")}
    for path, (numbers, older) in pages.items():
        ports.http.answer(SITE + path, atom(numbers, older and SITE + older), content_type="application/atom+xml")
    return ports


def walk(ports, budget=100, since=None):
    seen = []
    waited = []

    def pause(seconds):
        waited.append(seconds)
        ports.clock.advance(timedelta(seconds=seconds))

    end = backfill(URL, ports, budget=budget, since=since, on_page=seen.append, pause=pause)
    return end, seen, waited


def test_all_pages_are_read_and_their_articles_admitted(archive):
    end, seen, _ = walk(archive)

    assert (end.new, end.known, end.denied, end.waiting) == (6, 0, 0, ())
    assert [progress.new for progress in seen] == [2, 4, 6]
    assert archive.status.counts() == {"discovered": 6, "in_flight": 6}


def test_a_budget_ends_the_walk_within_a_page_and_the_next_one_goes_on_there(archive):
    end, _, _ = walk(archive, budget=3)
    cursor = json.loads(archive.registry.cursor(archive.registry.key(URL)))
    rest, _, _ = walk(archive)

    assert (end.new, cursor["waiting"]) == (3, [f"{SITE}/2"])
    assert (rest.new, rest.known) == (3, 1)


def test_a_walk_that_came_to_the_end_begins_anew(archive):
    walk(archive)
    end, _, _ = walk(archive)

    assert (end.new, end.known) == (0, 6)


def test_archives_of_nothing_but_older_articles_are_left_alone(archive):
    end, seen, _ = walk(archive, since=datetime(2026, 2, 5, tzinfo=UTC))

    assert (end.new, len(seen)) == (2, 2)
    assert f"{SITE}/1" not in [url for url, _ in archive.http.asked]


def test_pages_that_robots_txt_denies_are_counted_and_not_asked_for(archive):
    archive.http.answer(f"{SITE}/robots.txt", "User-agent: *\nDisallow: /2", content_type="text/plain")
    end, _, _ = walk(archive)

    assert (end.new, end.denied) == (2, 1)
    assert f"{SITE}/2" not in [url for url, _ in archive.http.asked]


def test_a_walk_waits_for_the_permits_of_its_host(archive):
    archive.hosts.permit("paper.example")
    archive.ledger.not_before("paper.example", archive.clock.now() + timedelta(seconds=9))
    _, _, waited = walk(archive)

    assert waited == [9.0]


def test_a_walk_waits_while_somebody_else_asks_for_robots_txt(archive):
    rounds = []

    def pause(seconds):
        rounds.append(seconds)
        archive.http.answer(f"{SITE}/robots.txt", status=404)
        holder.__exit__(None, None, None)

    holder = archive.robots.fetch_lock("paper.example")
    holder.__enter__()
    end = backfill(URL, archive, budget=100, since=None, on_page=lambda _: None, pause=pause)

    assert (rounds, end.new) == ([1.0], 6)


def test_a_walk_that_fails_goes_on_where_it_was(archive):
    archive.http.fail(f"{SITE}/2", TransientError(Reason.TIMED_OUT, f"{SITE}/2"))
    with pytest.raises(TransientError):
        walk(archive)
    archive.http.answer(f"{SITE}/2", atom([4, 3]), content_type="application/atom+xml")

    assert walk(archive)[0].new == 2


def test_a_feed_that_nobody_added_has_no_archive(ports):
    with pytest.raises(IngestError) as raised:
        walk(ports)
    assert raised.value.reason is Reason.UNKNOWN
