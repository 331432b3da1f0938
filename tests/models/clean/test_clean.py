import time

import pytest

from tests.unit.clean.test_clean import LINKED, MOST_SECONDS, page
from worker.clean import clean
from worker.core.errors import Reason, RejectedError
from worker.core.records import Article, NotArticle

ATTRIBUTES = b" ".join(b"a%d" % n for n in range(50_000))


@pytest.mark.parametrize(
    "markup",
    [
        "&amp;" * 500_000,
        "<!-- " * 20_000,
        "\0" * 100_000,
        "<select>" + "<option>kelp" * 90_000,
        "<a" * 99_000,
        "<svg><td>" * 40_000,
        "<time>" * 900 + "ke lp " * 600_000,
        "<time>Mon 12 of March 2020, at sea</time>" * 30_000,
        "a" + "\u0301\u0323" * 200_000,
        LINKED.format('"articleBody": "' + "kelpa" * 390_000 + '"') + "<p>" * 6_000 + "kelpa" * 13,
        LINKED.format('"name": "-->' + " " * 300_000 + 'x",'),
        LINKED.format('"articleBody": "<i ' + ATTRIBUTES.decode() + '>Kelp"'),
        '<script>x="' + '\\"' * 1_000_000 + "</script>",
        '<script>x="<p>' + '<p>\\"a\\":{' * 200_000 + '"</script>',
        "<p " + ATTRIBUTES.decode() + ">kelp",
        "<p>kelp</p " + ATTRIBUTES.decode() + ">",
        "".join(f"<body a{number}>" for number in range(50_000)),
        ("<p " + " ".join(f"class={number}" for number in range(1_000)) + ">x") * 400,
        "<p " + "title='" + "kelp " * 700_000 + "'>kelp",
        "<p" + " " * 3_000_000 + ">kelp",
        "<p>" + "<a><b><i><em><font><s><u>" * 3 + "x" + "</p><p>x" * 20_000,
        "<button>" + "<span>" * 900 + "</p><li></dd>" * 30_000,
        "</b></table></x>" * 30_000,
        "<table>" * 900 + "<tr><td>" * 40_000,
        "<" * 3_000_000,
        "</" * 1_500_000,
        "<script>" + "</scrip" * 400_000,
        "<frameset><math><noembed><noframes><noscript><select><svg><template><xmp><script>" + "</s" * 5_000_000,
        "<title>\U0001f980" + "ab " * 5_000_000,
        "<a>" + "&ltx" * 3_900_000 + "<p>",
    ],
    ids=[
        "entities",
        "unclosed comments",
        "NUL",
        "options",
        "a long name",
        "foreign content",
        "nested times",
        "many times",
        "combining marks",
        "a long body in JSON-LD",
        "spaces in JSON-LD",
        "attributes in a body in JSON-LD",
        "escaped quotation marks in a script",
        "data in a string in a script",
        "attributes",
        "attributes of a closing tag",
        "attributes of the body, in many tags",
        "classes, a thousand in each of many tags",
        "a long attribute",
        "spaces in a tag",
        "formatting elements that are opened again",
        "closing tags that look far for what they close",
        "closing tags that close nothing",
        "tables in tables",
        "beginnings of tags",
        "beginnings of closing tags",
        "a script that nothing closes",
        "many elements that nothing closes",
        "a long title",
        "a long text in a link",
    ],
)
def test_hostile_markup_is_read_or_refused_in_time(markup):
    started = time.process_time()
    try:
        result = clean(page(b"<html><body><p>Kelp.</p>" + markup.encode()))
    except RejectedError as rejected:
        assert rejected.reason in {Reason.NOT_TEXT, Reason.HOSTILE_MARKUP, Reason.TOO_LARGE}  # noqa: PT017
    else:
        assert isinstance(result, Article | NotArticle)
    assert time.process_time() - started < MOST_SECONDS
