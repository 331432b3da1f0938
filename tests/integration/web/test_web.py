"""The web page, asked as a browser asks it: what it shows, what it escapes, whom it lets change anything."""

import http.client
import socket
from contextlib import closing
from dataclasses import replace

import pytest

from tests.integration.web.asking import SAID, TOKEN, ask, publish, story
from tests.newsroom.server import Reply
from tools.wait import wait_for
from worker.adapters.redis.store import connect
from worker.cli.web import shown
from worker.contract.event import encode
from worker.core.urls import article_id
from worker.services import Services
from worker.web import live
from worker.web.bodies import MAX_BODY_BYTES

OWN = {"Sec_Fetch_Site": "same-origin"}


@pytest.fixture
def signed_in(page):
    answer = ask(f"{page}/sign-in", "POST", body=[("token", TOKEN)], **OWN)
    assert answer.status == 303
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


@pytest.fixture
def letter(services, site, pages):
    """The id of a dead letter; its page is there by now."""
    urls = publish(services, site, pages, gone=Reply(b"", status=404))
    pages["/news/gone"] = story("It is there by now")
    key = article_id(urls["gone"])
    assert services.status.outcome(key) == "dead:not_found"
    return key


def test_a_published_statement_is_shown_with_its_words_marked_inside_their_sentence(services, site, pages, page):
    publish(services, site, pages, bridge=story("Bridge to open"))

    text = ask(page).text
    assert f'<mark class="said">“{SAID},”</mark> said Ida Lund' in text
    assert 'href="/speaker?name=Ida+Lund"' in text
    assert "The Ferry Post" in text
    assert f'href="{site.url}/news/bridge" rel="noopener noreferrer nofollow"' in text


def test_every_page_is_served_with_nothing_known_and_with_something(services, site, pages, page):
    paths = ("", "/speakers", "/feeds", "/hosts", "/dead", "/status", "/sign-in", "/speaker?name=Ida+Lund")
    assert {ask(page + path).status for path in paths} == {200}

    services.registry.add(f"{site.url}/feed")
    publish(services, site, pages, bridge=story("Bridge to open"), gone=Reply(b"", status=404))
    article = article_id(f"{site.url}/news/bridge")
    assert {ask(page + path).status for path in (*paths, f"/article/{article}", f"/why/{article}")} == {200}


def test_statements_are_found_by_speaker_outlet_words_kind_and_language(services, site, pages, page):
    publish(
        services,
        site,
        pages,
        a=story("One", "Ida Lund"),
        b=story(
            "Two", "Olof Berg", "We shall sell the ferry to the museum for one crown, and not more", site="Night Owl"
        ),
    )

    def found(query):
        return [
            name
            for name in ("Ida Lund", "Olof Berg")
            if f'class="speaker" href="/speaker?name={name.replace(" ", "+")}"' in ask(f"{page}/?{query}").text
        ]

    assert found("speaker=lund") == ["Ida Lund"]
    assert found("outlet=night") == ["Olof Berg"]
    assert found("outlet=127.0.0.1") == ["Ida Lund", "Olof Berg"]
    assert found("text=one+CROWN") == ["Olof Berg"]
    assert found("kind=direct") == ["Ida Lund", "Olof Berg"]
    assert found("kind=indirect") == []
    assert found("language=de") == []


def test_older_statements_are_a_page_further(services, site, pages, page, monkeypatch):
    monkeypatch.setattr("worker.web.pages._PAGE", 1)
    publish(services, site, pages, a=story("One", "Ida Lund"))
    publish(services, site, pages, b=story("Two", "Olof Berg"))

    first = ask(page).text
    assert ("Olof Berg" in first.split("<aside")[0], "Ida Lund" in first.split("<aside")[0]) == (True, False)
    older = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert "Ida Lund" in ask(page + "/" + older).text.split("<aside")[0]


def test_an_article_is_shown_with_its_statements_marked(services, site, pages, page):
    publish(services, site, pages, bridge=story("Bridge to open"))

    text = ask(f"{page}/article/{article_id(f'{site.url}/news/bridge')}").text
    assert f'<mark class="said" title="Ida Lund">“{SAID},”</mark>' in text
    assert '<mark class="cue" title="Ida Lund">said</mark>' in text


def test_an_edited_article_is_shown_as_it_is_now(services, site, pages, page):
    (url,) = publish(services, site, pages, bridge=story("Bridge to open")).values()
    pages["/news/bridge"] = story("Bridge to open", words=SAID.replace("first snow", "next summer"))
    services.snapshots.recheck(article_id(url))
    publish(services, site, pages)

    text = ask(f"{page}/article/{article_id(url)}").text
    assert "version 2" in text
    assert "before the next summer" in text
    assert "first snow" not in text
    assert "It said before: <del>“The bridge will be open again before the first snow" in ask(page).text


def test_a_withdrawn_article_says_so(services, site, pages, page):
    (url,) = publish(services, site, pages, bridge=story("Bridge to open")).values()
    pages["/news/bridge"] = Reply(b"", status=410)
    services.snapshots.recheck(article_id(url))
    publish(services, site, pages)

    assert "took this article back (gone)" in ask(f"{page}/article/{article_id(url)}").text
    assert 'class="statement gone"' in ask(page).text


def test_a_place_before_everything_is_an_empty_page(services, site, pages, page):
    (url,) = publish(services, site, pages, bridge=story("Bridge to open")).values()

    for cursor in ("0-0", "00-000"):
        assert "Nothing was found in this part" in ask(f"{page}/?before={cursor}").text
    for at in ("0", "999999999999999", "x"):
        assert ask(f"{page}/article/{article_id(url)}?at={at}").status == 200


def test_a_quotation_that_was_seen_before_says_where_it_was_first(services, site, pages, page):
    publish(services, site, pages, a=story("Bridge to open"))
    assert "first at" not in ask(page).text
    publish(services, site, pages, b=story("The ferry goes on for now", "Olof Berg"))

    assert "<span>first at 127.0.0.1" in ask(page).text


def test_an_entry_that_is_no_event_of_ours_is_passed_over(services, site, pages, page):
    publish(services, site, pages, a=story("Bridge to open"))
    (entry,) = services.events.page("statements").entries
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:statements"
    client.xadd(key, {"anything": "else"})
    client.xadd(key, encode(replace(entry.event, data={"id": "x"})))
    client.xadd(key, encode(replace(entry.event, type="io.onrecord.statement.sung.v1")))

    assert ask(page).text.count('class="statement"') == 1
    assert len(ask(f"{page}/api/statements").json["statements"]) == 1


def test_what_is_not_there_is_not_found(page):
    for path in ("/nothing", "/article/" + "0" * 32, "/article/..%2f..", "/why/xyz", "/speaker", "/static/../app.py"):
        assert ask(page + path).status == 404, path


def test_every_answer_has_the_headers_of_a_strict_page(page):
    for path in ("/", "/static/style.css", "/nothing", "/api/status", "/api/nothing"):
        headers = ask(page + path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[", "a@b"]
)
def test_a_name_that_is_not_ours_is_refused(page, host):
    assert ask(page, Host=host).status == 421
    assert ask(f"{page}/api/status", Host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:8000", "desk.example"])
def test_our_own_names_are_served(services, redis_url, host):
    named = Services(replace(services.settings, web_hosts=("desk.example",)), redis_url)
    with shown(named, 0) as there:
        assert ask(there.url, Host=host).status == 200


def test_a_dead_letter_is_tried_again_by_whoever_signed_in(services, site, pages, page, letter, signed_in):
    assert letter in ask(f"{page}/dead", **signed_in).text

    assert ask(f"{page}/dead", "POST", body=[("id", letter), ("do", "retry")], **signed_in, **OWN).status == 303
    publish(services, site, pages)
    assert services.status.outcome(letter) == "published"
    assert ask(f"{page}/dead", "POST", body=[("id", letter), ("do", "retry")], **signed_in, **OWN).status == 404


def test_a_dead_letter_is_dropped(services, page, letter, signed_in):
    assert ask(f"{page}/dead", "POST", body=[("id", letter), ("do", "drop")], **signed_in, **OWN).status == 303

    assert services.status.outcome(letter) == "dropped:given_up"
    assert "Nothing is dead." in ask(f"{page}/dead").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Sec_Fetch_Site": "same-origin"}, 401),
        ({"Authorization": "Bearer something else", "Sec_Fetch_Site": "same-origin"}, 401),
        ({"Authorization": f"Bearer {TOKEN}", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "https://evil.example"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "null"}, 403),
        ({"Cookie": "right"}, 403),
        ({"Cookie": "right", "Sec_Fetch_Site": "same-site"}, 403),
        ({"Cookie": "right", "Sec_Fetch_Site": "none"}, 403),
        ({"Cookie": "right", "Origin": "http://localhost.evil.example"}, 403),
        ({"Cookie": "onrecord=wrong", "Sec_Fetch_Site": "same-origin"}, 401),
    ],
)
def test_nothing_changes_without_the_token_or_from_another_site(services, page, letter, signed_in, headers, status):
    if headers.get("Cookie") == "right":
        headers = {**headers, **signed_in}

    assert ask(f"{page}/dead", "POST", body=[("id", letter), ("do", "drop")], **headers).status == status
    assert services.status.outcome(letter) == "dead:not_found"


def test_another_token_opens_nothing_and_signing_out_forgets(page, signed_in):
    assert ask(f"{page}/sign-in", "POST", body=[("token", "another token, as long")], **OWN).status == 403
    assert ask(f"{page}/sign-in", "POST", body=[("token", TOKEN)], Sec_Fetch_Site="cross-site").status == 403
    assert "Sign out" in ask(page, **signed_in).text
    gone = ask(f"{page}/sign-out", "POST", **signed_in, **OWN)
    assert 'onrecord=""' in gone.headers["Set-Cookie"]


def test_the_cookie_is_not_the_token_and_no_script_reads_it(page):
    set_cookie = ask(f"{page}/sign-in", "POST", body=[("token", TOKEN)], **OWN).headers["Set-Cookie"]

    assert TOKEN not in set_cookie
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in set_cookie.split(";")}


def test_without_a_token_everything_is_read_only(services, redis_url, letter):
    from worker.cli.web import Shown

    nobody = Services(replace(services.settings, web_token=None), redis_url)
    assert Shown.at(nobody, "0.0.0.0", 1).token == ""
    assert len(Shown.at(nobody, "localhost", 1).token) > 20


def test_a_form_without_an_end_is_refused(page, signed_in):
    answer = ask(f"{page}/dead", "POST", body=[("id", "x" * MAX_BODY_BYTES)], **signed_in, **OWN)

    assert answer.status == 413


def test_redis_that_is_away_is_said_and_not_a_bug(services):
    away = Services(replace(services.settings, redis_url="redis://127.0.0.1:1/0"), "redis://127.0.0.1:1/0")
    with shown(away, 0) as there:
        answer = ask(there.url)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert "Redis cannot be used now" in answer.text
        assert ask(f"{there.url}api/status").json["reason"] == "store_unavailable"


def test_a_port_that_is_taken_shows_no_page(services):
    with socket.create_server(("127.0.0.1", 0)) as taken, shown(services, taken.getsockname()[1]) as there:
        assert there is None


# --- live


class Watcher:
    """A client of the stream of statements."""

    def __init__(self, page, path="/live", **headers):
        self._connection = http.client.HTTPConnection(page.removeprefix("http://"), timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers=named)
        self.answer = self._connection.getresponse()

    def next(self):
        """Return the id and the card of the next statement."""
        fields = {"data": ""}
        while True:
            line = self._line()
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "data":
                fields["data"] += value
            elif name:
                fields[name] = value
            elif "id" in fields:
                return fields["id"], fields["data"]

    def _line(self):
        return self.answer.readline().decode()

    def close(self):
        self._connection.close()


def test_statements_come_as_they_are_published_and_none_is_missed_after_a_break(services, site, pages, page):
    with closing(Watcher(page)) as watcher:
        assert watcher.answer.headers["Content-Type"].startswith("text/event-stream")
        watcher._line()  # it has begun
        publish(services, site, pages, a=story("One"))
        cursor, card = watcher.next()
    assert "Ida Lund" in card
    publish(services, site, pages, b=story("Two", "Olof Berg"))

    with closing(Watcher(page, Last_Event_ID=cursor)) as again:
        assert "Olof Berg" in again.next()[1]
    with closing(Watcher(page, f"/live?after={cursor}&speaker=berg")) as filtered:
        assert "Olof Berg" in filtered.next()[1]
    with closing(Watcher(page, "/live?after=0-0&speaker=berg")) as filtered:
        assert "Olof Berg" in filtered.next()[1]


def test_only_so_many_watch_at_once_and_a_place_is_given_back(page, monkeypatch):
    monkeypatch.setattr(live, "MAX_CLIENTS", 2)
    first, second = Watcher(page), Watcher(page)
    first._line(), second._line()

    with closing(Watcher(page)) as third:
        assert third.answer.status == 503
    first.close()

    def may_watch():
        with closing(Watcher(page)) as one:
            return one.answer.status == 200

    wait_for(may_watch)
    second.close()


def test_a_client_that_takes_nothing_is_let_go(services, site, pages, page, monkeypatch):
    monkeypatch.setattr(live, "_SEND_TIMEOUT_S", 0.3)
    monkeypatch.setattr(live, "_HEARTBEAT_S", 0.5)
    monkeypatch.setattr(live, "MAX_CLIENTS", 1)
    monkeypatch.setattr(live, "_event", lambda cursor, _: f"id: {cursor}\ndata: {'x' * 20_000_000}\n\n")
    publish(services, site, pages, a=story("One"))
    silent = Watcher(page, "/live?after=0-0")

    def may_watch():
        with closing(Watcher(page)) as one:
            return one.answer.status == 200

    wait_for(may_watch)
    silent.close()
