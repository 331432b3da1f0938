"""Who may see and who may change: host names, headers, and the token.

Reading needs nothing but a host name of ours, which keeps out other sites that rebind their names to this address.
Writing needs the token: as a bearer (RFC 6750), or as the cookie that signing in with it gave, and then from our own
pages only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "onrecord"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Answers only to our own names, and puts the security headers on every answer.

    Args:
        app: What is guarded.
        names: The host names that may be asked for.
        open_paths: Where any name will do: a hub's callback has a secret in its path, and a proxy before it.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], open_paths: tuple[str, ...]) -> None:
        self._app = app
        self._names = frozenset(names)
        self._open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it with 421 (RFC 9110, 15.5.20)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        is_ours = scope["path"].startswith(self._open_paths) or _name(Headers(scope=scope)) in self._names
        app = self._app if is_ours else _REFUSAL
        await app(scope, receive, send_guarded)


class Access:
    """Who may write: whoever shows the token; without one, nobody."""

    def __init__(self, token: str) -> None:
        self._token = token

    @property
    def is_possible(self) -> bool:
        """Tell whether anybody may write."""
        return bool(self._token)

    @property
    def cookie(self) -> str:
        """Return what the cookie of one who signed in says: not the token itself."""
        return hmac.digest(self._token.encode(), b"onrecord web session", hashlib.sha256).hex()

    def opens(self, token: str) -> bool:
        """Tell whether `token` is the one."""
        return self.is_possible and hmac.compare_digest(self._token.encode(), token.encode())

    def is_signed_in(self, request: Request) -> bool:
        """Tell whether the browser that asks signed in."""
        shown = request.cookies.get(COOKIE, "")
        return self.is_possible and hmac.compare_digest(self.cookie.encode(), shown.encode())

    def check(self, request: Request) -> None:
        """Let a request that writes pass.

        Raises:
            HTTPException: 401 without the token, 403 from another site or when nobody may write.
        """
        if not self.is_possible:
            raise HTTPException(403, "read-only: set ONRECORD_WEB_TOKEN to allow changes")
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        is_bearer = scheme.lower() == "bearer" and self.opens(shown.strip())
        if not is_bearer and not self.is_signed_in(request):
            raise HTTPException(401, "show the token: Authorization: Bearer ...", {"WWW-Authenticate": "Bearer"})
        check_origin(request, needed=not is_bearer)


def check_origin(request: Request, *, needed: bool) -> None:
    """Refuse what a page of another site sends; `needed`: also what does not say where it comes from.

    Raises:
        HTTPException: 403.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_own = site == "same-origin"
    elif origin is not None:
        is_own = urlsplit(origin).netloc == request.headers.get("host")
    else:
        is_own = not needed
    if not is_own:
        raise HTTPException(403, "only this site's own pages may ask for that")


def _name(headers: Headers) -> str:
    """Return the host name that was asked for, without its port; "" when there is none that can be read."""
    try:
        return urlsplit("//" + headers.get("host", "")).hostname or ""
    except ValueError:
        return ""


_REFUSAL = PlainTextResponse(
    "This is not one of the names of this server. ONRECORD_WEB_HOSTS lists those beside localhost.\n", 421
)
