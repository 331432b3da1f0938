"""The date of a feed entry reaches its article."""

from datetime import UTC, datetime

from tests.newsroom.server import Reply, Site
from tools.driver import drain
from worker.adapters.redis.store import connect
from worker.contract import decode
from worker.core.records import FeedEntry

BODY = "<p>The ferry to the northern islands stays in its harbour until Thursday because of a broken rudder.</p>" * 5
PAGE = f"<html lang=en><head><title>A Ferry</title></head><body><article><h1>A Ferry</h1>{BODY}</article></body></html>"


def test_an_article_whose_page_states_no_date_has_that_of_its_entry(services):
    with Site(lambda _host, path: Reply(PAGE.encode()) if path == "/ferry" else None) as site:
        services.articles.admit([FeedEntry(f"{site.url}/ferry", published=datetime(2025, 11, 10, 17, 30, tzinfo=UTC))])
        drain(services)

    ((_, fields),) = connect(services.redis_url).xrange(f"{services.settings.key_prefix}:articles")
    published = decode(fields).data["published"]
    assert (published["value"], published["source"]) == ("2025-11-10T17:30:00Z", "feed")
