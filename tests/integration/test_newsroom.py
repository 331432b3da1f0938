"""The newsroom's server, over real connections."""

import gzip
import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.newsroom.bulk import BulkSite, Wire
from tests.newsroom.site import COPIED, FLAKY, SYNDICATED, Newsroom


@pytest.fixture
def site():
    with Newsroom() as running:
        yield running


def get(url, *, method="GET", timeout=10, **headers):
    parts = urlsplit(url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)) as connection:
        connection.request(method, parts._replace(scheme="", netloc="").geturl(), headers=named)
        with connection.getresponse() as response:
            vars(response)["text"] = response.read()
            return response


def test_every_story_is_served_and_logged(site):
    site.behave(site.path(FLAKY))

    statuses = [get(site.url + site.path(story.slug)).status for story in site.stories]

    assert set(statuses) == {200}
    assert [request.status for request in site.requests] == statuses


def test_validators_answer_not_modified(site):
    first = get(site.feeds[0])

    assert get(site.feeds[0], If_None_Match=first.headers["ETag"]).status == 304
    assert get(site.feeds[0], If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert get(site.feeds[0], If_None_Match='"other"').status == 200


def test_bodies_are_compressed_for_those_who_accept_it(site):
    plain = get(site.url + "/")
    packed = get(site.url + "/", Accept_Encoding="gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.text) == plain.text


def test_a_head_request_gets_no_body(site):
    response = get(site.url + "/", method="HEAD")

    assert int(response.headers["Content-Length"]) > 0
    assert response.text == b""


def test_the_flaky_story_fails_once(site):
    url = site.url + site.path(FLAKY)

    assert [get(url).status, get(url).status] == [500, 200]


def test_misbehaviour_lasts_as_long_as_it_was_told_to(site):
    site.misbehave("/", status=503, retry_after=7, times=2)

    answers = [get(site.url + "/") for _ in range(3)]

    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_the_longest_prefix_decides(site):
    site.misbehave("/", status=503)
    site.misbehave("/feeds/", status=429)

    assert get(site.feeds[0]).status == 429
    assert get(site.url + "/").status == 503


def test_a_truncated_body_ends_early(site):
    site.misbehave("/", truncated=True)

    with pytest.raises(http.client.IncompleteRead):
        get(site.url + "/")


def test_a_delay_comes_before_the_first_byte(site):
    site.misbehave("/", delay=30)

    with pytest.raises(TimeoutError):
        get(site.url + "/", timeout=0.05)


def test_an_edited_page_is_new_to_those_who_knew_it(site):
    path = site.path(COPIED)
    before = get(site.url + path)

    site.edit(path, site.page(path).replace("four hours", "five hours"))
    after = get(site.url + path, If_None_Match=before.headers["ETag"])

    assert after.status == 200
    assert b"five hours" in after.text


def test_a_held_story_comes_out_when_it_is_published(site):
    before = get(site.feeds[1]).text

    url = site.publish("storm-warning")

    assert url.encode() not in before
    assert url.encode() in get(site.feeds[1]).text
    assert get(url).status == 200


def test_links_name_the_host_that_was_asked_for(site):
    page = get(site.url + SYNDICATED, Host="paper.example").text.decode()

    assert f'<link rel="canonical" href="http://paper.example{site.path(COPIED)}">' in page


def test_a_plain_text_becomes_a_story_of_the_world_feed(tmp_path):
    plain = tmp_path / "article.txt"
    plain.write_text("A headline\nA paragraph.\n", encoding="utf-8")

    with Newsroom(seed_article=plain) as site:
        assert b"A headline" in get(site.feeds[0]).text


def test_a_missing_plain_text_is_no_obstacle(tmp_path):
    with Newsroom(seed_article=tmp_path / "none.txt") as site:
        assert get(site.feeds[0]).status == 200


def test_every_bulk_host_listens_on_its_own_address():
    with BulkSite(Wire(hosts=3, articles=6)) as site:
        pages = [get(site.wire.url(n)).text for n in range(6)]

    assert pages == [site.wire.page(n) for n in range(6)]


def test_bulk_hosts_publish_and_revise():
    with BulkSite(Wire(hosts=1, articles=2, updated=1), published=1) as site:
        assert site.wire.url(1).encode() not in get(site.feeds[0]).text
        site.publish()
        assert site.wire.url(1).encode() in get(site.feeds[0]).text

        before = get(site.wire.url(0)).text
        site.revise()
        assert get(site.wire.url(0)).text == site.wire.page(0, 1) != before
