from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.clean.decode import decode as decode_page
from worker.core.encodings import codecs_of, decode, labels_in
from worker.feeds.encoding import decode as decode_feed

#: A label as it is sent, a codec that Python writes it with, and words that need the superset.
WRITTEN = [
    ("Shift_JIS", "cp932", "港の工事は①と㈱堀で"),
    ("x-sjis", "cp932", "髙田さんの話 ～ 港"),
    ("windows-31j", "cp932", "№7の埠頭"),
    ("ms_kanji", "cp932", "港"),
    ("EUC-JP", "euc_jis_2004", "第①埠頭"),
    ("x-euc-jp", "euc_jp", "埠頭の工事"),
    ("ISO-2022-JP", "iso2022_jp", "埠頭の工事"),
    ("euc-kr", "cp949", "햏과 뷁 부두"),
    ("ks_c_5601-1987", "cp949", "부두 공사 뷁"),
    ("windows-949", "cp949", "부두"),
    ("big5", "big5hkscs", "佢哋喺碼頭嗰度"),
    ("big5-hkscs", "big5hkscs", "碼頭嘅工程"),
    ("cn-big5", "cp950", "碼頭恒隆裏"),
    ("gb2312", "gb18030", "码头由朱镕基和喆命名"),
    ("x-gbk", "gb18030", "码头€"),
    ("windows-874", "cp874", "ท่าเรือ “ใหม่” …"),
    ("tis-620", "cp874", "ท่าเรือ – ใหม่"),
    ("iso-8859-11", "cp874", "ท่าเรือ"),
    ("iso-8859-1", "cp1252", "“Kai” – 5 €"),
    ("us-ascii", "cp1252", "Größe"),
    ("iso-8859-9", "cp1254", "“İskele” ğ"),
    ("iso-8859-2", "iso8859_2", "Přístav žluťoučký"),
    ("x-cp1251", "cp1251", "Причал"),
    ("koi8-ru", "koi8_u", "Причал їжак"),
    ("ibm866", "cp866", "Причал"),
    ("windows-1256", "cp1256", "الميناء"),
    ("iso-8859-8-i", "iso8859_8", "הנמל"),
    ("windows-1253", "cp1253", "Λιμάνι"),
    ("windows-1258", "cp1258", "Câng"),
    ("utf8", "utf-8", "Größe 港"),
    ("UTF-8-BOM", "utf-8", "Größe 港"),
    ("unicode", "utf-8", "Größe 港"),
]


@pytest.mark.parametrize(("label", "codec", "text"), WRITTEN)
def test_a_label_means_for_a_feed_and_a_page_what_it_means_for_browsers(label, codec, text):
    feed = f"<rss><title>{text}</title></rss>"
    page = f'<html><head><meta charset="{label}"></head><p>{text}</p>'

    assert decode_feed(feed.encode(codec), f"text/xml; charset={label}") == feed
    assert decode_feed(f"<?xml version='1.0' encoding='{label}'?>{feed}".encode(codec), "text/xml") == feed
    assert decode_page(page.encode(codec), "text/html", "https://a.example/").decode() == page


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ('text/xml; charset="utf-8"', ["utf-8"]),
        ("text/xml; charset=utf8; charset=windows-1251", ["utf8", "windows-1251"]),
        ("text/xml; charset: koi8-r", ["koi8-r"]),
        ("text/xml;CHARSET = 'big5'", ["big5"]),
        ("text/xml", []),
        (None, []),
    ],
)
def test_a_header_names_its_charsets_however_it_writes_them(header, labels):
    assert labels_in(header) == labels


@pytest.mark.parametrize(
    "label", ["", "idna", "punycode", "utf-7", "rot13", "base64", "undefined", "no-such", "\0", "x" * 99]
)
def test_what_is_no_charset_has_no_codec(label):
    assert codecs_of(label) == ()


def test_utf_8_outranks_every_label():
    assert decode("Größe".encode(), ["windows-1251", "utf-16"]) == "Größe"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF32_BE, "utf-32-be")],
)
def test_a_mark_outranks_the_rest(mark, codec):
    assert decode(mark + "Größe".encode(codec), ["windows-1251"]) == "Größe"
    assert decode(mark + mark + "Größe".encode(codec), []) == "Größe"


def test_a_wide_text_without_a_mark_is_read_by_its_label():
    assert decode("Größe".encode("utf-16-le"), ["utf-16-le"]) == "Größe"


def test_utf_8_with_a_broken_byte_stays_utf_8():
    assert decode("Größe und Maß".encode() + b"\xc3 Ende", ["utf-8"]) == "Größe und Maß\ufffd Ende"


def test_what_calls_itself_utf_8_and_is_none_of_it_is_windows_1252():
    assert decode("Größe – klein".encode("cp1252"), ["utf-8"]) == "Größe – klein"


def test_a_broken_character_costs_no_other_one():
    assert decode("港の工事".encode("cp932") + b"\x81", ["shift_jis"]).startswith("港の工事")


@given(
    st.binary(max_size=300),
    st.lists(st.sampled_from([label for label, _, _ in WRITTEN] + ["utf-16", "hz"]), max_size=3),
)
def test_any_bytes_become_a_text(body, labels):
    assert isinstance(decode(body, labels), str)
