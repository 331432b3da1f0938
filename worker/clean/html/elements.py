"""What the names of HTML elements tell the reader: which flow with text, which are skipped, which are regions."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb s samp small "
    "span strike strong sub sup time tt u var amp-fit-text"
)
#: Passed over up to the next closing tag of that name, with what looks like tags in them.
DROPPED = _names("frameset iframe math noembed noframes noscript script select style svg template textarea xmp")
#: Never read, but for where they end: embedded objects, controls, menus, how a word is pronounced.
SKIPPED = _names("audio button canvas map meter nav object picture progress rp rt video")
#: Neither text nor name anything, and hold nothing.
VOID = _names("area base basefont bgsound col embed frame hr image img input keygen param source track wbr")
METADATA = _names("meta link")
EMPHASIS = _names("b strong em i")
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
#: Elements whose presence around a block is a feature of its own; <a> is none any more, but has its column of weights.
REGIONS = ("article", "main", "aside", "header", "footer", "figure", "figcaption", "blockquote", "ul", "ol",
           "a", "table", "form", "section", "h1", "details")  # fmt: skip
REGION_BIT = {name: 1 << number for number, name in enumerate(REGIONS)}
#: These only group lines of the container around them: a list's paragraphs belong to the article's container.
TRANSPARENT = HEADINGS | _names("ul ol li dl dt dd blockquote table tbody thead tr td th p a center font")
