"""Steps of the way of an article that suites have in common."""

from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry, Page

PAPER = "https://paper.example"


def entries(count, host="paper.example"):
    return [FeedEntry(f"https://{host}/{n}", title=f"Story {n}") for n in range(count)]


def taken(ports, stage="fetch"):
    (item,) = ports.articles.take()
    return ports.articles.claim(item.id, item.token, stage)


def fetched(ports, page_ref="page-10", validators=None):
    """Admit an article, fetch it, and return it as it is claimed for its processing."""
    job = taken(ports)
    token = ports.articles.fetched(job, page_ref, validators or {})
    return ports.articles.claim(job.id, token, "process")


def published(ports, number=1, *, content="{}", page_ref="page-10", validators=None, feed="", **finish):
    ports.articles.admit(entries(number)[-1:], archive_of=feed)
    job = fetched(ports, page_ref, validators)
    outcome = ports.articles.finish(job, Outcome.PUBLISHED, None, content=content, **finish)
    assert outcome == "published"
    return job


def page(url=PAPER + "/1", body=b"<p>The bridge is safe."):
    return Page(url, url, body, "text/html", 200)
