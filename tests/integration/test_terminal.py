"""Whatever strangers write, each command shows it as text: it is no markup, and no terminal obeys it."""

import ast
import io
import json
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from config.settings import ROOT
from tests.integration.test_help import LEAVES
from tests.newsroom.feeds import Entry, rss
from tests.newsroom.server import Reply, Site
from tools.driver import attempt, drain
from worker.adapters.redis.registry import feed_id
from worker.adapters.redis.store import connect
from worker.cli import context, dead, feeds, ingest, runner, status
from worker.cli.app import main
from worker.cli.terminal import Terminal, escaped_json, words
from worker.contract import Event, encode
from worker.core.errors import Reason, RejectedError
from worker.core.messages import Sweep
from worker.core.records import FeedEntry
from worker.core.text import CONTROLS
from worker.core.urls import article_id
from worker.pipeline.articles import sweep
from worker.services import Services
from worker.views.status import facts

EVIL = "[/] [red] [/bold] :skull: \x1b]0;own\x07 \x9b31m \u202eright \u2066isolated \u061c \r\n✓ all is well\x1b[2K"
HEADER = "[/] [bold red]text/[/bold]"
#: A page with raw escapes is no text; without them it is read, and so is a feed.
READ = EVIL.replace("\x1b", "").replace("\x07", "")
PROSE = "The council of the harbour town met for three hours and mended the roof of its school, as it had said."
SAID = f"“The pier \u202ewas \u2066safe [red]now [/] and is,” said \u202eMayor Ilse Varga\u202c. {READ}"
PAGE = f"""<html><head><title>{READ}</title><meta name=author content="{READ}"></head><body><article><h1>{READ}</h1>
<p>{PROSE}</p><p>{SAID}</p><p>{PROSE}</p><p>{PROSE}</p><p>{SAID}</p></article></body></html>"""
FEED = rss(
    READ,
    "https://paper.example/",
    [Entry("A", "https://paper.example/a", "A", datetime(2026, 11, 1, tzinfo=UTC))],
)
OBEYED = {chr(code) for code in CONTROLS} - set("\n\t")
#: They serve until they are asked to end; what they print otherwise is in the tests below.
ENDLESS = {("run",), ("web",), ("deliver",)}


@pytest.fixture
def site():
    # A header can have no line break; markup it can.
    replies = {
        "/article": Reply(PAGE.encode()),
        "/typed": Reply(b"...", HEADER),
        "/feed.xml": Reply(FEED.encode(), "application/rss+xml"),
    }
    with Site(lambda _host, path: replies.get(path)) as running:
        yield running


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text(f"“The pier \u202ewas safe,” said \u2066Mayor Ilse Varga. {EVIL}")
    Path("page.html").write_text(PAGE)
    Path("rows.jsonl").write_text(json.dumps({"id": EVIL, "text": EVIL, "html_file": "page.html"}))
    Path("feeds.opml").write_text('<opml version="2.0"><body><outline text="[/] &#x202e;" xmlUrl="https://o.example/f"/>'
                                  "</body></opml>")  # fmt: skip


@pytest.fixture
def hostile(services, site, files, monkeypatch):
    """Services on which every field that a stranger writes is hostile."""
    settings = replace(services.settings, sinks=Path("sinks.toml"))
    services = Services(settings, services.redis_url)
    Path("sinks.toml").write_text("")
    client, prefix = connect(services.redis_url), settings.key_prefix
    services.registry.add("https://paper.example/feed.xml", EVIL)
    services.journal.write(feed_id("https://paper.example/feed.xml"), EVIL, EVIL, EVIL, EVIL, timedelta(seconds=1))
    services.articles.admit([FeedEntry(f"{site.url}/article"), FeedEntry(f"{site.url}/typed")])
    drain(services)
    _bury(services, site, monkeypatch)
    for stream in ("statements", "articles", "feeds", "dead"):
        for _, fields in client.xrange(f"{prefix}:{stream}"):
            event = json.loads(fields["event"])
            id_, source, type_, subject, time = (event[name] for name in ("id", "source", "type", "subject", "time"))
            mutant = Event(f"evil-{id_}", source, type_, subject, time, _evil(event["data"]))
            client.xadd(f"{prefix}:{stream}", encode(mutant))
        client.xgroup_create(f"{prefix}:{stream}", EVIL, id="0", mkstream=True)
        client.xgroup_create(f"{prefix}:{stream}", f"sink:{EVIL}", id="0")
    services.streams.raise_pressure(EVIL)
    monkeypatch.setattr(context, "services", lambda: services)
    monkeypatch.setattr(context, "settings", lambda: services.settings)
    return services


def _bury(services, site, monkeypatch):
    def fail(*_, **__):
        raise RejectedError(Reason.HOSTILE_MARKUP, EVIL, EVIL)

    with monkeypatch.context() as broken:
        broken.setattr("worker.pipeline.extraction.clean", fail)
        services.articles.admit([FeedEntry(f"{site.url}/article?dead")])
        while services.status.counts()["in_flight"]:
            for message in sweep(Sweep(), services).then:
                attempt(message, services)
            drain(services)


def _evil(value, name=""):
    """Return what an event carries with each text in it hostile; ids, slugs and times are the pipeline's own."""
    if isinstance(value, dict):
        return {key: _evil(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_evil(part, name) for part in value]
    ours = (
        name == "id" or name.endswith(("_id", "_ids", "seen", "url")) or name in {"kind", "stage", "reason", "fetched"}
    )
    return EVIL if isinstance(value, str) and not ours else value


CALLS: dict[tuple[str, ...], list[list[str]]] = {
    ("ingest",): [["{site}/article"], ["{site}/typed"], ["{site}/article", "--json"], ["page.html", "--wait", "0"]],
    ("try",): [["{site}/article"], ["{site}/typed"], ["page.html"], ["text.txt"], ["{site}/article", "--json"]],
    ("recheck",): [["{site}/article"], [EVIL]],
    ("poll",): [["{site}/feed.xml"], ["{site}/typed"]],
    ("backfill",): [["https://paper.example/feed.xml", "--budget", "1"], ["{site}/feed.xml"]],
    ("extract",): [["text.txt"], ["text.txt", "--json"], ["text.txt", "--html"], ["rows.jsonl", "--jsonl"],
                   ["text.txt", "--language", EVIL]],
    ("clean",): [["page.html"], ["{site}/article"], ["page.html", "--json"], ["rows.jsonl", "--jsonl"],
                 ["{site}/typed"]],
    ("consume",): [[stream, "--no-follow", *form] for stream in ("statements", "articles", "feeds", "dead")
                   for form in ([], ["--json"])],
    ("export",): [[stream] for stream in ("statements", "articles", "dead")],
    ("why",): [["https://paper.example/feed.xml"], ["{site}/typed"], ["{site}/article?dead"], [EVIL],
               ["https://paper.example/feed.xml", "--json"]],
    ("replay",): [["--since", "1h", "--dry-run"], ["--since", "1h", "--dry-run", "--json"]],
    ("status",): [[], ["--json"]],
    ("doctor",): [[], ["--json"]],
    ("feeds", "list"): [[], ["--json"]],
    ("feeds", "add"): [["{site}/feed.xml"], ["{site}/typed"], ["https://paper.example/feed.xml", "--name", EVIL]],
    ("feeds", "accept"): [["https://paper.example/feed.xml"], [EVIL]],
    ("feeds", "remove"): [["https://paper.example/feed.xml"]],
    ("feeds", "import"): [["feeds.opml"], ["page.html"]],
    ("feeds", "export"): [[]],
    ("dead", "list"): [[], ["--json"]],
    ("dead", "show"): [["{dead}"], ["{dead}", "--json"]],
    ("dead", "retry"): [["{dead}", "--dry-run"], ["{dead}"]],
    ("dead", "drop"): [["{dead}"]],
    ("sinks", "list"): [[], ["--json"]],
    ("sinks", "retry"): [[EVIL]],
    ("sinks", "drop"): [[EVIL]],
}  # fmt: skip


def test_every_command_that_ends_is_tried():
    assert set(CALLS) | ENDLESS == set(LEAVES)


@pytest.mark.parametrize("path", CALLS, ids=" ".join)
def test_a_command_shows_what_strangers_write_as_text(path, hostile, site, shown):
    names = {"{site}": site.url, "{dead}": article_id(f"{site.url}/article?dead")}
    for call in CALLS[path]:
        words = [_filled(word, names) for word in call]

        printed = shown(*path, *words)

        assert OBEYED.isdisjoint(printed), (words, sorted(OBEYED & set(printed)))
        assert "\n✓ all is well" not in printed or path == ("extract",), words


def test_the_hostile_fields_are_shown_at_all(hostile, shown):
    printed = {path: shown(*path.split(), *words) for path, words in {
        "status": [], "feeds list": [], "dead list": [], "sinks list": [], "doctor": [],
        "why": ["https://paper.example/feed.xml"], "consume": ["statements", "--no-follow"],
    }.items()}  # fmt: skip

    assert [path for path, text in printed.items() if "[/] [red] [/bold] :skull:" not in text] == []


def _filled(word, names):
    for name, value in names.items():
        word = word.replace(name, value)
    return word


@pytest.fixture
def shown(capsys, monkeypatch):
    """Run the command line as its process does; return all that it printed."""
    monkeypatch.setenv("COLUMNS", "2000")
    for module in (dead, feeds, ingest):  # their consoles were made at import
        monkeypatch.setattr(module.console, "width", 2000)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["onrecord", *words])
        capsys.readouterr()
        with suppress(SystemExit):
            main()
        return "".join(capsys.readouterr())

    return run


def test_what_run_and_watch_print_meanwhile_is_text(hostile, monkeypatch):
    printed = io.StringIO()
    console = Terminal(soft_wrap=True, file=printed, width=300)
    monkeypatch.setattr(runner, "console", console)
    statements = runner._Statements(hostile)
    statements._seen = "0"

    assert statements.print_new()
    console.print(status.table(facts(hostile), {}))

    assert "[/] [red] [/bold] :skull:" in printed.getvalue()
    assert OBEYED.isdisjoint(printed.getvalue())


def test_no_command_prints_past_the_terminal():
    """Rich's own console reads markup in strings, and print shows all: only the terminal's module has them."""
    for path in (ROOT / "worker/cli").glob("*.py"):
        if path.name == "terminal.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            attribute = node.attr if isinstance(node, ast.Attribute) else ""
            assert "Console" not in names, path
            assert called != "print", path
            assert attribute not in {"from_markup", "echo", "secho"}, path


@given(st.text(st.sampled_from([*"[]/ab", *map(chr, CONTROLS)]) | st.characters()))
def test_no_text_is_obeyed(text):
    printed = io.StringIO()
    console = Terminal(file=printed)
    table = Table(title=text)
    table.add_row(text, Text(text), Panel(text, title=text))

    console.print(text)
    console.print(table)
    console.print(words(text, "bold"))

    assert OBEYED.isdisjoint(printed.getvalue())
    assert json.loads(escaped_json(json.dumps([text], ensure_ascii=False))) == json.loads(json.dumps([text]))
