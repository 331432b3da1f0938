"""Whether a page is an article at all, and if not, what it is."""

from __future__ import annotations

import re

from worker.clean.html.block import RawBlock
from worker.clean.html.tree import Tree
from worker.clean.metadata.fields import Metadata
from worker.clean.metadata.sources import split_url
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
_FRONT_PATHS = frozenset({"index.html", "index.php", "home"})


def judge(metadata: Metadata, tree: Tree, chosen: list[RawBlock], text: str) -> NotArticle | None:
    """Return why the page is not an article, None if it is one.

    Args:
        metadata: What the page says of itself.
        tree: The page.
        chosen: The blocks that were taken for its body.
        text: The body that was found, "" if none.
    """
    names = f"{metadata.headline or ''} {metadata.page_title}"
    if len(text) < 1_200 and _INTERSTITIAL.search(names):
        return NotArticle(Reason.INTERSTITIAL, f"consent wall or check: {names.strip()[:80]}")
    if len(text) < 1_200 and _ERROR.search(metadata.page_title or metadata.headline or ""):
        return NotArticle(Reason.NOT_AN_ARTICLE, f"error page: {names.strip()[:80]}")
    if not metadata.is_article and (_is_front(metadata) or _is_listing(tree, chosen)):
        return NotArticle(Reason.NOT_AN_ARTICLE, "home page or section front")
    if len(text) < _SHORT and metadata.is_video:
        return NotArticle(Reason.NOT_AN_ARTICLE, "video page without a text")
    if len(text) < (_TINY if metadata.is_article else _SHORT):
        return NotArticle(Reason.NO_TEXT, f"{len(text)} characters of body text")
    return None


def _is_front(metadata: Metadata) -> bool:
    path = split_url(metadata.url).path.strip("/")
    return not path or path in _FRONT_PATHS or (metadata.is_website and metadata.is_listing)


def _is_listing(tree: Tree, chosen: list[RawBlock]) -> bool:
    """Tell whether most of the text stands beside headings that are links, as teasers do."""
    headed = {
        tree.elements.parents[block.element]
        for block in tree.blocks
        if block.links > 0.8 * len(block.text) and tree.tag(block) in {"h2", "h3", "h4"}
    }
    beside = sum(len(block.text) for block in chosen if tree.elements.parents[block.element] in headed)
    return len(headed) >= _MIN_TEASERS and beside > _TEASER_SHARE * sum(len(block.text) for block in chosen)
