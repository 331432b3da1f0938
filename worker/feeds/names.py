"""What feedparser calls an element: the prefix that is usual for its namespace, and its local name.

feedparser finds the code for an element by that name, also where a document binds the prefix to something else.
Documents that bind one in a way of their own are left to it.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from feedparser.mixin import _FeedParserMixin

_PREFIXES: dict[str, str] = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
_USUAL = frozenset(prefix.lower() for prefix in _PREFIXES.values() if prefix)
_USERLAND = "backend.userland.com/rss"  # feedparser takes every namespace with this in it for RSS
_VERSIONS = {
    "http://purl.org/rss/1.0/": "rss",
    "http://my.netscape.com/rdf/simple/0.9/": "rss",
    "http://www.w3.org/2005/atom": "atom",
}


class UnfamiliarError(Exception):
    """The document has something that only feedparser knows how to read."""


class Names:
    """The names of the elements of one document; `declare` must see its namespaces first."""

    def __init__(self) -> None:
        self._bound: dict[str | None, str] = {}
        self._keys: dict[str, str] = {}
        self._version = ""

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Take note of a prefix (None for the default) and its namespace.

        Raises:
            UnfamiliarError: The prefix is usual for another namespace, or has two, or the namespace has two.
        """
        if not uri:
            raise UnfamiliarError("a namespace that is undone")
        usual = _usual_prefix(uri)
        taken = (prefix or "").lower() in _USUAL and usual != prefix
        shared = usual is None and uri in self._bound.values() and self._bound.get(prefix) != uri
        if taken or shared or self._bound.setdefault(prefix, uri) != uri:
            raise UnfamiliarError(f"{prefix} for {uri}")
        self._version = self._version or _VERSIONS.get(uri.lower(), "")

    def key(self, tag: str) -> str:
        """Return the name that feedparser looks up for a tag or an attribute: "title", "dc_creator"."""
        key = self._keys.get(tag)
        if key is None:
            key = self._keys[tag] = self._key(tag)
        return key

    def root(self, root: Element) -> str:
        """Return "rss", "feed" or "rdf_rdf".

        Raises:
            UnfamiliarError: It is another element, or its namespaces say that it is something else.
        """
        key = self.key(root.tag)
        agrees = {"rss": True, "feed": self._version != "rss", "rdf_rdf": self._version == "rss"}
        if not agrees.get(key):
            raise UnfamiliarError(key)
        return key

    def _key(self, tag: str) -> str:
        uri, _, local = tag.rpartition(" ")
        prefix = _usual_prefix(uri) if uri else ""
        if prefix is None:
            prefix = next(prefix or "" for prefix, bound in self._bound.items() if bound == uri)
        return f"{prefix}_{local}".lower() if prefix else local.lower()


def _usual_prefix(uri: str) -> str | None:
    uri = uri.lower()
    return "" if _USERLAND in uri else _PREFIXES.get(uri)
