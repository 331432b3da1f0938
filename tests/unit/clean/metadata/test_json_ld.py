from typing import Any

import pytest

from worker.clean.metadata.json_ld import article_of, read_linked_data, text_of, types_of

ARTICLE = '{"@type": "NewsArticle", "headline": "Kelp landed"}'


def headline(script: str) -> str:
    return text_of(article_of(read_linked_data((script,))).get("headline"))


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"<!-- {ARTICLE} -->",
        f"/* <![CDATA[ */ {ARTICLE} //]]>",
        ARTICLE.replace("landed", "\nlanded").replace("Kelp \n", "Kelp\n ").replace("\n ", "\t").replace("\t", " "),
        ARTICLE.replace("}", ",}"),
        ARTICLE + ";",
        ARTICLE + "}",
        f"{ARTICLE} {ARTICLE}",
        f"[[{ARTICLE}]]",
        ARTICLE.replace("Kelp", r"\ud83dKelp"),
    ],
    ids=["whole", "comment", "CDATA", "plain", "comma", "semicolon", "bracket", "two", "lists", "half a pair"],
)
def test_broken_json_is_read_as_far_as_it_can_be(script):
    assert headline(script) == "Kelp landed"


def test_escaped_pairs_and_backslashes_stay_whole():
    assert headline(ARTICLE.replace("Kelp", r"\ud83d\ude00 \\ud83d").replace("}", ",}")) == "😀 \\ud83d landed"


@pytest.mark.parametrize("script", ["", "null", "3", "[" * 100_000, '{"a":' * 100_000, '{"a": 1' + "0" * 9_000 + ",}"])
def test_what_is_no_data_gives_no_objects(script):
    assert read_linked_data((script,)) == []


def test_a_text_is_looked_for_a_few_lists_deep():
    deep: Any = "Kelp"
    for _ in range(500):
        deep = [deep]

    assert text_of([["", [{"name": "Kelp"}]]]) == "Kelp"
    assert text_of(deep) == ""


def test_types_are_names_without_their_vocabulary():
    assert types_of({"@type": ["https://schema.org/NewsArticle", 7, ["Person"]]}) == {"newsarticle"}


def test_references_are_resolved_and_may_name_one_another():
    script = """{"@graph": [
        {"@type": "NewsArticle", "@id": "#a", "headline": "K", "author": [{"@id": "#p"}], "image": {"@id": "#i"}},
        {"@type": "Person", "@id": "#p", "name": "Mara Quist", "owns": {"@id": "#a"}},
        {"@type": "ImageObject", "@id": "#i", "url": "https://kelp.example/a.jpg", "creator": {"@id": "#none"}}]}"""
    article = article_of(read_linked_data((script,)))

    assert article["author"] == [{"@type": "Person", "@id": "#p", "name": "Mara Quist"}]
    assert article["image"]["url"] == "https://kelp.example/a.jpg"


@pytest.mark.parametrize(
    ("own", "addresses", "titles"),
    [
        ('"url": "https://kelp.example/b/"', ("http://kelp.example/b",), ()),
        ('"mainEntityOfPage": {"@id": "https://kelp.example/b"}', ("https://kelp.example/b",), ()),
        ('"@id": "https://kelp.example/b#article"', ("https://kelp.example/b",), ()),
        ('"genre": "news"', ("https://kelp.example/b",), ("kelp landed",)),
    ],
    ids=["url", "page", "id", "headline"],
)
def test_of_several_articles_the_pages_own_counts(own, addresses, titles):
    other = """{"@type": "NewsArticle", "headline": "Cod landed", "datePublished": "2026-01-02",
        "author": "Milo Brandt", "url": "https://kelp.example/c"}"""
    nodes = read_linked_data((other, ARTICLE.replace("}", f", {own}}}")))

    assert article_of(nodes, addresses, titles)["headline"] == "Kelp landed"
    assert article_of(nodes)["headline"] == "Cod landed"


@pytest.mark.parametrize(
    ("script", "headline", "authors"),
    [
        ('{"@type": "Article", "headline": "Kelp: "never again", says she", "author": {"name": "Mara Quist"}}',
         'Kelp: "never again", says she', ["Mara Quist"]),
        ('{"@type": "Article", "headline": "Kelp", "author": [{"name": "Mara Quist"}, {"name": "Milo Brandt"}], "x"',
         "Kelp", ["Mara Quist", "Milo Brandt"]),
        ('{"@type": "Article", "headline": "Kelp", "author": [{"name": "Mara Quist"}]}'.replace('"', "&quot;"),
         "Kelp", ["Mara Quist"]),
    ],
    ids=["quotation marks", "cut off", "references"],
)  # fmt: skip
def test_an_error_costs_no_more_than_its_field(script, headline, authors):
    article = article_of(read_linked_data((script,)))
    stated = article["author"] if isinstance(article["author"], list) else [article["author"]]

    assert article["headline"] == headline
    assert [author["name"] for author in stated] == authors
