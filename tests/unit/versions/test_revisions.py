"""From one version of an article to the next, as events that a consumer can apply."""

import re
from datetime import UTC, datetime

import pytest

from worker.contract.selector import Selector
from worker.core.errors import Reason, RejectedError
from worker.core.jobs import Job
from worker.core.records import Article, ContentSegment, Cue, FeedEntry, Page, Span, Speaker, Statement
from worker.versions.alignment import Said, align
from worker.versions.events import article_events
from worker.versions.revisions import content_of, revision, verbs, withdrawal

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TEXT = """“We mend the roof before the winter,” said Ida Lund.

“It leaks in three places,” she said. “Nobody wants buckets in a museum.”

Ola Berg, the treasurer, said: “The money is there.”"""
_SAID = re.compile(r"“[^”]*”")


def version(text=TEXT, headline="A roof is mended", fetched=NOW, speakers=()):
    """Return the events of an article: each quotation is a statement of its sentence's speaker."""
    page = Page("https://paper.example/a", "https://paper.example/a", b"", None, 200, fetched)
    job = Job("a1", 1, page.url, "paper.example", "", FeedEntry(page.url), 1, NOW)
    article = Article(page.url, text, headline=headline)
    return article_events(article, list(said(text, speakers)), job, page, article_id="a1", source="urn:test")


def said(text, speakers=()):
    for number, quote in enumerate(_SAID.finditer(text)):
        start = text.rfind("\n", 0, quote.start()) + 1
        end = len(text) if text.find("\n", quote.end()) < 0 else text.find("\n", quote.end())
        cue = text.find("said", start, end)
        name = speakers[number] if number < len(speakers) else "Ola Berg" if "Ola" in text[start:end] else "Ida Lund"
        yield Statement(
            "direct",
            (ContentSegment(quote.start(), quote.end(), quoted=True),),
            Span(start, end),
            0,
            cue=Cue((Span(cue, cue + 4),), "say") if cue >= 0 else None,
            speaker=Speaker(name),
        )


def update(before, after, number=2):
    return revision(content_of(before), number, after, time=LATER)


def told(new):
    """Return each event but the article's as (verb, wording, wording before, reason)."""
    return [
        (verb.split(".")[1], event.data["text"], event.data.get("previous_text"), event.data.get("reason"))
        for verb, event in zip(verbs(new.events[1:]), new.events[1:], strict=True)
    ]


def test_a_version_is_told_as_its_article_and_the_statements_that_it_caused():
    after = TEXT.replace("three places", "four places") + "\n\n“I am glad,” said Ola Berg."
    new = update(version(), version(after, headline="Roof mended"))

    assert verbs(new.events) == ["article.updated", "statement.amended", "statement.created"]
    assert {event.causationid for event in new.events[1:]} == {new.events[0].id}
    assert {event.time for event in new.events} == {"2026-11-24T09:30:00Z"}
    assert {event.data["article"]["version"] for event in new.events[1:]} == {2}
    about = new.events[0].data
    assert about["version"] == 2
    assert about["changed"] == ["headline", "statement_ids", "text", "text_sha256"]
    assert about["previous_sha256"] == version()[0].data["text_sha256"] != about["text_sha256"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("three places", "four places", ("amended", "“It leaks in four places,”", "“It leaks in three places,”")),
        ("We mend", "We will not mend", ("amended", "“We will not mend the roof before the winter,”", None)),
        (" before the winter", "", ("amended", "“We mend the roof,”", "“We mend the roof before the winter,”")),
        ("The money is there", "No comment", ("amended", "“No comment.”", "“The money is there.”")),
        (" “Nobody wants buckets in a museum.”", "", ("retracted", "“Nobody wants buckets in a museum.”", None)),
    ],
    ids=["a word", "a negation", "cut short", "other words in the same frame", "taken out"],
)
def test_an_edited_quotation_is_told_with_both_wordings(old, new, expected):
    before, after = version(), version(TEXT.replace(old, new))
    found = update(before, after)

    ((verb, text, previous, reason),) = told(found)
    assert (verb, text, reason) == (*expected[:2], "edited")
    assert previous == expected[2] or (expected[2] is None and verb == "retracted") or previous in TEXT
    assert found.events[1].subject in {event.subject for event in before}


def test_a_corrected_speaker_is_an_edit_with_both_names():
    new = update(version(), version(TEXT.replace("Ola Berg, the treasurer,", "Eva Dahl, the treasurer,")))
    (event,) = new.events[1:]

    assert event.data["speaker"]["name"] == "Ida Lund"  # whom the test's reading names where no Ola is
    assert (event.data["previous_speaker"], event.data["changed"]) == ("Ola Berg", ["speaker"])
    assert event.data["reason"] == "edited"


def test_another_reading_of_the_same_page_is_no_edit():
    (event,) = update(version(), version(speakers=["Eva Dahl"])).events[1:]

    assert (event.data["reason"], event.data["changed"]) == ("reread", ["speaker"])


def test_a_moved_paragraph_takes_its_statement_along():
    first, second, third = TEXT.split("\n\n")

    assert verbs(update(version(), version(f"{third}\n\n{first}\n\n{second}")).events) == ["article.updated"]


def test_the_same_words_twice_stay_two_statements():
    twice = "“No,” said Ida.\n\n“No,” said Ola Berg.\n\n“No,” said Ida."
    before = version(twice)
    new = update(before, version(twice.replace("“No,” said Ola Berg.\n\n", "")))

    (gone,) = new.events[1:]
    assert (gone.subject, gone.data["speaker"]) == (before[2].subject, "Ola Berg")


def test_a_new_statement_where_an_old_one_stood_has_an_id_of_its_own():
    before = version("“No,” said Ida.")
    after = version("“No,” said Ida.\n\nA crane came.\n\n“No,” said Ida.")
    (created,) = update(before, after).events[1:]

    assert created.type.endswith("created.v1")
    assert created.subject != before[1].subject


def test_what_was_put_in_and_taken_out_again_comes_back_as_new_events():
    with_money, without = version(), version(TEXT.split("\n\nOla", maxsplit=1)[0])
    one = update(with_money, without)
    two = revision(one.content, 3, with_money, time=LATER)

    assert [one[0] for one in told(two)] == ["created"]
    assert two.events[1].id not in {event.id for event in with_money}
    assert revision(two.content, 4, with_money, time=LATER).events == ()


def test_a_withdrawn_article_takes_back_each_of_its_statements():
    before = version()
    new = withdrawal(content_of(before), 2, Reason.GONE, time=LATER, source="urn:test")

    assert verbs(new.events) == ["article.withdrawn", *["statement.retracted"] * 4]
    assert new.events[0].data == {"id": "a1", "url": "https://paper.example/a", "reason": "gone"}
    assert [event.subject for event in new.events[1:]] == [event.subject for event in before[1:]]
    assert {event.data["reason"] for event in new.events[1:]} == {"withdrawn"}
    assert {event.causationid for event in new.events[1:]} == {new.events[0].id}

    back = revision(new.content, 3, before, time=LATER)
    assert verbs(back.events) == ["article.updated", *["statement.created"] * 4]


def test_a_retracted_statement_says_whose_words_it_was_and_where_they_stood():
    (gone,) = update(version(), version(TEXT.split("\n\nOla", maxsplit=1)[0], headline="Roof")).events[1:]

    assert (gone.data["text"], gone.data["speaker"]) == ("“The money is there.”", "Ola Berg")
    assert (gone.data["article"]["headline"], gone.data["article"]["version"]) == ("A roof is mended", 1)


def test_the_same_change_has_the_same_ids():
    assert update(version(), version("")) == update(version(), version(""))


def test_a_later_fetch_of_the_same_text_is_no_change():
    assert update(version(), version(fetched=LATER)).events == ()


def test_what_another_release_wrote_is_refused_not_guessed():
    with pytest.raises(RejectedError, match="another release"):
        revision("eAGLNtSpro0FAAaVAg4=", 2, version(), time=LATER)


def test_words_made_to_be_searched_for_long_are_found_missing_at_once():
    half = "a" * 100_000

    assert Selector(f"{half}b{half}", 0, 200_001).locate("a" * 1_000_000) is None


def test_statements_as_long_as_articles_are_told_apart_by_how_they_begin():
    before = [Said(f"{n} {'roof' * n} " + "leak" * 50_000, "Ida", "said", "") for n in range(40)]
    after = [Said("Now " + said.text, "Ida", "said", "") for said in before]

    assert align(before, after) == {n: n for n in range(40)}
