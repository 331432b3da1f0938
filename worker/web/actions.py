"""What a visitor who signed in may change, by forms of our own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from worker.pipeline import probe
from worker.services import Services
from worker.views.dead_letters import dead
from worker.web.bodies import read_body
from worker.web.render import Templates
from worker.web.security import COOKIE, Access, check_origin

_WEEK_S = 604_800
Form = dict[str, str]


class Actions:
    """Signing in, and what that permits."""

    def __init__(self, services: Services, access: Access, templates: Templates) -> None:
        self._services = services
        self._access = access
        self._templates = templates

    def routes(self) -> list[Route]:
        """Return the routes of the forms."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", _with_form(self.sign_in), methods=["POST"]),
            Route("/sign-out", _with_form(self.sign_out), methods=["POST"]),
            Route("/dead", _with_form(self.retry_or_drop), methods=["POST"]),
            Route("/feeds", _with_form(self.change_feeds), methods=["POST"]),
        ]

    def ask(self, request: Request) -> Response:
        """Show the form that asks for the token."""
        return self._templates.page(request, "sign_in.html", is_wrong=False)

    def sign_in(self, request: Request, form: Form) -> Response:
        """Give a cookie for the token."""
        check_origin(request, needed=True)
        if not self._access.opens(form.get("token", "").strip()):
            return self._templates.page(request, "sign_in.html", status=403, is_wrong=True)
        answer = RedirectResponse("/dead", 303)
        is_secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, self._access.cookie, _WEEK_S, secure=is_secure, httponly=True, samesite="strict")
        return answer

    def sign_out(self, request: Request, _form: Form) -> Response:
        """Take the cookie back."""
        check_origin(request, needed=True)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def retry_or_drop(self, request: Request, form: Form) -> Response:
        """Try a dead letter again, or drop it."""
        self._access.check(request)
        letter = next((one for _, one in dead(self._services) if one.id == form.get("id")), None)
        if letter is None:
            raise HTTPException(404, "no dead letter has this id (any more)")
        if form.get("do") == "retry":
            self._services.dead_letters.retry(letter.id, letter.url, letter.feed_id or "")
        elif form.get("do") == "drop":
            self._services.dead_letters.give_up(letter.id)
        else:
            raise HTTPException(400, "retry or drop?")
        return RedirectResponse("/dead", 303)

    def change_feeds(self, request: Request, form: Form) -> Response:
        """Poll a feed from now on, or no longer, or now."""
        self._access.check(request)
        url, registry = form.get("url", "").strip(), self._services.registry
        if form.get("do") == "remove":
            registry.remove(url)
        elif form.get("do") == "poll":
            registry.poll_now(url)
        else:
            probe.add(self._services, url, form.get("name", "").strip())
        return RedirectResponse("/feeds", 303)


def _with_form(handle: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads a form, and has it handled in a thread."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            raise HTTPException(413)
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        return await run_in_threadpool(handle, request, form)

    return endpoint
