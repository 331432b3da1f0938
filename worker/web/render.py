"""Pages from templates: everything is escaped, and links from outside lead to http and https only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from worker.core.outcomes import spelled
from worker.core.urls import printable_url
from worker.services import Services
from worker.views.ages import ago, short, until
from worker.web.security import Access

FOLDER = Path(__file__).parent


class Templates:
    """The templates, with what every page says."""

    def __init__(self, services: Services, access: Access) -> None:
        self._services = services
        self._access = access
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "href": href,
            "shown_url": printable_url,
            "query": query,
            "spelled": spelled,
            "day_time": lambda moment: f"{moment:%-d %b, %H:%M}",
            "span": short,
            "number": lambda value: "–" if value is None else f"{value:,}",
            "ago": lambda moment: ago(moment, services.clock.now()),
            "until": lambda moment: until(moment, services.clock.now()),
        }

    def page(
        self,
        request: Request,
        name: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """Return a whole page."""
        about = {
            "path": request.url.path,
            "may_sign_in": self._access.is_possible,
            "is_signed_in": self._access.is_signed_in(request),
        }
        text = self._environment.get_template(name).render(**about, **context)
        return HTMLResponse(text, status, {"Cache-Control": "no-store", **(headers or {})})

    def fragment(self, name: str, **context: Any) -> str:
        """Return a piece of a page."""
        return self._environment.get_template(name).render(**context)


def href(url: str | None) -> str | None:
    """Return a URL from outside if a link may lead there; None for any other scheme, such as javascript."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def query(chosen: Mapping[str, str | None]) -> str:
    """Return "?" and the parameters that have a value; "" without any."""
    given = {name: value for name, value in chosen.items() if value}
    return f"?{urlencode(given)}" if given else ""


def moment(text: str | None) -> datetime | None:
    """Return the time that RFC 3339 text says; None when it says none."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None
