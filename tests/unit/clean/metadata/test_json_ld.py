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
