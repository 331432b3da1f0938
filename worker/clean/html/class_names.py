"""What class names and ids say about an element, as a bit set."""

from __future__ import annotations

from worker.clean.html.automaton import Automaton

#: Marks and the words that set them; found anywhere in class, id, role, itemprop or data-testid. Braces hold choices;
#: "<" and ">" stand where no letter does.
_WORDS = {
    "body_property": "itemprop:articlebody",
    "byline": "byline author autor redakt writer reporter contributor journalist <by> rel:author",
    "body": "{article,story,post,entry,content,page,main,news,detail}{,s}{,-,_,--,__}{body,text,content,copy,main} "
            "bodytext articletext rich{,-}text wysiwyg paywall prose body{,-}copy artikel fliesstext",
    "content": "content article story post entry main text paragraph absatz copy",
    "related": "relat recirc recommend read{,-}more readalso see{,-}also more{,-}{from,on,stories,news,article} teaser "
               "most{,-}{read,popular,viewed} trending popular also{,-}like similar next{,-}article promo verwandt "
               "mehr-zum weiterlesen headline-list card outbrain taboola linkbox infobox",
    "subscribe": "newsletter subscri sign{,-}up abo> paywall piano login regist donat support-us membership cta",
    "social": "share social facebook twitter whatsapp tweet instagram embed follow",
    "comment": "comment disqus discussion respond reply forum kommentar leserbrief",
    "caption": "caption figure photo image credit gallery slide media video bild foto copyright source",
    "advert": "<ad{,s}> advert sponsor banner anzeige werbung commercial dfp adslot",
    "navigation": "nav menu breadcrumb side{,-}bar rail footer header masthead topbar toolbar widget pagination skip",
    "tags": "tag{,s,-list,list}> topic keyword categor kicker label section-name ressort channel",
    "date": "date time{>,stamp} publi posted updated datum meta> info",
    "title": "headline title titel heading",
    "lead": "lead lede standfirst intro summary subtitle sub{,-}head dek> deck excerpt abstract vorspann teaser-text "
            "description chapo",
    "consent": "cookie consent gdpr privacy modal popup overlay dialog toast alert notice",
    "biography": "bio> about profile avatar contact correction editor{,-}note disclaimer note",
    "quote": "quote pull{,-}quote zitat blockquote highlight key{,-}point fact aside",
    "audio": "audio player podcast listen read{,-}time reading speech duration",
    "hidden": "display:none {+,-,_}{hidden,hide,invisible,sr-only,visually{,-}hidden,screen-reader} aria:hidden print",
    "live": "live{,-}blog liveticker timeline update",
}  # fmt: skip
MARKS = tuple(_WORDS)
BIT = {name: 1 << number for number, name in enumerate(MARKS)}
BYLINE = BIT["byline"]
#: An element that no reader sees: the `hidden` attribute, a style, or a class that says so, not a guess from words.
HIDDEN = 1 << len(MARKS)
#: An element whose attributes may state a date or an author.
NAMING = HIDDEN << 1
#: An element that names something, or someone, with its text.
NAMED = NAMING | BYLINE
#: The properties of microdata that are read.
PROPERTIES = frozenset({b"headline", b"author", b"datepublished", b"datecreated", b"datemodified"})
#: Longer values are cut: utility-class frameworks repeat themselves.
_MOST_CLASSES, _LONGEST = 300, 60
#: Classes of words for screen readers only, whole names.
_FOR_LISTENERS = "+sr-only+ +visually{,-,_}hidden+ +u-visually-hidden+ +screen-reader-text+ +screenreader-only+"
_UNSEEN_STYLES = (b"display:none", b"visibility:hidden", b"clip:rect(0", b"clip:rect(1px", b"clip-path:inset(50%")
_FOUND = Automaton({**{words: BIT[name] for name, words in _WORDS.items()}, _FOR_LISTENERS: HIDDEN})
_PROPERTY = _FOUND.after(b"itemprop:")
_WORDS_OF_CLASS, _WORDS_OF_NAME, _WORDS_OF_PROPERTY, _REL, _STYLE, _STATED, _UNSEEN = range(7)
#: The attributes that are read, and how.
READ = {
    b"class": _WORDS_OF_CLASS,
    b"id": _WORDS_OF_NAME,
    b"role": _WORDS_OF_NAME,
    b"data-testid": _WORDS_OF_NAME,
    b"data-component": _WORDS_OF_NAME,
    b"itemprop": _WORDS_OF_PROPERTY,
    b"rel": _REL,
    b"style": _STYLE,
    b"hidden": _UNSEEN,
    b"datetime": _STATED,
    b"data-ts": _STATED,
    b"data-timestamp": _STATED,
}


def marks_of(how: int, html: bytes, start: int, end: int) -> int:
    """Return the marks that an attribute sets: read as `READ` says, its value from `start` to `end`."""
    end = min(end, len(html))
    if how == _WORDS_OF_CLASS:
        return _FOUND.read(html, start, min(end, start + _MOST_CLASSES), _FOUND.begin)
    if how == _WORDS_OF_NAME:
        return _FOUND.read(html, start, min(end, start + _LONGEST), _FOUND.begin)
    if how == _WORDS_OF_PROPERTY:
        naming = NAMING if html[start:end].lower() in PROPERTIES else 0
        return naming | _FOUND.read(html, start, min(end, start + _LONGEST), _PROPERTY)
    if how == _REL:
        return NAMED if html[start:end] == b"author" else 0
    if how == _STYLE:
        value = html[start:end].replace(b" ", b"").lower()
        return _marks_of_style(value)
    return NAMING if how == _STATED else HIDDEN


def _marks_of_style(value: bytes) -> int:
    for style in _UNSEEN_STYLES:
        if value.find(style) >= 0:
            return HIDDEN
    return 0
