"""What the tests of the web page share: services that have a token, and the page on them."""

from dataclasses import replace

import pytest

from tests.integration.web.asking import TOKEN
from worker.cli.web import shown
from worker.services import Services


@pytest.fixture
def services(services, redis_url):
    return Services(replace(services.settings, web_token=TOKEN), redis_url)


@pytest.fixture
def page(services):
    with shown(services, 0) as there:
        yield there.url.rstrip("/")
