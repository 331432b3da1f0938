"""Bodies of requests, bounded in size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from config.limits import FETCH_DEADLINE

#: What a form or a JSON document of the API may have.
MAX_BODY_BYTES = 64 * 1024


async def read_body(request: Request, most: int = MAX_BODY_BYTES) -> bytes | None:
    """Return the body; None when it is too long, or too slow."""
    body = bytearray()
    try:
        async with asyncio.timeout(FETCH_DEADLINE.total_seconds()):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(body)
