"""The newsroom's content: sources, pages, gold and bulk; nothing here listens."""

import re
from html import unescape

import pytest

from tests.newsroom.bulk import Wire
from tests.newsroom.expected import expected
from tests.newsroom.render import DRESSES, path_of, render
from tests.newsroom.site import without_tracking
from tests.newsroom.story import Block, seed_story, stories

STORIES = list(stories())
GOLD = expected()


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_page_shows_every_block_and_no_mark(story):
    html = render(story)

    assert [block.text for block in story.blocks if block.text not in text_of(html)] == []
    assert not re.search(r"\{\w+\|", html)


def test_every_template_is_used():
    assert {story.template for story in STORIES} == set(DRESSES)


def test_no_two_stories_share_a_path():
    assert len({path_of(story) for story in STORIES}) == len(STORIES)


def test_the_feeds_share_two_stories():
    assert len([story for story in STORIES if len(story.feeds) == 2]) == 2


def test_twelve_english_stories_and_more_have_gold_statements():
    marked = [gold for gold in GOLD.values() if gold.statements]

    assert len(marked) >= 12
    assert {gold.language for gold in marked} == {"en"}


@pytest.mark.parametrize("gold", [gold for gold in GOLD.values() if gold.statements], ids=lambda gold: gold.slug)
def test_gold_statements_stand_in_their_paragraph(gold):
    for statement in gold.statements:
        _, text = gold.blocks[statement.paragraph]
        assert [part for part in (*statement.segments, *statement.quoted) if part not in text] == []


@pytest.mark.parametrize("gold", [gold for gold in GOLD.values() if gold.statements], ids=lambda gold: gold.slug)
def test_every_quotation_of_a_marked_story_is_in_a_gold_statement(gold):
    """Quoted single words (scare quotes) may be left out; whole quoted clauses may not."""
    marked = {quoted for statement in gold.statements for quoted in statement.quoted}
    clauses = {quoted.strip() for text in gold.paragraphs for quoted in re.findall(r"“([^”]{40,})”", text)}

    assert {clause for clause in clauses if clause not in marked} <= UNATTRIBUTED


# Quoted from documents and signs, by nobody who is named.
UNATTRIBUTED = {"the roof should be regarded as being near the end of its life"}


def test_a_split_quotation_is_one_direct_statement():
    first = GOLD["ferry-engine-fire"].statements[0]

    assert (first.speaker, first.kind, len(first.segments)) == ("Ilse Brandt", "direct", 2)


def test_a_partly_quoted_clause_is_mixed_and_an_unquoted_one_indirect():
    kinds = {statement.kind for statement in GOLD["dam-talks"].statements}

    assert kinds == {"direct", "mixed", "indirect"}


def test_an_anonymous_source_has_no_name():
    assert None in {statement.speaker for statement in GOLD["chip-plant-strike"].statements}


def test_a_plain_text_becomes_a_story(tmp_path):
    plain = tmp_path / "article.txt"
    plain.write_text("Headline here\nFirst paragraph.\n\nA sub-heading\nSecond paragraph.\n", encoding="utf-8")

    story = seed_story(plain)

    assert story.headline == "Headline here"
    assert story.blocks == (
        Block("paragraph", "First paragraph."),
        Block("heading", "A sub-heading"),
        Block("paragraph", "Second paragraph."),
    )


def test_tracking_parameters_do_not_change_the_page():
    assert without_tracking("/cgi/story.php?id=7&utm_source=rss") == "/cgi/story.php?id=7"
    assert without_tracking("/a?at_medium=x") == "/a"


def test_bulk_pages_are_the_same_each_time_and_different_from_one_another():
    pages = {Wire().page(n) for n in range(30)}

    assert pages == {Wire().page(n) for n in range(30)}
    assert len(pages) == 30
    assert not pages & {Wire(seed=1).page(n) for n in range(30)}


def test_bulk_pages_have_the_size_of_real_ones_and_show_their_statements():
    for n in range(24):
        page, story = Wire().page(n), Wire().story(n)
        assert 30_000 <= len(page) <= 300_000
        assert 4 <= len(story.statements) <= 12
        assert [said for said in story.statements if said.words not in page.decode()] == []


def test_a_bulk_update_adds_to_its_article():
    wire = Wire()

    assert len(wire.story(5, 1).paragraphs) == len(wire.story(5).paragraphs) + 1


def test_a_bulk_feed_lists_what_is_out_newest_first():
    wire = Wire(hosts=4, articles=40, duplicated=0)

    links = re.findall(r'rel="alternate" href="([^"]+)"', wire.feed(1, 3).decode())

    assert links == [wire.url(9), wire.url(5), wire.url(1)]


def test_a_duplicated_bulk_article_is_in_two_feeds():
    wire = Wire(hosts=2, articles=2, duplicated=1)

    assert wire.url(0) in wire.feed(0, 1).decode()
    assert f"{wire.url(0)}?utm_source" in wire.feed(1, 1).decode()
