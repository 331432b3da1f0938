"""What went wrong, as an answer: problem details (RFC 9457) for programs, a page for people."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from worker.core.errors import IngestError, Reason, TransientError
from worker.web import hubs
from worker.web.render import Templates

API = "/api/"
_RETRY_AFTER_S = "5"
_HUB_RETRY_AFTER_S = "60"
#: Reasons with a status of their own; any other refusal means that what was asked for cannot be done (422).
_STATUS = {Reason.UNKNOWN: 404, Reason.STORE_UNAVAILABLE: 503}


class Problems:
    """Turns exceptions into answers."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def http(self, request: Request, error: Exception) -> Response:
        """Answer what the routing or a handler refused."""
        assert isinstance(error, HTTPException)
        return self._answer(request, error.status_code, error.detail, dict(error.headers or {}))

    async def ingest(self, request: Request, error: Exception) -> Response:
        """Answer an expected failure: Redis is away, a URL cannot be used, an id is not known."""
        assert isinstance(error, IngestError)
        is_gone = isinstance(error, TransientError) and error.reason is Reason.STORE_UNAVAILABLE
        if is_gone and request.url.path.startswith(hubs.PATH):
            return Response(status_code=503, headers={"Retry-After": _HUB_RETRY_AFTER_S})
        detail = "Redis cannot be used now" if is_gone else f"{error.subject}: {error.detail or error.reason}"
        headers = {"Retry-After": _RETRY_AFTER_S} if is_gone else {}
        return self._answer(request, _STATUS.get(error.reason, 422), detail, headers, str(error.reason))

    async def bug(self, request: Request, _error: Exception) -> Response:
        """Answer a bug; starlette raises it again behind this, so that the log has it."""
        return self._answer(request, 500, "this is a bug of ours; the log has it", {})

    def _answer(
        self, request: Request, status: int, detail: str, headers: dict[str, str], reason: str = ""
    ) -> Response:
        title = HTTPStatus(status).phrase
        if request.url.path.startswith(API):
            body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            extra = {"reason": reason} if reason else {}
            return JSONResponse({**body, **extra}, status, headers, "application/problem+json")
        return self._templates.page(request, "error.html", status=status, headers=headers, title=title, detail=detail)
