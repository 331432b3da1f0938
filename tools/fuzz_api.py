"""`make fuzz-api`: schemathesis against the HTTP API, served beside the newsroom's articles on a Redis of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from config.settings import ROOT, Settings
from tests.newsroom.site import Newsroom
from tools.driver import drain
from worker.adapters import embedded
from worker.cli.web import shown
from worker.core.records import FeedEntry
from worker.services import Services

#: In an environment of its own, which `uv` keeps: thirty packages that nothing else here needs.
TOOL = "schemathesis==4.32.5"
TOKEN = "a token for the tests"


def main() -> int:
    """Run it; the exit code is schemathesis'."""
    with tempfile.TemporaryDirectory() as folder, Newsroom() as site:
        url = embedded.ensure(Path(folder))
        settings = replace(Settings(), web_token=TOKEN, engine="rules", allow_networks=(ip_network("127.0.0.0/8"),))
        services = Services(settings, url)
        services.registry.add(site.feeds[0])
        services.articles.admit([FeedEntry(site.url + site.path(story.slug)) for story in site.stories[:5]])
        drain(services)
        try:
            with shown(services, 0) as there:
                assert there
                return run(there.url)
        finally:
            embedded.stop(Path(folder))


def run(url: str) -> int:
    """Run schemathesis against the API at `url`; return its exit code."""
    header = f"Authorization: Bearer {TOKEN}"
    command = ["uv", "tool", "run", "--from", TOOL, "schemathesis", "--config-file", "tests/schemathesis.toml", "run"]
    options = ["-H", header, "--max-examples", "100", *sys.argv[1:]]
    return subprocess.run([*command, f"{url}api/openapi.json", *options], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
