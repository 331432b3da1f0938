"""Whether a page is an article at all, and if not, what it is.

A refusal loses an article for good, so one sign is never enough: words in a title are in headlines as well, a bare
address may be an article's, and an article may have many headings that are links.
"""

from __future__ import annotations

import re

from worker.clean.body.characters import size
from worker.clean.html.block import RawBlock
from worker.clean.html.tree import Tree
from worker.clean.metadata.fields import Metadata
from worker.clean.metadata.sources import split_url
from worker.core.errors import Reason
from worker.core.records import NotArticle

#: Latin characters of body under which a page must show that it is an article; one that writes a word counts as three.
_SHORT = 250
_TINY, _BRIEF = 40, 120
#: Walls and error pages say no more than this.
_NOTICE = 1_200
_INTERSTITIAL = re.compile(
    r"just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|captcha|access denied|security check|one more step|please wait|"
    r"before you continue|enable javascript|cookie (?:consent|settings|wall)|consent choices|unusual traffic|"
    r"checking your browser|datenschutz.{0,20}zustimm|mit werbung weiterlesen|privacy settings|your privacy",
    re.IGNORECASE,
)
#: What such pages say to whoever reads them.
_INTERSTITIAL_TEXT = re.compile(
    r"\bcookies?\b|javascript|\bbrowser|\brobot\b|captcha|not a bot|you are (?:a )?human|\bIP[ -]address|"
    r"your network|\bour partners|\d partners|permission to access|consent|zustimm|einwillig|werbung und tracking|"
    r"accepter et|\bconsent[ie]|Cookie を|クッキー|浏览器|브라우저",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^\W*(?:error\W*)?(?:404|410|403|500|502|503)\b|(?:page|article|story) (?:was |is |"
    r"could )?(?:not|no longer)|not found|^\W*error\b|"
    r"page (?:doesn.t|does not) exist|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|"
    r"pagina non trovata|страница не найдена|ページが見つかりません|页面不存在|페이지를 찾을 수 없",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"(?:page|address|url|link|article|story|content) (?:that )?(?:you|was|is|could|has|may|might|no longer)\b|"
    r"(?:check|checking) the (?:url|address|spelling)|(?:error|fehler) \d{3}|(?:back|return|go) to (?:the |our )?home|"
    r"an error|server error|diese seite|die (?:gewünschte|angeforderte|gesuchte) seite|"
    r"la page (?:demandée|que)|cette page|la página (?:que|solicitada)|esta página|la pagina (?:che|richiesta)|"
    r"эта страница|запрашиваем|お探しのページ|このページ|您访问的|页面|요청하신 페이지",
    re.IGNORECASE,
)
#: This many headings that are links, this share of the text under them, and so little of it each make teasers.
_MIN_TEASERS, _TEASER_SHARE, _LONGEST_TEASER = 3, 0.6, 350
_FRONT_PATHS = frozenset({"index.html", "index.htm", "index.php", "home"})
#: A section's address has this many segments at most, none of them with a number or the words of a headline.
_SECTION_DEPTH = 2
_SLUG = re.compile(r"\d|[^/]*-[^/-]+-|\.\w+$")
_ARCHIVE = re.compile(r"(?:^|/)(?:category|categories|tag|tags|topic|topics|section|author|archive|page)/[^/]+(?:/|$)")


def judge(metadata: Metadata, tree: Tree, chosen: list[RawBlock], text: str) -> NotArticle | None:
    """Return why the page is not an article, None if it is one.

    Args:
        metadata: What the page says of itself.
        tree: The page.
        chosen: The blocks that were taken for its body.
        text: The body that was found, "" if none.
    """
    names = f"{metadata.headline or ''} {metadata.page_title}"
    if _is_notice(metadata, names, text, _INTERSTITIAL, _INTERSTITIAL_TEXT):
        return NotArticle(Reason.INTERSTITIAL, f"consent wall or check: {names.strip()[:80]}")
    if _is_notice(metadata, metadata.page_title or names, text, _ERROR, _ERROR_TEXT):
        return NotArticle(Reason.NOT_AN_ARTICLE, f"error page: {names.strip()[:80]}")
    if not metadata.is_article and _is_listing(metadata, tree, chosen):
        return NotArticle(Reason.NOT_AN_ARTICLE, "home page or section front")
    length = size(text) if len(text) < _SHORT else len(text)
    if length < _SHORT and metadata.is_video and not metadata.is_article:
        return NotArticle(Reason.NOT_AN_ARTICLE, "video page without a text")
    if length < _least(metadata):
        return NotArticle(Reason.NO_TEXT, f"{len(text)} characters of body text")
    return None


def _is_notice(metadata: Metadata, title: str, text: str, in_title: re.Pattern[str], in_text: re.Pattern[str]) -> bool:
    """Tell whether both the title and the text are those of a page that stands in front of others."""
    longest = _SHORT if metadata.is_article else _NOTICE
    if len(text) >= longest or not in_title.search(title):
        return False
    return len(text) < _least(metadata) or bool(in_text.search(text))


def _least(metadata: Metadata) -> int:
    """Return how long a text must be: less, the more the page says that it is an article."""
    if metadata.is_article:
        return _TINY
    return _BRIEF if metadata.published else _SHORT


def _is_listing(metadata: Metadata, tree: Tree, chosen: list[RawBlock]) -> bool:
    """Tell whether a page is one of links to others, by two of: its address, what it says of itself, its text."""
    says_so = metadata.is_website or metadata.is_listing
    if _is_front(metadata):
        return says_so or not _has_stated_date(metadata) or _has_teasers(tree, chosen)
    return (says_so or _is_section(metadata)) and _has_teasers(tree, chosen)


def _is_front(metadata: Metadata) -> bool:
    """Tell whether an address names nothing on its host: no path, and neither a query nor a path behind "#!"."""
    url = split_url(metadata.url)
    path = url.path.strip("/")
    return not url.query and not url.fragment.startswith(("!", "/")) and (not path or path.lower() in _FRONT_PATHS)


def _is_section(metadata: Metadata) -> bool:
    url = split_url(metadata.url)
    path = url.path.strip("/")
    if _ARCHIVE.search(path):
        return True
    return not url.query and path.count("/") < _SECTION_DEPTH and not _SLUG.search(path)


def _has_stated_date(metadata: Metadata) -> bool:
    return metadata.published is not None and metadata.published.source in {"json-ld", "meta", "microdata", "time"}


def _has_teasers(tree: Tree, chosen: list[RawBlock]) -> bool:
    """Tell whether most of the text stands beside headings that are links, a little beside each, as teasers do."""
    headed = {
        tree.elements.parents[block.element]
        for block in tree.blocks
        if block.links > 0.8 * len(block.text) and tree.tag(block) in {"h2", "h3", "h4"}
    }
    beside = [block for block in chosen if tree.elements.parents[block.element] in headed]
    held, total = (sum(len(block.text) for block in blocks) for blocks in (beside, chosen))
    holders = len({tree.elements.parents[block.element] for block in beside})
    return (
        len(headed) >= _MIN_TEASERS
        and held > _TEASER_SHARE * total
        and held < _LONGEST_TEASER * max(1, len(headed), holders)
    )
