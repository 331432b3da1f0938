"""What the name of an HTML element says of it: to the builder, by the standard's rules and by what is read here."""

from __future__ import annotations

from worker.clean.html import elements
from worker.clean.html.elements import EMPHASIS, HEADINGS, INLINE, METADATA, REGION_BIT, SKIPPED, TRANSPARENT, VOID

#: What is made of an element: a block, a part of the text around it, a block inside articles only, nothing, nothing
#: that has an end, a line break, what states metadata, the title, nothing but its end, the root, the body, no element.
BLOCK, INLINED, FOOTER, PASSED, EMPTY, BREAK, STATING, TITLE, DROPPED, ROOT, BODY, NONE = range(12)
LINKED, EMPHASISED = 1, 2

#: Rules of tree construction (HTML standard, 13.2.6.4.7 and 13.2.6.4.9 to 15), as bits.
(ENDS_PARAGRAPH, SPECIAL, WALL, LIST, BUTTON, TABLE, HEADING, FORMATTING, IMPLIED, CELL, ROW, ROWS, CAPTION, MARKER,
 ENDED_IN_SCOPE, ITEM, TERM, PASSED_BY_ITEMS, RUBY, FORM) = (1 << bit for bit in range(20))  # fmt: skip
TABLE_PART = CELL | ROW | ROWS | CAPTION

_GROUPING = (
    "address article aside blockquote center details dir div dl fieldset figcaption figure footer header hgroup main "
    "menu nav ol search section summary ul pre listing"
)
_FURTHER = "caption dd dt li table tbody td tfoot th thead tr"
_HEADINGS = " ".join(sorted(HEADINGS))
_RULES = tuple((rule, frozenset(names.split())) for rule, names in (
    (ENDS_PARAGRAPH, f"{_GROUPING} {_HEADINGS} dialog p form hr table plaintext xmp"),
    (SPECIAL, f"{_GROUPING} {_HEADINGS} {_FURTHER} applet body button form html marquee object p plaintext"),
    (WALL, "applet body caption html marquee object table td th"),
    (LIST, "ol ul"),
    (BUTTON, "button"),
    (TABLE, "table"),
    (HEADING, _HEADINGS),
    (FORMATTING, "a b big code em font i nobr s small strike strong tt u"),
    (IMPLIED, "dd dt li optgroup option p rb rp rt rtc"),
    (CELL, "td th"),
    (ROW, "tr"),
    (ROWS, "tbody tfoot thead"),
    (CAPTION, "caption"),
    (MARKER, "applet caption marquee object td th"),
    (ENDED_IN_SCOPE, f"{_GROUPING} applet button dd dialog dt marquee object"),
    (ITEM, "li"),
    (TERM, "dd dt"),
    (PASSED_BY_ITEMS, "address div p"),
    (RUBY, "rb rp rt rtc"),
    (FORM, "form"),
))  # fmt: skip
_KINDS: tuple[tuple[int, frozenset[str]], ...] = (
    (INLINED, INLINE),
    (PASSED, SKIPPED),
    (EMPTY, VOID),
    (STATING, METADATA),
    (DROPPED, elements.DROPPED),
    (TITLE, frozenset({"title"})),
    (BREAK, frozenset({"br"})),
    (FOOTER, frozenset({"footer"})),
    (ROOT, frozenset({"html"})),
    (BODY, frozenset({"body"})),
    (NONE, frozenset({"colgroup", "head"})),
)  # fmt: skip


class Tag:
    """An element's name, what is made of it (`kind`), and its rules."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.prefix = name.encode() + b"."
        self.kind = BLOCK
        for kind, names in _KINDS:
            if name in names:
                self.kind = kind
        self.rules = 0
        for rule, ruled in _RULES:
            self.rules |= rule if name in ruled else 0
        self.region = REGION_BIT.get(name, 0)
        self.is_transparent = name in TRANSPARENT
        self.inline = LINKED if name == "a" else EMPHASISED if name in EMPHASIS else 0


def _tags() -> dict[bytes, Tag]:
    named = {name for _, names in _KINDS for name in names} | {name for _, names in _RULES for name in names}
    return {name.encode(): Tag(name) for name in sorted(named | set(REGION_BIT) | TRANSPARENT)}


#: Every element with a rule or a kind of its own.
TAGS = _tags()
PARAGRAPH, LINK, NO_BREAK, TIME, ROOT_BODY, MAIN_HEADING = (
    TAGS[name] for name in (b"p", b"a", b"nobr", b"time", b"body", b"h1")
)
TABLE_BODY, TABLE_ROW = TAGS[b"tbody"], TAGS[b"tr"]
