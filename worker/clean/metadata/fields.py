"""What a page says about its article, each field from its sources in an order of trust.

JSON-LD, then OpenGraph and article meta tags, then Dublin Core and microdata, then <time>,
then visible text, then the URL. The headline is a vote instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from worker.clean.html.class_names import BIT
from worker.clean.html.tree import Tree
from worker.clean.metadata.authors import choose_authors, is_byline
from worker.clean.metadata.dates import first_moment, moment_of_url
from worker.clean.metadata.headline import Titles, choose_headline, clean_title
from worker.clean.metadata.json_ld import Node, article_of, read_linked_data, text_of, types_of
from worker.core.records import Moment

_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date",
              "cxenseparse:recs:publishtime", "article:published", "article:published:time",
              "dcterms.created", "dcterms.issued", "dc.date.issued",
              "dcterms.date", "dc.date", "pubdate", "publishdate", "publish-date", "publish_date",
              "publication_date",
              "last-modified-date", "date", "article.published", "article_date_original", "og:pubdate",
              "bt:pubdate",
              "dc.date.created", "published_time", "og:published_time", "sentdate",
              "rnews:datepublished")  # fmt: skip
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)
#: Fields that hold the headline itself, not a version for sharing.
_HEADLINE = ("headline", "title", "sailthru.title", "parsely-title", "cxenseparse:title", "dc.title", "dcterms.title")
_STANDFIRST = ("og:description", "description", "twitter:description", "dc.description", "dcterms.abstract")
_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_RIGHTS = ("robots", "tdm-reservation", "tdm-policy", "dcterms.rights", "dc.rights", "copyright", "rights")
_SIGNALS = ("noai", "noimageai", "noindex", "noarchive", "nosnippet", "notranslate")
#: What joining to the page's own address would leave as it is: most addresses.
_WHOLE_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?/[\w/%~,=&+@!*'():-]*(?:\.[\w-]+)*(?:\?[\w/%~,=&+@!*'().:-]+)?")
_MIN_HOST_NAME = 4
#: Characters read of what is stated; nothing longer is an address, a summary or a name.
_LONGEST_ADDRESS, _LONGEST_STANDFIRST, _LONGEST_NAME = 4_000, 5_000, 500
_MAX_BYLINES = 16
#: Paragraphs of an article are longer than this many characters.
_PARAGRAPH = 120
_UNRELATED = BIT["related"] | BIT["comment"] | BIT["navigation"]


@dataclass(frozen=True, slots=True)
class Facts:
    """A page's statements in one place; `metas` keeps the first value of each name."""

    url: str
    tree: Tree
    article: Node
    nodes: list[Node]
    metas: dict[str, str] = field(default_factory=dict)

    def meta(self, names: tuple[str, ...]) -> str:
        """Return the first meta value among `names`, "" if none is stated."""
        return next((self.metas[name] for name in names if self.metas.get(name)), "")


def gather(url: str, tree: Tree) -> Facts:
    """Read the structured data of a page once."""
    nodes = read_linked_data(tree.linked_data)
    return Facts(url, tree, article_of(nodes), nodes, dict(reversed(tree.metas)))


def site_name(facts: Facts) -> str | None:
    """Return the name of the site."""
    stated = facts.meta(("og:site_name", "application-name", "apple-mobile-web-app-title"))
    linked = (text_of(node.get("name")) for node in facts.nodes if "website" in types_of(node))
    return (stated or next(linked, ""))[:_LONGEST_NAME] or publisher(facts)


def publisher(facts: Facts) -> str | None:
    """Return the publishing organisation's name."""
    stated = text_of(facts.article.get("publisher")) or facts.meta(("dc.publisher", "dcterms.publisher", "publisher"))
    return clean_title(stated[:_LONGEST_NAME]) or None


def headline(facts: Facts) -> str | None:
    """Return the article's headline."""
    linked = text_of(facts.article.get("headline") or facts.article.get("name"))
    shared = facts.meta(("og:title", "twitter:title", "dc.title"))
    titles = Titles(shared, linked, _headline_fields(facts), tuple(facts.tree.headings), facts.tree.title)
    return choose_headline(titles, site_name(facts) or _host_name(facts.url))


def _headline_fields(facts: Facts) -> tuple[str, ...]:
    """Return the headline's other fields; several headlines in microdata are a list of articles."""
    marked_up = dict.fromkeys(text for name, text in facts.tree.properties if name == "headline")
    named = (facts.metas.get(name) for name in _HEADLINE)
    return tuple(filter(None, (*named, *(marked_up if len(marked_up) == 1 else ()))))


def split(url: str) -> SplitResult:
    """Return the parts of a URL, empty ones if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _host_name(url: str) -> str:
    """Return the longest label of a URL's host, which names the site; "" if that may be any other word's part."""
    labels = (split(url).hostname or "").removeprefix("www.").split(".")[:-1]
    name = max(labels, key=len, default="")
    return name if len(name) >= _MIN_HOST_NAME else ""


def standfirst(facts: Facts) -> str | None:
    """Return the article's summary as its metadata states it."""
    stated = facts.meta(_STANDFIRST) or text_of(facts.article.get("description"))
    return clean_title(stated[:_LONGEST_STANDFIRST]) or None


def authors(facts: Facts) -> tuple[str, ...]:
    """Return who wrote the article."""
    author = facts.article.get("author") or facts.article.get("creator")
    return choose_authors(author, facts.tree.metas, _bylines(facts), _houses(facts))


def _houses(facts: Facts) -> list[str]:
    return [name for name in (site_name(facts), publisher(facts), split(facts.url).hostname) if name]


def _bylines(facts: Facts) -> Iterator[str]:
    visible = [text for text, marks in facts.tree.bylines if text and not marks & _UNRELATED]
    visible += [
        text for text, marks in facts.tree.bylines if text and marks & _UNRELATED and not marks & BIT["comment"]
    ]
    visible += [text for text in _near_heading(facts) if is_byline(text)]
    named = [text for name, text in facts.tree.properties if name == "author"]
    yield from (named + visible)[:_MAX_BYLINES]
    yield from _signatures(facts.tree)


def _signatures(tree: Tree) -> Iterator[str]:
    """Yield the emphasised lines before and after an article's paragraphs: papers without bylines sign there."""
    blocks = tree.blocks
    inside: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if len(block.text) > _PARAGRAPH and not block.links:
            inside.setdefault(tree.container(block), []).append(number)
    if not inside:
        return
    body, paragraphs = max(inside.items(), key=lambda item: len(item[1]))
    for line in blocks[max(0, paragraphs[0] - 1) : paragraphs[0]] + blocks[paragraphs[-1] + 1 : paragraphs[-1] + 2]:
        if line.emphasis == len(line.text) and tree.container(line) == body:
            yield line.text


def published(facts: Facts) -> Moment | None:
    """Return when the article was first published."""
    return first_moment(_published(facts))


def _published(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "json-ld", text_of(facts.article.get("datePublished"))
    yield from (("meta", facts.metas.get(name, "")) for name in _PUBLISHED)
    for node in facts.nodes:
        yield "json-ld", text_of(node.get("datePublished"))
    yield from (("microdata", text) for name, text in facts.tree.properties if name in {"datepublished", "datecreated"})
    for stated, text, marks in facts.tree.times:
        if not marks & _UNRELATED:
            yield "time", stated
            yield "time", text
    yield from (
        ("text", block.text)
        for block in facts.tree.blocks
        if len(block.text) < 80 and facts.tree.marks_around(block.element) & BIT["date"]
    )
    yield "title", facts.tree.title
    yield from (("text", text) for text in _near_heading(facts))
    yield "url", moment_of_url(facts.url)


def _near_heading(facts: Facts) -> list[str]:
    """Return the short lines around the first <h1>, where pages without markup put their date."""
    blocks = facts.tree.blocks
    place = next((number for number, block in enumerate(blocks) if facts.tree.tag(block) == "h1"), None)
    if place is None:
        return []
    return [block.text for block in blocks[max(0, place - 6) : place + 12] if len(block.text) < 100]


def modified(facts: Facts) -> Moment | None:
    """Return when the article was last changed."""
    stated = [("json-ld", text_of(facts.article.get("dateModified")))]
    stated += [("meta", facts.metas.get(name, "")) for name in _MODIFIED]
    stated += [("microdata", text) for name, text in facts.tree.properties if name == "datemodified"]
    return first_moment(stated)


def canonical_url(facts: Facts) -> str | None:
    """Return the address that the page calls its own; http(s) only."""
    linked = next((href for rel, href in facts.tree.links if "canonical" in rel.split() and href), "")
    return _absolute(facts.url, linked or facts.meta(("og:url",)))


def image(facts: Facts) -> str | None:
    """Return the lead image's address."""
    stated: Any = facts.article.get("image")
    while isinstance(stated, list) and stated:
        stated = stated[0]
    linked = stated.get("url") or stated.get("contentUrl") if isinstance(stated, dict) else stated
    return _absolute(facts.url, facts.meta(_IMAGE) or text_of(linked))


def _absolute(base: str, address: str) -> str | None:
    if not address:
        return None
    address = clean_title(address[:_LONGEST_ADDRESS])
    if _WHOLE_ADDRESS.fullmatch(address):
        return address
    try:
        joined = urljoin(base, address)
        return joined if split(joined).scheme in {"http", "https"} else None
    except ValueError:
        return None


def section(facts: Facts) -> str | None:
    """Return the section of the site that the article stands in."""
    stated = facts.meta(("article:section", "parsely-section", "cxenseparse:category", "section"))
    return clean_title((stated or text_of(facts.article.get("articleSection")))[:_LONGEST_NAME]) or None


def keywords(facts: Facts) -> tuple[str, ...]:
    """Return the article's keywords, in order, without repetition."""
    stated: Any = facts.article.get("keywords") or facts.meta(("news_keywords", "keywords", "parsely-tags"))
    words = [text_of(word) for word in stated] if isinstance(stated, list) else text_of(stated).split(",")
    tags = words if any(words) else [value for name, value in facts.tree.metas if name == "article:tag"]
    return tuple(dict.fromkeys(word for tag in tags[:50] if (word := clean_title(tag)[:100])))


def is_free(facts: Facts) -> bool | None:
    """Return whether the page says that reading is free; None if it does not say."""
    stated = facts.article.get("isAccessibleForFree")
    if stated is None:
        tier = facts.meta(("article:content_tier", "article.content_tier")).lower()
        return {"free": True, "locked": False, "metered": False}.get(tier)
    return str(stated).strip().lower().rsplit("/", 1)[-1] in {"true", "1", "yes"}


def rights(facts: Facts) -> tuple[str, ...]:
    """Return what the page reserves or licenses, as "name: value"."""
    found = []
    for name in _RIGHTS:
        value = facts.metas.get(name, "")
        if name == "robots":
            value = ", ".join(word for word in _SIGNALS if word in value.lower().replace(" ", "").split(","))
        if value:
            found.append(f"{name}: {value[:200]}")
    licence = next((href for rel, href in facts.tree.links if "license" in rel.split()), "")
    licence = licence or text_of(facts.article.get("license"))
    return tuple([*found, f"license: {licence[:200]}"] if licence else found)
