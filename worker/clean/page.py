"""From a page to an article, or to the reason why it is none."""

from __future__ import annotations

import re

import py3langid
from selectolax.lexbor import LexborHTMLParser

from worker.clean.body import Found, body, join, plain
from worker.clean.decode import decode
from worker.clean.guard import MAX_BYTES, guard
from worker.clean.metadata import Metadata
from worker.errors import Reason, RejectedError
from worker.records import Article, NotArticle, Page

_MIN_TEXT = 200  # characters; a shorter body is a teaser, a video page or an error page
_ERROR_TITLE = re.compile(
    r"\b(?:404|page not found|not found|seite nicht gefunden|page introuvable)\b", re.IGNORECASE
)
_CONSENT = re.compile(
    r"\b(?:before you continue|we value your privacy|accept (?:all )?cookies|consent)\b", re.IGNORECASE
)


def clean(page: Page) -> Article | NotArticle:
    """Return the article on a page, or why there is none.

    Raises:
        RejectedError: EMPTY, TOO_LARGE, NOT_TEXT or HOSTILE_MARKUP.
    """
    html = _readable(page)
    tree = LexborHTMLParser(html)
    meta = Metadata(tree, page.final_url)
    headline = meta.headline()
    found = _without_title(body(tree), headline) or _rescued(meta)
    text, blocks = join(found)
    refusal = _refusal(meta, headline, text)
    if refusal:
        return refusal
    return Article(
        url=page.final_url,
        text=text,
        blocks=blocks,
        headline=headline,
        standfirst=meta.standfirst(),
        authors=meta.authors(),
        published=meta.published(),
        modified=meta.modified(),
        language=language_of(text) or meta.language(),
        canonical_url=meta.canonical_url(),
        site_name=meta.site_name(),
        publisher=meta.publisher(),
        section=meta.section(),
        keywords=meta.keywords(),
        image=meta.image(),
        is_free=meta.is_free(),
        rights=meta.rights(),
    )


def language_of(text: str) -> str | None:
    """Return the language of a text as an ISO 639-1 code; None when it is too short to tell."""
    return str(py3langid.classify(text[:3000])[0]) if len(text) >= 40 else None


def _readable(page: Page) -> str:
    subject = page.final_url
    if not page.body.strip():
        raise RejectedError(Reason.EMPTY, subject, "the page is empty")
    if len(page.body) > MAX_BYTES:
        raise RejectedError(Reason.TOO_LARGE, subject, f"larger than {MAX_BYTES // 1024**2} MB")
    html = decode(page.body, page.content_type)
    if html.count("\x00") > len(html) // 100 or html.count("\ufffd") > len(html) // 10:
        raise RejectedError(Reason.NOT_TEXT, subject, "binary, not text")
    guard(html, subject)
    return html.replace("\x00", "")


def _without_title(found: list[Found], headline: str | None) -> list[Found]:
    title = (headline or "").casefold()
    return [block for block in found if block.text.casefold() != title]


def _rescued(meta: Metadata) -> list[Found]:
    """Return the paragraphs of JSON-LD's articleBody, for a page whose tree holds none."""
    text = meta.body_text() or ""
    return [Found("paragraph", plain(line), 0.0, 0) for line in re.split(r"\n+", text) if line.strip()]


def _refusal(meta: Metadata, headline: str | None, text: str) -> NotArticle | None:
    if _ERROR_TITLE.search(headline or "") and len(text) < 1500:
        return NotArticle(Reason.NOT_AN_ARTICLE, "an error page")
    if len(text) < 1500 and _CONSENT.search((headline or "") + " " + text[:400]):
        return NotArticle(Reason.INTERSTITIAL, "a consent page")
    if len(text) < _MIN_TEXT and not (meta.is_article() and len(text) > _MIN_TEXT / 4):
        return NotArticle(Reason.NO_TEXT, f"{len(text)} characters of text")
    if (
        not meta.is_article()
        and (meta.first("og:type") or "").lower() in {"website", "video.other"}
        and len(text) < 1000
    ):
        return NotArticle(Reason.NOT_AN_ARTICLE, "a front page or a video page")
    return None
