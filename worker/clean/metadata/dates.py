"""When an article was published and modified, by what the page states and shows, in an order of trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from worker.clean.html.class_names import BIT
from worker.clean.metadata.json_ld import text_of
from worker.clean.metadata.sources import UNRELATED, Sources, near_heading
from worker.core.dates import StatedTime, read_date
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

_IN_URL = re.compile(r"[/_-](20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:\D|$)")
#: Statements of a time that are read: a page's first ones are the article's.
_MOST_STATED = 1_000
#: A first publication among the fields of a page's scripts, and how much of a page is searched for it.
_IN_SCRIPTS = re.compile(
    r'"(?:date_?published|publish(?:ed)?_?(?:at|date|time|dt)?|deploy_?dt|reg_?date|created_?at)\\?"\s*+:\s*+\\?"([^"\\]{8,40})',
    re.IGNORECASE,
)
_MAX_SCRIPT_CHARS = 3_000_000
#: Longer blocks are no line of a date alone.
_DATE_LINE = 80
#: Characters of a statement that are read, and the years that something on the web is published in.
_LONGEST, _YEARS = 80, range(1990, 2101)
#: What stands before the day of a publication, and before that of a change.
_PUBLISHED_WORD = re.compile(
    r"publi(?:shed|cado|cada|cato|cata|é|ée|cación|cação)\b|posted|first published|veröffentlicht|erschienen|erstellt|"
    r"gepubliceerd|geplaatst|opublikowan\w+|publicerad|publisert|publiceret|julkaistu|опубликован\w*|опубліковано|"
    r"yayınlanma|diterbitkan|đăng|公開|掲載|発行|发布|發布|입력|등록|نشر",
    re.IGNORECASE,
)
_UPDATED_WORD = re.compile(
    r"updated?\b|modified|edited|changed|revised|reviewed|aktualisier\w+|geändert|bearbeitet|\bstand:|"
    r"mise? à jour|modifié\w*|"
    r"actualizad[oa]|modificad[oa]|atualizad[oa]|aggiornat[oa]|modificat[oa]|bijgewerkt|gewijzigd|uppdatera\w+|oppdatert|"
    r"opdateret|päivitetty|muokattu|zaktualizowan\w+|aktualizacja|aktualizov\w+|обновл\w+|изменен\w*|оновлено|güncelle\w+|"
    r"diperbarui|cập nhật|更新|最終|수정|تحديث",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s[|·•]\s")
#: A line that ends as a sentence and has this many words tells of another day.
_SENTENCE_ENDS, _SENTENCE_WORDS = (".", "!", "?", "\N{RIGHT DOUBLE QUOTATION MARK}", "。"), 8


def read_published(sources: Sources, html: bytes) -> Moment | None:
    """Return when the article was first published.

    The order of trust: JSON-LD of the article; meta tags; JSON-LD of other objects; microdata; <time>; lines marked as
    dates; <title>; lines around the heading; the URL. Only where none of them states a day: the page's scripts.
    """
    language = _language(sources)
    return _first(_published(sources), language) or _first([("script", _in_scripts(html))], language)


def _language(sources: Sources) -> str:
    """Return what the page is written in, with the region of "og:locale" where it names no other language."""
    stated, shared = sources.tree.language, sources.metas.get("og:locale", "").replace("_", "-")
    return shared if shared.lower().startswith(stated.lower()) else stated


def _published(sources: Sources) -> Iterator[tuple[str, str]]:
    tree = sources.tree
    yield "json-ld", sources.linked("datePublished")
    yield from (("meta", sources.metas.get(name, "")) for name in _PUBLISHED)
    yield from (("json-ld", text_of(node.get("datePublished"))) for node in sources.nodes)
    yield from (("microdata", text) for text in sources.microdata("datepublished", "datecreated"))
    for stated, text, marks in tree.times:
        if not marks & UNRELATED:
            yield "time", stated
            yield "time", _of_publication(text)
    yield from (
        ("text", _of_publication(block.text))
        for block in tree.blocks
        if len(block.text) < _DATE_LINE and tree.marks_around(block.element) & BIT["date"]
    )
    yield "title", tree.title
    yield from (("text", _of_publication(text)) for text in near_heading(tree) if not _is_sentence(text))
    yield "url", moment_of_url(sources.url)


def _of_publication(text: str) -> str:
    """Return the part of a line that may state when something was published: nothing behind a word for a change."""
    published = _PUBLISHED_WORD.search(text)
    part = text[published.end() :] if published else text
    updated = _UPDATED_WORD.search(part)
    return part[: updated.start()] if updated else part


def _is_sentence(text: str) -> bool:
    return text.endswith(_SENTENCE_ENDS) and len(text.split()) >= _SENTENCE_WORDS


def _in_scripts(html: bytes) -> str:
    found = _IN_SCRIPTS.search(html.decode("utf-8", "replace")[:_MAX_SCRIPT_CHARS])
    return found[1] if found else ""


def read_modified(sources: Sources) -> Moment | None:
    """Return when the article was last changed: by JSON-LD, then meta tags, then microdata."""
    stated = [("json-ld", sources.linked("dateModified"))]
    stated += [("meta", sources.metas.get(name, "")) for name in _MODIFIED]
    stated += [("microdata", text) for text in sources.microdata("datemodified")]
    return _first(stated, _language(sources))


def _read(raw: str, language: str) -> StatedTime | None:
    """Return the moment that a text states; in another language than the page's, only if it has one meaning."""
    text = raw.strip()[:_LONGEST]
    for part in (text, *(_SEPARATOR.split(text) if _SEPARATOR.search(text) else ())):
        found = read_date(part, language=language)
        if found is None and language:
            found = read_date(part)
        if found and found.value.year in _YEARS:
            return found
    return None


def _first(stated: Iterable[tuple[str, str]], language: str) -> Moment | None:
    """Return the first of (source, raw) that states a time; else the first that states a day."""
    day: Moment | None = None
    for source, raw in islice(((source, raw) for source, raw in stated if raw), _MOST_STATED):
        found = _read(raw, language)
        if found is None:
            continue
        moment = Moment(found.value, raw.strip()[:_LONGEST], source, found.zone_known)
        if found.precision != "day":
            return moment if day is None or abs(moment.value - day.value) < timedelta(days=2) else day
        day = day or moment
    return day


def moment_of_url(url: str) -> str:
    """Return the date in a URL's path as ISO, "" if there is none."""
    found = _IN_URL.search(url)
    return "-".join(found.groups()) if found else ""
