"""A web page on a test's own services, and asking it as a program does."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from tests.newsroom.server import Reply
from tools.driver import drain
from tools.wait import wait_for
from worker.core.records import FeedEntry

TOKEN = "a token for the tests"
SAID = "The bridge will be open again before the first snow, and the ferry will go on until then"


@dataclass
class Answer:
    """What the page answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def ask(url, method="GET", *, body=None, timeout=20.0, **headers):
    """Ask once; header names have _ for -. A dict as body is sent as JSON, a list of pairs as a form."""
    parts = urlsplit(url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict):
        named, body = {"Content-Type": "application/json", **named}, json.dumps(body)
    if isinstance(body, list):
        named, body = {"Content-Type": "application/x-www-form-urlencoded", **named}, urlencode(body)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)) as connection:
        connection.request(method, parts._replace(scheme="", netloc="").geturl() or "/", body, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def story(headline, speaker="Ida Lund", words=SAID, *, site="The Ferry Post", raw=False):
    """Return the page of an article with one quotation; `raw` values are markup already."""
    shown = (lambda text: text) if raw else escape
    return Reply(
        f"""<!doctype html><html lang="en"><head><title>{shown(headline)}</title>
        <meta property="og:site_name" content="{shown(site)}"><meta property="og:title" content="{shown(headline)}">
        <meta property="og:type" content="article"></head><body><main><article><h1>{shown(headline)}</h1>
        <p>The council met in a full hall on Monday evening, and sat there for three hours without any break.</p>
        <p>“{shown(words)},” said {shown(speaker)}, the harbour master, who had walked there in the rain.</p>
        <p>The meeting ended with coffee and with songs, and by then the rain had stopped and the stars were out.</p>
        </article></main></body></html>""".encode()
    )


def publish(services, site, pages, **stories):
    """Put stories on the site, have them ingested, and return their URLs by name."""
    urls = {name: f"{site.url}/news/{name}" for name in stories}
    pages.update({f"/news/{name}": reply for name, reply in stories.items()})
    services.articles.admit([FeedEntry(url) for url in urls.values()])
    wait_for(lambda: drain(services) is not None and services.status.counts()["in_flight"] == 0)
    return urls
