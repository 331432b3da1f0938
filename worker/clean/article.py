"""From page bytes to an article.

decode | read_tree | read_metadata | choose | compose | judge -> Article or NotArticle
"""

from __future__ import annotations

from worker.clean.body.choice import choose
from worker.clean.decode import decode
from worker.clean.html.block import RawBlock
from worker.clean.html.elements import HEADINGS, REGION_BIT
from worker.clean.html.tokeniser import read_tree
from worker.clean.html.tree import Tree
from worker.clean.language import detect
from worker.clean.metadata.fields import Metadata, read_metadata
from worker.clean.metadata.headline import repeats
from worker.clean.rescue import paragraphs_of_body, paragraphs_of_scripts
from worker.clean.text import visible
from worker.clean.verdict import judge
from worker.core.records import Article, Block, BlockKind, NotArticle, Page

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
    tree = read_tree(html, page.url)
    metadata = read_metadata(page.final_url or page.url, tree, html)
    # the headline is a field of its own
    chosen = [block for block in choose(tree, metadata) if not repeats(block.text, metadata.headline or "")]
    text, blocks = compose(_parts(tree, metadata, chosen, html))
    return judge(metadata, tree, chosen, text) or _article(page, metadata, text, blocks)


def _article(page: Page, metadata: Metadata, text: str, blocks: tuple[Block, ...]) -> Article:
    return Article(
        url=page.url,
        text=text,
        blocks=blocks,
        headline=metadata.headline,
        standfirst=metadata.standfirst,
        authors=metadata.authors,
        published=metadata.published,
        modified=metadata.modified,
        language=detect(text, metadata.language),
        canonical_url=metadata.canonical_url,
        site_name=metadata.site_name,
        publisher=metadata.publisher,
        section=metadata.section,
        keywords=metadata.keywords,
        image=metadata.image,
        is_free=metadata.is_free,
        rights=tuple(dict.fromkeys((*metadata.rights, *page.signals))),
    )


def _parts(tree: Tree, metadata: Metadata, chosen: list[RawBlock], html: bytes) -> list[tuple[BlockKind, str]]:
    found = sum(len(block.text) for block in chosen)
    if found < _RESCUE_BELOW:
        stated = paragraphs_of_body(metadata.text)
        rescued = stated if sum(map(len, stated)) > found else paragraphs_of_scripts(html.decode("utf-8", "replace"))
        if sum(map(len, rescued)) > max(_RESCUE_BELOW, 2 * found):
            return [("paragraph", text) for text in rescued]
    return [(_kind(tree, block), block.text) for block in chosen]


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
        if text := visible(part):
            texts.append(text)
            blocks.append(Block(kind, position, position + len(text)))
            position += len(text) + 2
    return "\n\n".join(texts), tuple(blocks)
