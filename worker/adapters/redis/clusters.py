"""The index of what texts share, in Redis: `lua/cluster.lua`. Implements `worker.ports.Clusters`."""

from __future__ import annotations

from collections.abc import Sequence

from config import limits
from worker.adapters.redis.store import Scripts, connect, in_ms
from worker.ports import Cluster, Clusters, Text

_BUCKET_MS = in_ms(limits.CLUSTER_BUCKET)


class RedisClusters(Clusters):
    """Two buckets of time; what is in one goes with it."""

    def __init__(self, url: str, prefix: str) -> None:
        self._run = Scripts(connect(url), prefix)

    def place(
        self, item_id: str, article: Text | None, quotations: Sequence[Text], *, time: str, host: str
    ) -> list[Cluster]:
        texts = [article, *quotations] if article else quotations
        flat = (part for text in texts for part in _arguments(text))
        rows = self._run(
            "cluster",
            *flat,
            item=item_id,
            length=_BUCKET_MS,
            time=time,
            host=host,
            is_article=int(article is not None),
        )
        return [Cluster(*row) for row in rows]


def _arguments(text: Text) -> tuple[str | float | bytes, ...]:
    rule = text.sketch.rule
    return text.id, text.by, rule.hashes, rule.ratio, text.sketch.hashes, text.sketch.buckets
