"""Canonical URLs that many articles name, on a real server: no article is lost, none is published twice."""

import pytest

from tests.newsroom.server import Reply, Site
from tools.driver import drain
from worker.adapters.redis.store import connect
from worker.contract import decode
from worker.core.records import FeedEntry
from worker.pipeline.replay import Found, replay

BODIES = {
    "1": (
        "The ferry to the northern islands stays in its harbour until Thursday because of a broken rudder.",
        "“Nobody was in danger at any time,” said Marit Holm, who commands the ship, on Tuesday morning.",
        "Two fishing boats carry passengers and mail meanwhile, and the school on Skarv closes for three days.",
        "A diver found the damage during a routine inspection that the insurer had demanded in September.",
        "Spare parts travel by lorry from a shipyard in the south, which built the vessel eleven years ago.",
    ),
    "2": (
        "Farmers around Lake Elm may draw half as much water as last summer, a regional board decided on Friday.",
        "“Wells have not been this low since we began to measure,” said Pavel Orsini, a hydrologist at the board.",
        "Orchards are exempt if they irrigate by night, while new permits for maize fields are suspended at once.",
        "An association of growers threatens to sue, and calls the forecasts behind that decision far too dark.",
        "Rainfall in spring reached barely a third of its usual amount, with April the driest month on record.",
    ),
    "3": (
        "A choir of retired miners won first prize at the festival in Brenn, ahead of twenty younger ensembles.",
        "“We rehearse in the old pithead baths, where the echo forgives nothing,” said conductor Ana Rusk.",
        "Their programme ended with a lullaby that one member had composed underground half a century before.",
        "Judges praised clear diction and an unusually soft bass section, and asked for an encore, twice over.",
        "Next year they travel abroad for their first tour, paid for by a collection among former colleagues.",
    ),
}


def page(n, head):
    paragraphs = "".join(f"<p>{text}</p>" for text in BODIES[n])
    return Reply(
        f'<html lang="en"><head><title>Report {n}</title>{head}</head><body><article><h1>Report {n}</h1>'
        f"{paragraphs}</article></body></html>".encode()
    )


@pytest.fixture
def pages():
    return {}


@pytest.fixture
def paper(pages):
    with Site(lambda _host, path: pages.get(path)) as site:
        yield site


def ingest(services, *urls):
    """Admit articles as one listing does, and return what each came to."""
    services.articles.admit([FeedEntry(url) for url in urls])
    last = {step.subject: step for step in drain(services)}
    return [last[url] for url in urls]


def articles(services):
    entries = connect(services.redis_url).xrange(f"{services.settings.key_prefix}:articles")
    return [decode(fields).data for _, fields in entries]


@pytest.mark.parametrize(
    "head",
    [
        '<link rel=canonical href="/news/">',
        '<link rel=canonical href="/en/">',
        '<link rel=canonical href="/index.html">',
        '<link rel=canonical href="/news/1">',
        '<link rel=canonical href="/">',
        '<meta property="og:url" content="/news">',
        "",
    ],
)
def test_articles_that_name_one_address_are_all_published(services, pages, paper, head):
    pages |= {f"/news/{n}": page(n, head) for n in BODIES}

    steps = ingest(services, *(f"{paper.url}/news/{n}" for n in BODIES))

    assert [step.outcome for step in steps] == ["published"] * 3
    published = articles(services)
    assert len({one["id"] for one in published}) == len({one["cluster_id"] for one in published}) == 3


def test_a_text_at_two_addresses_is_published_once_and_the_journal_says_why(services, pages, paper):
    head = '<link rel=canonical href="/news/1">'
    pages |= {"/news/1": page("1", head), "/share/77": page("1", head), "/share/78": page("2", head)}

    (first,), (copy,), (other,) = (ingest(services, f"{paper.url}{path}") for path in pages)

    assert [step.outcome for step in (first, copy, other)] == ["published", "duplicate", "published"]
    assert copy.detail.startswith(f"it has the text of {paper.url}/news/1, which is published as ")
    assert f"since {paper.url}/news/1 has another text" in other.detail
    assert [one["url"] for one in articles(services)] == [f"{paper.url}/news/1", f"{paper.url}/share/78"]


def test_what_was_published_under_its_own_url_is_known_when_it_is_looked_at_again(services, pages, paper):
    pages |= {f"/news/{n}": page(n, '<link rel=canonical href="/news/1">') for n in "21"}
    ingest(services, *(f"{paper.url}/news/{n}" for n in "21"))
    ids = [one["id"] for one in articles(services)]
    (first,) = (key for key in ids if services.snapshots.get(key).job.url == f"{paper.url}/news/1")
    pages["/news/1"] = Reply(page("1", '<link rel=canonical href="/news/1">').body.replace(b"Thursday", b"Friday"))

    assert services.snapshots.recheck(first)
    drain(services)

    assert [one["id"] for one in articles(services)] == [*ids, first]
    assert [replay(key, services, publish=False).found for key in ids] == [Found.SAME, Found.SAME]
