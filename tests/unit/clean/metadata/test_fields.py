"""What a page states and shows about its article."""

import orjson
import pytest

from worker.clean.html.tokeniser import read_tree
from worker.clean.metadata.fields import Metadata, read_metadata

URL = "https://www.kelpnews.example/2026/roof"
PARAGRAPH = "<p>" + "The roof of the market was mended on the last day of the month. " * 4 + "</p>"


def read(markup: str, url: str = URL) -> Metadata:
    html = markup.encode()
    return read_metadata(url, read_tree(html, url), html)


def linked(**fields: object) -> str:
    script = orjson.dumps({"@type": "NewsArticle", "headline": "A Roof at Last", **fields}).decode()
    return f'<script type="application/ld+json">{script}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p><b>Jonna Aske/Milo Brandt</b></p>{0}{0}", ("Jonna Aske", "Milo Brandt")),
        ("{0}{0}<p><strong>Jonna Aske</strong></p>", ("Jonna Aske",)),
        ("{0}<p><b>Jonna Aske</b></p>{0}", ()),
        ("<p>Jonna Aske</p>{0}{0}", ()),
        ("<p><b>The Roof Was Mended Last Week</b> by hand</p>{0}{0}", ()),
        ("<p><b>Jonna Aske</b></p>", ()),
    ],
    ids=["before", "after", "a sub-heading", "plain", "emphasis in a sentence", "no paragraph"],
)
def test_an_emphasised_line_at_the_start_or_end_is_a_signature(markup, expected):
    assert read("<article>" + markup.format(PARAGRAPH) + "</article>").authors == expected


def test_a_signature_is_not_read_where_an_author_is_stated():
    page = read(f'<meta name="author" content="Jonna Aske"><article><p><b>Milo Brandt</b></p>{PARAGRAPH}</article>')

    assert page.authors == ("Jonna Aske",)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<meta name="headline" content="A Roof at Last">', "A Roof at Last"),
        ('<h1 itemprop="headline">A Roof at Last</h1>', "A Roof at Last"),
        ('<h1 itemprop="headline">A Roof at Last</h1><h2 itemprop="headline">Ferry Sails</h2>', "Roof to share"),
    ],
    ids=["meta", "microdata", "a list of articles"],
)
def test_further_headline_fields_confirm_the_headline(markup, expected):
    stated = '<meta property="og:title" content="Roof to share"><h1>A Roof at Last</h1>'

    assert read(stated + markup).headline == expected


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        (URL, "A Roof at Last - Kelp News", "A Roof at Last"),
        ("https://ft.example/", "A Roof at Last - Software", "A Roof at Last - Software"),
        ("https://ft.community/", "A Roof at Last - Community", "A Roof at Last - Community"),
    ],
    ids=["a name", "too short", "the top level"],
)
def test_the_host_names_a_site_that_does_not(url, title, expected):
    assert read(f"<title>{title}</title>", url).headline == expected


_SITE = '<script type="application/ld+json">{"@type": "WebSite", "name": "two"}</script>'
_WORDS = ("one", "two", "three", "four")
_DAYS = tuple(f"datetime.datetime(2026, 11, {day}, " for day in range(1, 7))


@pytest.mark.parametrize(
    ("field", "sources", "values"),
    [
        (
            "standfirst",
            (meta("og:description", "one"), meta("dc.description", "two"), linked(description="three")),
            _WORDS,
        ),
        (
            "authors",
            (
                linked(author="Ada One"),
                meta("author", "Ben Two"),
                "<i itemprop=author>Cyd Three</i>",
                "<p class=byline>Dan Four</p>",
            ),
            ("Ada One", "Ben Two", "Cyd Three", "Dan Four"),
        ),
        (
            "published",
            (
                linked(datePublished="2026-11-01"),
                meta("date", "2026-11-02"),
                "<time datetime=2026-11-03></time>",
                "<p class=date>2026-11-04</p>",
                "<title>2026-11-05</title>",
                '<script>{"published_at": "2026-11-06"}</script>',
            ),
            _DAYS,
        ),
        (
            "modified",
            (linked(dateModified="2026-11-01"), meta("lastmod", "2026-11-02")),
            _DAYS,
        ),
        ("site_name", (meta("og:site_name", "one"), _SITE, meta("publisher", "three")), _WORDS),
        (
            "publisher",
            (linked(publisher={"name": "one"}), meta("dc.publisher", "two"), meta("publisher", "three")),
            _WORDS,
        ),
        ("section", (meta("article:section", "one"), meta("section", "two"), linked(articleSection="three")), _WORDS),
        ("keywords", (linked(keywords=["one"]), meta("keywords", "two"), meta("article:tag", "three")), _WORDS),
        ("image", (meta("og:image", "/one"), meta("twitter:image", "/two"), linked(image=[{"url": "/three"}])), _WORDS),
        ("canonical_url", ("<link rel=canonical href=/one>", meta("og:url", "/two")), _WORDS),
        ("is_free", (linked(isAccessibleForFree="false"), meta("article:content_tier", "free")), ("False", "True")),
        ("rights", ("<link rel=license href=one>", linked(license="two")), _WORDS),
        ("text", (linked(articleBody="one"),), _WORDS),
        ("title", (meta("og:title", "one"), meta("twitter:title", "two"), "<title>three</title>"), _WORDS),
        (
            "description",
            (meta("og:description", "one"), meta("description", "two"), meta("twitter:description", "three")),
            _WORDS,
        ),
    ],
)
def test_the_most_trusted_source_of_a_field_counts(field, sources, values):
    for first in range(len(sources)):
        found = repr(getattr(read("".join(reversed(sources[first:]))), field))

        assert [value for value in values if value in found] == [values[first]]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (linked(), (True, False, False, False)),
        (meta("og:type", "Article"), (True, False, False, False)),
        (meta("article:published_time", "2026-11-03"), (True, False, False, False)),
        (meta("og:type", "video.other"), (False, True, False, False)),
        (_SITE.replace("WebSite", "VideoObject"), (False, True, False, False)),
        (meta("og:type", "website") + _SITE.replace("WebSite", "ItemList"), (False, False, True, True)),
        ("<p>Kelp</p>", (False, False, False, False)),
    ],
)
def test_what_a_page_is_stated_to_be(markup, expected):
    page = read(markup)

    assert (page.is_article, page.is_video, page.is_website, page.is_listing) == expected
