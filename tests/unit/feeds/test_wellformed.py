from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from tests.newsroom.feeds import Entry, atom, rss
from worker.core.errors import RejectedError
from worker.feeds.encoding import decode
from worker.feeds.entry import DateReader
from worker.feeds.reference import read_with_feedparser
from worker.feeds.wellformed import read_wellformed

NEWS = Entry("Vote & count", "https://paper.example/vote?a=1&b=2", "<p>It passed.", datetime(2026, 11, 1, tzinfo=UTC))
CORPUS = Path(__file__).parents[2] / "corpus" / "feeds"
URL = "https://paper.example/dir/feed.xml"
READER = DateReader("de", datetime(2026, 11, 30, tzinfo=UTC))


def both(text):
    fast = read_wellformed(text, url=URL, max_entries=5_000, dates=READER)
    try:
        slow = read_with_feedparser(text, url=URL, max_entries=5_000, dates=READER)
    except RejectedError:
        slow = None
    return fast, slow


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xml")), ids=lambda path: path.name)
def test_every_feed_of_the_corpus_reads_the_same(path):
    fast, slow = both(decode(path.read_bytes(), None))

    assert fast in {None, slow}


@pytest.mark.parametrize("document", [rss, atom])
def test_an_ordinary_feed_needs_no_feedparser(document):
    text = document("The Courier", "https://paper.example/", [NEWS]).partition("?>")[2]
    fast, slow = both(text)

    assert fast is not None
    assert fast == slow


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><title>a</item></channel></rss>",
        "<rss><channel><item>&nbsp;</item></channel></rss>",
        "<rss><item/><channel/></rss>",
        "<rss><channel xml:base='http://a.example/'/></rss>",
        "<rss xmlns:dc='https://other.example/'><channel/></rss>",
        "<rss xmlns:content='http://purl.org/dc/elements/1.1/'><channel/></rss>",
        "<rss xmlns:a='https://x.example/' xmlns:b='https://x.example/'><channel/></rss>",
        "<rss><channel><item><item/></item></channel></rss>",
        "<rss><channel><item><title>a<b>c</b></title></item></channel></rss>",
        "<rss><channel><item><description mode='base64'>YQ==</description></item></channel></rss>",
        "<rss><channel><item><links>a</links></item></channel></rss>",
        "<rss><channel><item><published_parsed>a</published_parsed></item></channel></rss>",
        "<rss><channel><item><body>a</body></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'><div/></content></entry></feed>",
        "<rdf xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<rss><channel><item>" + "<x>" * 30 + "</x>" * 30 + "</item></channel></rss>",
    ],
)
def test_what_only_feedparser_knows_is_left_to_it(text):
    assert read_wellformed(text, url=URL, max_entries=5, dates=READER) is None


@pytest.mark.parametrize("end", ["</rss>", "&undeclared;"], ids=["well-formed", "broken"])
def test_feedparser_is_as_others_know_it(end):
    item = "<item><title>Kelp</title><author>ann@paper.org (Ann)</author><category>sea</category></item>"
    text = f"<rss version='2.0'><channel>{item}</channel>{end}"

    assert read_with_feedparser(text, url=URL, max_entries=9, dates=READER).entries == ()
    entry = feedparser.parse(io.BytesIO(text.encode())).entries[0]

    assert (entry.author_detail.name, entry.tags[0].term) == ("Ann", "sea")
