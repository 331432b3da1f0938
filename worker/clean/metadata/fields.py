"""What a page says about its article: one record, read once, each field from its sources in an order of trust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.clean.html.tree import Tree
from worker.clean.metadata.addresses import read_canonical_url, read_image
from worker.clean.metadata.authors import read_authors
from worker.clean.metadata.dates import read_modified, read_published
from worker.clean.metadata.headline import choose_headline, clean_title, read_titles
from worker.clean.metadata.json_ld import text_of, types_of
from worker.clean.metadata.sources import Sources, read_sources, split_url
from worker.clean.text import line, lines
from worker.core.records import Moment

_DESCRIPTION = ("og:description", "description", "twitter:description")
_STANDFIRST = (*_DESCRIPTION, "dc.description", "dcterms.abstract")
_RIGHTS = ("robots", "tdm-reservation", "tdm-policy", "dcterms.rights", "dc.rights", "copyright", "rights")
_SIGNALS = ("noai", "noimageai", "noindex", "noarchive", "nosnippet", "notranslate")
_ARTICLE_KINDS = frozenset({"article", "news", "newsarticle"})
_VIDEO_KINDS = frozenset({"video.other", "video", "video.movie", "video.episode"})
_MIN_HOST_NAME = 4
#: Characters read of what is stated; nothing longer is a summary or a name.
_LONGEST_STANDFIRST, _LONGEST_NAME = 5_000, 500


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article; None, "" or () where it says nothing.

    The fields up to `rights` are those of `worker.core.records.Article`, in one line each, in NFC. `language` is as
    stated, `text` the article's text in JSON-LD, `title` and `description` are those for sharing, as they stand,
    `page_title` is the <title>. `is_article` says whether the page is stated to be an article, `is_video` and
    `is_website` likewise; `is_listing`, whether its JSON-LD has a list of pages.
    """

    url: str
    headline: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    language: str
    canonical_url: str | None
    site_name: str | None
    publisher: str | None
    section: str | None
    keywords: tuple[str, ...]
    image: str | None
    is_free: bool | None
    rights: tuple[str, ...]
    text: str
    title: str
    description: str
    page_title: str
    is_article: bool
    is_video: bool
    is_website: bool
    is_listing: bool


def read_metadata(url: str, tree: Tree, html: bytes) -> Metadata:
    """Return what the page at `url` says about its article.

    The order of trust differs by field, and the function that reads a field states it. Most rely on JSON-LD first, then
    on meta tags (OpenGraph, article tags, Dublin Core), microdata, visible text and the URL. What publishers write for
    sharing comes before JSON-LD: summary, image, section, the site's name. The headline is a vote.

    Args:
        url: Where the page came from, after redirects.
        tree: The page as it was parsed.
        html: The same in UTF-8, whose scripts are searched for a date where nothing else states one.
    """
    sources = read_sources(url, tree)
    publisher = _publisher(sources)
    site = _site_name(sources) or publisher
    host = split_url(url).hostname or ""
    kind, types = sources.meta(("og:type",)).lower(), frozenset().union(*map(types_of, sources.nodes))
    return Metadata(
        url=url,
        headline=line(choose_headline(read_titles(sources), site or _host_name(host))),
        standfirst=line(_standfirst(sources)),
        authors=lines(read_authors(sources, [name for name in (site, publisher, host) if name])),
        published=read_published(sources, html),
        modified=read_modified(sources),
        language=tree.language,
        canonical_url=read_canonical_url(sources),
        site_name=line(site),
        publisher=line(publisher),
        section=line(_section(sources)),
        keywords=lines(_keywords(sources)),
        image=read_image(sources),
        is_free=_is_free(sources),
        rights=_rights(sources),
        text=sources.linked("articleBody"),
        title=sources.meta(("og:title", "twitter:title")) or tree.title,
        description=sources.meta(_DESCRIPTION),
        page_title=tree.title,
        is_article=bool(sources.article) or kind in _ARTICLE_KINDS or "article:published_time" in sources.metas,
        is_video=kind in _VIDEO_KINDS or "videoobject" in types,
        is_website=kind == "website",
        is_listing=not types.isdisjoint({"collectionpage", "itemlist"}),
    )


def _site_name(sources: Sources) -> str:
    """Return the name of the site: by meta tags, then JSON-LD."""
    stated = sources.meta(("og:site_name", "application-name", "apple-mobile-web-app-title"))
    linked = (text_of(node.get("name")) for node in sources.nodes if "website" in types_of(node))
    return (stated or next(linked, ""))[:_LONGEST_NAME]


def _publisher(sources: Sources) -> str:
    """Return the publishing organisation's name: by JSON-LD, then meta tags."""
    stated = sources.linked("publisher") or sources.meta(("dc.publisher", "dcterms.publisher", "publisher"))
    return clean_title(stated[:_LONGEST_NAME])


def _host_name(host: str) -> str:
    """Return the longest label of a host, which names the site; "" if that may be any other word's part."""
    name = max(host.removeprefix("www.").split(".")[:-1], key=len, default="")
    return name if len(name) >= _MIN_HOST_NAME else ""


def _standfirst(sources: Sources) -> str:
    """Return the article's summary: by meta tags, then JSON-LD."""
    return clean_title((sources.meta(_STANDFIRST) or sources.linked("description"))[:_LONGEST_STANDFIRST])


def _section(sources: Sources) -> str:
    """Return the section of the site that the article stands in: by meta tags, then JSON-LD."""
    stated = sources.meta(("article:section", "parsely-section", "cxenseparse:category", "section"))
    return clean_title((stated or sources.linked("articleSection"))[:_LONGEST_NAME])


def _keywords(sources: Sources) -> tuple[str, ...]:
    """Return the article's keywords, in order, without repetition: by JSON-LD, then meta tags, then article tags."""
    stated: Any = sources.article.get("keywords") or sources.meta(("news_keywords", "keywords", "parsely-tags"))
    words = [text_of(word) for word in stated] if isinstance(stated, list) else text_of(stated).split(",")
    tags = words if any(words) else [value for name, value in sources.tree.metas if name == "article:tag"]
    return tuple(dict.fromkeys(word for tag in tags[:50] if (word := clean_title(tag)[:100])))


def _is_free(sources: Sources) -> bool | None:
    """Return whether the page says that reading is free, None if it does not say: by JSON-LD, then meta tags."""
    stated = sources.article.get("isAccessibleForFree")
    if stated is None:
        tier = sources.meta(("article:content_tier", "article.content_tier")).lower()
        return {"free": True, "locked": False, "metered": False}.get(tier)
    return str(stated).strip().lower().rsplit("/", 1)[-1] in {"true", "1", "yes"}


def _rights(sources: Sources) -> tuple[str, ...]:
    """Return what the page reserves or licenses, as "name: value": by meta tags; a licence by <link>, then JSON-LD."""
    found = []
    for name in _RIGHTS:
        value = sources.metas.get(name, "")
        if name == "robots":
            value = ", ".join(word for word in _SIGNALS if word in value.lower().replace(" ", "").split(","))
        if value:
            found.append(f"{name}: {value[:200]}")
    licence = next((href for rel, href in sources.tree.links if "license" in rel.split()), "")
    licence = licence or sources.linked("license")
    return tuple([*found, f"license: {licence[:200]}"] if licence else found)
