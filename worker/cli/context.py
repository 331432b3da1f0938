"""What every command starts from: the settings, and services on them."""

from __future__ import annotations

from config.settings import Settings
from worker.adapters.observability import logs
from worker.services import Services


def settings() -> Settings:
    """Read the settings; a command logs errors only, its output is what it prints."""
    read = Settings.from_env()
    logs.configure("error", read.log_format)
    return read


def services() -> Services:
    """Return services on the Redis that the settings name."""
    return Services.of(settings())
