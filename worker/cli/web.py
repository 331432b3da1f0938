"""`onrecord web`: the web application, served by uvicorn."""

from __future__ import annotations

from rich.console import Console

from config.settings import SettingsError
from worker.services import Services

_CONNECTIONS = 200  # at once; more are answered 503


def web(services: Services, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        SettingsError: ONRECORD_PUBLIC_URL is not set.
        SystemExit: The optional dependencies are not installed.
    """
    if not services.settings.public_url:
        raise SettingsError(["ONRECORD_PUBLIC_URL is not set; hubs need to know where they reach this, over HTTPS"])
    try:
        import uvicorn  # noqa: PLC0415 - an optional dependency

        from worker.web import application  # noqa: PLC0415
    except ImportError as error:
        raise SystemExit(f"onrecord: {error.name} is not installed; `pip install --group web` does that") from error
    Console(stderr=True).print(f"hubs deliver to {services.settings.public_url}/websub/", highlight=False)
    uvicorn.run(
        application(services),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        ws="none",
    )
