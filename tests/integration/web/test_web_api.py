"""The HTTP API, against its own OpenAPI document."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from tests.integration.web.asking import SAID, TOKEN, ask, publish, story
from tests.newsroom.feeds import Entry, rss
from tests.newsroom.server import Reply
from tools.driver import drain
from worker.adapters.redis.registry import feed_id
from worker.cli.web import shown
from worker.contract.schema_gen import documents
from worker.core.urls import article_id
from worker.web.bodies import MAX_BODY_BYTES
from worker.web.openapi import document
from worker.web.operations import OPERATIONS

BEARER = {"Authorization": f"Bearer {TOKEN}"}
NOBODY = "0" * 32


@pytest.fixture
def site(site, pages):
    listed = [Entry("A", f"{site.url}/news/a", "A", datetime(2026, 11, 1, tzinfo=UTC))]
    pages["/feed.xml"] = Reply(rss("The Ferry Post", site.url, listed).encode(), "application/rss+xml")
    return site


@pytest.fixture
def call(services):
    """Ask the API, and hold its answer against the document."""
    described = document()["paths"]
    with shown(services, 0) as there:

        def ask_api(method, path, body=None, *, as_path="", **headers):
            answer = ask(there.url.rstrip("/") + path, method, body=body, **headers)
            operation = described[as_path or path.partition("?")[0]][method.lower()]
            content = operation["responses"][str(answer.status)].get("content", {})
            if content:
                ((kind, shape),) = content.items()
                assert answer.headers["Content-Type"].partition(";")[0] == kind
                schema = {**shape["schema"], "components": document()["components"]}
                jsonschema.Draft202012Validator(schema).validate(answer.json)
            else:
                assert answer.body == b""
            return answer

        vars(ask_api)["url"] = there.url
        yield ask_api


def test_the_document_is_made_of_the_contract_and_every_operation_is_in_it():
    described = document()
    for name in ("statement.v1.json", "article.v1.json"):
        definitions = json.loads(json.dumps(documents()[name]["$defs"]).replace("#/$defs/", "#/components/schemas/"))
        assert definitions.items() <= described["components"]["schemas"].items()
    assert sum(map(len, described["paths"].values())) == len(OPERATIONS)
    for reference in set(json.dumps(described).split('"$ref": "#/components/schemas/')[1:]):
        assert reference.partition('"')[0] in described["components"]["schemas"]


def test_the_document_is_served(call):
    assert ask(f"{call.url}api/openapi.json").json == document()


def test_statements_come_a_page_at_a_time(services, site, pages, call):
    publish(services, site, pages, a=story("One", "Ida Lund"), b=story("Two", "Olof Berg"))

    seen, query = [], "?limit=1"
    while query:
        page = call("GET", f"/api/statements{query}").json
        seen += [one["event"]["data"]["speaker"]["name"] for one in page["statements"]]
        query = page["next"] and f"?limit=1&before={page['next']}"
    assert sorted(seen) == ["Ida Lund", "Olof Berg"]
    (found,) = call("GET", "/api/statements?speaker=berg&kind=direct").json["statements"]
    assert found["event"]["data"]["segments"][0]["exact"] == f"“{SAID},”"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=ten",
        "limit=",
        "before=yesterday",
        "before=1",
        "kind=x",
        "kind=",
        "limit=1&limit=2",
        "text=" + "x" * 201,
    ],
)
def test_a_query_that_means_nothing_is_refused(call, query):
    assert call("GET", f"/api/statements?{query}").status == 400


def test_an_article_is_given_with_its_statements(services, site, pages, call):
    (url,) = publish(services, site, pages, a=story("One")).values()

    found = call("GET", f"/api/articles/{article_id(url)}", as_path="/api/articles/{id}").json
    text = found["article"]["text"]
    (segment,) = found["statements"][0]["segments"]
    assert text[segment["start"] : segment["end"]] == f"“{SAID},”"
    assert found["withdrawn"] is None


@pytest.mark.parametrize("key", [NOBODY, "x", NOBODY + "0", "0" * 16])
def test_an_article_that_is_not_there_is_a_problem(call, key):
    assert call("GET", f"/api/articles/{key}", as_path="/api/articles/{id}").status == 404


def test_an_article_that_is_asked_for_is_ingested_and_its_history_told(services, site, pages, call):
    pages["/news/a"] = story("One")
    asked = call("POST", "/api/ingest", {"url": f"{site.url}/news/a"}, **BEARER)
    assert (asked.status, asked.json["outcome"], asked.json["is_new"]) == (202, "", True)
    publish(services, site, pages)

    again = call("POST", "/api/ingest", {"url": f"{site.url}/news/a"}, **BEARER).json
    assert (again["outcome"], again["is_new"]) == ("published", False)
    history = call("GET", asked.headers["Location"], as_path="/api/why/{id}").json
    assert {"name": "outcome", "value": "published"} in history["facts"]
    assert call("GET", f"/api/why/{NOBODY}", as_path="/api/why/{id}").status == 404


def test_feeds_are_added_listed_and_removed(services, site, call):
    url = f"{site.url}/feed.xml"
    added = call("POST", "/api/feeds", {"url": url, "every": "5m-1h"}, **BEARER)
    assert (added.status, added.json["name"], added.json["every"]) == (201, "The Ferry Post", "5m-1h")
    assert call("POST", "/api/feeds", {"url": url, "name": "Post"}, **BEARER).status == 200
    drain(services)

    (feed,) = call("GET", "/api/feeds").json["feeds"]
    assert (feed["id"], feed["name"], feed["url"]) == (feed_id(url), "Post", url)
    assert call("DELETE", f"/api/feeds/{feed['id']}", as_path="/api/feeds/{id}", **BEARER).status == 204
    assert call("DELETE", f"/api/feeds/{feed['id']}", as_path="/api/feeds/{id}", **BEARER).status == 404
    assert call("GET", "/api/feeds").json["feeds"] == []


def test_what_cannot_be_a_feed_is_refused_with_the_reason(services, site, pages, call):
    pages["/news/a"] = story("One")

    refused = [
        call("POST", "/api/feeds", body, **BEARER)
        for body in (
            {"url": f"{site.url}/news/a"},
            {"url": f"{site.url}/nothing"},
            {"url": "ftp://paper.example/feed"},
            {"url": "http://169.254.169.254/latest"},
            {"url": f"{site.url}/feed.xml", "every": "often"},
        )
    ]
    assert [answer.status for answer in refused] == [422] * 5
    assert [answer.json.get("reason") for answer in refused] == [
        "not_a_feed",
        "not_found",
        "bad_url",
        "blocked_address",
        None,
    ]
    assert services.registry.rows() == []


@pytest.mark.parametrize("body", [{}, {"url": 1}, {"url": None}, {"link": "http://a.example"}, {"url": "x", "more": 1}])
def test_a_body_of_another_shape_is_refused(call, body):
    assert call("POST", "/api/ingest", body, **BEARER).status == 400


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"url=http://a.example", "application/x-www-form-urlencoded", 415),
        (b"[", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 20_000, "application/json", 400),
        (b" " * (MAX_BODY_BYTES + 1), "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(call, content, kind, status):
    assert call("POST", "/api/ingest", content, Content_Type=kind, **BEARER).status == status


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/ingest"), ("POST", "/api/feeds")])
def test_changes_need_the_token(services, call, method, path):
    body = {"url": "https://paper.example/a"}

    assert call(method, path, body).headers["WWW-Authenticate"] == "Bearer"
    assert call(method, path, body, Authorization="Bearer of bad news").status == 401
    assert call(method, path, body, Origin="https://evil.example", **BEARER).status == 403
    assert services.status.counts()["in_flight"] == 0


def test_another_method_is_told_which_there_are(call):
    answer = ask(f"{call.url}api/feeds", "PUT")

    assert answer.status == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_status_is_that_of_the_command_line(services, site, pages, call):
    publish(services, site, pages, a=story("One"))

    known = call("GET", "/api/status").json
    assert known["articles"]["published"] == 1
    assert known["identity_holds"]
