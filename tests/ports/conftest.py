"""Each suite here runs on the real port and on its twin in memory: what differs fails."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.ports.memory import Memory
from worker.adapters.clock import SystemClock
from worker.services import Services


@pytest.fixture(params=["memory", "redis"])
def ports(request, settings):
    """All ports, in memory or on a real Redis."""
    settings.feeds.write_text("")
    if request.param == "memory":
        return Memory(settings, cast("Any", SystemClock()))
    return Services(settings, request.getfixturevalue("redis_url"))
