"""When an article was published, by what its page shows: many languages, several dates, dates of other days."""

import pytest

from worker.clean.html.tokeniser import read_tree
from worker.clean.metadata.fields import read_metadata
from worker.core.records import Moment


def published(body: str, language: str = "en", head: str = "") -> Moment | None:
    html = (
        f'<html lang="{language}"><head>{head}</head><body><h1>A new lock for Ostrand</h1>{body}</body></html>'.encode()
    )
    url = "https://ostrand.example/lock"
    return read_metadata(url, read_tree(html, url), html).published


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Publié le 9 février 2026 à 18h30", "2026-02-09T18:30"),
        ("de", "9. Mai 2026, 07.05 Uhr", "2026-05-09T07:05"),
        ("pl", "9 października 2026", "2026-10-09T00:00"),
        ("fi", "9. huhtikuuta 2026", "2026-04-09T00:00"),
        ("ar", "٩ مارس ٢٠٢٦", "2026-03-09T00:00"),
        ("ko", "2026년 3월 9일 오후 6:05", "2026-03-09T18:05"),
        ("en-US", "Posted 3/9/2026", "2026-03-09T00:00"),
        ("en-GB", "Posted 3/9/2026", "2026-09-03T00:00"),
        ("en", "Mara Quist | 9 March 2026 | 4 min read", "2026-03-09T00:00"),
        ("en", "9 lutego 2026", "2026-02-09T00:00"),
    ],
)
def test_a_line_of_any_language_states_a_date(language, text, expected):
    found = published(f'<p class="date">{text}</p>', language)

    assert found is not None
    assert found.value.isoformat()[:16] == expected


def test_a_zone_behind_the_time_is_read():
    found = published(
        "", head='<meta property="article:published_time" content="2026-03-09 18:05:00 EST">', language="en-US"
    )

    assert found is not None
    assert (found.value.isoformat(), found.tz_known) == ("2026-03-09T23:05:00+00:00", True)


@pytest.mark.parametrize(
    "body",
    [
        '<p class="date">Updated: 12 March 2026</p><p class="date">Published: 9 March 2026</p>',
        '<p class="date">Updated 12 March 2026, first published 9 March 2026</p>',
        '<p class="date">9 March 2026, last modified 12 March 2026</p>',
    ],
)
def test_a_change_is_no_publication(body):
    found = published(body)

    assert found is not None
    assert found.value.date().isoformat() == "2026-03-09"


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("<figure><figcaption>The old lock in May 2019</figcaption></figure>", "en"),
        ("<p>The council of Ostrand had voted for it on 9 March 2021.</p>", "en"),
        ("<p>The old lock, built 1904 and rebuilt in 1951</p>", "en"),
        ('<p class="date">Updated 12 March 2026</p>', "en"),
        ('<p class="date">3/9/2026</p>', "en"),
        ('<p class="date">31 February 2026</p>', "en"),
        ('<p class="date">Lock 12, gate 2026</p>', "en"),
    ],
    ids=["caption", "sentence", "years", "a change alone", "two meanings", "no such day", "numbers"],
)
def test_no_date_is_better_than_a_wrong_one(body, language):
    assert published(body, language) is None
