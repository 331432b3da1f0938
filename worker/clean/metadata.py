"""What a page says about its article: JSON-LD first, then meta elements, then what a reader sees.

The order of trust, per field: JSON-LD of an article type; OpenGraph and article: meta; Dublin Core and
plain meta; microdata and `<time>`; visible text. `tests/unit/clean/test_metadata.py` documents it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urljoin

from dateutil import parser as dates
from selectolax.lexbor import LexborHTMLParser

from worker.clean.body import plain
from worker.records import Moment

_ARTICLE_TYPE = re.compile(
    r"article|report|blogposting|posting|liveblog|review|analysis|opinion", re.IGNORECASE
)
_NOT_A_PERSON = re.compile(
    r"^(?:https?:|www\.)|\b(?:staff|editorial|newsroom|redaktion|desk|editors?|agency|agencies|admin|team|online|press)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"^\s*(?:by|von|par|por|di|da|door|автор:?|текст:?)\s+", re.IGNORECASE)
_ZONE = re.compile(r"(?:[zZ]|[+-]\d\d:?\d\d|\b[A-Z]{3,4})\s*$")
_ZONES = {"EST": -18000, "EDT": -14400, "CST": -21600, "CDT": -18000, "MST": -25200, "MDT": -21600, "PST": -28800,
          "PDT": -25200, "CET": 3600, "CEST": 7200, "BST": 3600, "IST": 19800, "EET": 7200, "EEST": 10800, "MSK": 10800,
          "AEST": 36000, "AEDT": 39600, "JST": 32400, "ET": -18000, "PT": -28800}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f]+")


class Metadata:
    """The evidence of one page, read once: JSON-LD objects and meta elements."""

    def __init__(self, tree: LexborHTMLParser, url: str) -> None:
        self._tree = tree
        self._url = url
        self._meta = _meta(tree)
        objects = list(_json_ld(tree))
        self._article = next((o for o in objects if _ARTICLE_TYPE.search(_type(o))), {})
        self._site = next(
            (o for o in objects if _type(o) in {"WebSite", "Organization", "NewsMediaOrganization"}), {}
        )

    def first(self, *names: str) -> str | None:
        """Return the first of these meta elements that says something."""
        return next((self._meta[name] for name in names if self._meta.get(name)), None)

    def headline(self) -> str | None:
        """Return the article's headline: JSON-LD, og:title, h1, title; the site's own name cut off."""
        heading = self._tree.css_first("h1")
        title = self._tree.css_first("title")
        h1 = plain(heading.text()) if heading else None
        shown = [
            _text(self._article.get("headline")),
            self.first("og:title", "twitter:title", "dc.title"),
            h1,
            plain(title.text()) if title else None,
        ]
        candidates = [_without_site(text, self.site_name()) for text in shown if text]
        agreed = [text for text in candidates if h1 and text.casefold() == h1.casefold()]
        return next(iter(agreed or candidates), None)

    def standfirst(self) -> str | None:
        """Return the summary that the page gives of itself."""
        return _text(self._article.get("description")) or self.first("og:description", "description")

    def authors(self) -> tuple[str, ...]:
        """Return the people who wrote it, in order, each once."""
        named = _names(self._article.get("author")) or _names(self._meta.get("author"))
        named = named or _names(
            self.first("article:author", "dc.creator", "parsely-author", "sailthru.author")
        )
        if not named:
            shown = self._tree.css("[rel=author], [itemprop=author] [itemprop=name], .byline a, .author-name")
            named = [plain(node.text()) for node in shown[:6]]
        people = [_BY.sub("", name).strip() for name in named]
        return tuple(
            dict.fromkeys(n for n in people if 3 < len(n) < 60 and " " in n and not _NOT_A_PERSON.search(n))
        )

    def published(self) -> Moment | None:
        """Return when it was published."""
        return self._moment("datePublished", "article:published_time", "og:published_time", "date", "dc.date", "pubdate",
                            "parsely-pub-date", "publish-date", "dcterms.created", "dc.date.issued",
                            selector="time[pubdate], time[datetime], [itemprop=datePublished]")  # fmt: skip

    def modified(self) -> Moment | None:
        """Return when it was last changed."""
        return self._moment("dateModified", "article:modified_time", "og:updated_time", "last-modified",
                            selector="[itemprop=dateModified]")  # fmt: skip

    def canonical_url(self) -> str | None:
        """Return the URL that the page names as its own."""
        link = self._tree.css_first("link[rel=canonical]")
        href = (link.attributes.get("href") if link else None) or self.first("og:url")
        return urljoin(self._url, href) if href else None

    def site_name(self) -> str | None:
        """Return the name of the site."""
        return self.first("og:site_name", "application-name") or _text(self._site.get("name"))

    def publisher(self) -> str | None:
        """Return who publishes it."""
        names = _names(self._article.get("publisher"))
        return names[0] if names else None

    def section(self) -> str | None:
        """Return the section it stands in."""
        return _text(self._article.get("articleSection")) or self.first("article:section")

    def keywords(self) -> tuple[str, ...]:
        """Return its keywords, each once."""
        raw = self._article.get("keywords") or self.first("keywords", "news_keywords") or ""
        parts = raw if isinstance(raw, list) else str(raw).split(",")
        return tuple(dict.fromkeys(plain(part) for part in map(str, parts) if part.strip()))[:30]

    def image(self) -> str | None:
        """Return the URL of the lead image."""
        found = self.first("og:image", "og:image:url", "twitter:image") or _image(self._article.get("image"))
        return urljoin(self._url, found) if found else None

    def is_free(self) -> bool | None:
        """Return whether it can be read without paying, if the page says so."""
        value = str(
            self._article.get("isAccessibleForFree", self.first("article:content_tier") or "")
        ).lower()
        return {"true": True, "free": True, "false": False, "locked": False, "metered": False}.get(value)

    def rights(self) -> tuple[str, ...]:
        """Return the opt-outs and licences that the page states, as "name=value"."""
        names = ("robots", "tdm-reservation", "tdm-policy", "license", "copyright")
        stated = [f"{name}={self._meta[name]}" for name in names if self._meta.get(name)]
        licence = _text(self._article.get("license"))
        return tuple(stated + ([f"license={licence}"] if licence else []))

    def language(self) -> str | None:
        """Return the language that the page declares, as a lower-case primary subtag."""
        root = self._tree.css_first("html")
        stated = (root.attributes.get("lang") if root else None) or _text(self._article.get("inLanguage"))
        stated = stated or self.first("og:locale", "content-language")
        code = re.split(r"[-_]", stated or "")[0].strip().lower()
        return code if re.fullmatch(r"[a-z]{2,3}", code) else None

    def is_article(self) -> bool:
        """Return whether the page says that it is an article."""
        return bool(self._article) or (self.first("og:type") or "").lower() == "article"

    def body_text(self) -> str | None:
        """Return JSON-LD's articleBody: evidence, often truncated."""
        return _text(self._article.get("articleBody"))

    def _moment(self, key: str, *names: str, selector: str) -> Moment | None:
        shown = self._tree.css_first(selector)
        attributes = shown.attributes if shown else {}
        candidates = [("json-ld", _text(self._article.get(key)))]
        candidates += [("meta", self._meta.get(name)) for name in names]
        candidates += [("time", attributes.get("datetime") or attributes.get("content"))]
        return next((m for source, raw in candidates if raw and (m := read_moment(raw, source))), None)


def read_moment(raw: str, source: str) -> Moment | None:
    """Read a date in any usual form; None when it is none. Without a zone it is taken as UTC, and says so."""
    text = raw.strip()[:60]
    try:
        value = dates.parse(text, tzinfos=_ZONES)
        known = value.tzinfo is not None and bool(_ZONE.search(text))
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return Moment(aware.astimezone(UTC), text, source, known)
    except (ValueError, OverflowError, TypeError):
        return None


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = (
            attributes.get("property")
            or attributes.get("name")
            or attributes.get("itemprop")
            or attributes.get("http-equiv")
        )
        content = attributes.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), plain(content[:5000]))
    return found


def _json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for node in tree.css('script[type="application/ld+json"]')[:30]:
        try:
            data = json.loads(
                _CONTROL.sub(" ", (node.text(deep=True) or "").strip().rstrip(";")), strict=False
            )
        except (ValueError, RecursionError):
            continue
        yield from _objects(data, 0)


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data[:100]:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(key), depth + 1)


def _type(data: dict[str, Any]) -> str:
    kind = data.get("@type", "")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return plain(value) or None if isinstance(value, str) else None


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [plain(part) for part in re.split(r",| and | und | et | y |;|&", value)]
    if isinstance(value, dict):
        return _names(value.get("name"))
    return [name for item in value for name in _names(item)] if isinstance(value, list) else []


def _image(value: Any) -> str | None:
    if isinstance(value, list):
        return _image(value[0]) if value else None
    return _image(value.get("url")) if isinstance(value, dict) else value if isinstance(value, str) else None


def _without_site(title: str, site: str | None) -> str:
    parts = re.split(r"\s+[|–—·»-]\s+", title)
    if site and len(parts) > 1 and parts[-1].casefold() in {site.casefold(), site.casefold() + ".com"}:
        return title[: title.rfind(parts[-1])].rstrip(" |–—·»-")
    return re.sub(r"\s+\|\s+[^|]{1,40}$", "", title)
