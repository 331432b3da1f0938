"""Files of robots.txt as they are found, each with what it means for us: RFC 9309, section by section."""

from __future__ import annotations

import codecs
from datetime import timedelta

import pytest

from worker.fetch.response import Response
from worker.fetch.robots import MAX_BYTES, permitted_delay, read_rules

AGENT = "onrecord/1.2 (+https://robots.example/bot; desk@robots.example)"
ALL = "User-agent: *\n"
US = "User-agent: onrecord\n"

#: (what it is about, the file, allowed paths, denied paths)
FILES: list[tuple[str, str | bytes, str, str]] = [
    # 2.1, 2.2: the form
    ("no rule", "", "/ /a", ""),
    ("only comments", "# User-agent: *\n# Disallow: /\n", "/a", ""),
    ("everything", ALL + "Disallow: /", "", "/ /a /a?b=c"),
    ("nothing", ALL + "Disallow:", "/ /a", ""),
    ("a folder", ALL + "Disallow: /desk/", "/desk /desks /a/desk/", "/desk/ /desk/a"),
    ("a prefix", ALL + "Disallow: /desk", "/a", "/desk /desks /desk/a /desk.html /desk?a"),
    ("a comment behind a rule", ALL + "Disallow: /desk/ # ours", "/a", "/desk/a"),
    ("carriage returns", "User-agent: *\rDisallow: /desk/\r", "/a", "/desk/a"),
    ("both line ends", "User-agent: *\r\n\r\nDisallow: /desk/\r\n", "/a", "/desk/a"),
    ("no line end", ALL + "Disallow: /desk/", "/a", "/desk/a"),
    ("tabs and spaces", " \tUser-agent\t:\t* \n  Disallow : /desk/  ", "/a", "/desk/a"),
    ("names in any case", "USER-AGENT: *\ndisALLOW: /desk/", "/a", "/desk/a"),
    ("paths in their own case", ALL + "Disallow: /Desk/", "/desk/a", "/Desk/a"),
    ("no space behind the colon", "User-agent:*\nDisallow:/desk/", "/a", "/desk/a"),
    ("no colon", "User-agent *\nDisallow /desk/", "/a", "/desk/a"),
    ("a slip of the pen", ALL + "Dissallow: /desk/", "/a", "/desk/a"),
    ("an empty line within a group", ALL + "\nDisallow: /desk/\n\nDisallow: /b/", "/a", "/desk/a /b/"),
    ("rules of nobody", "Disallow: /\n\n" + ALL + "Disallow: /desk/", "/a", "/desk/a"),
    ("an unknown line", ALL + "Noindex: /a\nDisallow: /desk/", "/a", "/desk/a"),
    ("an unknown line between agents", "User-agent: x\nFoo: 1\n" + US + "Disallow: /desk/", "/a", "/desk/a"),
    ("a sitemap between agent and rules", ALL + "Sitemap: https://p.example/s.xml\nDisallow: /desk/", "/a", "/desk/a"),
    ("a sitemap before all", "Sitemap: https://p.example/s.xml\n" + ALL + "Disallow: /desk/", "/a", "/desk/a"),
    # 2.2.1: who is meant
    ("us by name", US + "Disallow: /desk/", "/a", "/desk/a"),
    ("us in another case", "User-agent: OnRecord\nDisallow: /desk/", "/a", "/desk/a"),
    ("us with a version", "User-agent: onrecord/9.9\nDisallow: /desk/", "/a", "/desk/a"),
    ("us with words", "User-agent: onrecord (the worker)\nDisallow: /desk/", "/a", "/desk/a"),
    ("us with an asterisk", "User-agent: onrecord*\nDisallow: /desk/", "/a", "/desk/a"),
    ("us before everybody", ALL + "Disallow: /\n" + US + "Disallow: /desk/", "/a", "/desk/a"),
    ("everybody but us", ALL + "Disallow: /\n" + US + "Disallow:", "/a /desk/a", ""),
    ("us, then everybody", US + "Disallow: /desk/\n\n" + ALL + "Disallow: /", "/a", "/desk/a"),
    ("others", "User-agent: elsebot\nDisallow: /", "/a", ""),
    ("one with a longer name", "User-agent: onrecord-images\nDisallow: /", "/a", ""),
    ("one with a shorter name", "User-agent: on\nDisallow: /\nUser-agent: record\nDisallow: /", "/a", ""),
    ("one whose name is in our address", "User-agent: bot\nDisallow: /\nUser-agent: robots\nDisallow: /", "/a", ""),
    ("one whose name is in our mail", "User-agent: desk\nDisallow: /", "/a", ""),
    ("an agent without a name", "User-agent:\nDisallow: /", "/a", ""),
    ("two agents of one group", "User-agent: elsebot\n" + US + "Disallow: /desk/", "/a", "/desk/a"),
    ("an agent, an empty line, another", US + "\nUser-agent: elsebot\nDisallow: /desk/", "/a", "/desk/a"),
    ("two of ours", US + "Disallow: /a/\nUser-agent: x\nDisallow: /b/\n" + US + "Disallow: /c/", "/b/", "/a/ /c/"),
    ("two groups of everybody", ALL + "Disallow: /a/\n\n" + ALL + "Disallow: /b/", "/c/", "/a/ /b/"),
    ("ours twice, everybody between", US + "Allow: /d\n" + ALL + "Disallow: /\n" + US + "Disallow: /e", "/a /d", "/e"),
    # 2.2.2: which rule
    ("the longer one", ALL + "Disallow: /desk/\nAllow: /desk/open/", "/desk/open/a", "/desk/a"),
    ("the longer one, first", ALL + "Allow: /desk/open/\nDisallow: /desk/", "/desk/open/a", "/desk/a"),
    ("the longer denies", ALL + "Allow: /desk/\nDisallow: /desk/shut/", "/desk/a", "/desk/shut/a"),
    ("as long", ALL + "Disallow: /desk\nAllow: /desk", "/desk /desk/a", ""),
    ("allow the root", ALL + "Allow: /$\nDisallow: /", "/", "/a /?a"),
    ("allow without a deny", ALL + "Allow: /desk/", "/a /desk/a", ""),
    ("itself", ALL + "Disallow: /", "/robots.txt", "/a"),
    ("an encoded tilde", ALL + "Disallow: /%7Eida/", "/ida/", "/~ida/ /%7Eida/"),
    ("a bare tilde", ALL + "Disallow: /~ida/", "/ida/", "/~ida/ /%7eida/"),
    ("an encoded letter", ALL + "Disallow: /b%C3%A5t/", "/bat/", "/b%C3%A5t/ /b%c3%a5t/"),
    ("a bare letter", ALL + "Disallow: /båt/", "/bat/", "/b%C3%A5t/"),
    ("a letter of Latin-1", (ALL + "Disallow: /båt/").encode("latin-1"), "/bat/", "/b%C3%A5t/"),
    ("letters of Japan", ALL + "Disallow: /港/", "/a", "/%E6%B8%AF/a"),
    ("an encoded slash is none", ALL + "Disallow: /a%2Fb", "/a/b", "/a%2Fb"),
    ("a question", ALL + "Disallow: /*?", "/a", "/a?b /?c"),
    ("a parameter", ALL + "Disallow: /*?*print=", "/a /a?b=1", "/a?print=1 /a?b=1&print=1"),
    # 2.2.3: special characters
    ("an asterisk within", ALL + "Disallow: /a/*/draft", "/a/draft /a/b/c", "/a/b/draft /a/b/c/draft"),
    ("an asterisk at the end", ALL + "Disallow: /desk*", "/a", "/desk /desks"),
    ("an asterisk alone", ALL + "Disallow: *", "", "/ /a"),
    ("an asterisk in front", ALL + "Disallow: */print", "/a", "/a/print /print"),
    ("an end", ALL + "Disallow: /*.pdf$", "/a.pdf?b /a.pdfs", "/a.pdf /b/c.pdf"),
    ("an end without asterisk", ALL + "Disallow: /desk$", "/desk/ /desks", "/desk"),
    ("a dollar within is itself", ALL + "Disallow: /a$b", "/a /ab", "/a$b"),
    ("many asterisks", ALL + "Disallow: /" + "*a" * 60 + "$", "/" + "a" * 50, "/" + "a" * 60),
    ("an encoded asterisk is none", ALL + "Disallow: /a%2Ab", "/axb", "/a%2Ab"),
    # 2.3, 2.5: encodings and sizes
    ("a mark", codecs.BOM_UTF8 + (ALL + "Disallow: /desk/").encode(), "/a", "/desk/a"),
    ("two marks", codecs.BOM_UTF8 * 2 + (ALL + "Disallow: /desk/").encode(), "/a", "/desk/a"),
    ("a mark before a comment", codecs.BOM_UTF8 + b"# ours\nUser-agent: *\nDisallow: /desk/", "/a", "/desk/a"),
    ("UTF-16", (ALL + "Disallow: /desk/").encode("utf-16"), "/a", "/desk/a"),
    ("UTF-16, the other order", codecs.BOM_UTF16_BE + (ALL + "Disallow: /desk/").encode("utf-16-be"), "/a", "/desk/a"),
    ("UTF-16 without a mark", (ALL + "Disallow: /desk/").encode("utf-16-le"), "/a", "/desk/a"),
    ("the other without a mark", (ALL + "Disallow: /desk/").encode("utf-16-be"), "/a", "/desk/a"),
    ("UTF-32", (ALL + "Disallow: /desk/").encode("utf-32"), "/a", "/desk/a"),
    ("a page of HTML", "<!doctype html>\n<title>Not here</title>\n<p>Allow us to say: no.</p>", "/a", ""),
    ("binary", bytes(range(256)) * 10, "/a", ""),
    ("a line without an end", ALL + "Disallow: /desk/\n# " + "x" * 100_000, "/a", "/desk/a"),
    ("cut in a rule", ALL + "Disallow: /desk/\n#" + "x" * (MAX_BYTES - 45) + "\nDisallow: /alone", "/alone", "/desk/a"),
    ("cut, with carriage returns", "User-agent: *\rDisallow: /desk/\r#" + "x" * MAX_BYTES, "/a", "/desk/a"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "allowed", "denied"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_file_means_what_the_standard_says(file, allowed, denied):
    body = (file if isinstance(file, bytes) else file.encode())[:MAX_BYTES]
    rules = read_rules(
        Response(200, "https://p.example/robots.txt", {"content-type": "text/plain"}, body, timedelta(0))
    )

    for path in allowed.split():
        assert permitted_delay(rules, f"https://p.example{path}", AGENT) is not None, path
    for path in denied.split():
        assert permitted_delay(rules, f"https://p.example{path}", AGENT) is None, path


def test_there_are_sixty_files():
    assert len(FILES) >= 60


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        ("onrecord", "onrecord"),
        ("Mozilla/5.0 (compatible; OnRecord/1.0; +https://a.example/crawler)", "onrecord"),
        ("desk-reader/2", "desk-reader"),
    ],
)
def test_a_crawler_obeys_under_the_name_of_its_product(user_agent, named):
    denied = f"User-agent: {named}\nDisallow: /\n"
    rules = read_rules(Response(200, "https://p.example/robots.txt", {}, denied.encode(), timedelta(0)))

    assert permitted_delay(rules, "https://p.example/a", user_agent) is None
    assert permitted_delay(rules, "https://p.example/a", "someone/1.0") is not None
