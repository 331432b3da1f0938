"""The application: pages, API, live statements, hubs, monitoring; one origin, one guard before all of it."""

from __future__ import annotations

from threading import Event

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from worker.core.errors import IngestError
from worker.monitoring import routes as monitoring
from worker.services import Services
from worker.web import hubs
from worker.web.actions import Actions
from worker.web.api import Api
from worker.web.errors import Problems
from worker.web.live import Live
from worker.web.pages import HtmlPages
from worker.web.render import FOLDER, Templates
from worker.web.security import LOOPBACK, Access, Guard


def application(services: Services, token: str = "", ending: Event | None = None) -> ASGIApp:
    """Return the ASGI application. Redis is asked in threads, so that a slow one holds up nobody.

    Args:
        services: What it shows and changes.
        token: What permits changes; "" for nothing does.
        ending: Set when the server is to end, which live pages would never let it.
    """
    access = Access(token)
    templates = Templates(services, access)
    problems = Problems(templates)
    app = Starlette(
        routes=[
            *HtmlPages(services, templates).routes(),
            *Actions(services, access, templates).routes(),
            *Live(services, templates, ending or Event()).routes(),
            *Api(services, access).routes(),
            *hubs.routes(services),
            *monitoring.routes(services),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ],
        exception_handlers={
            HTTPException: problems.http,
            IngestError: problems.ingest,
            Exception: problems.bug,
        },
    )
    return Guard(app, LOOPBACK | set(services.settings.web_hosts), hubs.PATH, monitoring.PATHS)
