"""`onrecord ...`: the commands, each a thin door to the pipeline. Exit codes: 0 done, 1 failed, 2 usage."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, NoReturn

import redis
import typer
from rich.text import Text

from config.settings import SettingsError
from worker.adapters import embedded
from worker.cli import (
    backfill,
    context,
    dead,
    deliver,
    doctor,
    export,
    feeds,
    filters,
    ingest,
    read,
    replay,
    runner,
    sinks,
    source,
    status,
    texts,
    why,
)
from worker.cli.show import example
from worker.cli.terminal import Terminal, line
from worker.core.errors import IngestError, Reason
from worker.delivery.config import SinksFileError
from worker.ports import FeedsFileError

app = typer.Typer(
    name="onrecord",
    help="Who said what, in which words: from news feeds to attributed statements on Redis streams.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(feeds.app, name="feeds")
app.add_typer(dead.app, name="dead")
app.add_typer(sinks.app, name="sinks")

_WRONG_USE = (Reason.BAD_ENGINE, Reason.BAD_STREAM)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


@app.command(epilog=example("onrecord run --feeds my-feeds.toml"))
def run(
    feeds_file: Annotated[str, typer.Option("--feeds", help="Another list of feeds (TOML).")] = "",
) -> None:
    """Start everything here: Redis if there is none, a worker, the schedule; print statements as they arrive."""
    runner.run(context.settings(), feeds_file)


@app.command(name="ingest", epilog=example("onrecord ingest https://paper.example/2026/council-vote --json"))
def ingest_(
    target: Annotated[
        str, typer.Argument(help="A URL, or an HTML file.", metavar="URL|FILE", callback=source.url_or_name)
    ],
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for the outcome; 0: only queue it.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Ingest one article now, whatever the schedule says."""
    ingest.ingest(context.services(), target, wait, as_json=as_json)


@app.command(name="try", epilog=example("onrecord try https://paper.example/2026/council-vote --engine accurate"))
def try_(
    target: Annotated[
        str,
        typer.Argument(help="A URL, an HTML file or a text file.", metavar="URL|FILE", callback=source.url_or_name),
    ],
    engine: Annotated[str, typer.Option(help="the name of an engine, such as rules; as configured by default.")] = "",
    ignore_robots: Annotated[bool, typer.Option("--ignore-robots", help="Fetch what robots.txt denies.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the whole pipeline on one article and print its events; publish nothing."""
    ingest.try_out(context.settings(), target, engine, obey_robots=not ignore_robots, as_json=as_json)


@app.command(name="recheck", epilog=example("onrecord recheck https://paper.example/2026/council-vote"))
def recheck_(
    target: Annotated[
        str,
        typer.Argument(help="A published article, by its URL or id.", metavar="URL|ID", callback=source.url_or_name),
    ],
) -> None:
    """Look at a published article again now, and publish what its publisher edited or withdrew."""
    ingest.recheck(context.services(), target)


@app.command(epilog=example("onrecord poll https://paper.example/feed.xml"))
def poll(url: feeds.FeedUrl) -> None:
    """Poll one feed now; it is registered if it was not."""
    feeds.poll(context.services(), url)


@app.command(
    name="backfill", epilog=example("onrecord backfill https://paper.example/feed.xml --since 2026-01-01 --budget 500")
)
def backfill_(
    url: feeds.FeedUrl,
    budget: Annotated[int, typer.Option(min=1, help="How many new articles to admit at most.")] = 1_000,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Nothing published before.")] = None,
    as_json: AsJson = False,
) -> None:
    """Walk through the archive of a feed, or all its sitemaps; the same command goes on where it ended."""
    backfill.backfill(context.services(), url, budget, since, as_json=as_json)


@app.command(epilog=example("onrecord extract speech.txt --html > speech.html"))
def extract(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.", metavar="FILE|-")] = "-",
    engine: Annotated[str, typer.Option(help="the name of an engine, such as rules; as configured by default.")] = "",
    language: Annotated[str, typer.Option(help="ISO 639-1 code of the language; found out by default.")] = "",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Lines {"id","text","language"?} in, lines of statements out.')
    ] = False,
    as_html: Annotated[bool, typer.Option("--html", help="A self-contained page with the statements marked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Extract the statements of a text."""
    if jsonl + as_html + as_json > 1:
        raise typer.BadParameter("choose one of them", param_hint="--json, --jsonl, --html")
    form: texts.Form = "jsonl" if jsonl else "html" if as_html else "json" if as_json else "terminal"
    texts.extract_command(context.settings(), file, engine, language, form)


@app.command(epilog=example("curl -s https://paper.example/2026/council-vote | onrecord clean - --json"))
def clean(
    file: Annotated[
        str,
        typer.Argument(
            help="An HTML file, a URL, or - for standard input.", metavar="FILE|URL|-", callback=source.url_or_name
        ),
    ] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Lines {"id","url","html_file"} in, articles out.')] = False,
    as_json: AsJson = False,
) -> None:
    """Clean a page: its title, byline, date and text."""
    texts.clean_command(context.settings(), file, jsonl=jsonl, as_json=as_json)


@app.command(epilog=example("onrecord consume statements --group desk --language en --json | jq -r .speaker.name"))
def consume(  # noqa: PLR0913 - each narrows what is printed
    stream: filters.Stream,
    group: Annotated[str, typer.Option(help="Read as this consumer group: each event once, acknowledged.")] = "",
    follow: Annotated[
        bool, typer.Option(help="Wait for more; --no-follow (without a group) ends when all is read.")
    ] = True,
    speaker: filters.OfSpeaker = "",
    source: filters.OfSource = "",
    language: filters.OfLanguage = "",
    kind: filters.OfKind = "",
    text: filters.OfText = "",
    type_: filters.OfType = "",
    as_json: AsJson = False,
) -> None:
    """Print events as they arrive."""
    only = filters.match(speaker=speaker, source=source, language=language, kind=kind, text=text, type=type_)
    read.consume(context.services(), stream, group, only, follow=follow, as_json=as_json)


@app.command(name="export", epilog=example("onrecord export statements --since 7d --language en --output week.parquet"))
def export_(  # noqa: PLR0913 - each narrows what is written
    stream: filters.Stream,
    since: Annotated[
        str, typer.Option(metavar="AGO|TIME|ID", help="90m, 12h, 7d ago, 2026-11-20T08:00, or an entry's id.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="AGO|TIME|ID", help="The same, included; now by default.")] = "",
    speaker: filters.OfSpeaker = "",
    source: filters.OfSource = "",
    language: filters.OfLanguage = "",
    kind: filters.OfKind = "",
    text: filters.OfText = "",
    type_: filters.OfType = "",
    output: Annotated[str, typer.Option(metavar="FILE|-", help="Where to; a file is there when it is complete.")] = "-",
    form: Annotated[
        str, typer.Option("--format", help="jsonl or parquet; as the file's name ends by default, else jsonl.")
    ] = "",
) -> None:
    """Write a range of a stream, by the time of publication, each event once: JSON Lines or Parquet."""
    only = filters.match(speaker=speaker, source=source, language=language, kind=kind, text=text, type=type_)
    export.export(context.services(), stream, (since, until), only, output, export.form_of(form, output))


@app.command(name="why", epilog=example("onrecord why https://paper.example/2026/council-vote"))
def why_(
    subject: Annotated[
        str,
        typer.Argument(
            help="A feed or an article, by its URL or id.", metavar="FEED|URL|ID", callback=source.url_or_name
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Say why a feed is polled when it is, and what became of an article."""
    why.why(context.services(), subject, as_json=as_json)


@app.command(name="replay", epilog=example("onrecord replay --since 7d --engine accurate --dry-run"))
def replay_(
    since: Annotated[str, typer.Option(metavar="AGO|TIME", help="90m, 12h, 7d ago, or 2026-11-20T08:00.")],
    engine: Annotated[
        str,
        typer.Option("--engine", "--extractor", help="the name of an engine, such as rules; as configured by default."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Publish nothing, say what would be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Process kept pages again, without fetching them, and publish what changed."""
    replay.replay(context.services(), since, engine, dry_run=dry_run, as_json=as_json)


@app.command(name="status", epilog=example('onrecord status --check || echo "look at the worker"'))
def status_(
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 when there is a warning, or a sum is wrong.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Show it anew every second, until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is known, what runs, and whether the sums add up."""
    if watch and check:
        raise typer.BadParameter("choose one of them", param_hint="--check, --watch")
    if watch:
        status.watch(context.services(), as_json=as_json)
    elif not status.status(context.services(), as_json=as_json) and check:
        raise typer.Exit(1)


@app.command(name="doctor", epilog=example('onrecord doctor --json | jq -r "select(.level == "error").cure"'))
def doctor_(as_json: AsJson = False) -> None:
    """Check Redis, clock, DNS, TLS, disk and engine, and say what to do; exit with 1 when there is an error."""
    if not doctor.doctor(context.services(), as_json=as_json):
        raise typer.Exit(1)


@app.command(name="web", epilog=example("onrecord web --host 0.0.0.0 --port 8000"))
def web_(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port; ONRECORD_WEB_PORT by default.")] = None,
) -> None:
    """Serve the web page, the HTTP API, and the callback of hubs that push (WebSub)."""
    from worker.cli.web import web  # noqa: PLC0415 - start-up time of the other commands

    services = context.services()
    web(services, host, port or services.settings.web_port or 8000)


@app.command(name="deliver", epilog=example("onrecord deliver"))
def deliver_() -> None:
    """Deliver events to the sinks of config/sinks.toml: signed webhooks, RabbitMQ. Until Ctrl-C."""
    deliver.deliver(context.settings())


def main() -> None:
    """Run the command line; expected failures become one line and exit code 1, wrong use 2."""
    with _one_line_errors():
        app()


@contextmanager
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        _fail("\n".join(f"setting {problem}" for problem in error.problems), 2)
    except (FeedsFileError, SinksFileError) as error:
        _fail(str(error), 2)
    except IngestError as error:
        gone = error.reason is Reason.STORE_UNAVAILABLE
        _fail(
            line(f"Redis cannot be used: {error.detail}; start `make run`, or set REDIS_URL" if gone else str(error)),
            2 if error.reason in _WRONG_USE else 1,
        )
    except (embedded.NoRedisError, redis.RedisError) as error:
        _fail(f"Redis: {error}", 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str, code: int) -> NoReturn:
    Terminal(stderr=True, soft_wrap=True).print(Text.assemble(("onrecord:", "bold red"), f" {message}"))
    sys.exit(code)
