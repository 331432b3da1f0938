"""The failure kinds; everything else that is raised is a bug.

    IngestError(reason, subject)
    ├── TransientError(reason, subject, retry_after)   may work later: retried by policy
    └── RejectedError(reason, subject)                 will never work: dead-lettered with its reason

`reason` is one word of the closed set `Reason`. The same word is the metric label,
the log field, and what `onrecord why` prints. Expected negatives (not modified, already
seen, not an article) are outcomes (`worker.core.outcomes`), never exceptions.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why something did not become an article; the closed vocabulary of failures."""

    # the network, may pass
    CONNECT_FAILED = "connect_failed"
    TIMED_OUT = "timed_out"
    SERVER_ERROR = "server_error"
    THROTTLED = "throttled"
    HOST_BUSY = "host_busy"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    STORE_UNAVAILABLE = "store_unavailable"
    # the network, final
    BAD_URL = "bad_url"
    BLOCKED_ADDRESS = "blocked_address"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TLS_FAILED = "tls_failed"
    HTTP_ERROR = "http_error"
    NOT_FOUND = "not_found"
    GONE = "gone"
    MOVED = "moved"
    ROBOTS_DENIED = "robots_denied"
    OPTED_OUT = "opted_out"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    WRONG_TYPE = "wrong_type"
    # the content
    NOT_A_FEED = "not_a_feed"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    HOSTILE_MARKUP = "hostile_markup"
    NOT_AN_ARTICLE = "not_an_article"
    INTERSTITIAL = "interstitial"
    NO_TEXT = "no_text"
    # ourselves
    BAD_ENGINE = "bad_engine"
    BAD_STREAM = "bad_stream"
    UNKNOWN = "unknown"
    GIVEN_UP = "given_up"
    PAGE_EXPIRED = "page_expired"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    INVALID_EVENT = "invalid_event"
    BUG = "bug"


class IngestError(Exception):
    """Something about one subject (a URL, a feed, an article id) failed for one reason.

    All state is in `args`, so that the exception survives pickling.
    """

    def __init__(self, reason: Reason, subject: str, detail: str = "") -> None:
        super().__init__(reason, subject, detail)
        self.reason = reason
        self.subject = subject
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.subject}: {self.detail or self.reason.replace('_', ' ')} [{self.reason}]"


class TransientError(IngestError):
    """The same attempt may work later; `retry_after` is what the other side asked for."""

    def __init__(self, reason: Reason, subject: str, detail: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(reason, subject, detail)
        self.args = (reason, subject, detail, retry_after)
        self.retry_after = retry_after


class RejectedError(IngestError):
    """No further attempt can work; the subject is dead-lettered or dropped with its reason."""
