from __future__ import annotations

from urllib.parse import urljoin

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.feeds.test_wellformed import URL, both
from worker.feeds.entry import WHOLE_URL

WORDS = st.sampled_from(
    [
        "", "  ", "Rain", " Rain &amp; wind ", "&lt;p&gt;one&lt;/p&gt; two", "<![CDATA[<b>three</b> &amp; four]]>",
        "Größe",
        "GrÃ¶Ãe", "&#150;", "&#x20AC;", "AT&amp;amp;T", "a<!-- no -->b", "&#10;x&#10;&#13; &#160;y", "a:b", "{[",
    ]
)  # fmt: skip


LINKS = st.sampled_from(
    [
        "", "https://a.example/1", " http://a.example/2?x=1&amp;y=2 ", "/3", "4", "http:////a.example//5", "?q=1",
        "//b.example/6", "mailto:a@b.example", "tag:a.example,2026:7", "urn:uuid:8", "https://a.example/?b&amp;amp;c=1",
        "http://[", "https://ä.example/ö", "http://a.example/../9", "HTTP://A.example/10", "https://a.example/a;b?c#d",
        "javascript:alert(1)", "https://a.example/x?&amp;copy;=1", "http://a.example/?", "a b",
        "/a&#10;&#10;b&#32;&#160;c",
    ]
)  # fmt: skip


DATES = st.sampled_from(
    [
        "", "Mon, 05 Oct 2026 07:30:00 GMT", "2026-10-05T09:30:00+02:00", "Mon, 31 Feb 2026 07:30:00 +0000", "soon",
        "2026-10-05", "5 Oct 26", "Mo, 5. Okt. 2026 09:30 MESZ", "2026/10/5", "1791185400",
        "Fri, 01 Jan 2099 00:00:00 GMT",
        "Mon Oct  5 07:30:00 2026", "2026-10-05T07:30:60Z", "9999-12-31T23:59:59-12:00",
    ]
)  # fmt: skip


TEXTS = (
    "title dc:title media:title description dc:description media:description itunes:summary summary content:encoded "
    "atom:summary atom:title dc:creator category comments itunes:title atom:rights unknown other:thing"
)


MOMENTS = "pubDate dc:date atom:published atom:updated dcterms:issued dcterms:modified dcterms:created lastBuildDate"


def element(name, attributes, inside):
    return f"<{name}{attributes}>{inside}</{name}>"


ATTRIBUTES = st.sampled_from(["", "", ' type="html"', ' type="text"', ' k="v"'])


PART = st.one_of(
    st.builds(element, st.sampled_from(TEXTS.split()), ATTRIBUTES, WORDS),
    st.builds(element, st.sampled_from(MOMENTS.split()), st.just(""), DATES),
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


SOURCE = st.builds('<source url="{}">{}</source>'.format, LINKS, WORDS)


HEAD = st.lists(PART, max_size=5).map("\n".join)


PARTS = st.lists(st.one_of(PART, PART, PART, GROUP, SOURCE), max_size=7).map("\n".join)


IMAGE = st.builds(
    "<image>{}<url>u</url><link>l</link></image>".format,
    st.sampled_from(["", "<title>Logo</title>", "<title/>"]),
)


def entries(name):
    return st.lists(
        st.builds(
            element, st.just(name), st.sampled_from(["", ' about="x"', ' rdf:about="https://a.example/about"']), PARTS
        ),
        min_size=1,
        max_size=3,
    ).map("".join)


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


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


FEEDS = st.one_of(
    st.builds(
        f'<rss version="2.0"{SPACES} xmlns:rdf="{RDF}"><channel>{{}}{{}}{{}}{{}}</channel></rss>'.format,
        HEAD,
        st.one_of(st.just(""), IMAGE),
        entries("item"),
        HEAD,
    ),
    st.builds(
        f'<feed xmlns="http://www.w3.org/2005/Atom"{SPACES} xmlns:rdf="{RDF}">{{}}{{}}</feed>'.format,
        HEAD,
        entries("entry"),
    ),
    st.builds(
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="{RDF}"{SPACES}>'
        "<channel>{}</channel>{}{}</rdf:RDF>".format,
        HEAD,
        st.one_of(st.just(""), IMAGE),
        entries("item"),
    ),
)


@settings(max_examples=20, deadline=None)
@given(FEEDS)
def test_a_well_formed_feed_reads_as_feedparser_reads_it(text):
    fast, slow = both(text)

    assert fast in {None, slow}


@settings(max_examples=40)
@given(
    st.text("az09/.,~%+:@!()*-=&?", max_size=20).map("https://a.example/{}".format),
    st.sampled_from([URL, "http://b.example"]),
)
def test_a_whole_url_is_its_own_resolution(url, base):
    assert not WHOLE_URL.fullmatch(url) or urljoin(base, url) == url
