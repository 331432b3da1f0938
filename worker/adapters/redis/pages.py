"""Fetched pages in Redis, compressed, for processing and for replay. Implements `worker.ports.Pages`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from isal import isal_zlib

from config import limits
from worker.adapters.redis.store import connect, spread, store_errors
from worker.core.errors import Reason, TransientError
from worker.core.records import Page
from worker.ports import Pages

#: Of 0 to 3; pages are as small as with zlib's level 1, in a quarter of its time.
_LEVEL = 1


class RedisPages(Pages):
    """One hash a page, named by URL and content and compressed size: meta (JSON) and body (zlib)."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url, binary=True)
        self._prefix = spread(prefix)
        self._latest: tuple[str, Page] | None = None  # whoever stores a page often wants it next

    def put(self, page: Page) -> str:
        body = isal_zlib.compress(page.body, _LEVEL)
        digest = hashlib.sha256(page.url.encode() + b"\0" + page.body).hexdigest()[:32]
        ref = f"{digest}-{len(body)}"
        key = self._key(ref)
        with store_errors(page.url):
            pipe = self._client.pipeline()
            pipe.hset(key, mapping={"meta": _meta(page), "body": body})
            pipe.expire(key, limits.PAGE_TTL)
            pipe.execute()
        self._latest = ref, page
        return ref

    def get(self, ref: str) -> Page:
        latest, self._latest = self._latest, None
        if latest and latest[0] == ref:
            return latest[1]
        with store_errors(ref):
            meta, body = self._client.hmget(self._key(ref), ["meta", "body"])
        if meta is None or body is None:
            raise TransientError(Reason.PAGE_EXPIRED, ref, "the stored page is gone; it is fetched again")
        known = json.loads(meta)
        stated, known["signals"] = known.pop("fetched"), tuple(known.get("signals", ()))
        fetched = datetime.fromisoformat(stated) if stated else None
        return Page(body=isal_zlib.decompress(body), fetched=fetched, **known)

    def remove(self, refs: Sequence[str]) -> None:
        self._latest = None
        with store_errors("pages"):
            pipe = self._client.pipeline(transaction=False)
            for ref in refs:
                pipe.unlink(self._key(ref))
            pipe.execute()

    def _key(self, ref: str) -> str:
        return f"{self._prefix}:page:{ref}"


def _meta(page: Page) -> str:
    return json.dumps(
        {
            "url": page.url,
            "final_url": page.final_url,
            "content_type": page.content_type,
            "status": page.status,
            "signals": page.signals,
            "fetched": page.fetched.isoformat() if page.fetched else None,
        }
    )
