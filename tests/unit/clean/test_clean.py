import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from worker.clean import clean, clean_fragment
from worker.clean.decode import decode
from worker.clean.jsonl import to_full_json
from worker.core.errors import Reason, RejectedError
from worker.core.records import Article, NotArticle, Page
from worker.feeds.entry import plain_text

CORPUS = Path(__file__).parents[2] / "corpus" / "pages"
URL = "https://saltgazette.example/news/ferry-vote"
LINKED = '<script type="application/ld+json">{{"@type": "NewsArticle", {}}}</script>'
PARAGRAPH = b"<p>" + b"Kelp was landed at the pier on Monday morning, they say. " * 8 + b"</p>"
#: CPU of a slow machine.
MOST_SECONDS = 4
RANDOM = random.Random(1).randbytes(3_000)


def page(body: bytes, **kept: Any) -> Page:
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


def test_a_program_gets_every_field():
    found = article((CORPUS / "harbour_en.html").read_bytes())

    given = json.loads(json.dumps(to_full_json(found, "1")))

    assert [given["text"][block["start"] : block["end"]] for block in given["blocks"]] == found.text.split("\n\n")
    assert (given["standfirst"], given["rights"]) == (found.standfirst, list(found.rights))


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
        (b'<p a"b>' + b"<div>" * 90_000 + b'<p a"b>', Reason.HOSTILE_MARKUP),
        (b"<div></x>" * 49_000, Reason.HOSTILE_MARKUP),
        (b"<li><dd>" * 49_000, Reason.HOSTILE_MARKUP),
        (b'<!x <y a=">' + b"<div>" * 90_000, Reason.HOSTILE_MARKUP),
        (b'<title><x a="</title>' + b"<div>" * 90_000, Reason.HOSTILE_MARKUP),
        (b"".join(b"<b a%d></u>" % number for number in range(6_000)) + b"<p>x" * 6_000, Reason.HOSTILE_MARKUP),
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
        "nesting, a quotation mark in a name",
        "nesting, closing tags of others",
        "nesting, lists",
        "nesting, a quotation mark in a comment",
        "nesting, a quotation mark in a title",
        "formatting, closing tags of others",
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


@pytest.mark.parametrize("field", ["author", "headline", "articleBody", "@type", "image", "publisher", "datePublished"])
def test_linked_data_may_nest_any_field(field):
    deep = LINKED.format(f'"{field}": ' + "[" * 900 + '"Kelp"' + "]" * 900)

    assert isinstance(clean(page(deep.encode() + PARAGRAPH)), Article)


def test_halves_of_pairs_reach_no_field():
    stated = r"2020-01-01T10:00 http://kelp.example/\ud800"
    fields = ", ".join(f'"{name}": "{stated}"' for name in ("image", "license", "datePublished", "author", "headline"))

    found = article(LINKED.format(fields).encode() + PARAGRAPH)

    repr_of_all = [found.image, *found.rights, found.published.raw, found.headline]
    assert all(text.encode() for text in repr_of_all)


@pytest.mark.parametrize("label", ["idna", "punycode", "undefined", "raw_unicode_escape", "unicode_escape", "utf-7"])
def test_an_encoding_of_no_charset_is_passed_over(label):
    body = f"<meta charset={label}>".encode() + PARAGRAPH + b"<p>Kelp\\ud800 \xe9</p>"

    assert "Kelp\\ud800 é" in decode(body, None, URL).decode()


@pytest.mark.parametrize("stated", ["&amp;#" + "1" * 6_000, "²²²²²²²²²²"])
def test_numbers_that_python_cannot_read_are_no_numbers(stated):
    head = f"<meta name=description content='{stated}'><meta name=date content='{stated}'>"

    assert article(head.encode() + PARAGRAPH).published is None


def test_a_page_whose_address_is_none_is_read():
    found = clean(
        Page(url="http://[", final_url="http://[", body=LINKED.format('"headline": "Kelp"').encode() + PARAGRAPH)
    )

    assert isinstance(found, Article)


def test_a_script_may_end_in_the_middle_of_a_character():
    cut = LINKED.format('"headline": "Kelp é').encode().partition(b"\xa9")[0]

    assert article(PARAGRAPH + cut + b"\xa9").headline is None


def test_what_nothing_closes_hides_nothing_after_it():
    assert "Kelp was landed" in article(b"<svg><select><template>" + PARAGRAPH).text


def test_marks_beyond_those_of_any_writing_are_dropped():
    marked = "<p>" + "Kelp was landed. " * 20 + "e" + "\u0323\u0301" * 50 + "</p>"

    assert article(marked.encode()).text.count("\u0301") == 15


def test_a_page_of_teasers_is_no_article():
    teaser = (
        "<li><a href=/{0}><h3>Council votes on pier {0}</h3></a><p>The vote on pier {0} was close, and long.</p></li>"
    )
    river = "".join(teaser.format(number) for number in range(12))

    result = clean(page(f"<title>Latest</title><h1>Latest stories</h1><ul>{river}</ul>".encode()))

    assert isinstance(result, NotArticle)


def test_a_summary_loses_its_markup_and_keeps_its_words():
    assert clean_fragment("<p>Ferry&nbsp;kept</p><p>by <b>vote</b></p><script>x()</script>") == "Ferry kept by vote"


@pytest.mark.parametrize("read", [clean_fragment, lambda text: plain_text(text, 200)])
def test_a_summary_may_name_no_character_and_pile_up_marks(read):
    started = time.process_time()

    assert read("<p>Kelp &#" + "1" * 6_000 + "; landed") == "Kelp \ufffd landed"
    assert read("e" + "\u0301\u0323" * 200_000).startswith("\u1eb9")
    assert time.process_time() - started < MOST_SECONDS
