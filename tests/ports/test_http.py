"""HTTP exchanges: what a use case may rely on. What the real client bears from hostile hosts has tests of its own."""

import pytest

from config.limits import HUB, PAGE
from tests.newsroom.server import Reply, Site
from tests.ports.memory import Memory
from worker.core.errors import IngestError, Reason, TransientError


@pytest.fixture
def web(ports):
    """Give an answer to a path of one host, and return its URL."""
    if isinstance(ports, Memory):

        def put(path, body=b"", status=200, **headers):
            ports.http.answer("http://paper.example" + path, body, status, **headers)
            return "http://paper.example" + path

        yield put
        return
    replies = {}
    with Site(lambda _host, path: replies.get(path)) as site:

        def serve(path, body=b"", status=200, **headers):
            replies[path] = Reply(body, status=status, location=headers.get("location"))
            return site.url + path

        yield serve


def test_an_answer_has_its_status_body_and_headers(ports, web):
    response = ports.http.get(web("/a", b"hello", etag='"1"'), limits=PAGE)

    assert (response.status, response.body) == (200, b"hello")
    assert response.validators["etag"]
    assert response.moved_to is None
    assert ports.http.get(web("/gone", status=410), limits=PAGE).status == 410


@pytest.mark.parametrize(("status", "is_permanent"), [(301, True), (302, False)])
def test_redirects_are_followed_on_the_same_host(ports, web, status, is_permanent):
    target = web("/new", b"here")
    moved = []
    response = ports.http.get(web("/old", status=status, location=target), limits=PAGE, on_redirect=moved.append)

    assert (response.body, response.url, moved) == (b"here", target, [])
    assert response.moved_to == (target if is_permanent else None)


def test_somebody_else_decides_on_redirects_to_another_host(ports, web):
    start = web("/away", status=302, location="http://other.example/b")

    def refuse(target):
        raise LookupError(target)

    with pytest.raises(LookupError, match=r"other\.example/b"):
        ports.http.get(start, limits=PAGE, on_redirect=refuse)


def test_redirects_without_an_end_are_refused(ports, web):
    start = web("/loop")
    web("/loop", status=302, location=start)

    with pytest.raises(IngestError) as raised:
        ports.http.get(start, limits=PAGE)
    assert raised.value.reason is Reason.TOO_MANY_REDIRECTS


def test_what_is_no_url_is_asked_nowhere(ports):
    with pytest.raises(IngestError) as raised:
        ports.http.get("ftp://paper.example/", limits=PAGE)
    assert raised.value.reason is Reason.BAD_URL


def test_a_host_that_is_not_there_may_be_there_later(ports):
    nobody = "http://127.0.0.1:1/"
    for ask in (lambda: ports.http.get(nobody, limits=PAGE), lambda: ports.http.post(nobody, {}, limits=HUB)):
        with pytest.raises(TransientError) as raised:
            ask()
        assert raised.value.reason is Reason.CONNECT_FAILED
