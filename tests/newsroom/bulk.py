"""Thousands of distinct, realistic pages on hundreds of hosts, for benches and chaos tests.

Text is put together anew for each article, seeded by its number; what surrounds it is built once for each of a few
outfits, and a host keeps its outfit. So a page of 30 to 300 kB is rendered in less than a millisecond.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from tests.newsroom import phrases
from tests.newsroom.feeds import Entry, atom
from tests.newsroom.outfit import OUTFITS, outfits
from tests.newsroom.server import Reply, Site
from tests.newsroom.writer import BulkStory, Writer, published

FEED_ENTRIES = 50  # as many as most feeds hold
_ARTICLE_PATH = re.compile(r"/news/(\d+)/")
_FEED_PATH = re.compile(r"/feeds/(\d+)\.xml$")


@dataclass(frozen=True, slots=True)
class Wire:
    """Which articles exist, and on which hosts: article n belongs to host n % hosts.

    Args:
        seed: Another seed makes other articles, updates and duplicates of the same numbers.
        hosts: At most 250, each at a loopback address of its own, from 127.0.0.2 on.
        articles: How many there are on all hosts together.
        updated: The share of the articles of which there is a second version.
        duplicated: The share that the next host's feed lists too, under tracking parameters.
        port: Where the hosts listen.
    """

    seed: int = 0
    hosts: int = 200
    articles: int = 5_000
    updated: float = 0.05
    duplicated: float = 0.05
    port: int = 80

    def address(self, host: int) -> str:
        """Return the loopback address of a host, counted from 0."""
        return f"127.0.0.{2 + host}"

    def url(self, n: int) -> str:
        """Return the URL of article n."""
        return f"http://{self.address(n % self.hosts)}:{self.port}{self.path(n)}"

    def path(self, n: int) -> str:
        """Return the path of article n."""
        return f"/news/{n}/{phrases.TOWNS[n % len(phrases.TOWNS)].lower().replace(' ', '-')}"

    def is_updated(self, n: int) -> bool:
        """Tell whether article n has a second version."""
        return self._draw("updated", n) < self.updated

    def is_duplicated(self, n: int) -> bool:
        """Tell whether a second feed lists article n."""
        return self._draw("duplicated", n) < self.duplicated

    def story(self, n: int, version: int = 0) -> BulkStory:
        """Return what article n says; version 1 has one more paragraph."""
        return Writer(random.Random(f"{self.seed}/{n}"), n).story(version)

    def page(self, n: int, version: int = 0) -> bytes:
        """Return the page of article n."""
        story = self.story(n, version)
        outfit = outfits()[n % self.hosts % OUTFITS]
        body = "\n".join(outfit.paragraph.format(text) for text in story.paragraphs)
        meta = f"""<title>{story.headline}</title><meta property="og:type" content="article">
<meta property="og:title" content="{story.headline}"><link rel="canonical" href="{self.url(n)}">
<meta property="article:published_time" content="{story.published.isoformat()}">"""
        top = f'<h1>{story.headline}</h1><p class="byline">By {story.author}</p>'
        return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{meta}
{outfit.head}</head><body>{outfit.before}
<main><article>{top}
{body}
</article></main>
{outfit.after}</body></html>""".encode()

    def feed(self, host: int, k: int, version: int = 0) -> bytes:
        """Return the host's Atom feed when the first `k` of its articles are out: the newest fifty."""
        entries = list(self._entries(host, k, version))[:FEED_ENTRIES]
        return atom(f"Paper {host}", f"http://{self.address(host)}:{self.port}/feeds/{host}.xml", entries).encode()

    def listed(self, host: int, k: int) -> Iterator[int]:
        """Yield the first `k` articles of a host, newest first."""
        return reversed(range(host, self.articles, self.hosts)[:k])

    def _entries(self, host: int, k: int, version: int) -> Iterator[Entry]:
        before = (host - 1) % self.hosts
        neighbours = islice(self.listed(before, k), FEED_ENTRIES) if host != before else ()
        borrowed = [n for n in neighbours if self.is_duplicated(n)]
        for n in self.listed(host, k):
            yield _entry(self, n, version)
            while borrowed and borrowed[0] > n - self.hosts:
                copied = _entry(self, borrowed.pop(0), version)
                yield replace(copied, url=f"{copied.url}?utm_source=wire&utm_medium=feed")

    def _draw(self, what: str, n: int) -> float:
        return random.Random(f"{self.seed}/{what}/{n}").random()


@lru_cache(maxsize=100_000)  # a feed lists its articles again and again, its neighbour some of them
def _entry(wire: Wire, n: int, version: int) -> Entry:
    story = wire.story(n)
    updated = story.published + timedelta(hours=1) if version and wire.is_updated(n) else None
    return Entry(story.headline, wire.url(n), story.paragraphs[0], story.published, updated, story.author)


class BulkSite(Site):
    """All hosts of a wire on one port; a context manager.

    `published` is how many articles of each host its feed has announced; `publish` raises it.
    """

    def __init__(self, wire: Wire | None = None, *, published: int | None = None) -> None:
        wire = wire or Wire()
        super().__init__(self._show, addresses=[wire.address(host) for host in range(wire.hosts)])
        self.wire = replace(wire, port=self.port)
        self.published = wire.articles if published is None else published
        self._version = 0
        self.feeds = [f"http://{wire.address(host)}:{self.port}/feeds/{host}.xml" for host in range(wire.hosts)]

    def publish(self, more: int = 1) -> None:
        """Let every host announce the next articles."""
        self.published += more

    def revise(self) -> None:
        """Replace every article that has a second version by it."""
        self._version = 1

    def _show(self, host: str, path: str) -> Reply | None:
        bare = path.partition("?")[0]
        if bare == "/robots.txt":
            return Reply(b"User-agent: *\nDisallow: /private/\n", "text/plain")
        if found := _FEED_PATH.match(bare):
            return self._feed(int(found[1]))
        found = _ARTICLE_PATH.match(bare)
        return self._article(int(found[1])) if found and int(found[1]) < self.wire.articles else None

    def _feed(self, host: int) -> Reply:
        body = self.wire.feed(host, self.published, self._version)
        return Reply(body, "application/atom+xml", compress=False)

    def _article(self, n: int) -> Reply:
        version = self._version if self.wire.is_updated(n) else 0
        modified = published(n) + timedelta(hours=version)
        return Reply(self.wire.page(n, version), modified=modified, compress=False)
