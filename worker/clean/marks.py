"""What class names and ids say about an element, as a bit set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import re2

#: Marks and the words that set them; found anywhere in class, id, role, itemprop or data-testid.
_WORDS = {
    "body_property": r"itemprop:articlebody",
    "byline": r"byline|author|autor|redakt|writer|reporter|contributor|journalist|(?:^|[^a-z])by(?:$|"
    r"[^a-z])|rel:author",
    "body": r"(?:article|story|post|entry|content|page|main|news|detail)s?[-_]*(?:body|text|"
    r"content|copy|main)|"
            r"bodytext|articletext|richtext|rich-text|wysiwyg|paywall|prose|body-?copy|artikel|fliesstext",
    "content": r"content|article|story|post|entry|main|text|paragraph|absatz|copy",
    "related": r"relat|recirc|recommend|read-?more|readalso|see-?also|more-?(?:from|on|stories|news|"
    r"article)|teaser|"
               r"most-?(?:read|popular|viewed)|trending|popular|also-?like|similar|next-?article|promo|"
               r"verwandt|mehr-zum|weiterlesen|headline-list|card|outbrain|taboola|linkbox|infobox",
    "subscribe": r"newsletter|subscri|sign-?up|abo(?:$|[^a-z])|paywall|piano|login|regist|donat|"
    r"support-us|membership|cta",
    "social": r"share|social|facebook|twitter|whatsapp|tweet|instagram|embed|follow",
    "comment": r"comment|disqus|discussion|respond|reply|forum|kommentar|leserbrief",
    "caption": r"caption|figure|photo|image|credit|gallery|slide|media|video|bild|foto|copyright|source",
    "advert": r"(?:^|[^a-z])ads?(?:$|[^a-z])|advert|sponsor|banner|anzeige|werbung|commercial|dfp|adslot",
    "navigation": r"nav|menu|breadcrumb|sidebar|side-bar|rail|footer|header|masthead|topbar|toolbar|"
    r"widget|pagination|skip",
    "tags": r"tag(?:s|-list|list)?(?:$|[^a-z])|topic|keyword|categor|kicker|label|section-name|"
    r"ressort|channel",
    "date": r"date|time(?:$|[^a-z]|stamp)|publi|posted|updated|datum|meta(?:$|[^a-z])|info",
    "title": r"headline|title|titel|heading",
    "lead": r"lead|lede|standfirst|intro|summary|subtitle|sub-?head|dek(?:$|[^a-z])|deck|excerpt|"
    r"abstract|vorspann|teaser-text|description|chapo",
    "consent": r"cookie|consent|gdpr|privacy|modal|popup|overlay|dialog|toast|alert|notice",
    "biography": r"bio(?:$|[^a-z])|about|profile|avatar|contact|correction|editor-?note|disclaimer|note",
    "quote": r"quote|pull-?quote|zitat|blockquote|highlight|key-?point|fact|aside",
    "audio": r"audio|player|podcast|listen|read-?time|reading|speech|duration",
    "hidden": r"display:none|(?:^|[ _-])(?:hidden|hide|invisible|sr-only|visually-?hidden|"
    r"screen-reader)|aria:hidden|print",
    "live": r"live-?blog|liveticker|timeline|update",
}  # fmt: skip
NAMES = tuple(_WORDS)
BIT = {name: 1 << number for number, name in enumerate(NAMES)}
BYLINE = BIT["byline"]
#: An element that no reader sees: the `hidden` attribute or display:none, not a guess from words.
HIDDEN = 1 << len(NAMES)
_READ = frozenset({"class", "id", "data-testid", "data-component", "role", "itemprop", "rel", "style", "hidden"})
#: Longer class lists are cut: utility-class frameworks repeat themselves.
_MAX_WORDS = 300


def marks_of(attributes: Mapping[str, str | None]) -> int:
    """Return the marks that an element's attributes set."""
    if _READ.isdisjoint(attributes):
        return 0
    get = attributes.get
    return _marks(
        get("class"),
        get("id"),
        get("data-testid") or get("data-component") or get("role"),
        get("itemprop"),
        get("rel"),
        get("style"),
    ) | (HIDDEN if "hidden" in attributes else 0)


@lru_cache(maxsize=65_536)
def _marks(
    kind: str | None, name: str | None, role: str | None, item: str | None, rel: str | None, style: str | None
) -> int:
    hidden = HIDDEN if style and "display:none" in style.replace(" ", "").lower() else 0
    words = [*(kind or "")[:_MAX_WORDS].split(), (name or "")[:60], (role or "")[:60]]
    if item:
        words.append(f"itemprop:{item[:60]}")
    elif rel == "author":
        words.append("rel:author")
    marks = hidden
    for word in words:
        marks |= _word_marks(word.lower())
    return marks


@lru_cache(maxsize=65_536)
def _word_marks(word: str) -> int:
    return sum(1 << number for number in _PATTERNS.Match(word) or ())


def _compiled() -> re2.Set:
    """Return the patterns as one automaton, which reads a word once for all."""
    patterns = re2.Set.SearchSet()
    for words in _WORDS.values():
        patterns.Add(words)
    patterns.Compile()
    return patterns


_PATTERNS = _compiled()
