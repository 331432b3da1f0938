from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.core.errors import Reason, RejectedError
from worker.feeds import parse as parse_module
from worker.feeds.parse import parse

CORPUS = Path(__file__).parents[2] / "corpus" / "feeds"
OCTOBER_5 = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)
URL = "https://paper.example/feed"


def read(name, content_type=None, url=URL):
    return parse((CORPUS / name).read_bytes(), url=url, content_type=content_type)


def rss(*items):
    return f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("name", "kind", "title", "urls"),
    [
        ("rss-0.91.xml", "rss", "Old Mill Gazette", ["http://mill.example/opens", "http://mill.example/closes"]),
        ("rss-0.92.xml", "rss", "Valley Wire", ["http://valley.example/bridge"]),
        ("rss-1.0.xml", "rss", "Triple Post", ["http://rdf.example/1"]),
        (
            "rss-2.0.xml",
            "rss",
            "Harbour & Hill",
            ["https://paper.example/council?a=1&b=2", "https://harbour.example/ferry"],
        ),
        ("atom-0.3.xml", "atom", "Ancient Atom", ["http://dig.example/1"]),
        ("atom-1.0.xml", "atom", "Atom Courier", ["https://atom.example/news/rain"]),
        ("feed.json", "json", "Json Journal", ["https://paper.example/seven", "https://elsewhere.example/8"]),
        ("news-sitemap.xml", "sitemap", None, ["https://map.example/a"]),
        ("sitemap-index.xml", "sitemap_index", None, []),
        ("broken-entity.xml", "rss", "Broken Bugle", ["http://bugle.example/tea?a=1&b=2", "http://bugle.example/tag"]),
        ("junk-before.xml", "rss", "Late Starter", ["http://late.example/a"]),
        ("latin1.xml", "rss", "Größe", ["http://latin.example/a"]),
        ("utf16.xml", "rss", "Größe", ["http://wide.example/a"]),
        ("lying-utf8.xml", "rss", "Größe", ["http://lie.example/a"]),
        ("empty-channel.xml", "rss", "Quiet", []),
    ],
)
def test_every_dialect_is_read(name, kind, title, urls):
    feed = read(name)

    assert (feed.kind, feed.title) == (kind, title)
    assert [entry.url for entry in feed.entries] == urls


@pytest.mark.parametrize(
    "name", ["rss-2.0.xml", "rss-1.0.xml", "atom-0.3.xml", "atom-1.0.xml", "feed.json", "news-sitemap.xml"]
)
def test_the_date_of_publication_is_in_utc(name):
    assert read(name).entries[0].published == OCTOBER_5


def test_a_date_that_never_was_costs_only_the_date():
    assert read("rss-2.0.xml").entries[1].published is None


def test_titles_and_summaries_become_plain_text():
    entry = read("rss-2.0.xml").entries[0]

    assert (entry.guid, entry.title, entry.summary) == ("hh-1", "Council votes twice", "The second vote & the first.")


def test_an_rss_feed_says_how_it_wants_to_be_polled():
    feed = read("rss-2.0.xml")

    assert feed.ttl == timedelta(minutes=30)
    assert feed.skip_hours == {0, 1, 2}
    assert (feed.hub, feed.self_link) == ("https://hub.example/", "https://harbour.example/feed.xml")


def test_archives_are_found_in_atom_and_json():
    assert read("atom-1.0.xml").prev_archive == "https://atom.example/feed/2026-09"
    assert read("atom-1.0.xml").next_archive == "https://atom.example/feed/2026-11"
    assert read("feed.json").next_page == "https://json.example/feed.json?page=2"


def test_a_paged_feed_names_its_next_page_and_a_complete_one_says_so():
    paged = parse(
        b"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0'>"
        b"<fh:complete/><link rel='next' href='?page=2'/></feed>",
        url=URL,
        content_type=None,
    )

    assert (paged.next_page, paged.is_complete) == (f"{URL}?page=2", True)
    assert not read("atom-1.0.xml").is_complete


def test_an_index_lists_its_sitemaps():
    assert [sitemap.url for sitemap in read("sitemap-index.xml").sitemaps] == ["https://map.example/2026-10.xml"]


def test_the_images_and_videos_of_a_page_are_not_its_address():
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
      xmlns:i="http://www.google.com/schemas/sitemap-image/1.1" xmlns:v="http://www.google.com/schemas/sitemap-video/1.1">
      <url><loc>/vote</loc><lastmod>2026-10-05T07:30:00Z</lastmod><n:news><n:title>Vote</n:title></n:news>
      <i:image><i:loc>/vote.jpg</i:loc><i:title>A hall</i:title></i:image>
      <v:video><v:title>A film</v:title><v:publication_date>2020-01-01</v:publication_date></v:video></url></urlset>"""
    (entry,) = parse(body, url=URL, content_type="text/plain; charset=utf-16").entries

    assert (entry.url, entry.title, entry.published) == ("https://paper.example/vote", "Vote", OCTOBER_5)


@pytest.mark.parametrize(
    "more",
    [
        {"items": {"a": 1}, "title": ["x"], "hubs": "x"},
        {"items": [1, None, [], {"url": {}, "id": True}, {"url": "file:///a"}]},
        {"items": [{"url": "http://a.example/" + "a" * 5000, "date_published": 5}]},
    ],
)
def test_a_json_feed_of_other_types_has_no_entries(more):
    document = {"version": "https://jsonfeed.org/version/1.1", **more}

    assert parse(json.dumps(document).encode(), url=URL, content_type=None).entries == ()


def test_of_the_hubs_of_a_json_feed_those_of_websub_count():
    hubs = [{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": "/hub"}]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [], "hubs": hubs}

    assert parse(json.dumps(document).encode(), url=URL, content_type=None).hub == "https://paper.example/hub"
    assert parse(json.dumps({**document, "hubs": hubs[:1]}).encode(), url=URL, content_type=None).hub is None


def test_a_zipped_sitemap_is_unpacked():
    body = gzip.compress((CORPUS / "news-sitemap.xml").read_bytes())

    assert len(parse(body, url=URL, content_type="application/gzip").entries) == 1


def test_a_charset_in_the_header_is_believed_when_it_can_be():
    assert read("lying-utf8.xml", "text/xml; charset=windows-1252").title == "Größe"
    assert read("rss-2.0.xml", "text/xml; charset=no-such").title == "Harbour & Hill"
    assert read("rss-2.0.xml", "text/xml; charset=punycode").title == "Harbour & Hill"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"  \n ", Reason.EMPTY),
        (b"<!doctype html><html><head><title>Home</title>", Reason.NOT_A_FEED),
        (b"just words", Reason.NOT_A_FEED),
        (b"/etc/passwd", Reason.NOT_A_FEED),
        (b"http://127.0.0.1:1/feed", Reason.NOT_A_FEED),
        (b"{broken", Reason.NOT_A_FEED),
        (b'{"items": []}', Reason.NOT_A_FEED),
        (b'{"version": 1, "items": []}', Reason.NOT_A_FEED),
        (b"[" * 100_000, Reason.NOT_A_FEED),
        (b"<urlset><url>", Reason.NOT_A_FEED),
        (b"\x1f\x8bbroken", Reason.NOT_A_FEED),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', Reason.HOSTILE_MARKUP),
        (b"<a>" * 50_000, Reason.NOT_A_FEED),
        (b"<rss>" + b"<a>" * 10_000, Reason.HOSTILE_MARKUP),
        (b"<rss><channel><item><a " + b"b='c' " * 20_000, Reason.HOSTILE_MARKUP),
        (b"<urlset>" + b"<" * 600_000, Reason.HOSTILE_MARKUP),
        (b'<!DOCTYPE r [<!ENTITY a "<b>">]><rss><channel>&a;</channel></rss>', Reason.HOSTILE_MARKUP),
        (b'<!DOC<!DOCTYPE a>TYPE r [<!ENTITY a "b">]><rss><channel/></rss>', Reason.HOSTILE_MARKUP),
        (b"<opml><head/></opml>", Reason.NOT_A_FEED),
        (gzip.compress(bytes(parse_module.MAX_BYTES + 1)), Reason.NOT_A_FEED),
    ],
)
def test_what_is_no_feed_is_rejected_with_its_reason(body, reason):
    with pytest.raises(RejectedError) as caught:
        parse(body, url=URL, content_type=None)

    assert caught.value.reason is reason


def test_a_home_page_is_rejected_with_a_hint():
    with pytest.raises(RejectedError, match="finds the feeds"):
        parse(b"<html><body>", url=URL, content_type="text/html")


def test_an_entity_from_outside_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    body = f'<!DOCTYPE r [<!ENTITY s SYSTEM "file://{secret}">]>'.encode() + rss(
        "<item><title>&s;</title><link>http://a.example/</link></item>"
    )
    feed = parse(body, url=URL, content_type=None)

    assert "secret" not in repr(feed)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "items",
    [
        ["<item><link>http://a.example/</link><author>", "a" * 97_000, "</author></item>"],
        ["<item><link>http://a.example/</link><author>", "&#97;" * 97_000, "</author></item>"],
        ["<item><link>http://a.example/</link>", *(f"<category>{i}</category>" for i in range(20_000)), "</item>"],
        ["<item><link>http://a.example/</link><description>", "&lt;!--" * 40_000, "</description></item>"],
    ],
)
def test_fields_made_to_take_quadratic_time_do_not(items):
    assert len(parse(rss(*items), url=URL, content_type=None).entries) == 1


@pytest.mark.timeout(5)
def test_entities_that_multiply_are_never_defined():
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(20))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "{"a" * 1000}">{levels}]>'.encode()
    (entry,) = parse(
        bomb + rss("<item><link>http://a.example/</link><title>&e20;</title></item>"), url=URL, content_type=None
    ).entries

    assert entry.title == "&e20;"


@pytest.mark.parametrize(
    "broken", ["&#xD83D;&#xDE00;", "&#x110000;", "&#99999999999999999999;", "<feedburner:origLink a='b'/>"]
)
def test_what_feedparser_stumbles_over_costs_nothing_else(broken):
    feed = parse(rss(f"<item><link>http://a.example/</link><title>Tea {broken}</title>"), url=URL, content_type=None)

    assert [(entry.url, entry.title) for entry in feed.entries] == [("http://a.example/", "Tea")]


@pytest.mark.timeout(5)
@pytest.mark.parametrize("space", ["&#32;", "&#10;", "&nbsp;", "&#x0D; &#9;\u2003", "&#10;&nbsp;"])
def test_a_run_of_spaces_made_to_take_quadratic_time_does_not(space):
    body = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/1'/><content type='xhtml'>" + space * 100_000

    assert len(parse(body.encode(), url=URL, content_type=None).entries) == 1


@pytest.mark.timeout(5)
def test_an_encoding_declaration_made_to_take_cubic_time_does_not():
    body = b"<?xml " + b"encoding='' " * 1_500 + rss("<item><link>http://a.example/</link></item>")

    assert len(parse(body, url=URL, content_type=None).entries) == 1


def test_entries_are_capped(monkeypatch):
    monkeypatch.setattr(parse_module, "MAX_ENTRIES", 3)
    many = [f"<item><link>http://a.example/{i}</link></item>" for i in range(10)]
    items = [{"url": f"http://a.example/{i}"} for i in range(10)]
    as_json = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()

    assert len(parse(rss(*many), url=URL, content_type=None).entries) == 3
    assert len(parse(as_json, url=URL, content_type=None).entries) == 3


WITH_DATE = {
    "rss": "<rss><channel><language>{1}</language><item><link>{2}</link><pubDate>{0}</pubDate></item></channel></rss>",
    "broken rss": "<rss><channel><language>{1}</language><item><link>{2}</link><pubDate>{0}</pubDate><b></channel>",
    "rdf": (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><dc:language>{1}</dc:language></channel>'
        '<item rdf:about="{2}"><link>{2}</link><dc:date>{0}</dc:date></item></rdf:RDF>'
    ),
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{1}"><entry><link href="{2}"/>'
        "<updated>{0}</updated></entry></feed>"
    ),
    "json": (
        '{{"version": "https://jsonfeed.org/version/1.1", "language": "{1}",'
        ' "items": [{{"url": "{2}", "date_published": "{0}"}}]}}'
    ),
}


@pytest.mark.parametrize("document", WITH_DATE.values(), ids=WITH_DATE)
@pytest.mark.parametrize(
    ("written", "language", "published"),
    [
        ("Mo, 5. Okt. 2026 09:30 MESZ", "de", OCTOBER_5),
        ("lun., 05 oct. 2026 09:30:00 CEST", "fr", OCTOBER_5),
        ("2026/10/5 07:30", "ja", OCTOBER_5),
        ("05/10/2026 07:30", "en-GB", OCTOBER_5),
        ("10/05/2026 07:30", "en-US", OCTOBER_5),
        ("1791185400", "en", OCTOBER_5),
        ("Mon, 05 Oct 2026 13:00:00 IST", "hi", OCTOBER_5),
        ("10. lokakuuta 2026", "sv", None),
        ("Thu, 05 Oct 2028 07:30:00 GMT", "en", None),
    ],
)
def test_a_date_reads_the_same_in_every_dialect(document, written, language, published):
    body = document.format(written, language, "https://paper.example/1").encode()
    (entry,) = parse(body, url=URL, content_type=None, now=OCTOBER_5 + timedelta(weeks=2)).entries

    assert entry.published == published


LONG = "ö" * 300
LARGE = {
    "rss": (
        "<rss><channel><title>T</title>",
        "<item><link>https://a.example/{}</link><title>" + LONG + "</title></item>",
    ),
    "feed": (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom">',
        '<a:entry><a:link href="https://a.example/{}"/><a:title>' + LONG + "</a:title></a:entry>",
    ),
    "rdf": (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel/>',
        "<item><link>https://a.example/{}</link><title>" + LONG + "</title></item>",
    ),
    "urlset": (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        "<url><loc>https://a.example/{}</loc><x>" + LONG + "</x></url>",
    ),
    "json": (
        '{"version": "https://jsonfeed.org/version/1", "items": [',
        '{{"url": "https://a.example/{}", "title": "' + LONG + '"}},',
    ),
}


@pytest.mark.parametrize("kind", LARGE)
@pytest.mark.parametrize("packed", [False, True])
def test_of_a_feed_that_is_too_large_the_first_entries_are_read(monkeypatch, kind, packed):
    head, entry = LARGE[kind]
    body = (head + "".join(entry.format(n) for n in range(500))).encode()
    monkeypatch.setattr(parse_module, "MAX_BYTES", 20_001)
    feed = parse(gzip.compress(body) if packed else body, url=URL, content_type=None)

    found = [entry.url for entry in feed.entries]
    assert found == [f"https://a.example/{n}" for n in range(len(found))]
    assert len(found) > 20_001 // len(entry.encode()) - 2


def test_a_large_feed_whose_first_entry_does_not_end_is_not_read_any_further(monkeypatch):
    monkeypatch.setattr(parse_module, "MAX_BYTES", 1_000)
    body = b"<rss><channel><item><link>https://a.example/1</link><title>" + b"x" * 2_000

    assert len(parse(body, url=URL, content_type=None).entries) == 1


@pytest.mark.parametrize("end", ["</channel></rss>", "<b></channel>"], ids=["well-formed", "broken"])
@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link/><guid>https://a.example/1</guid>", "https://a.example/1"),
        ("<link></link><guid isPermaLink='false'>https://a.example/?p=1</guid>", "https://a.example/?p=1"),
        ("<guid>https://a.example/1</guid><link> </link>", "https://a.example/1"),
        ("<link>#</link><guid>https://a.example/1</guid>", "https://a.example/1"),
        ("<link>#top</link><guid>https://a.example/1</guid>", "https://a.example/1"),
        ("<link>javascript:void(0)</link><guid>https://a.example/1</guid>", "https://a.example/1"),
        ("<link>https://a.example/2</link><guid>https://a.example/1</guid>", "https://a.example/2"),
        ("<link>#</link><guid isPermaLink='false'>17</guid>", None),
        ("<link/><guid>tag:a.example,2026:1</guid>", None),
        ("<link/>", None),
    ],
)
def test_an_entry_without_a_link_has_its_guid(item, url, end):
    feed = parse(f"<rss><channel><item>{item}</item>{end}".encode(), url=URL, content_type=None)

    assert [entry.url for entry in feed.entries] == ([url] if url else [])


def test_an_item_of_json_may_have_nothing_but_an_id():
    items = [{"id": "https://a.example/1"}, {"id": "2"}, {"id": "https://a.example/3", "url": "#"}, {"id": 4}]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": items}

    feed = parse(json.dumps(document).encode(), url=URL, content_type=None)
    assert [entry.url for entry in feed.entries] == ["https://a.example/1", "https://a.example/3"]
