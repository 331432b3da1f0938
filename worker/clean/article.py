"""From page bytes to an article.

decode | read_tree | gather | choose | compose | judge -> Article or NotArticle
"""

from __future__ import annotations

import re

from worker.clean.body.choice import choose
from worker.clean.decode import decode
from worker.clean.html.block import RawBlock
from worker.clean.html.elements import HEADINGS, REGION_BIT
from worker.clean.html.tokeniser import read_tree
from worker.clean.html.tree import Tree
from worker.clean.language import detect
from worker.clean.metadata import fields as metadata
from worker.clean.metadata.dates import parse_moment
from worker.clean.metadata.fields import Facts, gather
from worker.clean.metadata.headline import repeats
from worker.clean.metadata.json_ld import text_of
from worker.clean.rescue import date_in_scripts, paragraphs_of_body, paragraphs_of_scripts
from worker.clean.verdict import judge
from worker.core.records import Article, Block, BlockKind, Moment, NotArticle, Page
from worker.core.text import nfc

#: Controls, zero-width fillers, soft hyphens, bidirectional overrides, lone surrogates, noncharacters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
#: Body texts shorter than this are worth a look at what the scripts carry.
_RESCUE_BELOW = 250
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(HEADINGS, "heading"),
    "blockquote": "quotation", "li": "list_item", "dd": "list_item", "dt": "list_item",
    "figcaption": "caption", "caption": "caption",
}  # fmt: skip


def clean(page: Page) -> Article | NotArticle:
    """Return the article that a page holds, or why it holds none.

    Raises:
        RejectedError: EMPTY, NOT_TEXT, TOO_LARGE or HOSTILE_MARKUP; the page was not parsed.
    """
    html = decode(page.body, page.content_type, page.url)
    facts = gather(page.final_url or page.url, read_tree(html, page.url))
    headline = _tidy(metadata.headline(facts))
    # the headline is a field of its own
    chosen = [block for block in choose(facts, headline or "") if not repeats(block.text, headline or "")]
    text, blocks = compose(_parts(facts, chosen, html))
    refusal = judge(facts, chosen, text, headline)
    if refusal:
        return refusal
    published = metadata.published(facts) or parse_moment(date_in_scripts(html.decode("utf-8", "replace")), "script")
    return _article(page, facts, text, blocks, headline, published)


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


def _parts(facts: Facts, chosen: list[RawBlock], html: bytes) -> list[tuple[BlockKind, str]]:
    found = sum(len(block.text) for block in chosen)
    if found < _RESCUE_BELOW:
        stated = paragraphs_of_body(text_of(facts.article.get("articleBody")))
        rescued = stated if sum(map(len, stated)) > found else paragraphs_of_scripts(html.decode("utf-8", "replace"))
        if sum(map(len, rescued)) > max(_RESCUE_BELOW, 2 * found):
            return [("paragraph", text) for text in rescued]
    return [(_kind(facts.tree, block), block.text) for block in chosen]


def _kind(tree: Tree, block: RawBlock) -> BlockKind:
    kind = _KINDS.get(tree.tag(block), "paragraph")
    quoted = tree.elements.regions[block.element] & REGION_BIT["blockquote"]
    return "quotation" if kind == "paragraph" and quoted else kind


def compose(parts: list[tuple[BlockKind, str]]) -> tuple[str, tuple[Block, ...]]:
    """Join parts by blank lines into NFC text; return it with the offsets of each part."""
    texts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for kind, part in parts:
        if text := _shown(part):
            texts.append(text)
            blocks.append(Block(kind, position, position + len(text)))
            position += len(text) + 2
    return "\n\n".join(texts), tuple(blocks)


def _tidy(text: str | None) -> str | None:
    """Return text as NFC, without controls, with single spaces; None if nothing is left."""
    if not text:
        return None
    return _shown(" ".join(text.split())) or None


def _shown(text: str) -> str:
    """Return a text with single spaces as NFC, without controls."""
    return nfc(text if text.isprintable() else " ".join(_UNSEEN.sub("", text).split()))
