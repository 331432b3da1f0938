"""Where a page says something about its article: JSON-LD, meta tags, microdata, and what it shows. Read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from worker.clean.html.class_names import BIT
from worker.clean.html.tree import Tree
from worker.clean.metadata.json_ld import Node, article_of, read_linked_data, text_of

#: Marks of elements whose dates and bylines belong to other articles, or to readers.
UNRELATED = BIT["related"] | BIT["comment"] | BIT["navigation"]


@dataclass(frozen=True, slots=True)
class Sources:
    """A page's statements.

    `nodes` are all objects of its JSON-LD, `article` the one that is the article, {} if there is none; `metas` keeps
    the first value of each name.
    """

    url: str
    tree: Tree
    article: Node
    nodes: list[Node]
    metas: dict[str, str] = field(default_factory=dict)

    def meta(self, names: tuple[str, ...]) -> str:
        """Return the first meta value among `names`, "" if none is stated."""
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    def linked(self, *names: str) -> str:
        """Return the text of the first of these fields that the article's JSON-LD has, "" if it has none."""
        return text_of(next((self.article[name] for name in names if self.article.get(name)), ""))

    def microdata(self, *names: str) -> list[str]:
        """Return the values of the properties with one of these names, in document order."""
        return [text for name, text in self.tree.properties if name in names]


def read_sources(url: str, tree: Tree) -> Sources:
    """Return the statements of the page at `url`."""
    nodes = read_linked_data(tree.linked_data)
    metas = dict(reversed(tree.metas))
    canonical = [href for rel, href in tree.links if "canonical" in rel.split()]
    article = article_of(nodes, (url, metas.get("og:url", ""), *canonical), (metas.get("og:title", ""), *tree.headings))
    return Sources(url, tree, article, nodes, metas)


def near_heading(tree: Tree) -> list[str]:
    """Return the short lines around the first <h1>, where pages without markup put date and author."""
    blocks = tree.blocks
    place = next((number for number, block in enumerate(blocks) if tree.tag(block) == "h1"), None)
    if place is None:
        return []
    return [block.text for block in blocks[max(0, place - 6) : place + 12] if len(block.text) < 100]


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL, empty ones if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
