"""The web page in a real browser: what a visitor sees and does, and what a hostile page does not get done."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.integration.web.asking import SAID, TOKEN, publish, story
from tests.newsroom.feeds import Entry, rss
from tests.newsroom.server import Reply
from tools.browser.chromium import EXECUTABLE, Browser
from tools.wait import wait_for
from worker.adapters.redis.store import connect
from worker.contract.event import encode
from worker.contract.payload import check
from worker.core.urls import article_id

pytestmark = pytest.mark.skipif(not EXECUTABLE, reason="no Chromium here: apt-get install chromium")

#: Markup that runs something wherever it is not escaped: as text, in attributes, in links, in scripts.
EVIL = """<img src=x onerror=evil()>"'><script>evil()</script><svg onload=evil()>{{7*7}}</title></textarea>&lt;b&gt;"""
PAGES = ("/", "/speakers", "/feeds", "/hosts", "/dead", "/status", "/sign-in")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("chromium") / "profile") as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(browser, page):
    """Nothing may be written to the console, or be asked of another host."""
    browser.send("Network.clearBrowserCookies")
    browser.console.clear()
    browser.asked.clear()
    browser.look(1200, 900)
    yield
    browser.send("Page.navigate", url="about:blank")  # take note of what came
    assert browser.console == []
    assert {url.split("/")[2].partition(":")[0] for url in browser.asked if url.startswith("http")} <= {"localhost"}


def shows(browser, selector, text):
    return any(text in one for one in browser.text(selector))


def test_a_statement_appears_as_it_is_published_and_leads_to_its_article(browser, services, site, pages, page):
    browser.open(page)
    wait_for(lambda: shows(browser, "#live-state", "Live"))
    assert shows(browser, "#empty", "Nothing was published yet")

    publish(services, site, pages, bridge=story("Bridge to open"))
    wait_for(lambda: shows(browser, ".statement mark.said", SAID))
    assert not browser.text("#empty")
    browser.click(".statement .where a")
    wait_for(lambda: browser.text("h1") == ["Bridge to open"])
    assert shows(browser, ".text mark.said", SAID)


def test_a_visitor_pauses_and_goes_on(browser, services, site, pages, page):
    browser.open(page)
    wait_for(lambda: shows(browser, "#live-state", "Live"))
    browser.click("#live-pause")
    publish(services, site, pages, bridge=story("Bridge to open"))
    wait_for(lambda: browser.text("#live-state") == ["Paused, 1 new"])
    assert browser.text(".statement") == []

    browser.click("#live-pause")
    wait_for(lambda: len(browser.text(".statement")) == 1)


def test_after_a_break_the_page_goes_on_where_it_was(browser, services, site, pages, page):
    publish(services, site, pages, a=story("One", "Ida Lund"))
    browser.open(page)
    wait_for(lambda: shows(browser, "#live-state", "Live"))
    browser.send("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    try:
        publish(services, site, pages, b=story("Two", "Olof Berg"))
    finally:
        browser.send(
            "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )
    wait_for(lambda: browser.text(".statement .speaker") == ["Olof Berg", "Ida Lund"])
    browser.console.clear()  # it says that the connection was lost


def test_a_search_shows_what_fits_and_only_that_comes_live(browser, services, site, pages, page):
    publish(services, site, pages, a=story("One", "Ida Lund"), b=story("Two", "Olof Berg"))
    browser.open(page)
    browser.type("#speaker", "berg")
    browser.press("Enter")
    wait_for(lambda: browser.text(".statement .speaker") == ["Olof Berg"] and shows(browser, "#live-state", "Live"))

    publish(services, site, pages, c=story("Three", "Ida Lund"), d=story("Four", "Greta Berg"))
    wait_for(lambda: browser.text(".statement .speaker") == ["Greta Berg", "Olof Berg"])


def test_everything_but_live_works_without_scripts(browser, services, site, pages, page):
    publish(services, site, pages, bridge=story("Bridge to open"))
    browser.scripts(allowed=False)
    try:
        browser.open(page)
        assert browser.run("getComputedStyle(document.querySelector('#live')).display") == "none"
        browser.click(".statement .speaker")
        wait_for(lambda: browser.text("h1") == ["Ida Lund"])
        assert shows(browser, ".statement mark", SAID)
    finally:
        browser.scripts(allowed=True)


def test_markup_from_outside_is_shown_and_never_done(browser, services, site, pages, page):
    """In every text of every event, in a feed's name and URL, in the reason of a failure, in what is searched for."""
    article = publish_evil(services, site, pages)
    gone = "gone%22%3E%3Cimg%20src=x%20onerror=evil()%3E"
    publish(services, site, pages, **{gone: Reply(b"", status=404)})
    services.registry.add(f"{site.url}/feed?%22%3E%3Cscript%3Eevil()%3C/script%3E", name=EVIL)

    asked = quote(EVIL)
    where = [
        *PAGES,
        article,
        article.replace("article", "why").partition("?")[0],
        f"/speaker?name={asked}",
        f"/?text={asked}&speaker={asked}",
    ]
    for path in where:
        browser.open(f"{page}{path}")
        assert_harmless(browser, path)
    browser.open(page + article)
    assert browser.text("h1") == [EVIL]


def test_a_hostile_statement_that_comes_live_does_nothing(browser, services, site, pages, page):
    browser.open(page)
    wait_for(lambda: shows(browser, "#live-state", "Live"))

    publish_evil(services, site, pages)
    wait_for(lambda: shows(browser, ".statement .speaker", EVIL))
    assert_harmless(browser, "live")


def publish_evil(services, site, pages):
    """Publish an article and its statement with markup as every text, past the cleaner; return the article's path."""
    (url,) = publish(services, site, pages, bridge=story("Bridge to open")).values()
    for stream in ("statements", "articles"):
        (entry,) = services.events.page(stream).entries
        event = replace(entry.event, data=poisoned(entry.event.data))
        check(event)
        at = connect(services.redis_url).xadd(f"{services.settings.key_prefix}:{stream}", encode(event))
    return f"/article/{article_id(url)}?at={at.partition('-')[0]}"


def poisoned(value, name=""):
    if isinstance(value, dict):
        return {key: poisoned(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, name) for inner in value]
    if name in {"url", "fetched_url", "image"}:
        return "javascript:evil()//" + EVIL
    return EVIL if isinstance(value, str) and name not in {"id", "kind", "statement_ids", "published"} else value


def assert_harmless(browser, where):
    assert browser.run("typeof window.evil === 'undefined'"), where
    assert browser.run("!document.querySelector('main img, main script, main svg[onload], b')"), where
    assert browser.run(
        "[...document.querySelectorAll('*')].every(one => !/^on/.test([...one.attributes].map(a => a.name).join()))"
    ), where
    assert browser.run("[...document.querySelectorAll('a')].every(one => /^https?:$/.test(one.protocol))"), where


def test_what_gets_in_all_the_same_is_not_run(browser, page):
    """The second line of defence: the content security policy."""
    browser.open(page)
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.done = 1\">')")
    browser.run("document.body.append(Object.assign(document.createElement('script'), {text: 'window.done = 2'}))")
    wait_for(lambda: browser.run("1") and len(browser.console) >= 2)

    assert browser.run("window.done === undefined")
    assert all("Content Security Policy" in line or "404" in line for line in browser.console)
    browser.console.clear()


def test_a_visitor_signs_in_and_tries_a_dead_letter_again(browser, services, site, pages, page):
    (url,) = publish(services, site, pages, gone=Reply(b"", status=404)).values()
    pages["/news/gone"] = story("It is there by now")
    browser.open(f"{page}/dead")
    assert browser.text(".letters button") == []
    browser.click("footer a[href='/sign-in']")
    wait_for(lambda: browser.text("h1") == ["Sign in"])
    browser.type("#token", TOKEN)
    browser.press("Enter")
    wait_for(lambda: browser.text(".letters button") == ["Try again", "Drop"])

    browser.click(".letters button")
    wait_for(lambda: shows(browser, "main", "Nothing is dead."))
    publish(services, site, pages)
    assert services.status.outcome(article_id(url)) == "published"


def test_a_visitor_who_signed_in_adds_and_removes_a_feed(browser, services, site, pages, page):
    listed = [Entry("A", f"{site.url}/news/a", "A", datetime(2026, 11, 1, tzinfo=UTC))]
    pages["/feed.xml"] = Reply(rss("The Ferry Post", site.url, listed).encode(), "application/rss+xml")
    browser.open(f"{page}/sign-in")
    browser.type("#token", TOKEN)
    browser.press("Enter")
    wait_for(lambda: browser.text("h1") == ["Dead letters"])
    browser.open(f"{page}/feeds")
    browser.type("#url", f"{site.url}/feed.xml")
    browser.press("Enter")
    wait_for(lambda: shows(browser, "tbody th", "The Ferry Post"))

    browser.click("button[value=remove]")
    wait_for(lambda: shows(browser, "main", "No feeds yet"))
    assert services.registry.rows() == []


def test_a_page_of_another_site_cannot_change_anything_for_a_visitor_who_signed_in(
    browser, services, site, pages, page
):
    (url,) = publish(services, site, pages, gone=Reply(b"", status=404)).values()
    browser.open(f"{page}/sign-in")
    browser.type("#token", TOKEN)
    browser.press("Enter")
    wait_for(lambda: browser.text(".letters button"))
    form = f'<form method=post action="{page}/dead"><input name=id value="{article_id(url)}"><input name=do value=drop>'
    pages["/evil"] = Reply(f"<!doctype html>{form}<button>Win</button></form>".encode())

    browser.open(f"{site.url}/evil")
    browser.click("button")
    wait_for(lambda: browser.text("h1") == ["Unauthorized"] or browser.text("h1") == ["Forbidden"])
    assert services.status.outcome(article_id(url)) == "dead:not_found"
    browser.console.clear()
    browser.asked.clear()


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_page_is_readable_at_any_width(browser, services, site, pages, page, width, is_dark):
    """Nothing is cut off (WCAG 1.4.10), text stands out from its ground (1.4.3), fields have names (4.1.2)."""
    (url,) = publish(services, site, pages, bridge=story("Bridge to open")).values()
    services.registry.add(f"{site.url}/{'a-long-name-' * 12}.xml")
    browser.look(width, 900, is_dark=is_dark)
    for path in (*PAGES, f"/article/{article_id(url)}", "/speaker?name=Ida+Lund"):
        browser.open(page + path)
        assert browser.run("document.documentElement.scrollWidth") <= width, path
        assert browser.run(CONTRAST) >= 4.5, path
        assert browser.run("document.querySelectorAll('main, body > header, nav, footer, h1').length") == 5, path
        names = (
            "[...document.querySelectorAll('input:not([type=hidden], [hidden]), select')].map(one => one.labels.length)"
        )
        assert all(browser.run(names)), path


#: The least contrast of any text with what it stands on.
CONTRAST = """(() => {
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = 21;
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || one.closest('.hidden, .skip, [hidden], option')) continue;
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    least = Math.min(least, (a + 0.05) / (b + 0.05));
  }
  return least;
})()"""


def test_a_keyboard_is_enough(browser, services, site, pages, page):
    publish(services, site, pages, bridge=story("Bridge to open"))
    browser.open(page)
    browser.press("Tab")
    assert browser.run("document.activeElement.innerText") == "Skip to the content"
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press("Enter")
    browser.press("Tab")
    assert browser.run("document.activeElement.id") == "text"
