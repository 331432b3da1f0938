from __future__ import annotations

import pytest

from worker.adapters.http.cookies import Cookies


@pytest.mark.parametrize(
    ("set_by", "header", "sent_to", "sent"),
    [
        ("https://a.example/x", "id=7; Path=/; HttpOnly", "https://a.example/y", "id=7"),
        ("https://a.example/x", "id=7", "https://b.example/", ""),
        ("https://a.example/x", "id=7", "https://www.a.example/", ""),
        ("https://www.a.example/x", "id=7; Domain=.a.example", "https://a.example/", "id=7"),
        ("https://a.example/x", "id=7; Domain=a.example", "https://nota.example/", ""),
        ("https://a.example/x", "id=7; Domain=b.example", "https://b.example/", ""),
        ("https://a.example/x", "id=7; Domain=example", "https://b.example/", ""),
        ("https://a.example/x", "id=7; Secure", "http://a.example/", ""),
        ("http://a.example/x", "id=7; Secure", "https://a.example/", "id=7"),
        ("https://a.example/x", "id=7; Max-Age=0", "https://a.example/", ""),
        ("https://a.example/x", "id=7; Max-Age=-1", "https://a.example/", ""),
        ("https://a.example/x", "id=a=b", "https://a.example/", "id=a=b"),
        ("https://a.example/x", "nothing", "https://a.example/", ""),
        ("https://a.example/x", "id=7\r\nHost: b", "https://a.example/", ""),
        ("https://a.example/x", "", "https://a.example/", ""),
    ],
)
def test_a_cookie_goes_where_it_may(set_by, header, sent_to, sent):
    jar = Cookies()
    jar.learn(set_by, [header])

    assert jar.header(sent_to) == sent


def test_the_last_value_holds_and_a_deleted_one_is_gone():
    jar = Cookies()
    jar.learn("https://a.example/", ["a=1", "b=2", "a=3"])
    assert jar.header("https://a.example/") == "a=3; b=2"
    jar.learn("https://a.example/", ["a=; Max-Age=0"])
    assert jar.header("https://a.example/") == "b=2"


def test_a_jar_is_bounded():
    jar = Cookies()
    jar.learn("https://a.example/", [f"c{n}={'x' * 10_000}" for n in range(500)])

    assert len(jar.header("https://a.example/")) < 50 * 4_200
