"""What a further look at an article comes to: without a store, a network or a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.errors import Reason, RejectedError
from worker.core.jobs import Job, Recheck
from worker.core.outcomes import Outcome
from worker.core.records import Article, ContentSegment, Cue, FeedEntry, NotArticle, Page, Span, Speaker, Statement
from worker.versions import rechecks
from worker.versions.events import article_events
from worker.versions.revisions import content_of, verbs

URL = "https://paper.example/roof"
FOUND = datetime(2026, 11, 30, 6, tzinfo=UTC)
NOW = FOUND + timedelta(hours=4)
HOURS = timedelta(hours=1)
WORDS = "We mend the roof before the winter."
TERMS = rechecks.RecheckTerms(timedelta(minutes=15), timedelta(days=3), missing_checks=2, missing_wait=HOURS)
EDITED = "We mend the roof when there is money."
JOB = Job("a1", 3, URL, "paper.example", "f1", FeedEntry(URL), 1, FOUND, page_ref="page-2")


def version(words=WORDS, headline="A roof is mended", speaker="Ida Lund", **fields):
    """Return the events of an article with one quotation."""
    text = f"“{words}” said Ida Lund."
    cue = text.find("said")
    statement = Statement(
        "direct",
        (ContentSegment(0, len(words) + 2, quoted=True),),
        Span(0, len(text)),
        0,
        cue=Cue((Span(cue, cue + 4),), "say"),
        speaker=Speaker(speaker),
    )
    article = Article(URL, text, headline=headline, **fields)
    page = Page(URL, URL, b"", None, 200, FOUND)
    return article_events(article, [statement], JOB, page, article_id="a1", source="urn:test")


KNOWN = Recheck(4, "a1", content_of(version()), "page-1", {}, 0, is_withdrawn=False)


def compared(events):
    return rechecks.compared(JOB, KNOWN, events, TERMS, NOW)


def failed(reason, known=KNOWN):
    return rechecks.failed(JOB, known, RejectedError(reason, URL, "the server answered"), TERMS, NOW, source="urn:test")


def test_the_next_look_is_when_the_age_has_doubled():
    minutes, age = [], timedelta(minutes=4)
    while wait := rechecks.next_wait(age, TERMS):
        age += wait
        minutes.append(age / timedelta(minutes=1))

    assert minutes == [19, 38, 76, 152, 304, 608, 1216, 2432]


def test_what_changed_is_looked_at_sooner():
    assert rechecks.next_wait(8 * HOURS, TERMS) == 8 * HOURS
    assert rechecks.next_wait(8 * HOURS, TERMS, changed=True) == 4 * HOURS


def test_nobody_looks_after_some_days():
    assert rechecks.next_wait(TERMS.until / 2, TERMS) == TERMS.until / 2
    assert rechecks.next_wait(TERMS.until / 2 + HOURS, TERMS) is None


def test_the_age_counts_from_the_earliest_that_is_known():
    assert rechecks.unchanged(JOB, TERMS, NOW).wait == 4 * HOURS
    listed = replace(JOB, entry=FeedEntry(URL, published=FOUND - 3 * HOURS))
    assert rechecks.unchanged(listed, TERMS, NOW).wait == 7 * HOURS
    assert rechecks.unchanged(replace(JOB, entry=FeedEntry(URL, published=NOW)), TERMS, NOW).wait == 4 * HOURS
    assert rechecks.unchanged(JOB, TERMS, FOUND - HOURS).wait == TERMS.first  # a clock that is late


def test_the_first_look_goes_by_what_the_page_says():
    assert rechecks.first_wait(JOB, FOUND - 2 * HOURS, TERMS, NOW) == 6 * HOURS
    assert rechecks.first_wait(JOB, None, TERMS, NOW) == 4 * HOURS
    assert rechecks.first_wait(JOB, datetime(2020, 1, 1, tzinfo=UTC), TERMS, NOW) is None


def test_an_article_from_a_file_is_never_looked_at_again():
    assert rechecks.first_wait(replace(JOB, host="file.invalid"), FOUND, TERMS, NOW) is None


def test_what_is_the_same_is_unchanged():
    assert compared(version()) == rechecks.unchanged(JOB, TERMS, NOW)
    assert rechecks.unchanged(JOB, TERMS, NOW) == rechecks.RecheckDecision(Outcome.UNCHANGED, 4 * HOURS)


def test_an_image_alone_is_no_new_version_and_beside_an_edit_it_is_told():
    assert compared(version(image="https://paper.example/2.jpg")).outcome is Outcome.UNCHANGED
    both = compared(version(headline="A roof leaks", image="https://paper.example/2.jpg"))
    assert both.detail == "article.updated headline, image"


def test_another_headline_is_an_update_without_statements():
    decision = compared(version(headline="A roof leaks"))

    assert (decision.outcome, verbs(decision.events)) == (Outcome.UPDATED, ["article.updated"])
    assert decision.detail == "article.updated headline"


def test_a_statement_that_is_read_differently_is_told_though_the_article_is_the_same():
    decision = compared(version(speaker="Ola Berg"))

    assert (decision.outcome, decision.detail) == (Outcome.UPDATED, "article.updated; 1 statement amended")


def test_an_edited_quotation_is_told_with_the_new_content_and_its_page():
    decision = compared(version(EDITED))

    assert (decision.outcome, decision.reason, decision.is_missing) == (Outcome.UPDATED, None, False)
    assert verbs(decision.events) == ["article.updated", "statement.amended"]
    assert decision.detail == "article.updated text, text_sha256; 1 statement amended"
    assert [event.data.get("version") for event in decision.events] == [5, None]
    assert {event.time for event in decision.events} == {"2026-11-30T10:00:00Z"}
    assert decision.wait == 2 * HOURS
    assert decision.page_ref == "page-2"
    again = replace(KNOWN, version=5, content=decision.content)
    assert rechecks.compared(JOB, again, version(EDITED), TERMS, NOW).outcome is Outcome.UNCHANGED


def test_a_page_without_an_article_or_with_another_one_takes_nothing_back():
    none = rechecks.no_article(JOB, NotArticle(Reason.NO_TEXT), TERMS, NOW)
    other = rechecks.another_article(JOB, "https://paper.example/", TERMS, NOW)

    assert none == rechecks.unchanged(JOB, TERMS, NOW, "no article now (no_text), left as it is")
    assert other == rechecks.unchanged(JOB, TERMS, NOW, "another article now (https://paper.example/), left as it is")
    assert none.events == other.events == ()


def test_a_page_that_is_gone_is_withdrawn_with_its_statements():
    decision = failed(Reason.GONE)

    assert (decision.outcome, decision.reason, decision.is_missing) == (Outcome.WITHDRAWN, Reason.GONE, False)
    assert verbs(decision.events) == ["article.withdrawn", "statement.retracted"]
    assert decision.detail == "article.withdrawn; 1 statement retracted"
    assert decision.events[0].data["reason"] == "gone"
    assert {event.source for event in decision.events} == {"urn:test"}
    assert (decision.page_ref, decision.wait) == ("", 2 * HOURS)
    back = replace(KNOWN, version=5, content=decision.content)
    assert verbs(rechecks.compared(JOB, back, version(), TERMS, NOW).events) == ["article.updated", "statement.created"]


def test_only_a_second_404_in_a_row_is_believed():
    first, second = failed(Reason.NOT_FOUND), failed(Reason.NOT_FOUND, replace(KNOWN, missing=1))

    assert (first.outcome, first.reason, first.wait) == (Outcome.RECHECK_FAILED, Reason.NOT_FOUND, TERMS.missing_wait)
    assert (first.is_missing, first.events, first.content) == (True, (), "")
    assert first.detail == "the server answered"
    assert (second.outcome, second.reason, second.is_missing) == (Outcome.WITHDRAWN, Reason.NOT_FOUND, False)


def test_a_failure_that_says_nothing_of_the_article_leaves_it_as_it_is():
    decision = failed(Reason.SERVER_ERROR, replace(KNOWN, missing=1))

    assert (decision.outcome, decision.reason) == (Outcome.RECHECK_FAILED, Reason.SERVER_ERROR)
    assert (decision.wait, decision.is_missing, decision.events) == (4 * HOURS, False, ())


@pytest.mark.parametrize("reason", [Reason.GONE, Reason.NOT_FOUND])
def test_what_was_withdrawn_is_not_withdrawn_again(reason):
    decision = failed(reason, replace(KNOWN, is_withdrawn=True, missing=5))

    assert (decision.outcome, decision.wait, decision.events) == (Outcome.RECHECK_FAILED, 4 * HOURS, ())
    assert decision.is_missing is (reason is Reason.NOT_FOUND)


def test_what_may_not_be_fetched_any_more_is_never_looked_at_again():
    decision = rechecks.refused(Reason.ROBOTS_DENIED, "by robots.txt")

    assert decision == rechecks.RecheckDecision(
        Outcome.RECHECK_FAILED, None, Reason.ROBOTS_DENIED, "by robots.txt", is_missing=False
    )
