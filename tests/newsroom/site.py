"""The newsroom's web site: articles, pages that are no articles, two feeds, and a say in what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlencode

from tests.newsroom.feeds import Entry, atom, rss
from tests.newsroom.render import BASE, DRESSES, SITE_NAME, path_of, render
from tests.newsroom.server import Reply, Site
from tests.newsroom.story import Story, seed_story, stories

#: Answers 500 once and is fine afterwards.
FLAKY = "bridge-closure"
#: Also shown at SYNDICATED, with the original as its canonical URL; no feed links there.
COPIED = "ferry-engine-fire"
SYNDICATED = "/partners/ferry-engine-fire"
#: Pages that are no articles: path -> file in `pages/`.
FIXED_PAGES = {
    "/": "home",
    "/section/region": "section",
    "/section/world": "section",
    "/video/harbour-parade": "video",
    "/consent": "consent",
    "/news/old-pier-plan.html": "missing",
}
VIDEO = "/video/harbour-parade"
#: The world feed announces it, the site has taken it down (404).
RETRACTED = "/news/retracted-story.html"

_PAGES = Path(__file__).parent / "pages"
_ROBOTS = "User-agent: *\nDisallow: /private/\nDisallow: /search\n"
_OPENED = datetime(2026, 11, 1, tzinfo=UTC)
_TRACKING = ("utm_", "at_")
_XML_TYPES = {"/feeds/world.xml": "application/rss+xml", "/feeds/local.xml": "application/atom+xml"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands at a path; `text` has BASE where the host belongs."""

    text: str
    modified: datetime
    content_type: str = "text/html; charset=utf-8"
    charset: str = "utf-8"


class Newsroom(Site):
    """The Ellery Courier, on loopback; a context manager.

    Args:
        seed_article: A plain text that becomes one more story of the world feed, if the file exists.
        addresses: Loopback addresses to listen on; any Host header is answered.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        *,
        seed_article: Path | None = None,
        addresses: Sequence[str] = ("127.0.0.1",),
        port: int = 0,
    ) -> None:
        super().__init__(self._show, addresses=addresses, port=port)
        seed = [seed_story(seed_article)] if seed_article and seed_article.is_file() else []
        everything = sorted([*stories(), *seed], key=lambda story: story.published, reverse=True)
        self._held = {story.slug: story for story in everything if story.held}
        self._out = [story for story in everything if not story.held]
        self._edited: dict[str, datetime] = {}
        self._pages = dict(self._fixed_pages()) | dict(map(self._page_of, self._out))
        self._pages[SYNDICATED] = self._pages[self.path(COPIED)]
        self.feeds = [f"{self.url}/feeds/world.xml", f"{self.url}/feeds/local.xml"]
        self.misbehave(self.path(FLAKY), status=500, times=1)

    @property
    def stories(self) -> tuple[Story, ...]:
        """The published stories, newest first."""
        return tuple(self._out)

    def path(self, slug: str) -> str:
        """Return the path of a published story.

        Raises:
            KeyError: There is none of that name.
        """
        return path_of({story.slug: story for story in self._out}[slug])

    def page(self, path: str) -> str:
        """Return the markup that stands at `path`, to be edited."""
        return self._pages[path].text

    def edit(self, path: str, html: str) -> None:
        """Replace what stands at `path`, or put a new page there; its feed entry becomes updated."""
        now = datetime.now(UTC)
        shown = self._pages.get(path, _Shown("", now))
        self._edited[path] = now
        self._pages[path] = _Shown(html, now, shown.content_type, shown.charset)

    def publish(self, slug: str) -> str:
        """Put a held story on the site and into its feeds; return its URL.

        Raises:
            KeyError: No held story has that name.
        """
        story = self._held.pop(slug)
        path, page = self._page_of(story)
        self._pages[path] = page
        self._out = sorted([story, *self._out], key=lambda one: one.published, reverse=True)
        return self.url + path

    def _show(self, host: str, path: str) -> Reply | None:
        bare = without_tracking(path)
        shown = self._feed(bare) if bare in _XML_TYPES else self._pages.get(bare)
        if shown is None:
            return None
        text = shown.text.replace(BASE, f"http://{host}")
        body = text.encode(shown.charset, "xmlcharrefreplace")
        return Reply(body, shown.content_type, modified=shown.modified)

    def _page_of(self, story: Story) -> tuple[str, _Shown]:
        charset = DRESSES[story.template].charset
        # Old pages name their charset in the markup only.
        declared = "text/html; charset=utf-8" if charset == "utf-8" else "text/html"
        related = [one for one in self._out if one.slug != story.slug and one.language == story.language][:5]
        page = _Shown(render(story, related), story.modified or story.published, declared, charset)
        return path_of(story), page

    def _fixed_pages(self) -> Iterator[tuple[str, _Shown]]:
        yield "/robots.txt", _Shown(_ROBOTS, _OPENED, "text/plain; charset=utf-8")
        teasers = "\n".join(map(_teaser, self._out))
        for path, name in FIXED_PAGES.items():
            template = Template((_PAGES / f"{name}.html").read_text(encoding="utf-8"))
            yield path, _Shown(template.substitute(base=BASE, site=SITE_NAME, teasers=teasers), _OPENED)

    def _feed(self, path: str) -> _Shown:
        name = path.removeprefix("/feeds/").removesuffix(".xml")
        entries = [self._entry(story, name) for story in self._out if name in story.feeds]
        entries.insert(3, _dead_end(name))
        changed = max(entry.updated or entry.published for entry in entries)
        title = f"{SITE_NAME}: {name}"
        text = rss(title, BASE, entries) if name == "world" else atom(title, BASE + path, entries)
        return _Shown(text, changed, _XML_TYPES[path])

    def _entry(self, story: Story, feed: str) -> Entry:
        path = path_of(story)
        return Entry(
            title=story.headline,
            url=BASE + path + _tracking(story, feed),
            summary=story.standfirst,
            published=story.published,
            updated=self._edited.get(path, story.modified),
            author=" and ".join(story.authors),
        )


def without_tracking(path: str) -> str:
    """Return the path without the parameters that the newsroom's feeds add to links."""
    bare, _, query = path.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if not name.startswith(_TRACKING)]
    return f"{bare}?{urlencode(kept)}" if kept else bare


def _tracking(story: Story, feed: str) -> str:
    """Return tracking parameters: the world feed adds them to stories of both feeds and to some others."""
    if feed == "local" or (len(story.feeds) == 1 and len(story.slug) % 3):
        return ""
    joined = "&" if "?" in path_of(story) else "?"
    return f"{joined}utm_source=rss&utm_medium=feed&utm_campaign=world"


def _dead_end(feed: str) -> Entry:
    """Return the entry of a feed that leads to no article."""
    at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    if feed == "world":
        return Entry("Minister ‘to step down’", BASE + RETRACTED, "This story has been retracted.", at)
    return Entry("Watch: the harbour parade", BASE + VIDEO, "Two minutes of drums.", at + timedelta(hours=1))


def _teaser(story: Story) -> str:
    return (
        f'<li><a href="{BASE}{path_of(story)}"><h3>{escape(story.headline)}</h3></a>'
        f"<p>{escape(story.standfirst)}</p></li>"
    )
