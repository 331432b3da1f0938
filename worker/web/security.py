"""Who may see and who may change: host names, headers, and the token.

Reading needs nothing but a host name of ours, which keeps out other sites that rebind their names to this address.
Writing needs the token: as a bearer (RFC 6750), or as the cookie that signing in with it gave, and then from our own
pages only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.web.capacity import Capacity, client_of

COOKIE = "onrecord"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_OTHER_NAME = "This is not one of the names of this server. ONRECORD_WEB_HOSTS lists those beside localhost."

#: Pages and the API ask Redis in some 40 threads; live pages, 64 at most, mostly wait.
MAX_REQUESTS = 128
#: A hub pushes one feed after another; a delivery takes as long as its body, 20 s at most.
MAX_PUSHES = 64

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
    """Answers only to our own names, no more requests at once than there is capacity for, and with security headers.

    Args:
        app: What is guarded.
        names: The host names that may be asked for.
        hubs: The path where any name will do: a hub's callback has a secret in its path, and a proxy before it.
        probes: Paths that are asked for by address, and answered however many other requests are at work.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], hubs: str, probes: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(names)
        self._hubs = hubs
        self._probes = frozenset(probes)
        self._pages, self._pushes = Capacity(MAX_REQUESTS), Capacity(MAX_PUSHES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        try:
            with self._admitted(scope):
                await self._app(scope, receive, send_guarded)
        except HTTPException as refused:
            text = PlainTextResponse(f"{refused.detail}\n", refused.status_code, refused.headers)
            await text(scope, receive, send_guarded)

    @contextmanager
    def _admitted(self, scope: Scope) -> Iterator[None]:
        """Hold a request's place while it is answered.

        Raises:
            HTTPException: 400, 421 (RFC 9110, 15.5.20), 429 or 503, when it is not to be answered.
        """
        headers, path = Headers(scope=scope), str(scope["path"])
        if "content-length" in headers and "transfer-encoding" in headers:
            # RFC 9112, 6.1: whoever takes one for the other reads a request that nobody sent.
            raise HTTPException(400, "a body has a length or an encoding, not both", {"Connection": "close"})
        is_probe, is_hub = path in self._probes, path.startswith(self._hubs)
        name = _name(headers)
        if not is_hub and name not in self._names and not (is_probe and _is_address(name)):
            raise HTTPException(421, _OTHER_NAME)
        if is_probe:
            yield
            return
        with (self._pushes if is_hub else self._pages).taken(client_of(scope.get("client"))):
            yield


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


def _is_address(name: str) -> bool:
    """Tell whether a host is asked for by its address: no site can make a browser do that under its own name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
