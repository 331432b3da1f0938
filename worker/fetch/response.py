"""What an answer means: fine, unchanged, later, or never (RFC 9110 §15), and when to come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from worker.core.errors import Reason, RejectedError, TransientError

MAX_RETRY_AFTER = timedelta(days=1)  # a server that asks for more is broken or hostile
_MAX_VALIDATOR = 500  # characters; servers refuse requests with large headers, and each page's is kept
_MARKUP_TYPES = ("text/html", "application/xhtml+xml")

# Answers that pass by themselves: RFC 9110 §15.5.9, RFC 8470, RFC 6585, and what CDNs add for their origin.
_PASSING = frozenset({408, 421, 425, 429, *range(500, 600)}) - {501, 505}

_FINAL = {404: Reason.NOT_FOUND, 410: Reason.GONE}

#: How pages of bot protections begin, and what only they load: Cloudflare, Akamai, DataDome, PerimeterX, Imperva,
#: AWS WAF, Sucuri, DDoS-Guard, Vercel, Anubis.
_CHALLENGE = re.compile(
    rb"<title>\s{0,9}(?:just a moment|attention required|access denied|one more step|are you a (?:human|robot)"
    rb"|before you continue|pardon our interruption|please wait|security check|robot or human|one moment, please"
    rb"|verifying you are human|making sure you|vercel security checkpoint|ddos-guard"
    rb"|(?:request unsuccessful\.?|cookie consent|your privacy choices|datenschutz-?einstellungen|privacy settings)"
    rb"\s{0,9}<)"
    rb"|/cdn-cgi/challenge-platform/|errors\.edgesuite\.net|captcha-delivery\.com|px-captcha|_Incapsula_Resource"
    rb"|id=\"sec-if-cpt|\.awswaf\.com|sucuri_cloudproxy_js|/\.within\.website/x/cmd/anubis/",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"^https?://(?:(?:consent|guce|cmp|myprivacy|privacy-?gate|login|auth|sso|accounts?)\."
    r"|[^/]+/(?:[^?#]*/)?(?:cookie-?wall|privacy-?gate|consent/collect|login|signin|sign-in)(?:[/?.]|$))",
    re.IGNORECASE,
)
_GOOGLE_NEWS = re.compile(r"https?://news\.google\.com/(?:rss/)?(?:articles|read)/")
_GOOGLE_NEWS_HINT = (
    "Google News does not say where this link leads; add the publisher's own feed, or a feed of Google Alerts or "
    "Bing News for the same search, whose links do"
)
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s{0,9}=\s{0,9}\"?([0-9]{1,9})")
_CHALLENGE_BYTES = 30_000  # a challenge is a short page, and says so at its top
#: Protections add their scripts to every page, and headlines hold any words: with so much text, it is none.
_PROSE_BYTES = 1_500
_PARAGRAPH = re.compile(rb"<p[\s>][^<]{60,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer after redirects; `headers` have lower-case names, repeated ones joined by ", ".

    `url` is where the body came from. `moved_to` is set when every redirect on the way was a permanent
    one, so that the old URL need not be asked again. `elapsed` is the time of the last hop only, from connecting
    to first byte: the latency that politeness adapts to. `age` is the time since that byte.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    elapsed: timedelta
    age: timedelta = timedelta(0)
    moved_to: str | None = None

    @property
    def validators(self) -> dict[str, str]:
        """`etag` and `modified` (Last-Modified) to send back with the next request; "" for none that is of use."""
        sent = {"etag": self.headers.get("etag", ""), "modified": self.headers.get("last-modified", "")}
        return {
            name: value if len(value) <= _MAX_VALIDATOR and value.isprintable() else "" for name, value in sent.items()
        }

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent, charset and all."""
        return self.headers.get("content-type")


def check_status(response: Response, *, now: datetime, had_success: bool = False) -> bool:
    """Return True for a body to read, False for 304 Not Modified.

    Args:
        response: The answer.
        now: Aware UTC, to which a Retry-After date is relative.
        had_success: This host has answered 200 lately; a 403 is then throttling, not a ban.

    Raises:
        TransientError: THROTTLED or SERVER_ERROR, with what the server asked for.
        RejectedError: GONE, NOT_FOUND (which a wrong link is as well) or HTTP_ERROR.
    """
    status = response.status
    if status == 304:
        return False
    if 200 <= status < 300 and status not in {204, 205, 206}:
        return True
    detail = f"the server answered {status}"
    wait = retry_after(response.headers.get("retry-after"), now=now)
    if status in {429, 503} or (status == 403 and (had_success or wait)):
        raise TransientError(Reason.THROTTLED, response.url, detail, wait)
    if status in _PASSING:
        raise TransientError(Reason.SERVER_ERROR, response.url, detail, wait)
    raise RejectedError(_FINAL.get(status, Reason.HTTP_ERROR), response.url, detail)


def check_page(response: Response) -> None:
    """Accept only what can be an article.

    Raises:
        RejectedError: WRONG_TYPE, NOT_TEXT, EMPTY or INTERSTITIAL.
    """
    kind = (response.content_type or "text/html").partition(";")[0].strip().lower()
    if kind not in _MARKUP_TYPES and not _is_mislabelled(kind, response.body):
        raise RejectedError(Reason.WRONG_TYPE, response.url, f"{kind or 'no type'} is not a page of HTML")
    if not response.body.strip():
        raise RejectedError(Reason.EMPTY, response.url, "the page is empty")
    if _is_binary(response.body):
        raise RejectedError(Reason.NOT_TEXT, response.url, "declared as HTML, but binary")
    marker = interstitial(response)
    if marker:
        raise RejectedError(Reason.INTERSTITIAL, response.url, marker)


def interstitial(response: Response) -> str | None:
    """Say which page stands in front of the article: a bot challenge or a consent gate; None if none does."""
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        return "a Cloudflare challenge (cf-mitigated header)"
    if _GOOGLE_NEWS.match(response.url):
        return _GOOGLE_NEWS_HINT
    if _GATE.match(response.url):
        return "a consent or login page: the redirect ended at " + response.url.split("?")[0][:200]
    if len(response.body) < _CHALLENGE_BYTES:
        found = _CHALLENGE.search(response.body)
        if found and sum(map(len, _PARAGRAPH.findall(response.body))) < _PROSE_BYTES:
            return "a bot challenge: " + found[0].decode("ascii", "replace")[:60]
    return None


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Read Retry-After (RFC 9110 §10.2.3), in seconds or as a date; at most a day, None if it says nothing."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), MAX_RETRY_AFTER)
    moment = http_date(text)
    return min(max(moment - now, timedelta(0)), MAX_RETRY_AFTER) if moment else None


def fresh_for(headers: Mapping[str, str], *, now: datetime) -> timedelta:
    """Return how long an answer says that it stays fresh (RFC 9111 §4.2.1): max-age, else Expires; at most a day."""
    cache_control = headers.get("cache-control", "").lower()
    if found := _MAX_AGE.search(cache_control):
        return min(timedelta(seconds=int(found[1])), MAX_RETRY_AFTER)
    expires = None if cache_control else http_date(headers.get("expires", ""))
    return min(max(expires - now, timedelta(0)), MAX_RETRY_AFTER) if expires else timedelta(0)


def http_date(text: str) -> datetime | None:
    """Read an HTTP date (RFC 9110 §5.6.7) as aware UTC; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_mislabelled(kind: str, body: bytes) -> bool:
    """Tell HTML that is sent as plain text or without a type, which careless servers do."""
    head = body[:1000].lstrip().lower()
    vague = kind in {"text/plain", "application/octet-stream", "application/xml", "text/xml", ""}
    return vague and head.startswith((b"<!doctype html", b"<html"))


def _is_binary(body: bytes) -> bool:
    """Tell by control characters that no encoding of text has; UTF-16 has NULs, but a mark before them."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return body[:2000].translate(None, _CONTROLS) != body[:2000]


_CONTROLS = bytes(set(range(9)) | set(range(14, 27)) | set(range(28, 32)))  # 0x1b is an escape of ISO-2022
