"""`make screenshots`: docs/web-*.png, from the newsroom's articles and real workers."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from config.settings import ROOT, Settings
from tests.newsroom.site import Newsroom
from tools.browser.chromium import EXECUTABLE, Browser
from tools.wait import wait_for
from worker.adapters import embedded
from worker.adapters.redis.store import connect
from worker.cli.processes import Processes
from worker.cli.web import Shown, shown
from worker.core.urls import article_id
from worker.services import Services

TOKEN = "a token for the pictures"
SPEAKER = "Leopold Stroud"
ARTICLE = "bus-fare"
LAST = "bridge-reopens"  # the newest, so the first that is shown
_NAMES = ("The Ellery Courier: World", "The Ellery Courier: Local")
_WIDTH, _PHONE = 1080, 390
_DEADLINE_S = 180.0


def main() -> None:
    """Take all pictures."""
    if not EXECUTABLE:
        sys.exit("no Chromium here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, Newsroom() as site, Browser(Path(name) / "profile") as browser:
        folder = Path(name)
        (folder / "feeds.toml").write_text("")  # nobody else is asked
        services = Services(_settings(folder), embedded.ensure(folder / "redis"))
        for url, called in zip(site.feeds, _NAMES, strict=True):
            services.registry.add(url, called)
        processes = Processes(services.redis_url, services.settings, folder / "worker.log")
        processes.start()
        try:
            with shown(services, 0) as there:
                assert there
                _take_all(browser, services, site, there)
        finally:
            processes.stop()
            embedded.stop(folder / "redis")


def _take_all(browser: Browser, services: Services, site: Newsroom, there: Shown) -> None:
    wait_for(lambda: services.status.counts().get("published", 0) > 4, _DEADLINE_S)
    _take(browser, there, "hosts", "hosts", 420)
    wait_for(lambda: services.status.counts()["in_flight"] == 0, _DEADLINE_S)
    site.publish(LAST)
    for url in site.feeds:
        services.registry.poll_now(url)
    last = article_id(site.url + site.path(LAST))
    wait_for(lambda: services.status.outcome(last) == "published", _DEADLINE_S)
    _consume(services)
    story = next(one for one in site.stories if ARTICLE in one.slug)
    article = f"article/{article_id(site.url + site.path(story.slug))}"
    _take(browser, there, "statements", "", 760)
    _take(browser, there, "statements-phone", "", 760, width=_PHONE, is_dark=True)
    _take(browser, there, "article", article, 680)
    _take(browser, there, "speaker", f"speaker?name={SPEAKER.replace(' ', '+')}", 760, is_dark=True)
    _take(browser, there, "speakers", "speakers", 760)
    _take(browser, there, "status", "status?window=10m", 1080)
    _take(browser, there, "why", f"why/{services.registry.rows()[0].id}", 760)
    browser.open(f"{there.url}sign-in")
    browser.type("#token", TOKEN)
    browser.press("Enter")
    wait_for(lambda: browser.text("h1") == ["Dead letters"])
    _take(browser, there, "dead", "dead", 500)
    _take(browser, there, "feeds", "feeds", 560)


def _take(
    browser: Browser, there: Shown, name: str, path: str, height: int, *, width: int = _WIDTH, is_dark: bool = False
) -> None:
    browser.look(width, height, is_dark=is_dark)
    browser.open(there.url + path)
    if name.startswith("statements"):
        wait_for(lambda: browser.text("#live-state") == ["Live"])
    file = ROOT / "docs" / f"web-{name}.png"
    file.write_bytes(browser.screenshot())
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


def _consume(services: Services) -> None:
    """Have a group of consumers that is somewhat behind."""
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:statements"
    client.xgroup_create(key, "desk", "0")
    client.xreadgroup("desk", "one", {key: ">"}, count=400)
    client.xack(key, "desk", *[entry for entry, _ in client.xrange(key, count=388)])


def _settings(folder: Path) -> Settings:
    return replace(
        Settings(),
        state_dir=folder,
        feeds=folder / "feeds.toml",
        allow_networks=(ip_network("127.0.0.0/8"),),
        host_spacing=timedelta(seconds=1),
        concurrency=1,
        web_token=TOKEN,
    )


if __name__ == "__main__":
    main()
