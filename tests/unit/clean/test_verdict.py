"""Which pages are refused, and that words of a headline, an address or a script alone refuse none."""

import pytest

from worker.clean.article import clean
from worker.core.errors import Reason
from worker.core.records import Article, NotArticle, Page

SENTENCE = "The lock keepers of Ostrand counted forty barges on the canal before noon, more than in any year so far. "
PROSE = "".join(f"<p>{SENTENCE}{SENTENCE}</p>" for _ in range(3))
STATED = '<meta property="og:type" content="article">'
WEBSITE = '<meta property="og:type" content="website">'
REFUSED, WALL = Reason.NOT_AN_ARTICLE, Reason.INTERSTITIAL
URL = "https://ostrand.example/2026/barges-on-the-canal"


def read(title: str, body: str, head: str = "", url: str = URL) -> Article | NotArticle:
    html = f"<html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return clean(Page(url=url, final_url=url, body=html.encode(), content_type="text/html; charset=utf-8"))


def teasers(count: int, tag: str = "h2") -> str:
    return "".join(
        f'<div class="row"><{tag}><a href="/{n}">Barge number {n} has left the upper lock</a></{tag}>'
        f"<p>It carried gravel for the new quay of Ostrand and was the {n}th on that day.</p></div>"
        for n in range(count)
    )


def said(text: str) -> str:
    return f"<main><h1>Ostrand Post</h1><p>{text}</p></main>"


@pytest.mark.parametrize("head", ["", STATED], ids=["unstated", "stated"])
@pytest.mark.parametrize(
    "headline",
    [
        "500 barges to be scrapped",
        "404 houses get a flood wall",
        "Swimmer not found after three days",
        "Story no longer a secret in Ostrand",
        "Error in the count of barges",
        "Captcha inventor opens the new lock",
        "Access denied to half of the towpath",
        "Security check holds up the ferry",
        "Just a moment of silence at the lock",
        "Cookie settings annoy the lock keepers",
        "Unusual traffic on the lower canal",
        "Before you continue to Ostrand by boat",
    ],
)
def test_words_in_a_headline_refuse_nothing(headline, head):
    page = read(headline, f"<article><h1>{headline}</h1>{PROSE}</article>", head)

    assert isinstance(page, Article)
    assert page.text.count("forty barges") == 6


@pytest.mark.parametrize(
    "url",
    [
        "https://ostrand.example/?p=5120",
        "https://ostrand.example/index.php?id=77",
        "https://ostrand.example/#!/news/barges",
        "https://ostrand.example/#/news/barges",
    ],
)
def test_an_address_refuses_nothing(url):
    assert isinstance(
        read("Barges on the canal", f"<article><h1>Barges on the canal</h1>{PROSE}</article>", "", url), Article
    )


@pytest.mark.parametrize("head", ["", WEBSITE], ids=["unstated", "called a website"])
def test_sections_whose_headings_are_links_are_an_article(head):
    sections = "".join(
        f'<section><h2><a href="https://b{n}.example/">Lock {n}</a></h2>{PROSE}</section>' for n in range(6)
    )
    page = read("Six locks to see", f"<article><h1>Six locks to see</h1><p>{SENTENCE}</p>{sections}</article>", head)

    assert isinstance(page, Article)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "zh",
            "奥斯特兰市周二宣布，运河上游的旧船闸将于下月关闭维修，工期预计九个月。市政府表示，驳船届时须绕行下游船闸，每趟航程将增加约四十分钟。"
            * 2,
        ),
        (
            "ja",
            "オストランド市は火曜日、運河の上流にある古い水門を来月から閉鎖し、九か月かけて修理すると発表した。船は下流の水門を通る必要がある。"
            * 2,
        ),
    ],
)
def test_a_brief_without_spaces_between_words_is_long_enough(language, text):
    page = read("運河", f'<article lang="{language}"><h1>運河</h1><p>{text}</p></article>')

    assert isinstance(page, Article)


def test_a_dated_brief_is_an_article():
    page = read(
        "Barges",
        f'<article><h1>Barges</h1><time datetime="2026-11-03">3 Nov</time><p>{SENTENCE}{SENTENCE[:60]}</p></article>',
    )

    assert isinstance(page, Article)


@pytest.mark.parametrize(
    ("title", "body", "head", "url", "reason"),
    [
        ("Ostrand Post", teasers(8), WEBSITE, "https://ostrand.example/", REFUSED),
        ("Ostrand Post", teasers(8), "", "https://ostrand.example/index.html", REFUSED),
        ("Ostrand Post", f"<main>{PROSE}</main>", "", "https://ostrand.example/", REFUSED),
        ("Sport", teasers(8), WEBSITE, "https://ostrand.example/sport", REFUSED),
        ("Sport", teasers(8, "h3"), "", "https://ostrand.example/news/sport", REFUSED),
        ("Locks", teasers(5), "", "https://ostrand.example/tag/locks-and-weirs-2026/", REFUSED),
        (
            "404 - Ostrand Post",
            said("The page you were looking for is not here. Please check the address. " * 4),
            "",
            URL,
            REFUSED,
        ),
        (
            "Page not found",
            said("This link may be old, or the page was moved to another place. " * 5),
            WEBSITE,
            URL,
            REFUSED,
        ),
        (
            "Page not found",
            said("Sorry, the page that you asked for could not be found. Go back to the home page."),
            STATED,
            URL,
            REFUSED,
        ),
        (
            "Seite nicht gefunden",
            said("Die gesuchte Seite gibt es nicht oder nicht mehr auf diesem Server. " * 5),
            "",
            URL,
            REFUSED,
        ),
        (
            "Page introuvable",
            said("La page que vous avez demandée a été déplacée ou supprimée. " * 5),
            "",
            URL,
            REFUSED,
        ),
        (
            "Before you continue",
            said("We and our partners use cookies to measure how often articles are read. " * 5),
            "",
            URL,
            WALL,
        ),
        (
            "Cookie settings",
            said("Choose which cookies you allow on this device, and which you do not. " * 5),
            WEBSITE,
            URL,
            WALL,
        ),
        (
            "Just a moment...",
            said("Enable JavaScript and wait while we look at your browser before going on. " * 5),
            "",
            URL,
            WALL,
        ),
        (
            "Access denied",
            said("You have no permission to access this server from your IP address. " * 5),
            "",
            URL,
            WALL,
        ),
        ("Are you a robot?", said("Tick the box so that we know that you are not a robot. " * 6), "", URL, WALL),
        ("Attention required!", "", "", URL, WALL),
    ],
)
def test_two_kinds_of_evidence_refuse_a_page(title, body, head, url, reason):
    page = read(title, body, head, url)

    assert isinstance(page, NotArticle)
    assert page.reason is reason
