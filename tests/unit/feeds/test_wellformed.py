from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.errors import RejectedError
from worker.feeds.encoding import decode
from worker.feeds.reference import read_with_feedparser
from worker.feeds.wellformed import _WHOLE, read_wellformed

CORPUS = Path(__file__).parents[2] / "corpus" / "feeds"
URL = "https://paper.example/dir/feed.xml"


def both(text):
    fast = read_wellformed(text, url=URL, max_entries=5_000)
    try:
        slow = read_with_feedparser(text, url=URL, max_entries=5_000)
    except RejectedError:
        slow = None
    return fast, slow


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xml")), ids=lambda path: path.name)
def test_every_feed_of_the_corpus_reads_the_same(path):
    fast, slow = both(decode(path.read_bytes(), None))

    assert fast in {None, slow}


WORDS = st.sampled_from(
    [
        "", "  ", "Rain", " Rain &amp; wind ", "&lt;p&gt;one&lt;/p&gt; two", "<![CDATA[<b>three</b> &amp; four]]>", "Größe",
        "GrÃ¶Ãe", "&#150;", "&#x20AC;", "AT&amp;amp;T", "a<!-- no -->b", "&#10;x", "a:b", "{[",
    ]
)  # fmt: skip
LINKS = st.sampled_from(
    [
        "", "https://a.example/1", " http://a.example/2?x=1&amp;y=2 ", "/3", "4", "http:////a.example//5", "?q=1", "#top",
        "//b.example/6", "mailto:a@b.example", "tag:a.example,2026:7", "urn:uuid:8", "https://a.example/?b&amp;amp;c=1",
        "http://[", "https://ä.example/ö", "http://a.example/../9", "HTTP://A.example/10", "https://a.example/a;b?c#d",
        "javascript:alert(1)", "https://a.example/x?&copy;=1".replace("&copy;", "&amp;copy;"), "http://a.example/?", "a b",
    ]
)  # fmt: skip
DATES = st.sampled_from(
    [
        "", "Mon, 05 Oct 2026 07:30:00 GMT", "2026-10-05T09:30:00+02:00", "Mon, 31 Feb 2026 07:30:00 +0000", "soon",
        "2026-10-05", "5 Oct 26", "Mon Oct  5 07:30:00 2026", "2026-10-05T07:30:60Z", "05/10/2026", "9999-12-31T23:59:59-12:00",
    ]
)  # fmt: skip
TEXTS = (
    "title dc:title media:title description dc:description media:description itunes:summary summary content:encoded "
    "atom:summary atom:title dc:creator category comments itunes:title atom:rights unknown other:thing"
).split()
MOMENTS = "pubDate dc:date atom:published atom:updated dcterms:issued dcterms:modified dcterms:created lastBuildDate".split()


def element(name, attributes, inside):
    return f"<{name}{attributes}>{inside}</{name}>"


PART = st.one_of(
    st.builds(element, st.sampled_from(TEXTS), st.sampled_from(["", "", ' type="html"', ' type="text"', ' k="v"']), WORDS),
    st.builds(element, st.sampled_from(MOMENTS), st.just(""), DATES),
    st.builds(element, st.sampled_from(["link", "atom:link", "feedburner:origLink"]), st.just(""), LINKS),
    st.builds(element, st.just("guid"), st.sampled_from(["", ' isPermaLink="false"', ' isPermaLink="true"']), LINKS),
    st.builds(element, st.just("atom:id"), st.just(""), LINKS),
    st.builds(
        '<atom:link rel="{}" href="{}"{}/>'.format,
        st.sampled_from(["alternate", "self", "hub", "Next", "prev-archive", "enclosure", "replies"]),
        LINKS,
        st.sampled_from(["", ' type="text/html"', ' type="application/json"']),
    ),
    st.builds('<atom:link href="{}"/>'.format, LINKS),
    st.builds('<source url="{}">{}</source>'.format, LINKS, WORDS),
    st.builds('<enclosure url="{}" length="1" type="audio/mpeg"/>'.format, LINKS),
    st.just("<author><name>Ida</name><email>ida@a.example</email></author>"),
    st.just("<georss:point>1 2</georss:point>"),
    st.just("<ttl>30</ttl>"),
)  # fmt: skip
GROUP = st.builds(
    element,
    st.sampled_from(["media:group", "media:content", "other:box", "source", "atom:source", "media:thumbnail"]),
    st.sampled_from(["", ' url="u"']),
    st.lists(PART, max_size=3).map("".join),
)
PARTS = st.lists(st.one_of(PART, PART, PART, GROUP), max_size=7).map("\n".join)
IMAGE = st.builds(
    "<image>{}<url>u</url><link>l</link></image>".format,
    st.sampled_from(["", "<title>Logo</title>", "<title/>"]),
)
ITEMS = st.lists(st.builds(element, st.just("item"), st.just(""), PARTS), max_size=3).map("".join)
SPACES = "".join(
    f' xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "atom": "http://www.w3.org/2005/Atom",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "georss": "http://www.georss.org/georss",
        "other": "https://other.example/ns",
    }.items()
)
RSS = st.builds(
    f'<rss version="2.0"{SPACES}><channel>{{}}{{}}{{}}{{}}</channel></rss>'.format,
    PARTS, st.one_of(st.just(""), IMAGE), ITEMS, PARTS,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(RSS)
def test_generated_rss_reads_the_same(text):
    fast, slow = both(text)

    assert fast in {None, slow}
