"""What class names and ids say about an element, as a bit set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
#: An element whose attributes may state a date or an author.
NAMING = HIDDEN << 1
#: Longer values are cut: utility-class frameworks repeat themselves.
_MOST_CLASSES, _LONGEST = 300, 60
#: Distinct values of an attribute that are remembered: those of some hundred sites.
_REMEMBERED = 16_384


def marks_of(attributes: Mapping[str, str | None]) -> int:
    """Return the marks that an element's attributes set."""
    marks = 0
    for name, value in attributes.items():
        remembered = _READ.get(name)
        if remembered is not None:
            marks |= remembered[value]
    return marks


class _Remembered(dict[str | None, int]):
    """The marks of the values of one attribute, read once."""

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read

    def __missing__(self, value: str | None) -> int:
        marks = self._read(value or "")
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(value or "") <= _MOST_CLASSES:
            self[value] = marks
        return marks


def _of_words(words: str) -> int:
    return sum(1 << number for number in _PATTERNS.Match(words.lower()) or ())


def _of_rel(value: str) -> int:
    return NAMING | (_of_words("rel:author") if value == "author" else 0)


def _of_style(value: str) -> int:
    return HIDDEN if "display:none" in value.replace(" ", "").lower() else 0


def _compiled() -> re2.Set:
    """Return the patterns as one automaton, which reads a word once for all."""
    patterns = re2.Set.SearchSet()
    for words in _WORDS.values():
        patterns.Add(words)
    patterns.Compile()
    return patterns


_PATTERNS = _compiled()
_NAME = _Remembered(lambda value: _of_words(value[:_LONGEST]))
_STATED = _Remembered(lambda _: NAMING)
#: The attributes that are read, and how.
_READ = {
    "class": _Remembered(lambda value: _of_words(value[:_MOST_CLASSES])),
    "id": _NAME,
    "role": _NAME,
    "data-testid": _NAME,
    "data-component": _NAME,
    "itemprop": _Remembered(lambda value: NAMING | _of_words(f"itemprop:{value[:_LONGEST]}")),
    "rel": _Remembered(_of_rel),
    "style": _Remembered(_of_style),
    "hidden": _Remembered(lambda _: HIDDEN),
    "datetime": _STATED,
    "data-ts": _STATED,
    "data-timestamp": _STATED,
}
