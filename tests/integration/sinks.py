"""Sinks as `config/sinks.toml` would give them, for receivers of tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.integration.receiver import SECRET
from worker.delivery.config import Sink
from worker.delivery.signature import signing_key
from worker.delivery.transports.webhook import Webhook
from worker.services import Services


def webhook_sink(url: str, name: str = "desk", secrets: Sequence[str] = (SECRET,), **options: Any) -> Sink:
    """Return a sink that gets the statements, or other streams, as signed webhooks."""
    keys = [signing_key(secret) for secret in secrets]

    def connect(services: Services) -> Webhook:
        return Webhook(url, keys, "onrecord/test", services.clock.now)

    return Sink(name, url, connect, **{"streams": ("statements",), **options})
