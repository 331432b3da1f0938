"""Three hundred made-up feeds of every dialect through three readers: every difference, and who is right.

    python -m tools.feed_readers [--feeds N] [--all]

The readers are ours, feedparser 6, and fastfeedparser, which is installed into an environment of its own for this. The
truth is known, since the feeds are made here: a reader that differs from it is wrong. Differences are counted by
dialect, date form and field. An entry of ours that is wrong makes the exit code 1. `--all` prints each difference.
"""

from __future__ import annotations

import argparse
import calendar
import io
import json
import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from html import escape
from pathlib import Path

import feedparser

from worker.core.errors import RejectedError
from worker.feeds.opml import OpmlOutline, write_opml
from worker.feeds.parse import parse

NOW = datetime(2026, 11, 30, tzinfo=UTC)
PEER = "fastfeedparser==0.6.5"
#: Runs in the environment of the peer: reads JSON lines of paths, writes JSON lines of entries.
READ_BY_PEER = """
import json, sys, fastfeedparser
for path in map(json.loads, sys.stdin):
    try:
        found = [[e.get("link"), e.get("title"), e.get("published") or e.get("updated")]
                 for e in fastfeedparser.parse(open(path, "rb").read()).entries]
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    print(json.dumps(found))
"""

NAMES = ["Pier", "Ferry & quay", "Größe", "Причал", "埠頭", "Žďár", "Skipið", "Λιμάνι", "It’s “open” – now", "a < b"]
ZONES = {"CET": 1, "CEST": 2, "BST": 1, "IST": 5.5, "JST": 9, "MSK": 3, "EST": -5, "PDT": -7}


def in_zone(at: datetime, name: str, hours: float) -> str:
    return f"{at + timedelta(hours=hours):%a, %d %b %Y %H:%M:%S} {name}"


#: A form of date: how a moment is written in it, and how exact it is then.
DATES: dict[str, tuple[Callable[[datetime], str], timedelta]] = {
    "RFC 822": (format_datetime, timedelta(seconds=1)),
    "ISO": (lambda at: at.isoformat(), timedelta(seconds=1)),
    "ISO with offset": (
        lambda at: at.astimezone(timezone(timedelta(hours=-3, minutes=-30))).isoformat(),
        timedelta(seconds=1),
    ),
    **{
        f"RFC 822, {name}": (partial(in_zone, name=name, hours=hours), timedelta(seconds=1))
        for name, hours in ZONES.items()
    },
    "slashes, year first": (lambda at: f"{at:%Y/%m/%d %H:%M:%S}", timedelta(seconds=1)),
    "dots": (lambda at: f"{at:%d.%m.%Y %H:%M}", timedelta(minutes=1)),
    "epoch": (lambda at: str(int(at.timestamp())), timedelta(seconds=1)),
    "milliseconds": (lambda at: str(int(at.timestamp() * 1000)), timedelta(seconds=1)),
    "Korean": (lambda at: f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M}", timedelta(minutes=1)),
    "none": (lambda _at: "", timedelta(0)),
}  # fmt: skip
ENCODINGS = [
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "windows-1252",
    "windows-1251",
    "shift_jis",
    "windows-1250",
    "iso-8859-1",
]


@dataclass(frozen=True)
class Entry:
    """What an entry says, in truth."""

    url: str
    title: str
    published: datetime | None


@dataclass(frozen=True)
class Feed:
    """A feed that was made: its bytes, and the entries that are in it."""

    dialect: str
    dates: str
    encoding: str
    body: bytes
    entries: tuple[Entry, ...]


Rows = list[tuple[Entry, str]]


def rss(inside: str) -> str:
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>{inside}</channel></rss>'


def item(entry: Entry, date: str, name: str, *, link: str) -> str:
    stamp = f"<{name}>{date}</{name}>" if date else ""
    return f"<item><title>{escape(entry.title)}</title>{link.format(escape(entry.url))}{stamp}</item>"


def atom_entry(entry: Entry, date: str, name: str, prefix: str = "") -> str:
    stamp = f"<{prefix}{name}>{date}</{prefix}{name}>" if date else ""
    link = f'<{prefix}link rel="alternate" type="text/html" href="{escape(entry.url)}"/>'
    head = f"<{prefix}title>{escape(entry.title)}</{prefix}title>{link}<{prefix}id>{escape(entry.url)}</{prefix}id>"
    return f"<{prefix}entry>{head}{stamp}</{prefix}entry>"


def json_item(entry: Entry, date: str) -> dict[str, str]:
    return {"id": entry.url, "url": entry.url, "title": entry.title, **({"date_published": date} if date else {})}


def items(rows: Rows, name: str = "pubDate", link: str = "<link>{0}</link><guid>{0}</guid>") -> str:
    return "".join(item(*row, name, link=link) for row in rows)


def entries(rows: Rows, name: str, prefix: str = "") -> str:
    return "".join(atom_entry(*row, name, prefix) for row in rows)


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DIALECTS: dict[str, Callable[[Rows], str]] = {
    "RSS 0.91": lambda rows: rss(items(rows, link="<link>{}</link>")).replace("2.0", "0.91"),
    "RSS 0.92": lambda rows: rss(items(rows)).replace("2.0", "0.92"),
    "RSS 2.0": lambda rows: rss(items(rows)),
    "RSS 2.0, dc:date": lambda rows: rss(items(rows, name="dc:date")),
    "RSS 2.0, empty link": lambda rows: rss(items(rows, link="<link/><guid>{}</guid>")),
    "RSS 2.0, link #": lambda rows: rss(items(rows, link="<link>#</link><guid>{}</guid>")),
    "RSS 2.0, only guid": lambda rows: rss(items(rows, link="<guid>{}</guid>")),
    "RSS 2.0, open tags": lambda rows: rss("<hr>".join(items([row]) for row in rows) + "<hr>"),
    "RSS 2.0, cut": lambda rows: rss(items(rows)).removesuffix("</channel></rss>"),
    "RSS 2.0, junk before": lambda rows: "\nNotice: debug\n" + rss(items(rows)),
    "RSS 1.0": lambda rows: (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="{RDF}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>T</title></channel>{items(rows, name='dc:date', link='<link>{}</link>')}"
        "</rdf:RDF>"
    ),
    "Atom 0.3": lambda rows: (
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{entries(rows, "issued")}</feed>'
    ),
    "Atom 1.0": lambda rows: (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entries(rows, "updated")}</feed>'
    ),
    "Atom 1.0, prefix": lambda rows: (
        f'<a:feed xmlns:a="http://www.w3.org/2005/Atom">{entries(rows, "published", "a:")}</a:feed>'
    ),
    "JSON Feed": lambda rows: json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [json_item(*row) for row in rows]}, ensure_ascii=False
    ),
}  # fmt: skip


def made(count: int, seed: int = 7) -> Iterator[Feed]:
    """Yield feeds: every dialect with every form of date in turn, encodings by chance."""
    chance = random.Random(seed)
    for number in range(count):
        dialect = list(DIALECTS)[number % len(DIALECTS)]
        dates = list(DATES)[number % len(DATES)]
        encoding = "utf-8" if dialect == "JSON Feed" else chance.choice(ENCODINGS)
        yield _feed(number, dialect, dates, encoding, chance)


def _feed(number: int, dialect: str, dates: str, encoding: str, chance: random.Random) -> Feed:
    write, exact = DATES[dates]
    rows: Rows = []
    for n in range(chance.randrange(1, 12)):
        at = NOW - timedelta(seconds=chance.randrange(10**7))
        at = at.replace(second=0) if exact == timedelta(minutes=1) else at
        names = [name for name in NAMES if _can_write(name, encoding)]
        url = f"https://paper.example/{number}/{n}?a=1&b={n}"
        rows.append((Entry(url, f"{chance.choice(names)} {n}", at if exact else None), write(at)))
    text = DIALECTS[dialect](rows)
    declaration = (
        "" if dialect in {"JSON Feed", "RSS 2.0, junk before"} else f"<?xml version='1.0' encoding='{encoding}'?>"
    )
    encoding = "utf-8" if not declaration else encoding
    return Feed(
        dialect,
        dates,
        encoding,
        (declaration + text).encode(encoding, "xmlcharrefreplace"),
        tuple(entry for entry, _ in rows),
    )


def _can_write(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


Read = list[tuple[str | None, str | None, datetime | None]] | str


def by_us(feed: Feed) -> Read:
    try:
        found = parse(feed.body, url="https://paper.example/feed", content_type=None, now=NOW)
    except RejectedError as error:
        return str(error)
    return [(entry.url, entry.title, entry.published) for entry in found.entries]


def by_feedparser(feed: Feed) -> Read:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(io.BytesIO(feed.body)).entries
    return [(entry.get("link"), entry.get("title"), _moment(entry)) for entry in found]


def _moment(entry: feedparser.FeedParserDict) -> datetime | None:
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None


def by_peer(feeds: list[Feed]) -> list[Read]:
    """Read all feeds with the peer, in an environment that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=True)
        paths = [Path(folder) / f"{number}.xml" for number in range(len(feeds))]
        for path, feed in zip(paths, feeds, strict=True):
            path.write_bytes(feed.body)
        asked = "\n".join(json.dumps(str(path)) for path in paths)
        done = subprocess.run([python, "-c", READ_BY_PEER], input=asked, capture_output=True, text=True, check=True)
    return [_as_read(json.loads(line)) for line in done.stdout.splitlines()]


def _as_read(found: list[list[str | None]] | str) -> Read:
    if isinstance(found, str):
        return found
    return [(url, title, _iso(at)) for url, title, at in found]


def _iso(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def differences(feed: Feed, read: Read) -> Iterator[tuple[str, str, str]]:
    """Yield (field, truth, what was read) for each thing that a reader has wrong."""
    if isinstance(read, str):
        yield "feed", f"{len(feed.entries)} entries", read[:80]
        return
    if len(read) != len(feed.entries):
        yield "entries", str(len(feed.entries)), str(len(read))
    by_url = {url: (title, at) for url, title, at in read}
    for entry in feed.entries:
        if entry.url not in by_url:
            yield "link", entry.url, "not there"
            continue
        title, at = by_url[entry.url]
        if title != entry.title:
            yield "title", entry.title, str(title)
        if at != entry.published:
            yield "date", str(entry.published), str(at)


def main() -> None:
    """Make feeds, read them, print who differs where."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--opml", type=Path, help="write a list of the feeds there")
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    feeds = list(made(args.feeds))
    if args.opml:
        listed = [OpmlOutline(f"https://paper.example/{n}.xml", feed.dialect) for n, feed in enumerate(feeds)]
        args.opml.write_bytes(write_opml(listed, title="made up"))
    readers = {
        "onrecord": [by_us(feed) for feed in feeds],
        "feedparser": [by_feedparser(feed) for feed in feeds],
        "fastfeedparser": by_peer(feeds),
    }
    total = sum(len(feed.entries) for feed in feeds)
    print(f"{len(feeds)} feeds, {total} entries; what each reader has wrong, by field and by what is special:")
    for name, reads in readers.items():
        wrong: Counter[tuple[str, str]] = Counter()
        for feed, read in zip(feeds, reads, strict=True):
            for field, truth, was in differences(feed, read):
                wrong[field, feed.dates if field == "date" else f"{feed.dialect}, {feed.encoding}"] += 1
                if args.all:
                    print(f"  {name}: {feed.dialect}, {feed.encoding}, {feed.dates}: {field} {truth!r}, not {was!r}")
        print(f"{name}: {sum(wrong.values())} differences from the truth")
        for (field, special), count in wrong.most_common():
            print(f"    {count:5} {field:8} {special}")
    if any(list(differences(feed, read)) for feed, read in zip(feeds, readers["onrecord"], strict=True)):
        sys.exit(1)


if __name__ == "__main__":
    main()
