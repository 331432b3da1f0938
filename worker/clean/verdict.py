"""Whether a page is an article at all, and if not, what it is."""

from __future__ import annotations

import re

from worker.clean.html.block import RawBlock
from worker.clean.html.tree import Tree
from worker.clean.metadata.fields import Facts, split
from worker.clean.metadata.json_ld import types_of
from worker.core.errors import Reason
from worker.core.records import NotArticle

#: Characters of body under which a page must show by its metadata that it is an article.
_SHORT = 250
_TINY = 40
_INTERSTITIAL = re.compile(
    r"just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|captcha|access denied|"
    r"before you continue|enable javascript|cookie (?:consent|settings|wall)|consent choices|unusual traffic|"
    r"checking your browser|datenschutz.{0,20}zustimm|mit werbung weiterlesen",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^\W*(?:error\W*)?(?:404|410|403|500|502|503)\b|(?:page|article|story) (?:was |is |"
    r"could )?(?:not|no longer)|not found|"
    r"page (?:doesn.t|does not) exist|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|"
    r"pagina non trovata|страница не найдена|ページが見つかりません|页面不存在|페이지를 찾을 수 없",
    re.IGNORECASE,
)
#: This many headings that are links, and this share of the text under them, make a page of teasers.
_MIN_TEASERS, _TEASER_SHARE = 3, 0.6
_VIDEO_TYPES = {"video.other", "video", "video.movie", "video.episode"}


def judge(facts: Facts, chosen: list[RawBlock], text: str, headline: str | None) -> NotArticle | None:
    """Return why the page is not an article, None if it is one.

    Args:
        facts: The page's own statements.
        chosen: The blocks that were taken for its body.
        text: The body that was found, "" if none.
        headline: The headline that was found.
    """
    names = f"{headline or ''} {facts.tree.title}"
    if len(text) < 1_200 and _INTERSTITIAL.search(names):
        return NotArticle(Reason.INTERSTITIAL, f"consent wall or check: {names.strip()[:80]}")
    if len(text) < 1_200 and _ERROR.search(facts.tree.title or headline or ""):
        return NotArticle(Reason.NOT_AN_ARTICLE, f"error page: {names.strip()[:80]}")
    stated = _is_stated(facts)
    if not stated and (_is_front(facts) or _is_listing(facts.tree, chosen)):
        return NotArticle(Reason.NOT_AN_ARTICLE, "home page or section front")
    if len(text) < _SHORT and _is_video(facts):
        return NotArticle(Reason.NOT_AN_ARTICLE, "video page without a text")
    if len(text) < (_TINY if stated else _SHORT):
        return NotArticle(Reason.NO_TEXT, f"{len(text)} characters of body text")
    return None


def _is_stated(facts: Facts) -> bool:
    kind = facts.meta(("og:type",)).lower()
    return bool(facts.article) or kind in {"article", "news", "newsarticle"} or "article:published_time" in facts.metas


def _is_video(facts: Facts) -> bool:
    kind = facts.meta(("og:type",)).lower()
    return kind in _VIDEO_TYPES or any("videoobject" in types_of(node) for node in facts.nodes)


def _is_front(facts: Facts) -> bool:
    path = split(facts.url).path.strip("/")
    kind = facts.meta(("og:type",)).lower()
    listed = any({"collectionpage", "itemlist"} & types_of(node) for node in facts.nodes)
    return not path or path in {"index.html", "index.php", "home"} or (kind == "website" and listed)


def _is_listing(tree: Tree, chosen: list[RawBlock]) -> bool:
    """Tell whether most of the text stands beside headings that are links, as teasers do."""
    headed = {
        tree.elements.parents[block.element]
        for block in tree.blocks
        if block.links > 0.8 * len(block.text) and tree.tag(block) in {"h2", "h3", "h4"}
    }
    beside = sum(len(block.text) for block in chosen if tree.elements.parents[block.element] in headed)
    return len(headed) >= _MIN_TEASERS and beside > _TEASER_SHARE * sum(len(block.text) for block in chosen)
