"""OPML 2.0 subscription lists: how readers of feeds hand over what they read (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from worker.feeds.encoding import decode
from worker.feeds.entry import absolute, one_line
from worker.feeds.tree import read_tree

_NAME_CHARS = 200
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,31};)")  # in URLs and titles, where many readers forget to escape it


@dataclass(frozen=True, slots=True)
class OpmlOutline:
    """One feed of a list, and the folder that it stands in."""

    url: str
    title: str | None = None
    folder: str | None = None


def read_opml(body: bytes, *, subject: str) -> list[OpmlOutline]:
    """Return the feeds of a list, each once, in its order; `subject` names the list in errors.

    Raises:
        RejectedError: NOT_A_FEED or HOSTILE_MARKUP, as `read_tree`.
    """
    found: dict[str, OpmlOutline] = {}
    text = _BARE_AMPERSAND.sub("&amp;", decode(body, None))
    for outline in _outlines(read_tree(text, url=subject)):
        found.setdefault(outline.url, outline)
    return list(found.values())


def write_opml(outlines: Iterable[OpmlOutline], *, title: str) -> bytes:
    """Return a list as UTF-8, feeds of one folder together."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    folders: dict[str, Element] = {}
    for outline in outlines:
        parent = body
        folder = one_line(outline.folder, _NAME_CHARS)
        if folder:
            if folder not in folders:
                folders[folder] = SubElement(body, "outline", text=folder)
            parent = folders[folder]
        name = one_line(outline.title, _NAME_CHARS) or outline.url
        SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=outline.url)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _outlines(root: Element) -> Iterator[OpmlOutline]:
    """Walk the outlines without recursion: a list may be nested as deep as a stranger likes."""
    waiting: list[tuple[Element, str | None]] = [(root, None)]
    while waiting:
        node, folder = waiting.pop()
        attributes = {name.lower(): value for name, value in node.attrib.items()}
        name = one_line(attributes.get("title") or attributes.get("text"), _NAME_CHARS)
        url = absolute("", attributes.get("xmlurl"))
        if url:
            yield OpmlOutline(url, name, folder)
        inner = folder if url else (name or folder)
        waiting.extend((child, inner) for child in reversed(node))
