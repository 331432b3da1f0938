"""Politeness of real workers, by the log of the hosts that they ask."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.newsroom import rounds
from tests.newsroom.bulk import BulkSite, Wire
from worker.services import Services

HOSTS, SPACING = 20, timedelta(seconds=0.5)


@pytest.mark.timeout(150)
def test_hosts_are_asked_one_spacing_apart_and_a_large_one_holds_up_nobody(settings, redis_url):
    settings.feeds.write_text("")
    services = Services(replace(settings, host_spacing=SPACING, host_concurrency=1), redis_url)
    large = range(0, 16 * HOSTS, HOSTS)  # of the first host, which is admitted before the others
    small = range(4 * HOSTS)
    with BulkSite(Wire(hosts=HOSTS, articles=16 * HOSTS)) as site:
        done = rounds.go(services, site, [*large, *(n for n in small if n % HOSTS)], timedelta(seconds=120))

    print(f"{done.requests} requests, {done.hosts} hosts, smallest gap {min(done.gaps):.3f} s; {done.slots}")
    articles = len(large) + 4 * (HOSTS - 1)
    assert done.counts["published"] == articles
    assert done.requests == articles + HOSTS  # and one robots.txt each
    assert min(done.gaps) >= SPACING.total_seconds()
    assert max(done.last, key=lambda host: done.last[host]).startswith(site.wire.address(0) + ":")
