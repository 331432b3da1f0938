"""The `onrecord` command as a user types it."""

import json
import os
import pty
import random
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import ROOT
from tools.wait import wait_for
from worker.core.records import FeedEntry

TEXT = "The Council Met\n“We will mend the roof,” said Ida Lund, the head of the school. “And soon,” she added.\n"


def onrecord(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-c", "from worker.cli import main; main()", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COLUMNS": "200", "HOME": "/nonexistent", **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_try_prints_the_events_of_a_text_and_needs_no_redis(article):
    done = onrecord("try", article, "--json", REDIS_URL="redis://127.0.0.1:1/0")

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert events[0]["type"] == "io.onrecord.article.created.v1"
    assert "Ida Lund" in {event["data"]["speaker"]["name"] for event in events[1:]}


def test_extract_jsonl_keeps_its_measured_form():
    line = json.dumps({"id": "a", "text": TEXT})

    done = onrecord("extract", "--jsonl", "-", stdin=line.encode())

    row = json.loads(done.stdout)
    assert row["id"] == "a"
    wanted = {"kind", "content", "source", "cue", "cue_class", "speaker", "speaker_type", "speaker_span", "confidence"}
    assert wanted <= set(row["statements"][0])
    contents = [TEXT[start:end] for said in row["statements"] for start, end in said["content"]]
    assert any("We will mend the roof" in words for words in contents)


@pytest.mark.parametrize("engine", ["fast", "accurate", "rules"])
def test_extract_jsonl_reads_half_surrogate_pairs_and_languages_that_are_none(engine):
    line = json.dumps({"id": "a\ud800", "text": f"{TEXT} \udfff", "lang": 7})

    done = onrecord("extract", "--engine", engine, "--jsonl", "-", stdin=line.encode())

    row = json.loads(done.stdout)
    assert row["id"] == "a\ud800"
    assert row["statements"]


def test_extract_jsonl_reads_every_line_in_its_own_language():
    german = "„Wir gehen jetzt und kommen nicht zurück“, sagte die Ministerin Anna Huber am Montag in Köln."
    polish = "„Idziemy teraz i nigdy nie wrócimy”, powiedziała w poniedziałek minister Anna Nowak w Krakowie."
    lines = [
        {"id": "stated", "text": german, "language": "de"},
        {"id": "found out", "text": german},
        {"id": "unread", "text": polish},
        {"id": "unread again", "text": polish, "language": "pl"},
        {"id": "English", "text": TEXT},
    ]

    done = onrecord("extract", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines)).encode())

    found = {row["id"]: row["statements"] for row in map(json.loads, done.stdout.splitlines())}
    assert [said["cue_lemma"] for said in found["stated"]] == ["sagen"]
    assert found["found out"] == found["stated"]
    assert (found["unread"], found["unread again"]) == ([], [])
    assert len(found["English"]) == 2
    assert done.stderr.decode().count("no engine reads language 'pl'") == 1


def test_extract_reads_german_with_the_engine_for_german(tmp_path):
    file = tmp_path / "text"
    file.write_text("„Wir gehen“, sagte Anna Huber.", encoding="utf-8")

    done = onrecord("extract", "--language", "de", "--json", file)

    (said,) = json.loads(done.stdout)["statements"]
    assert (said["speaker"], said["cue_lemma"]) == ("Anna Huber", "sagen")


def test_try_says_that_no_engine_reads_the_language(tmp_path):
    file = tmp_path / "text"
    file.write_text(
        "Rada się zebrała\n„Idziemy teraz i nigdy nie wrócimy”, powiedziała Anna Nowak.\n" * 3, encoding="utf-8"
    )

    done = onrecord("try", "--json", file)

    assert [json.loads(line)["type"] for line in done.stdout.splitlines()] == ["io.onrecord.article.created.v1"]
    assert "no engine reads language 'pl'" in done.stderr.decode()


def test_clean_jsonl_keeps_its_measured_form(tmp_path):
    body = "".join(
        f"<p>Paragraph {n} of the report on the harbour, which is long enough to count.</p>" for n in range(9)
    )
    (tmp_path / "page.html").write_text(f"<html><head><title>Harbour</title></head><body><article>{body}")
    lines = tmp_path / "pages.jsonl"
    lines.write_text(json.dumps({"id": "p", "url": "https://paper.example/p", "html_file": "page.html"}))

    row = json.loads(onrecord("clean", "--jsonl", lines).stdout)

    assert set(row) == {"id", "text", "title", "authors", "published", "lang", "image", "canonical_url", "site_name"}
    assert "Paragraph 8" in row["text"]


@pytest.mark.parametrize(
    ("arguments", "content", "code", "says"),
    [
        (["try", "http//no-url"], None, 1, "cannot be read"),
        (["try", "ftp://paper.example/a"], None, 2, "only http and https"),
        (["try", "http://127.0.0.1:9/"], None, 1, "not a public address"),
        (["extract", "FILE"], b"", 1, "empty"),
        (["extract", "FILE"], b"\x00\x01\x02binary", 1, "binary"),
        (["extract", "FILE"], "Größe".encode("latin-1"), 1, "not UTF-8"),
        (["extract", "missing.txt"], None, 1, "No such file"),
        (["extract", "--engine", "magic", "FILE"], b"text", 2, "one of fast, accurate, rules"),
        (["extract", "--jsonl", "FILE"], b'{"id": 1}', 1, 'expected a JSON object with "id" and "text"'),
        (["extract", "--jsonl", "FILE"], b'{"id": 1, "text": 5}', 1, "text is no string"),
        (["clean", "FILE"], b"", 1, "empty"),
        (["clean", "FILE"], bytes(range(256)) * 50, 1, "["),
        (["clean", "FILE"], random.Random(1).randbytes(3_000), 1, "binary"),
        (["consume", "nonsense"], None, 2, "no such stream"),
        (["nonsense"], None, 2, "No such command"),
    ],
)
def test_bad_input_gives_one_clear_line(tmp_path, arguments, content, code, says):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)

    done = onrecord(*[str(file) if argument == "FILE" else argument for argument in arguments])

    shown = done.stderr.decode()
    assert says in shown
    assert "Traceback" not in shown
    assert done.returncode == code


@pytest.mark.parametrize(
    ("environment", "code", "says"),
    [
        ({"REDIS_URL": "localhost"}, 2, "setting REDIS_URL: got 'localhost', accepts a URL such as redis://"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, 1, "Redis"),
        ({"ONRECORD_CONCURRENCY": "0"}, 2, "from 1 to 256"),
        ({"ONRECORD_PUBLIC_URL": "ftp://paper.example"}, 2, "setting ONRECORD_PUBLIC_URL: got 'ftp://paper.example'"),
        ({"ONRECORD_PUBLIC_URL": "https://paper.example/?a"}, 2, "without ? and #"),
        ({"ONRECORD_LOG_LEVEL": "x", "ONRECORD_MAX_ATTEMPTS": "y"}, 2, "ONRECORD_MAX_ATTEMPTS"),
        ({"ONRECORD_ENGINE": "x"}, 2, "setting ONRECORD_ENGINE: got 'x', accepts one of fast, accurate, rules"),
    ],
)
def test_wrong_settings_are_named(environment, code, says):
    done = onrecord("status", **environment)

    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.returncode == code


def test_status_checks_that_something_moves(redis_url, services):
    environment = {"REDIS_URL": redis_url, "ONRECORD_KEY_PREFIX": services.settings.key_prefix}

    assert onrecord("status", **environment).returncode == 0
    assert onrecord("status", "--check", **environment).returncode == 1  # nobody asks what is due
    services.articles.take()
    assert onrecord("status", "--check", **environment).returncode == 0


@pytest.mark.timeout(30)
def test_status_can_be_watched_on_one_screen(redis_url, services):
    screen, terminal = pty.openpty()
    watching = subprocess.Popen(
        [sys.executable, "-c", "from worker.cli import main; main()", "status", "--watch"],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": redis_url, "ONRECORD_KEY_PREFIX": services.settings.key_prefix},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = ""
    try:
        while "feeds" not in shown.rsplit("in flight", maxsplit=1)[-1]:
            shown += os.read(screen, 10_000).decode()
        services.articles.admit([FeedEntry("https://paper.example/watched")])
        while "+1" not in shown:  # what came since the screen before
            shown += os.read(screen, 10_000).decode()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 0
    finally:
        watching.kill()
        watching.wait()
    os.close(screen)


def test_the_web_page_needs_a_port_that_is_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = onrecord("web", "--port", port, REDIS_URL="redis://127.0.0.1:1/0")

    assert f"port {port} is taken" in done.stderr.decode()
    assert done.returncode == 1


def test_a_feed_that_is_a_page_is_refused_with_a_hint(services, site):
    done = onrecord("poll", site.url + "/", REDIS_URL=services.redis_url, ONRECORD_ALLOW_NETWORKS="127.0.0.0/8")

    assert done.returncode == 1
    assert "[not_a_feed]" in done.stderr.decode()
    assert site.feeds[0] in done.stderr.decode()  # the page names its feeds, and so does the error


def test_feeds_can_be_added_listed_and_removed(services, site):
    common = {
        "REDIS_URL": services.redis_url,
        "ONRECORD_ALLOW_NETWORKS": "127.0.0.0/8",
        "ONRECORD_KEY_PREFIX": services.settings.key_prefix,
    }
    url = site.feeds[0]

    assert onrecord("feeds", "add", url, **common).returncode == 0
    opml = onrecord("feeds", "export", **common).stdout
    assert onrecord("feeds", "import", "-", stdin=opml, **common).stdout == b"0 new of 1 feeds\n"
    assert url in onrecord("feeds", "list", "--json", **common).stdout.decode()
    assert onrecord("feeds", "remove", url, **common).returncode == 0
    assert url not in onrecord("feeds", "list", "--json", **common).stdout.decode()
    assert onrecord("feeds", "remove", url, **common).returncode == 1


def test_the_readme_names_the_commands_that_make_has():
    makefile = (Path(ROOT) / "Makefile").read_text()

    for target in ("run", "demo", "test", "check", "help"):
        assert f"\n{target}:" in makefile


def test_a_group_gets_each_event_once(services, redis_url):
    from worker.adapters.redis.store import connect
    from worker.contract import encode
    from worker.core.jobs import Job
    from worker.core.records import Article, Page
    from worker.versions.events import article_events

    page = Page("https://paper.example/a", "https://paper.example/a", b"")
    job = Job("a1", 1, page.url, "paper.example", "", FeedEntry(page.url), 1, datetime(2026, 11, 23, tzinfo=UTC))
    client, prefix = connect(redis_url), services.settings.key_prefix
    for number in range(3):
        article = Article(page.url, f"Text {number}.")
        (event,) = article_events(article, (), job, page, article_id=f"a{number}", source="urn:test")
        client.xadd(f"{prefix}:articles", encode(event))

    reader = subprocess.Popen(
        [sys.executable, "-c", "from worker.cli import main; main()", "consume", "articles", "--group", "g", "--json"],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": redis_url, "ONRECORD_KEY_PREFIX": prefix},
        stdout=subprocess.PIPE,
    )
    texts = [json.loads(reader.stdout.readline())["text"] for _ in range(3)]
    wait_for(lambda: client.xpending(f"{prefix}:articles", "g")["pending"] == 0)
    reader.terminate()
    reader.communicate(timeout=20)

    assert texts == ["Text 0.", "Text 1.", "Text 2."]
    assert reader.returncode == 0


@pytest.mark.parametrize("group", [(), ("--group", "desk")])
def test_a_reader_gets_only_what_it_asked_for(services, redis_url, group):
    from worker.adapters.redis.store import connect
    from worker.contract import decode, encode

    client, prefix = connect(redis_url), services.settings.key_prefix
    for name in ("created.direct", "created.indirect", "amended", "retracted"):
        text = (ROOT / f"worker/contract/schema/examples/statement.{name}.json").read_text("utf-8")
        client.xadd(f"{prefix}:statements", encode(decode({"event": text})))

    wanted = ["--speaker", "lund", "--source", "paper.example", "--language", "en", "--type", "amended"]
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from worker.cli import main; main()",
            "consume",
            "statements",
            "--json",
            *group,
            *wanted,
        ],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": redis_url, "ONRECORD_KEY_PREFIX": prefix},
        stdout=subprocess.PIPE,
    )
    said = json.loads(reader.stdout.readline())
    reader.terminate()
    reader.communicate(timeout=20)

    assert (said["speaker"]["name"], said["reason"]) == ("Ida Lund", "edited")
