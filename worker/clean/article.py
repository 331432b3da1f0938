"""From page bytes to an article.

decode | scan | read_tree | gather | choose | compose -> Article, or judge -> NotArticle
"""

from __future__ import annotations

import re
import unicodedata

from worker.clean import metadata
from worker.clean.body import choose, view
from worker.clean.decode import decode
from worker.clean.language import detect
from worker.clean.metadata import Facts, gather
from worker.clean.moments import parse_moment
from worker.clean.rescue import date_in_scripts, paragraphs_of_body, paragraphs_of_scripts
from worker.clean.scan import scan
from worker.clean.structured import text_of
from worker.clean.tree import RawBlock, read_tree
from worker.clean.verdict import judge
from worker.records import Article, Block, BlockKind, Moment, NotArticle, Page

#: Controls, zero-width fillers, soft hyphens, bidirectional overrides, lone surrogates, noncharacters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")
#: Body texts shorter than this are worth a look at what the scripts carry.
_RESCUE_BELOW = 250
_QUOTED_REGION = 1 << 8
_KINDS: dict[str, BlockKind] = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "blockquote": "quotation", "li": "list_item", "dd": "list_item", "dt": "list_item",
    "figcaption": "caption", "caption": "caption",
}  # fmt: skip


def clean(page: Page) -> Article | NotArticle:
    """Return the article that a page holds, or why it holds none.

    Raises:
        RejectedError: EMPTY, NOT_TEXT, TOO_LARGE or HOSTILE_MARKUP; the page was not parsed.
    """
    html = decode(page.body, page.content_type, page.url)
    markup = scan(html, page.url)
    facts = gather(page.final_url or page.url, read_tree(markup.html), markup.linked_data)
    parts = _body(facts, html)
    text, blocks = compose(parts)
    headline = _tidy(metadata.headline(facts))
    refusal = judge(facts, text, headline)
    published = metadata.published(facts) or parse_moment(date_in_scripts(html), "script")
    return refusal or _article(page, facts, text, blocks, headline, published)


def _article(
    page: Page,
    facts: Facts,
    text: str,
    blocks: tuple[Block, ...],
    headline: str | None,
    published: Moment | None,
) -> Article:
    return Article(
        url=page.url,
        text=text,
        blocks=blocks,
        headline=headline,
        standfirst=_tidy(metadata.standfirst(facts)),
        authors=tuple(name for stated in metadata.authors(facts) if (name := _tidy(stated))),
        published=published,
        modified=metadata.modified(facts),
        language=detect(text, facts.tree.language),
        canonical_url=metadata.canonical_url(facts),
        site_name=_tidy(metadata.site_name(facts)),
        publisher=_tidy(metadata.publisher(facts)),
        section=_tidy(metadata.section(facts)),
        keywords=tuple(word for stated in metadata.keywords(facts) if (word := _tidy(stated))),
        image=metadata.image(facts),
        is_free=metadata.is_free(facts),
        rights=tuple(dict.fromkeys((*metadata.rights(facts), *page.signals))),
    )


def _body(facts: Facts, html: str) -> list[tuple[BlockKind, str]]:
    chosen = [(_kind(block), block.text) for block in choose(view(facts))]
    found = sum(len(text) for _, text in chosen)
    if found >= _RESCUE_BELOW:
        return chosen
    stated = paragraphs_of_body(text_of(facts.article.get("articleBody")))
    rescued = stated if sum(map(len, stated)) > found else paragraphs_of_scripts(html)
    longer = sum(map(len, rescued)) > max(_RESCUE_BELOW, 2 * found)
    return [("paragraph", text) for text in rescued] if longer else chosen


def _kind(block: RawBlock) -> BlockKind:
    kind = _KINDS.get(block.tag, "paragraph")
    return "quotation" if kind == "paragraph" and block.regions & _QUOTED_REGION else kind


def compose(parts: list[tuple[BlockKind, str]]) -> tuple[str, tuple[Block, ...]]:
    """Join parts by blank lines into NFC text; return it with the offsets of each part."""
    texts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for kind, part in parts:
        if text := _tidy(part):
            texts.append(text)
            blocks.append(Block(kind, position, position + len(text)))
            position += len(text) + 2
    return "\n\n".join(texts), tuple(blocks)


def _tidy(text: str | None) -> str | None:
    """Return text as NFC, without controls, with single spaces; None if nothing is left."""
    if not text:
        return None
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()) or None
