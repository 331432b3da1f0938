"""What integration tests share: a site of their own, which answers what `pages` has."""

import pytest

from tests.newsroom.server import Site


@pytest.fixture
def pages():
    """What the site answers, by path; nothing else is there."""
    return {}


@pytest.fixture
def site(pages):
    with Site(lambda _host, path: pages.get(path)) as running:
        yield running
