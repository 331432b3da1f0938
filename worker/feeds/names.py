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
_MAX_NAMESPACES = 100  # each is compared with all others

#: What feedparser has code for; it keeps anything else under its own name.
_KNOWN = frozenset(
    name.split("_", 2)[2].lower() for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))
)
_SILENT_NAMES = """
    author managingeditor webmaster contributor name url uri homepage email category keywords language generator
    cloud enclosure expirationdate dc_author dc_contributor dc_creator dc_language dc_publisher dc_subject
    media_category media_content media_credit media_group media_keywords media_license media_player media_rating
    media_restriction media_thumbnail itunes_author itunes_block itunes_category itunes_email itunes_explicit
    itunes_image itunes_keywords itunes_link itunes_name itunes_owner cc_license creativecommons_license
    georss_box georss_line georss_point georss_polygon georss_where where gml_exterior gml_linearring gml_linestring
    gml_point gml_polygon gml_pos gml_poslist psc_chapter psc_chapters
"""
_SILENT = frozenset(_SILENT_NAMES.split())


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
            UnfamiliarError: The prefix is usual for another namespace, or has two, or the namespace has two; or there
                are too many.
        """
        if not uri:
            raise UnfamiliarError("a namespace that is undone")
        usual = _usual_prefix(uri)
        taken = (prefix or "").lower() in _USUAL and usual != prefix
        shared = usual is None and uri in self._bound.values() and self._bound.get(prefix) != uri
        if taken or shared or len(self._bound) > _MAX_NAMESPACES or self._bound.setdefault(prefix, uri) != uri:
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


def is_silent(key: str) -> bool:
    """Tell whether an element leaves links, titles, summaries and dates alone, in feedparser's eyes."""
    return key in _SILENT or not (key in _KNOWN or key == "links" or key.endswith("_parsed"))


def _usual_prefix(uri: str) -> str | None:
    uri = uri.lower()
    return "" if _USERLAND in uri else _PREFIXES.get(uri)
