from __future__ import annotations

import pytest

from worker.core.errors import Reason, RejectedError
from worker.feeds.opml import OpmlOutline, read_opml, write_opml

LIST = b"""<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Local"><outline text="Mill" type="rss" xmlUrl="https://mill.example/feed" htmlUrl="https://mill.example/"/>
<outline title="Again" XMLURL="https://mill.example/feed"/></outline>
<outline text="Valley" xmlurl="http://valley.example/rss"/><outline text="Bad" xmlUrl="file:///etc/passwd"/></body></opml>"""


def test_a_list_of_another_reader_is_understood():
    assert read_opml(LIST, subject="mine.opml") == [
        OpmlOutline("https://mill.example/feed", "Mill", "Local"),
        OpmlOutline("http://valley.example/rss", "Valley", None),
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not xml", Reason.NOT_A_FEED),
        (b"<opml><body>", Reason.NOT_A_FEED),
        (b'<!DOCTYPE o [<!ENTITY a "aaaa">]><opml/>', Reason.HOSTILE_MARKUP),
    ],
)
def test_a_broken_or_hostile_list_is_rejected(body, reason):
    with pytest.raises(RejectedError) as caught:
        read_opml(body, subject="list")

    assert caught.value.reason is reason


def test_a_deeply_nested_list_is_read():
    body = (
        b"<opml>" + b"<outline>" * 5_000 + b"<outline xmlUrl='http://a.example/'/>" + b"</outline>" * 5_000 + b"</opml>"
    )

    assert read_opml(body, subject="list") == [OpmlOutline("http://a.example/")]


def test_ampersands_that_nobody_escaped_are_understood():
    body = b"<opml><body><outline text='A & B &lt; C' xmlUrl='http://a.example/?x=1&y=2&amp;z=3'/></body></opml>"

    assert read_opml(body, subject="list") == [OpmlOutline("http://a.example/?x=1&y=2&z=3", "A & B < C")]


def test_a_name_with_controls_is_written_without():
    body = write_opml([OpmlOutline("http://a.example/", "A\x00\x1b[2JB", "F\x08")], title="T")

    assert read_opml(body, subject="list") == [OpmlOutline("http://a.example/", "A [2JB", "F")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_list_in_another_encoding_is_read(encoding):
    body = "<opml><body><outline text='Größe' xmlUrl='http://a.example/'/></body></opml>".encode(encoding)

    assert read_opml(body, subject="list")[0].title == "Größe"
