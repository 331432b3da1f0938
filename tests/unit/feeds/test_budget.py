from __future__ import annotations

import pytest

from worker.core.errors import Reason, RejectedError
from worker.feeds.budget import affordable, without_doctype

HEAD = "<rss><channel><item><title>"
URL = "https://paper.example/feed"

MANY_NAMES = HEAD + "".join(f"<p{n}:a xmlns:p{n}='u{n}'/>" for n in range(101))


@pytest.mark.parametrize("part", ["<a/>", "<b></b>", "<!a>", "<?a>", "&amp;" * 12])
def test_feedparser_sees_no_more_than_it_can_read_in_a_second(part):
    kept = affordable(HEAD + part * 21_000, url=URL)

    assert kept.startswith(HEAD + part * 1_000)
    assert kept.count("<") + kept.count("/>") + kept.count("&") / 12 <= 20_001


@pytest.mark.parametrize(
    "text", [HEAD, HEAD + "<br>" * 500, HEAD + "<![CDATA[" + "<a>" * 30_000 + "]]></title>", "<a>" * 9]
)
def test_what_is_cheap_is_left_as_it_is(text):
    assert affordable(text, url=URL) == text


@pytest.mark.parametrize(
    "text", ["<a>" * 3_000, HEAD + "<a " + "b" * 200_000, HEAD + "<a " + "b='c' " * 20_000 + ">", MANY_NAMES]
)
def test_what_is_made_to_be_slow_is_rejected(text):
    with pytest.raises(RejectedError) as caught:
        affordable(text, url=URL)

    assert caught.value.reason is Reason.HOSTILE_MARKUP


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://paper.example/rss-0.91.dtd">',
        "<!doctype rss [<!ENTITY a 'b'> <!ENTITY % c SYSTEM 'http://paper.example/'> ]  >",
        "<!-- -->\n<!DOCTYPE a><!DOCTYPE b []>",
    ],
)
def test_a_doctype_is_cut_out(doctype):
    kept = without_doctype(f"<?pi?>{doctype}<rss>&a;<![CDATA[<!DOCTYPE x>]]></rss>", url=URL)

    assert kept.replace("<!-- -->\n", "") == "<?pi?><rss>&a;<![CDATA[<!DOCTYPE x>]]></rss>"


def test_a_document_of_nothing_but_a_doctype_is_left_alone():
    assert without_doctype("<!DOCTYPE", url=URL) == "<!DOCTYPE"
