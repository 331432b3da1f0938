from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.core.errors import Reason, RejectedError, TransientError
from worker.fetch.response import MAX_RETRY_AFTER, Response, check_page, check_status, fresh_for, retry_after

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
PAGE = b"<!doctype html><title>A</title><p>text"
PROSE = b"<p>The ferry waited for an hour while two officers looked through every bag on the quay.</p>" * 20


def answer(status=200, body=PAGE, url="https://paper.example/a", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, url, named, body, timedelta(seconds=0.1))


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (400, RejectedError, Reason.HTTP_ERROR),
        (401, RejectedError, Reason.HTTP_ERROR),
        (403, RejectedError, Reason.HTTP_ERROR),
        (404, RejectedError, Reason.NOT_FOUND),
        (410, RejectedError, Reason.GONE),
        (408, TransientError, Reason.SERVER_ERROR),
        (425, TransientError, Reason.SERVER_ERROR),
        (429, TransientError, Reason.THROTTLED),
        (500, TransientError, Reason.SERVER_ERROR),
        (501, RejectedError, Reason.HTTP_ERROR),
        (503, TransientError, Reason.THROTTLED),
        (521, TransientError, Reason.SERVER_ERROR),
        (204, RejectedError, Reason.HTTP_ERROR),
        (206, RejectedError, Reason.HTTP_ERROR),
        (302, RejectedError, Reason.HTTP_ERROR),
        (999, RejectedError, Reason.HTTP_ERROR),
    ],
)
def test_a_status_means_later_or_never(status, error, reason):
    with pytest.raises(error) as caught:
        check_status(answer(status), now=NOW)

    assert caught.value.reason is reason


def test_a_body_or_the_word_that_nothing_changed():
    assert check_status(answer(200), now=NOW)
    assert not check_status(answer(304), now=NOW)


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_server_that_says_when_to_return_is_throttling(status):
    with pytest.raises(TransientError) as caught:
        check_status(answer(status, retry_after="120"), now=NOW)

    assert (caught.value.reason, caught.value.retry_after) == (Reason.THROTTLED, timedelta(minutes=2))


def test_403_from_a_host_that_used_to_answer_is_throttling():
    with pytest.raises(TransientError):
        check_status(answer(403), now=NOW, had_success=True)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta(0)),
        (" 90 ", timedelta(seconds=90)),
        ("999999999", MAX_RETRY_AFTER),
        ("Mon, 05 Oct 2026 12:01:30 GMT", timedelta(seconds=90)),
        ("Mon, 05 Oct 2020 12:01:30 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER),
        ("-5", None),
        ("soon", None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, wait):
    assert retry_after(value, now=NOW) == wait


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (answer(content_type="image/png"), Reason.WRONG_TYPE),
        (answer(content_type="application/pdf"), Reason.WRONG_TYPE),
        (answer(content_type="text/plain", body=b"words"), Reason.WRONG_TYPE),
        (answer(body=b" \n"), Reason.EMPTY),
        (answer(body=b"<html>\x00\x01\x02"), Reason.NOT_TEXT),
        (answer(cf_mitigated="challenge"), Reason.INTERSTITIAL),
        (answer(url="https://consent.paper.example/collect"), Reason.INTERSTITIAL),
        (answer(url="https://paper.example/cookiewall?to=/a"), Reason.INTERSTITIAL),
        (answer(url="https://paper.example/user/login?return=/a"), Reason.INTERSTITIAL),
        (answer(url="https://accounts.paper.example/v1/a"), Reason.INTERSTITIAL),
        (answer(body=b"<title> Verifying you are human. </title>"), Reason.INTERSTITIAL),
        (answer(body=b"<TITLE>Making sure you&#39;re not a bot!</TITLE>"), Reason.INTERSTITIAL),
        (answer(body=b"<script src='https://abc.token.awswaf.com/x/challenge.js'>"), Reason.INTERSTITIAL),
        (answer(body=b"Reference <a href='https://errors.edgesuite.net/18.2'>"), Reason.INTERSTITIAL),
        (answer(body=b"<title>Cookie consent</title><button>Accept all"), Reason.INTERSTITIAL),
        (answer(body=b"<title>Attention Required! | Shield</title>"), Reason.INTERSTITIAL),
    ],
)
def test_what_cannot_be_an_article_is_rejected(response, reason):
    with pytest.raises(RejectedError) as caught:
        check_page(response)

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "response",
    [
        answer(content_type="text/html; charset=utf-8"),
        answer(content_type="application/xhtml+xml"),
        answer(url="https://paper.example/news/login-chaos-at-the-bank"),
        answer(url="https://identity.example/news/consent"),
        answer(url="https://id.paper.example/berita/1"),
        answer(body=b"<title>Cookie consent banners are on their way out</title><p>text"),
        answer(content_type="text/plain"),
        answer(),
        answer(body="<p>größer".encode("utf-16")),
        answer(body=PAGE + b"<p>He said: just a moment, access denied." * 2),
        answer(body=b"<title>Security check holds up the ferry</title>" + PROSE),
        answer(body=b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>" + PROSE),
        answer(body=b"<script src='https://abc.token.awswaf.com/x/challenge.js'></script>" + PROSE),
    ],
)
def test_a_page_is_let_through(response):
    check_page(response)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "s-maxage=900, max-age = 60"}, 60),
        ({"cache-control": "no-cache"}, 0),
        ({"cache-control": "no-cache", "expires": "Mon, 05 Oct 2026 13:00:00 GMT"}, 0),
        ({"expires": "Mon, 05 Oct 2026 13:00:00 GMT"}, 3600),
        ({"expires": "0"}, 0),
        ({"cache-control": "max-age=999999999"}, 86_400),
    ],
)
def test_how_long_an_answer_says_it_stays_fresh(headers, seconds):
    assert fresh_for(headers, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("tag", ['"a\x00b"', '"' + "a" * 60_000 + '"', "a\r\n b"], ids=["control", "long", "folded"])
def test_a_validator_that_a_server_might_refuse_is_not_sent_back(tag):
    date = "Mon, 23 Nov 2026 09:30:00 GMT"
    response = Response(200, "https://paper.example/a", {"etag": tag, "last-modified": date}, b"", timedelta(0))

    assert response.validators == {"etag": "", "modified": date}
