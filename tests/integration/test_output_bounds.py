"""A page that is made to be large: its article is published all the same, and what comes of it is bounded and told."""

import json
from dataclasses import replace

import pytest

from config import limits
from tests.newsroom.server import Reply, Site
from tools.driver import drain
from worker.adapters.redis.store import connect
from worker.core.records import FeedEntry
from worker.services import Services

INTRO = "The council met in a full hall on Monday evening, and sat there for three hours without any break at all. " * 9
WORD = "harbour "
PAGES = {
    # A statement in each short sentence.
    "many": "".join(f"“I will go there {n} times,” said John Smith{n}. " for n in range(45_000)),
    # The sentence, the quotation, the headline and the name of the site go into each statement.
    "one-sentence": "the man, he said that it was so, and " * 60_000,
    "one-quotation": f"“{'We will go there and ' * 12_000}stay,” said Ida Lund. " * 3,
    "quotations-that-overlap": '" he said ' * 200_000,
    "one-word": f"said {'a' * 2_000_000} that it was so",
    "short-paragraphs": "</p><p>He said so.</p><p>" * 20_000,
    "lines": "He said that it was so.<br>" * 90_000,
    "no-latin": "他说：“是的，我们明天就去那里看看。” " * 50_000,
}


def page(body, headline="The Bridge Is Closed", site="Paper"):
    return f"""<html lang="en"><head><title>{headline}</title><meta property="og:site_name" content="{site}">
    <meta property="og:type" content="article"></head><body><article><h1>{headline}</h1><p>{INTRO}</p><p>{body}</p>
    </article></body></html>""".encode()


@pytest.fixture
def services(services):
    return Services(replace(services.settings, engine="fast"), services.redis_url)


@pytest.fixture
def publish(services):
    """Run one page through the pipeline; return its outcomes' details, and the entries that it left on the streams."""

    def run(body):
        with Site(lambda _host, _path: Reply(body, compress=False)) as site:
            services.articles.admit([FeedEntry(f"{site.url}/long")])
            steps = drain(services)
        client, prefix = connect(services.redis_url), services.settings.key_prefix
        entries = {
            name: [fields["event"] for _, fields in client.xrange(f"{prefix}:{name}")]
            for name in ("articles", "statements", "dead")
        }
        return " ".join(step.detail for step in steps), entries

    return run


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_puts_on_the_streams_is_bounded(publish, services, name):
    told, entries = publish(page(PAGES[name]))

    assert services.status.counts().get("published") == 1, told
    (article,) = (json.loads(event)["data"] for event in entries["articles"])
    statements = [json.loads(event)["data"] for event in entries["statements"]]
    assert len(article["blocks"]) <= limits.MAX_BLOCKS
    assert len(article["text"]) <= limits.MAX_TEXT_CHARS
    assert len(statements) <= limits.MAX_STATEMENTS
    assert sum(map(len, entries["statements"])) < limits.MAX_STATEMENTS_BYTES + 1_000 * len(statements)
    assert all(len(event) < limits.MAX_STATEMENT_BYTES + 1_000 for event in entries["statements"])
    assert article["statement_ids"] == [data["id"] for data in statements]
    assert {data["nested_in"] for data in statements} <= {None, *article["statement_ids"]}
    for data in statements:
        assert all(article["text"][one["start"] : one["end"]] == one["exact"] for one in data["segments"])


def test_what_is_left_out_is_said(publish):
    told, entries = publish(page(PAGES["many"]))

    assert len(entries["statements"]) == limits.MAX_STATEMENTS
    assert "500 statements: " in told
    assert "more left out, read were 2" in told


def test_what_every_statement_repeats_is_short(publish):
    told, entries = publish(page("“I will go there,” said Ida Lund. " * 400, "Closed " * 50_000, "Paper " * 50_000))

    assert 0 < sum(map(len, entries["statements"])) < limits.MAX_STATEMENTS_BYTES
    assert len(entries["articles"]) == 1
    assert "left out" not in told


def test_a_long_report_loses_nothing(publish):
    body = "".join(f"<p>{INTRO}</p><p>“We counted {n} boats,” said Ida Lund.</p>" for n in range(150))

    told, entries = publish(page(body))

    assert len(entries["statements"]) == 150
    assert "left out" not in told
    assert "read were" not in told
