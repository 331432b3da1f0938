"""Transports: one module for each way in which an event leaves. A module here is registered by being here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from worker.delivery.transport import Transport


def registered() -> Mapping[str, type[Transport]]:
    """Return the transport of each scheme of URLs. The first call imports the libraries that transports need."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {scheme: module.TRANSPORT for module in modules for scheme in module.TRANSPORT.schemes}
