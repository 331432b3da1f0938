"""What can be right in no world is wrong use: exit code 2, one line that says what is wrong, and no Redis is asked."""

import pytest
from typer.testing import CliRunner

from worker.cli.app import app


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["try", "ftp://paper.example/a"], "only http and https"),
        (["ingest", "https://"], "URL|FILE"),
        (["ingest", "--wait", "-1", "https://paper.example/"], "--wait"),
        (["clean", "ftp://paper.example/a"], "only http and https"),
        (["poll", "paper.example"], "FEED_URL"),
        (["backfill", "paper.example"], "FEED_URL"),
        (["feeds", "add", "paper.example"], "FEED_URL"),
        (["feeds", "remove", "paper.example"], "FEED_URL"),
        (["feeds", "add", "https://paper.example/feed", "--every", "often"], "no interval such as 10m"),
        (["feeds", "add", "https://paper.example/feed", "--every", "1s"], "less than a minute"),
        (["feeds", "add", "https://paper.example/feed", "--every", "30s-1h"], "let the feed's hub push them"),
        (["why", "nope"], "neither a URL nor an id"),
        (["why", "ftp://paper.example/a"], "only http and https"),
        (["extract", "--json", "--html"], "choose one of them"),
        (["consume", "articles", "--group", "g", "--no-follow"], "--no-follow"),
        (["replay", "--since", "999999d"], "neither like 90m"),
        (["dead", "retry"], "--reason"),
        (["status", "--check", "--watch"], "choose one of them"),
        (["status", "--nonsense"], "No such option"),
        (["nonsense"], "No such command"),
    ],
    ids=" ".join,
)
def test_wrong_use_exits_with_2(monkeypatch, arguments, says):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("COLUMNS", "200")

    done = CliRunner().invoke(app, arguments)

    assert says in done.stderr
    assert done.exit_code == 2
