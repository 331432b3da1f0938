import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.clean import clean, clean_fragment
from worker.clean.decode import decode
from worker.errors import Reason, RejectedError
from worker.records import Article, NotArticle, Page

CORPUS = Path(__file__).parents[2] / "corpus" / "pages"
URL = "https://saltgazette.example/news/ferry-vote"
ATTRIBUTES = b" ".join(b"a%d" % n for n in range(50_000))
RANDOM = random.Random(1).randbytes(3_000)


def page(body: bytes, **kept: str) -> Page:
    return Page(url=URL, final_url=URL, body=body, **kept)


def article(body: bytes) -> Article:
    result = clean(page(body))
    assert isinstance(result, Article), result
    return result


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.json")))
def test_a_page_of_the_corpus_gives_what_is_expected_of_it(name):
    expected = json.loads((CORPUS / f"{name}.json").read_text("utf-8"))

    found = article((CORPUS / f"{name}.html").read_bytes())

    for field in ("headline", "language", "site_name"):
        assert getattr(found, field) == expected[field]
    assert list(found.authors) == expected["authors"]
    assert found.published is not None
    assert found.published.value.isoformat() == expected["published"]
    assert [text for text in expected["has"] if text not in found.text] == []
    assert [text for text in expected["lacks"] if text in found.text] == []


def test_blocks_cover_the_text_and_are_joined_by_blank_lines():
    found = article((CORPUS / "harbour_en.html").read_bytes())

    assert "\n\n".join(found.text[block.start : block.end] for block in found.blocks) == found.text


def test_reservations_and_addresses_are_read():
    found = article((CORPUS / "harbour_en.html").read_bytes())

    assert found.rights == ("robots: noai",)
    assert found.canonical_url == URL
    assert found.image == "https://saltgazette.example/img/ferry.jpg"
    assert found.is_free is True


def test_a_quotation_keeps_its_kind_and_its_marks():
    found = article((CORPUS / "harbour_en.html").read_bytes())

    quoted = [found.text[block.start : block.end] for block in found.blocks if block.kind == "quotation"]
    assert quoted == ["“A bridge takes you over the water. A ferry takes you to it,” one sign at the pier read."]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_an_undeclared_encoding_gives_the_same_text(encoding):
    markup = (CORPUS / "observatory_de.html").read_text("utf-8")

    found = article(markup.replace('<meta charset="utf-8">', "").encode(encoding))

    assert found.text == article(markup.encode()).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_legacy_encoding_is_no_binary(encoding):
    markup = (CORPUS / "orchard_ja.html").read_text("utf-8")

    found = article(markup.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding, "xmlcharrefreplace"))

    assert found.text == article(markup.encode()).text


def test_stray_controls_make_no_page_binary():
    assert decode(b"<p>\x0b\x0bKelp was landed.", None, URL) == b"<p>\x0b\x0bKelp was landed."


def test_a_wrong_declaration_does_not_spoil_utf_8():
    markup = (CORPUS / "observatory_de.html").read_bytes().replace(b"utf-8", b"iso-8859-1", 1)

    assert "„Wir haben jede Schraube" in article(markup).text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"  \n", Reason.EMPTY),
        (b"%PDF-1.7 ...", Reason.NOT_TEXT),
        (b"\x89PNG\r\n", Reason.NOT_TEXT),
        (RANDOM, Reason.NOT_TEXT),
        (b"\xef\xbb\xbf" + RANDOM, Reason.NOT_TEXT),
        (b"\xff\xfe" + RANDOM, Reason.NOT_TEXT),
        (b"<html><body><p>A text before it." + b"<p>Kelp." * 700 + RANDOM, Reason.NOT_TEXT),
        (b"<i>" * 20_000 + b"<p>x" * 20_000, Reason.HOSTILE_MARKUP),
        (b"<div>" * 90_000, Reason.HOSTILE_MARKUP),
        (b"<p>" * 200_000, Reason.TOO_LARGE),
        (b"<p>" + b"kelp " * 3_000_000, Reason.TOO_LARGE),
        (b"<p " + ATTRIBUTES + b">kelp", Reason.HOSTILE_MARKUP),
        (b'<p a"b ' + ATTRIBUTES + b">kelp", Reason.HOSTILE_MARKUP),
        (b"<p a=b'c " + ATTRIBUTES + b">kelp", Reason.HOSTILE_MARKUP),
        (b"<p>kelp</p " + ATTRIBUTES + b">", Reason.HOSTILE_MARKUP),
        (b'<p a"b>' + b"<div>" * 90_000 + b'<p a"b>', Reason.HOSTILE_MARKUP),
    ],
    ids=[
        "empty",
        "pdf",
        "png",
        "random",
        "marked UTF-8",
        "marked UTF-16",
        "after a text",
        "formatting",
        "nesting",
        "tags",
        "15 MB",
        "attributes",
        "attributes, a quotation mark in a name",
        "attributes, a quotation mark in a value",
        "attributes of a closing tag",
        "nesting, a quotation mark in a name",
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(body, reason):
    with pytest.raises(RejectedError) as rejected:
        clean(page(body))

    assert rejected.value.reason is reason


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<title>404 Not Found</title><p>Nothing here.</p>", Reason.NOT_AN_ARTICLE),
        ("<title>Just a moment...</title><p>Checking your browser.</p>", Reason.INTERSTITIAL),
        ("<title>Ferries</title><ul><li><a href=/a>One</a></ul>", Reason.NO_TEXT),
    ],
)
def test_a_page_that_is_no_article_says_what_it_is(markup, reason):
    result = clean(page(markup.encode()))

    assert isinstance(result, NotArticle)
    assert result.reason is reason


@pytest.mark.parametrize(
    "markup",
    ["&amp;" * 500_000, "<!-- " * 20_000, "\0" * 100_000, "<select>" + "<option>kelp" * 3_000],
    ids=["entities", "unclosed comments", "NUL", "options"],
)
def test_hostile_markup_is_read_or_refused(markup):
    try:
        result = clean(page(b"<html><body><p>Kelp.</p>" + markup.encode()))
    except RejectedError as rejected:
        assert rejected.reason in {Reason.NOT_TEXT, Reason.HOSTILE_MARKUP, Reason.TOO_LARGE}  # noqa: PT017
    else:
        assert isinstance(result, Article | NotArticle)


def test_a_page_of_teasers_is_no_article():
    teaser = (
        "<li><a href=/{0}><h3>Council votes on pier {0}</h3></a><p>The vote on pier {0} was close, and long.</p></li>"
    )
    river = "".join(teaser.format(number) for number in range(12))

    result = clean(page(f"<title>Latest</title><h1>Latest stories</h1><ul>{river}</ul>".encode()))

    assert isinstance(result, NotArticle)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text("<>/=\"' abp!-&;\x00\xad", max_size=200).map(str.encode))
def test_any_bytes_give_an_article_or_a_reason(body):
    try:
        result = clean(page(b"<html><body>" + body))
    except RejectedError as rejected:
        reasons = {Reason.EMPTY, Reason.NOT_TEXT, Reason.HOSTILE_MARKUP, Reason.TOO_LARGE}
        assert rejected.reason in reasons  # noqa: PT017 - either way out is right
    else:
        assert isinstance(result, Article | NotArticle)


def test_a_summary_loses_its_markup_and_keeps_its_words():
    assert clean_fragment("<p>Ferry&nbsp;kept</p><p>by <b>vote</b></p><script>x()</script>") == "Ferry kept by vote"


@given(st.text(max_size=200))
def test_a_cleaned_fragment_is_one_line(html):
    assert "\n" not in clean_fragment(html)
