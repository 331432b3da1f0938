"""XML to a tree, in C, for documents of strangers: no entity is defined, nothing outside is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from worker.core.errors import Reason, RejectedError

_MAX_TAGS = 500_000  # 60 MB as a tree; a sitemap of 5 MB has 330,000


def read_tree(text: str, *, url: str, on_namespace: Callable[[str | None, str], None] | None = None) -> Element:
    """Return the root; the tag of an element is "namespace local", or "local" outside any namespace.

    `on_namespace` is told each declared prefix (None for the default) with its namespace, before the element.

    Raises:
        RejectedError: NOT_A_FEED, the document is not well-formed, or HOSTILE_MARKUP, it defines entities
            or has more tags than fit.
    """
    if text.count("<") > _MAX_TAGS:
        raise RejectedError(Reason.HOSTILE_MARKUP, url, f"more than {_MAX_TAGS} tags")

    def refuse(*_: object) -> NoReturn:
        raise RejectedError(Reason.HOSTILE_MARKUP, url, "the XML defines entities, which no feed needs")

    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.StartNamespaceDeclHandler = on_namespace
    try:
        parser.Parse(text, True)  # noqa: FBT003, the signature is C
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise RejectedError(Reason.NOT_A_FEED, url, f"not well-formed XML: {error}") from error
    return builder.close()
