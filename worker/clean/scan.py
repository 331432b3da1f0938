"""The linear pre-scan: drop what never holds text, and refuse what makes C parsers quadratic.

lexbor needs quadratic time for many attributes in one tag (20,000: 0.6 s) and for deep nesting
(20,000: 0.5 s), and copies every open formatting element into each new paragraph (1,000 x 1,000: a
million nodes). Small pages cannot reach harmful sizes; larger ones are tokenised and measured first, as the parser
itself reads what is left: what would be read in another way (foreign content, raw text) is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.clean.nesting import FORMATTING, Nesting
from worker.errors import Reason, RejectedError

#: Bytes of a page's markup in UTF-8, scripts included; real articles stay under 8 MB.
MAX_BYTES = 16_000_000
#: Bytes and tags left after stripping: 4 MB of text and tags is a book, not an article.
MAX_MARKUP_BYTES = 4_000_000
MAX_TAGS = 100_000
#: Up to these sizes the worst page that can be built parses within a second.
SAFE_BYTES = 80_000
SAFE_TAGS = 12_000
#: Open formatting elements x tags: the number of nodes that reconstruction can create.
MAX_RECONSTRUCTED = 500_000
MAX_DEPTH = 1_000
#: Sum over tags of attributes squared.
MAX_ATTRIBUTE_WORK = 10_000_000


def _first_letter(names: str) -> str:
    """Return a look-ahead for the first letters of the names, in either case: most tags fail at it."""
    return f"(?=[{''.join(sorted({letter for name in names.split() for letter in (name[0], name[0].upper())}))}])"


def _any_case(names: str) -> str:
    """Return a pattern of the names in either case; IGNORECASE would cost the fast search for the "<" before."""
    lettered = ("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in names.split())
    return f"{_first_letter(names)}(?:{'|'.join(lettered)})"


_DROPPED = "script style svg math noscript template iframe noembed noframes frameset xmp textarea select"
_OPEN = re.compile(rf"<(?:({_any_case(_DROPPED)})(?=[\s/>])|!--)".encode())
_CLOSE = {name.encode(): re.compile(rf"</{_any_case(name)}\s*+>?".encode()) for name in _DROPPED.split()}
_SWALLOW = {b"script", b"style", b"textarea"}
#: What the parser opens again any number of times; <a> but once.
_MULTIPLIED = b" ".join(sorted(FORMATTING - {b"a"})).decode()
#: White space as the HTML standard has it: without the vertical tab.
_SPACE = r"\t\n\f\r "
#: An attribute as the standard (13.2.5.32 to 37) reads it: quotation marks hold a value after "=" only.
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"?|'[^']*+'?|[^{_SPACE}>\"'][^{_SPACE}>]*+)?+)?+[{_SPACE}/]*+"
)
_ATTRIBUTES = rf"[{_SPACE}/]*+((?:{_ATTRIBUTE})*+)"
_TITLE = rf"{_any_case('title')}(?=[{_SPACE}/>])"
_TITLE_TEXT = rf">?+[^<]*+(?:<(?!/{_any_case('title')}[{_SPACE}/>])[^<]*+)*+"
#: Comments by accident.
_BOGUS = r"[!?][^>]*+|/[^a-zA-Z>][^>]*+"
#: What the parser reads in one go: such a comment, a title with its text (attributes), another tag (closing, name,
#: attributes).
_TOKEN = re.compile(
    rf"<(?:{_BOGUS}|{_TITLE}{_ATTRIBUTES}{_TITLE_TEXT}|(/?)([a-zA-Z][^{_SPACE}/>]*+){_ATTRIBUTES})".encode()
)
#: The same on a page whose titles have no attributes; attributes only, which is faster.
_PLAIN_TOKEN = re.compile(rf"<(?:{_BOGUS}|{_TITLE}{_TITLE_TEXT}|/?[a-zA-Z][^{_SPACE}/>]*+{_ATTRIBUTES})".encode())
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE.encode())
_WHOLE_TAG = re.compile(rf"<[a-zA-Z][^{_SPACE}/>]*+{_ATTRIBUTES}>?+".encode())
_MANY = 2_000
#: A value that holds a ">": nowhere else does one stand inside a tag.
_HELD = re.compile(rf"=[{_SPACE}]*+(?:\"[^\">]*+>|'[^'>]*+>)".encode())
#: Tags of these names are told apart where they have attributes: the parser gives those of further ones of `_MERGED` to
#: the first one, and reads titles in its own way.
_TOLD_APART = "html body title"
#: Those, by name, and the formatting elements, as "".
_COUNTED = re.compile(
    rf"<{_first_letter(f'{_MULTIPLIED} {_TOLD_APART}')}"
    rf"(?:({_any_case(_TOLD_APART)})[{_SPACE}/]|{_any_case(_MULTIPLIED)}(?=[\s/>]))".encode()
)
_MERGED = frozenset({b"html", b"body"})
_MOST_MERGED = 20


@dataclass(frozen=True, slots=True)
class Markup:
    """A page without scripts, styles and comments, in UTF-8, and the data its scripts carried.

    `linked_data` are the bodies of JSON-LD scripts, as they stood.
    """

    html: bytes
    linked_data: tuple[str, ...]


def scan(html: bytes, url: str) -> Markup:
    """Strip what holds no text from a page in UTF-8 and check the bounds, in time linear in the page.

    Raises:
        RejectedError: TOO_LARGE or HOSTILE_MARKUP, with the bound that was broken.
    """
    if len(html) > MAX_BYTES:
        raise RejectedError(Reason.TOO_LARGE, url, f"more than {MAX_BYTES:,} bytes of markup")
    markup = _strip(html)
    tags = markup.html.count(b"<")
    if len(markup.html) > MAX_MARKUP_BYTES or tags > MAX_TAGS:
        detail = f"{len(markup.html):,} bytes and {tags:,} tags without scripts"
        raise RejectedError(Reason.TOO_LARGE, url, detail)
    counted = _COUNTED.findall(markup.html)
    if tags > SAFE_TAGS or counted.count(b"") * tags > MAX_RECONSTRUCTED:
        _check_nesting(markup.html, url)
    if len(markup.html) > SAFE_BYTES:
        _check_attributes(markup.html, [name.lower() for name in counted if name], url)
    return markup


def _strip(html: bytes) -> Markup:
    kept = bytearray()
    linked_data: list[str] = []
    position = 0
    unclosed: set[bytes] = set()
    while found := _OPEN.search(html, position):
        name = (found[1] or b"").lower()
        end = _end_of_tag(html, found.start()) if name in unclosed else _end(html, found.end(), name)
        if end < 0:
            unclosed.add(name)
            end = _end_of_tag(html, found.start())
        kept += html[position : found.start()]
        kept += b" "
        if name == b"script" and b"ld+json" in html[found.start() : found.start() + 300]:
            linked_data.append(_script_body(html[found.end() : end]))
        position = end
    kept += html[position:]
    return Markup(bytes(kept), tuple(linked_data))


def _end(html: bytes, start: int, name: bytes) -> int:
    """Return where the element or comment ends; -1 if nothing but its tag can be dropped."""
    if not name:
        end = html.find(b"-->", start)
        return end + 3 if end >= 0 else len(html)
    closing = _CLOSE[name].search(html, start)
    if closing:
        return closing.end()
    return len(html) if name in _SWALLOW else -1


def _end_of_tag(html: bytes, start: int) -> int:
    tag = _WHOLE_TAG.match(html, start)
    return tag.end() if tag else len(html)


def _script_body(script: bytes) -> str:
    body, _, rest = script[script.find(b">") + 1 :].rpartition(b"</")
    return (body or rest).decode()


def _check_nesting(html: bytes, url: str) -> None:
    nesting, reconstructed = Nesting(), 0
    for _, closing, name, _ in _TOKEN.findall(html):
        lowered = name.lower()
        if closing:
            nesting.close(lowered)
        elif name:
            nesting.open(lowered)
        if lowered not in FORMATTING:
            reconstructed += nesting.active
        if nesting.depth > MAX_DEPTH:
            raise RejectedError(Reason.HOSTILE_MARKUP, url, f"more than {MAX_DEPTH:,} nested elements")
        if reconstructed > MAX_RECONSTRUCTED:
            raise RejectedError(Reason.HOSTILE_MARKUP, url, "unclosed formatting elements multiply")


def _check_attributes(html: bytes, named: list[bytes], url: str) -> None:
    """Refuse tags, closing ones too, whose attributes lexbor would compare with one another for seconds.

    `named` are the names of the tags that are told apart.
    """
    if b"title" in named or len(named) > _MOST_MERGED:
        work = _work_of_names(html)
    elif not _has_long_part(html) and not _HELD.search(html):
        work = 0  # each tag ends at its first ">", and none is long
    else:
        work = sum(_count(attributes) ** 2 for attributes in _PLAIN_TOKEN.findall(html) if len(attributes) > _MANY)
    if work > MAX_ATTRIBUTE_WORK:
        raise RejectedError(Reason.HOSTILE_MARKUP, url, f"attributes squared sum to {work:,}")


def _has_long_part(html: bytes) -> bool:
    """Say whether more than `_MANY` bytes in a row are no ">"."""
    at = -1
    while len(html) - at - 1 > _MANY:
        at = html.rfind(b">", at + 1, at + _MANY + 2)
        if at < 0:
            return True
    return False


def _work_of_names(html: bytes) -> int:
    work = merged = 0
    for in_title, _, name, others in _TOKEN.findall(html):
        attributes = in_title or others
        if len(attributes) > _MANY:
            work += _count(attributes) ** 2
        elif name.lower() in _MERGED:
            merged += _count(attributes)
    return work + merged**2


def _count(attributes: bytes) -> int:
    return len(_EACH_ATTRIBUTE.findall(attributes))
