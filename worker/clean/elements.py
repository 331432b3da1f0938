"""What the names of HTML elements tell the walk: which flow with text, which are skipped, which are regions."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt s samp small "
    "span strike strong sub sup time tt u var wbr amp-fit-text"
)
#: Never read: scripts, embedded objects, form controls. The scan has dropped most of them already.
SKIPPED = _names(
    "script style noscript template svg iframe object video audio canvas select textarea math head picture button map "
    "progress meter rp nav"
)
#: Neither text nor name anything, and hold nothing.
VOID = _names("area base col embed hr img input param source track wbr")
METADATA = _names("meta link title")
EMPHASIS = _names("b strong em i")
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
#: Elements whose presence around a block is a feature of its own.
REGIONS = ("article", "main", "aside", "header", "footer", "figure", "figcaption", "blockquote", "ul", "ol",
           "a", "table", "form", "section", "h1", "details")  # fmt: skip
REGION_BIT = {name: 1 << number for number, name in enumerate(REGIONS)}
#: These only group lines of the container around them: a list's paragraphs belong to the article's container.
TRANSPARENT = HEADINGS | _names("ul ol li dl dt dd blockquote table tbody thead tr td th p a center font")
