from __future__ import annotations

import base64

import pytest

from worker.core.errors import Reason, RejectedError
from worker.core.urls import MAX_URL_CHARS, article_id, canonical_url, check_url, host_of, printable_url


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:/", "http://example.org/"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://ann:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/..", "https://example.org/"),
        ("https://example.org/../../a/.", "https://example.org/a/"),
        ("https://example.org/%2e%2e/a", "https://example.org/a"),
        ("https://example.org/%7eann/%e4", "https://example.org/~ann/%E4"),
        ("https://example.org/a b|c", "https://example.org/a%20b%7Cc"),
        ("https://example.org/größe", "https://example.org/gr%C3%B6%C3%9Fe"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%2%35", "https://example.org/%2525"),
        ("https://example.org/?b=2&a=1&b=1", "https://example.org/?b=2&a=1&b=1"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?x=&&y", "https://example.org/a?x=&y"),
        ("https://example.org/a?utm_source=rss&id=7&fbclid=Ab", "https://example.org/a?id=7"),
        ("https://example.org/a?UTM_Medium=x", "https://example.org/a"),
        ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("https://www.google.com/amp/s/paper.example/a?x=1", "https://paper.example/a?x=1"),
        ("https://paper-example.cdn.ampproject.org/c/s/paper.example/a", "https://paper.example/a"),
        ("https://paper-example.cdn.ampproject.org/v/paper.example/a", "http://paper.example/a"),
        ("https://www.google.com/amp/", "https://www.google.com/amp/"),
    ],
)
def test_every_spelling_becomes_the_canonical_one(given_url, canonical):
    assert canonical_url(given_url) == canonical


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("/a/b", "a relative URL"),
        ("", "a relative URL"),
        ("https:///a", "names no host"),
        ("https:example.org", "names no host"),
        ("http://exa mple.org/", "not valid"),
        ("http://example..org/", "not valid"),
        ("http://-a.example/", "not valid"),
        ("http://good.example\\@evil.example/", "not valid"),
        ("http://example.org:99999/", "ort out of range"),
        ("http://example.org:x/", "ort could not"),
        ("http://[::1", "IPv6"),
        ("http://[fe80::1%25eth0]/", "not valid"),
        ("http://2130706433/", "2130706433"),
        ("http://127.1/", "127.1"),
        ("http://0x7f000001/", "0x7f000001"),
        ("http://0177.0.0.1/", "0177"),
        ("http://\uff11\uff12\uff17.\uff11/", "127.1"),
        ("http://a\ud800.example/", "not valid"),
        ("http://example.org/\ud800", "surrogates"),
        ("http://" + "a" * 250 + ".org/", "not valid"),
        ("http://example.org/" + "a" * MAX_URL_CHARS, "longer than"),
    ],
)
def test_what_cannot_be_fetched_is_refused_with_a_sentence(url, says):
    with pytest.raises(RejectedError) as caught:
        check_url(url)

    assert caught.value.reason is Reason.BAD_URL
    assert says in caught.value.detail


@pytest.mark.parametrize(
    "variant",
    [
        "http://paper.example/news/vote",
        "https://www.paper.example/news/vote/",
        "https://paper.example/news/vote?utm_source=feed#top",
        "https://paper.example/news/vote/amp",
        "https://paper.example/news/vote/amp/",
        "https://paper.example/amp/news/vote",
        "https://amp.paper.example/news/vote",
        "https://m.paper.example/news/vote?amp=1",
        "https://paper.example/news/vote?outputType=amp",
        "https://paper.example//news//vote",
        "https://paper.example/news/vote/index.html",
        "https://paper.example/news/vote/index.php",
        "https://paper.example/news/vote/print",
        "https://paper.example/print/news/vote/",
        "https://paper.example/news/vote?print=1",
        "https://paper.example/news/vote?view=print",
        "https://mobil.paper.example/news/vote?m=1",
        "https://touch.paper.example/news/vote",
        "https://www2.paper.example/news/vote",
        "https://paper.example/news/vote;jsessionid=0A1B2C.node3",
        "https://paper.example/news/vote?PHPSESSID=0a1b2c",
        "https://paper.example/news/vote?gad_source=1&srsltid=Af&mibextid=Zx&_kx=a.b&irclickid=7&piwik_kwd=a",
        "https://www.google.com/amp/s/www.paper.example/news/vote/amp/",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/news/vote?usqp=mq331AQ",
    ],
)
def test_variants_of_one_article_share_its_identity(variant):
    assert article_id(variant) == article_id("https://paper.example/news/vote")


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/news/vote?id=2",
        "https://paper.example/news/Vote",
        "https://sport.paper.example/news/vote",
        "https://paper.example:8443/news/vote",
        "https://paper.example/news/vote/ramp",
        "https://paper.example/news/vote/print-is-dead",
        "https://paper.example/news/vote/indexes.html",
        "https://paper.example/news/vote?print=2",
        "https://paper.example/news/vote;page=2",
    ],
)
def test_different_articles_have_different_identities(other):
    assert article_id(other) != article_id("https://paper.example/news/vote")


def test_an_identity_is_32_hex_digits():
    assert len(bytes.fromhex(article_id("https://paper.example/a"))) == 16


def test_the_host_keeps_a_port_that_is_not_the_default():
    assert host_of(canonical_url("https://Paper.example:443/a")) == "paper.example"
    assert host_of(canonical_url("https://paper.example:8443/a")) == "paper.example:8443"


def test_a_printable_url_has_no_credentials_and_no_controls():
    printed = printable_url("https://ann:secret@paper.example/\x1b[31m\n" + "a" * 500)

    assert printed.startswith("https://paper.example/?[31m?aaa")
    assert len(printed) == 200


OLD_GOOGLE_NEWS = base64.urlsafe_b64encode(b'\x08\x13"\x1ahttps://paper.example/pier\xd2\x01\x00').decode().rstrip("=")
NEW_GOOGLE_NEWS = base64.urlsafe_b64encode(b'\x08\x13"\x40AU_yqLO' + b"x" * 60).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://www.google.com/url?rct=j&sa=t&url=https://paper.example/pier&ct=ga&usg=A", "https://paper.example/pier"),
        ("https://google.co.uk/url?q=https%3A%2F%2Fpaper.example%2Fpier%3Fa%3D1", "https://paper.example/pier?a=1"),
        ("http://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fpaper.example%2fpier&c=1",
         "https://paper.example/pier"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fpier%3Futm_source%3Dfb", "https://paper.example/pier"),
        ("https://duckduckgo.com/l/?uddg=https%3A%2F%2Fpaper.example%2Fpier", "https://paper.example/pier"),
        ("https://www.google.com/url?url=https%3A%2F%2Fwww.google.com%2Furl%3Furl%3Dhttps%3A%2F%2Fpaper.example%2Fpier",
         "https://paper.example/pier"),
        (f"https://news.google.com/rss/articles/{OLD_GOOGLE_NEWS}?oc=5", "https://paper.example/pier"),
        (f"https://news.google.com/articles/{NEW_GOOGLE_NEWS}", f"https://news.google.com/articles/{NEW_GOOGLE_NEWS}"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://www.google.com/url?url=http://user@1", "https://www.google.com/url?url=http://user@1"),
        ("https://www.google.com/url", "https://www.google.com/url"),
        ("https://www.google.com/search?q=https://paper.example/", "https://www.google.com/search?q=https://paper.example/"),
        ("https://google.com.evil.example/url?url=https://paper.example/", "https://google.com.evil.example/url?url=https://paper.example/"),
    ],
)  # fmt: skip
def test_a_link_of_an_aggregator_becomes_the_address_that_it_states(link, address):
    assert canonical_url(link) == address
    assert canonical_url(address) == address


def test_a_mobile_host_within_a_name_is_folded():
    assert article_id("https://en.m.wiki.example/Pier") == article_id("https://en.wiki.example/Pier")
    assert article_id("https://m.example/Pier") != article_id("https://example/Pier")


def test_a_session_id_is_not_fetched():
    assert canonical_url("https://a.example/x;JSESSIONID=7?y=1") == "https://a.example/x?y=1"
