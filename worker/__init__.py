"""onrecord's worker: from a feed to attributed statements on a Redis stream.

`celery -A worker ...` finds `worker.app`, which is made on first use, so that
importing this package costs nothing and does not import Celery.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "app":
        from worker.celery import app  # noqa: PLC0415 - made on first use

        return app
    raise AttributeError(f"module 'worker' has no attribute {name!r}")
