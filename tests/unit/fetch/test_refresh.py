from __future__ import annotations

from datetime import timedelta

import pytest

from worker.core.errors import Reason, RejectedError
from worker.fetch.refresh import refresh_target
from worker.fetch.response import Response, check_page

URL = "https://links.example/go?id=7"


def answer(body, url=URL):
    return Response(200, url, {"content-type": "text/html"}, body.encode(), timedelta(0))


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/pier">', "https://links.example/pier"),
        ("<META HTTP-EQUIV=Refresh CONTENT='3;URL=https://paper.example/pier'>", "https://paper.example/pier"),
        ('<meta content="0;url=&#39;https://paper.example/a?b=1&amp;c=2&#39;" http-equiv=refresh>',
         "https://paper.example/a?b=1&c=2"),
        ('<title>Please wait</title><meta http-equiv="refresh" content="url=pier">Go <a href=pier>on</a>.',
         "https://links.example/pier"),
        ('<script>window.location.replace("https:\\/\\/paper.example\\/pier")</script>', "https://paper.example/pier"),
        ("<body><script>location.href = 'https://paper.example/pier';</script>", "https://paper.example/pier"),
        ('<script>if (x) location="/a"; else location="/b"</script>', None),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<meta http-equiv="refresh" content="300; url=/pier">', None),
        ('<meta http-equiv="refresh" content="0; url=https://links.example/go?id=7#x">', None),
        ('<meta http-equiv="refresh" content="0; url=javascript:alert(1)">', None),
        ('<meta http-equiv="refresh" content="0; url=http://[">', None),
        ('<meta http-equiv="refresh" content="0; url=/pier">' + "<p>The pier is shut. " * 40, None),
        ('<meta http-equiv="refresh" content="0; url=/pier">' + "<!-- -->" * 9_000, None),
        ("<p>The pier is shut.", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_without_text_leads_where_it_says(body, target):
    assert refresh_target(answer(body)) == target


@pytest.mark.parametrize(
    "made", ["<meta ", "<meta http-equiv='", "<script>", "<!--", "<", "<title", "location=", "content="]
)
def test_a_page_that_is_made_to_be_slow_is_not(made):
    refresh_target(answer((made * 30_000)[:29_999]))


def test_a_link_of_google_news_is_said_to_be_one_with_what_can_be_done():
    with pytest.raises(RejectedError) as caught:
        check_page(answer("<p>Loading", "https://news.google.com/rss/articles/CBMiAUFVX3lxTE5hYmM?oc=5"))

    assert caught.value.reason is Reason.INTERSTITIAL
    assert "add the publisher's own feed" in caught.value.detail
