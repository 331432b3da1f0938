"""A page's bytes to its tree, in one pass and in time linear in them.

Tags are read as the HTML standard's tokeniser reads them (13.2.5); scripts, styles and what else holds no text for a
reader are passed over from their beginning to their end. Nothing is copied but the text.
"""

from __future__ import annotations

import re
from array import array
from html.entities import html5

from worker.clean.html.builder import Builder
from worker.clean.html.class_names import NAMED, READ, marks_of
from worker.clean.html.syntax import (
    BODY,
    BREAK,
    DROPPED,
    EMPTY,
    PASSED,
    ROOT,
    ROOT_BODY,
    STATING,
    TAGS,
    TIME,
    TITLE,
    Tag,
)
from worker.clean.html.tree import Tree, collapse
from worker.clean.html.trie import NameTrie
from worker.core.errors import Reason, RejectedError
from worker.core.text import unescaped

#: Bytes of a page's markup in UTF-8, scripts included; real articles stay under 8 MB.
MAX_BYTES = 16_000_000
#: Bytes and tags without scripts: 4 MB of text and tags is a book, not an article.
MAX_MARKUP_BYTES = 4_000_000
MAX_TAGS = 100_000
#: Elements in one another; browsers stop at 512.
MAX_DEPTH = 1_000
#: Formatting elements that are opened again in later blocks, as nothing closed them.
MAX_REOPENED = 200_000
#: Names of elements are read no further.
_LONGEST_NAME = 60
#: Bytes of a class that an element's selector keeps.
_LONGEST_CLASS = 60
#: What runs to the end of the page if nothing ends it.
_SWALLOWING = frozenset({"script", "style", "textarea"})
_EMBEDDED = frozenset({"svg", "math"})
#: In an attribute, a reference without a semicolon is none before a letter, a digit, "=": "?a=1&section=2".
_REFERENCE = re.compile(r"&(?:#\d++;?+|#[xX][0-9a-fA-F]++;?+|([A-Za-z][A-Za-z0-9]*+(?:;|(?![A-Za-z0-9=]))))")
#: White space as the HTML standard has it; what ends a name; what ends an unquoted value; letters.
_SPACES, _ENDING_NAMES, _ENDING_VALUES = (bytes(code in ends for code in range(256)) for ends in
                                          (b"\t\n\f\r ", b"\t\n\f\r />=", b"\t\n\f\r >"))  # fmt: skip
_LETTERS = bytes(code < 128 and chr(code).isalpha() for code in range(256))
_BANG, _QUOTE, _APOSTROPHE, _SLASH, _LESS, _EQUALS, _GREATER, _QUESTION = (ord(one) for one in "!\"'/<=>?")
#: Attributes that are read for what they state.
_STATING = ("content", "datetime", "data-ts", "data-timestamp", "href", "http-equiv", "itemprop", "lang", "name",
            "property", "rel", "xml:lang")  # fmt: skip
_ATTRIBUTE_NAMES = sorted({name.decode() for name in READ} | set(_STATING))
_ELEMENTS, _ATTRIBUTES = NameTrie(TAGS), NameTrie(name.encode() for name in _ATTRIBUTE_NAMES)
#: By their numbers: elements; how attributes are read for marks; the names of those that state something.
_TAGS = [ROOT_BODY, *TAGS.values()]
_READ = array("i", [-1, *(READ.get(name.encode(), -1) for name in _ATTRIBUTE_NAMES)])
_STATED = [None, *(name if name in _STATING else None for name in _ATTRIBUTE_NAMES)]
_CLASS = _ATTRIBUTE_NAMES.index("class") + 1
#: What is read of attributes.
_NOTHING, _MARKS, _STATEMENTS = range(3)


def read_tree(html: bytes, url: str = "") -> Tree:
    """Return what a page in UTF-8 holds.

    Raises:
        RejectedError: TOO_LARGE or HOSTILE_MARKUP, with the bound that was broken.
    """
    if len(html) > MAX_BYTES:
        raise RejectedError(Reason.TOO_LARGE, url, f"more than {MAX_BYTES:,} bytes of markup")
    return Tokeniser(html, url).read()


class Tokeniser:
    """One page's bytes, and what the last tag that was read says."""

    def __init__(self, html: bytes, url: str) -> None:
        self.html = html
        self.size = len(html)
        self.url = url
        self.builder = Builder()
        self.tags = self.dropped = 0
        #: What the attributes of the last tag say: their marks, where its class is, whether it ends itself.
        self.marks = self.class_start = self.class_end = 0
        self.given: dict[str, str] = {}
        self.value_start = self.value_end = 0
        self.ends_itself = False
        self.tag = ROOT_BODY
        self.others: dict[bytes, Tag] = {}
        self.unclosed: set[str] = set()

    def read(self) -> Tree:
        """Read the page from beginning to end."""
        html, size, spaces, start, at, first = self.html, self.size, _SPACES, 0, 0, -1
        while at < size:
            code = html[at]
            if code != _LESS:
                if first < 0 and not spaces[code]:
                    first = at
                at += 1
            elif self._is_markup(at):
                self._text(start, at, first)
                start = at = self._markup(at)
                first = -1
            else:
                first = at if first < 0 else first
                at += 1
        self._text(start, size, first)
        return self.builder.finish()

    def _text(self, start: int, end: int, first: int) -> None:
        self._bound_bytes(end)
        if first >= 0:
            self.builder.text(_cut(self.html, start, end), first - start)
        elif end > start:
            self.builder.space()

    def _is_markup(self, at: int) -> bool:
        """Say whether "<" begins a tag or a comment (tag open state, 13.2.5.6)."""
        if at + 1 >= self.size:
            return False
        code = self.html[at + 1]
        return _LETTERS[code] == 1 or code in (_BANG, _QUESTION) or (code == _SLASH and at + 2 < self.size)

    def _markup(self, at: int) -> int:
        """Read what begins with "<" at a place; return where it ends (13.2.5.6, 13.2.5.7 and 13.2.5.42)."""
        code = self.html[at + 1]
        if code == _SLASH:
            if _LETTERS[self.html[at + 2]]:
                return self._closing_tag(at + 2)
            return self._after_tag(at + 2)
        if code == _BANG:
            return self._comment(at)
        if code == _QUESTION:
            return self._after_tag(at + 2)
        return self._opening_tag(at + 1)

    def _after(self, mark: bytes, at: int) -> int:
        """Return the place behind the next such mark, the page's end if there is none."""
        found = self.html.find(mark, at)
        return found + len(mark) if found >= 0 else self.size

    def _after_tag(self, at: int) -> int:
        """Return the place behind the next ">", the page's end if there is none."""
        html, size = self.html, self.size
        while at < size and html[at] != _GREATER:
            at += 1
        return min(at + 1, size)

    def _comment(self, at: int) -> int:
        """Return where a comment ends (13.2.5.43 to 52), or a bogus one (13.2.5.41)."""
        html = self.html
        if not html.startswith(b"<!--", at):
            return self._after_tag(at + 2)
        if html.startswith(b">", at + 4):
            return at + 5
        end = self._after(b"-->", at + 2)
        self.dropped += end - at
        return end

    def _closing_tag(self, start: int) -> int:
        end = self._attributes(self._name(start), _NOTHING)
        tag = self.tag
        self._count(end)
        if tag.kind == BREAK:
            self.builder.line_break()
        elif tag.kind < ROOT:
            self.builder.end(tag)
        return end

    def _opening_tag(self, start: int) -> int:
        name_end = self._name(start)
        tag = self.tag
        kind = tag.kind
        is_passed = kind in (EMPTY, PASSED) or self.builder.passes()
        end = self._attributes(name_end, _NOTHING if is_passed or kind == STATING else _MARKS)
        self._count(end)
        if kind <= PASSED:
            class_name = _cut(self.html, self.class_start, self.class_end) if self.class_end else b""
            given = self._stated(name_end) if self.marks & NAMED or (tag is TIME and not is_passed) else None
            self.builder.start(tag, self.marks, class_name, given)
            self._bound()
            return end
        if kind == EMPTY:
            self.builder.empty(tag)
        elif kind == BREAK:
            self.builder.line_break()
        elif kind == DROPPED:
            return self._dropped(tag, name_end, end)
        elif kind == TITLE:
            return self._title(tag, end)
        elif not is_passed:
            self._state(tag, name_end, end)
        return end

    def _count(self, end: int) -> None:
        self.tags += 1
        if self.tags > MAX_TAGS:
            raise RejectedError(Reason.TOO_LARGE, self.url, f"more than {MAX_TAGS:,} tags without scripts")
        self._bound_bytes(end)

    def _bound_bytes(self, end: int) -> None:
        if end - self.dropped > MAX_MARKUP_BYTES:
            raise RejectedError(Reason.TOO_LARGE, self.url, f"more than {MAX_MARKUP_BYTES:,} bytes without scripts")

    def _bound(self) -> None:
        if self.builder.depth() > MAX_DEPTH:
            detail = f"more than {MAX_DEPTH:,} elements in one another"
            raise RejectedError(Reason.HOSTILE_MARKUP, self.url, detail)
        if self.builder.reopened > MAX_REOPENED:
            raise RejectedError(Reason.HOSTILE_MARKUP, self.url, "unclosed formatting elements multiply")

    def _name(self, at: int) -> int:
        """Read the name of an element; return where it ends (tag name state, 13.2.5.8)."""
        html, size, start, ending = self.html, self.size, at, _ENDING_NAMES
        while at < size and (not ending[html[at]] or html[at] == _EQUALS):
            at += 1
        number = _ELEMENTS.find(html, start, at)
        self.tag = _TAGS[number] if number else self._other(_cut(html, start, min(at, start + _LONGEST_NAME)).lower())
        return at

    def _other(self, name: bytes) -> Tag:
        """Return an element without rules of its own."""
        tag = self.others.get(name)
        if tag is None:
            tag = self.others[name] = Tag(name.decode("utf-8", "replace"))
        return tag

    def _attributes(self, at: int, wanted: int) -> int:
        """Read a tag's attributes from the end of its name; return the place behind it (13.2.5.32, 13.2.5.40)."""
        html, size, spaces = self.html, self.size, _SPACES
        self.marks = self.class_start = self.class_end = 0
        self.ends_itself = False
        while at < size:
            code = html[at]
            if code == _GREATER:
                self.ends_itself = html[at - 1] == _SLASH
                return at + 1
            if code == _SLASH or spaces[code]:
                at += 1
            else:
                at = self._attribute(at, wanted)
        return size

    def _attribute(self, start: int, wanted: int) -> int:
        """Read an attribute; return where it ends (13.2.5.33 to 35)."""
        html, size, ending = self.html, self.size, _ENDING_NAMES
        name_end = start + 1  # a name may begin with "="
        while name_end < size and not ending[html[name_end]]:
            name_end += 1
        self.value_start = self.value_end = name_end
        at = self._after_spaces(name_end)
        if at < size and html[at] == _EQUALS:
            at = self._value(self._after_spaces(at + 1))
        number = _ATTRIBUTES.find(html, start, name_end) if wanted else 0
        if number:
            self._read_attribute(number, wanted, self.value_start, self.value_end)
        return at

    def _after_spaces(self, at: int) -> int:
        html, size, spaces = self.html, self.size, _SPACES
        while at < size and spaces[html[at]]:
            at += 1
        return at

    def _value(self, at: int) -> int:
        """Find the value behind "="; return the place behind it (13.2.5.36 to 39)."""
        html, size, ending = self.html, self.size, _ENDING_VALUES
        quote = html[at] if at < size else 0
        if quote not in (_QUOTE, _APOSTROPHE):
            self.value_start = at
            while at < size and not ending[html[at]]:
                at += 1
            self.value_end = at
            return at
        at += 1
        self.value_start = at
        while at < size and html[at] != quote:
            at += 1
        self.value_end = at
        return at + 1

    def _read_attribute(self, number: int, wanted: int, start: int, end: int) -> None:
        if wanted == _STATEMENTS:
            name = _STATED[number]
            if name is not None:
                self.given.setdefault(name, _plain_value(_cut(self.html, start, end)))
        elif number == _CLASS and self.class_end:
            return  # the first one counts
        elif _READ[number] >= 0:
            self.marks |= marks_of(_READ[number], self.html, start, end)
            if number == _CLASS:
                self.class_start, self.class_end = start, min(end, start + _LONGEST_CLASS)

    def _stated(self, at: int) -> dict[str, str]:
        """Return what the attributes of a tag state, from the end of its name on."""
        marks, class_start, class_end = self.marks, self.class_start, self.class_end
        self.given = {}
        self._attributes(at, _STATEMENTS)
        self.marks, self.class_start, self.class_end = marks, class_start, class_end
        return self.given

    def _dropped(self, tag: Tag, start: int, end: int) -> int:
        """Pass over an element that holds no text; return where it ends."""
        name = tag.name
        self.builder.space()
        if (self.ends_itself and name in _EMBEDDED) or name in self.unclosed:
            return end
        inside = self._closed(tag, end)
        if inside == self.size and name not in _SWALLOWING:
            self._find_unclosed(end)
            return end
        if name == "script" and self.html.find(b"ld+json", start, end) >= 0:
            self.builder.tree.linked_data.append(self.html[end:inside].decode("utf-8", "replace"))
        self.dropped += inside - end
        return self._after_tag(inside)

    def _closed(self, tag: Tag, at: int) -> int:
        """Return where the next closing tag of this name begins, the page's end if there is none (13.2.5.9 to 14)."""
        html, length = self.html, len(tag.name)
        while True:
            at = html.find(b"</", at)
            if at < 0 or at + 2 + length >= self.size:
                return self.size
            at += 2
            if _TAGS[_ELEMENTS.find(html, at, at + length)] is tag:
                code = html[at + length]
                if _ENDING_NAMES[code] and code != _EQUALS:
                    return at - 2

    def _find_unclosed(self, at: int) -> None:
        """Find out which elements nothing closes any more, so that no other is looked for in vain."""
        html, size, closed = self.html, self.size, set()
        while at + 2 < size:
            if html[at] == _LESS and html[at + 1] == _SLASH:
                end = at + 2
                while end < size and end < at + _LONGEST_NAME and not _ENDING_NAMES[html[end]]:
                    end += 1
                closed.add(_ELEMENTS.find(html, at + 2, end))
            at += 1
        names = {tag.name for tag in TAGS.values() if tag.kind == DROPPED}
        self.unclosed = names - {_TAGS[number].name for number in closed} - _SWALLOWING

    def _title(self, tag: Tag, end: int) -> int:
        inside = self._closed(tag, end)
        self._bound_bytes(inside)
        tree = self.builder.tree
        if not tree.title and not self.builder.passes():
            tree.title = collapse(unescaped(self.html[end:inside].decode("utf-8", "replace")))
        return self._after_tag(inside)

    def _state(self, tag: Tag, start: int, end: int) -> None:
        """Read the attributes of an element that says something of the page."""
        if tag.kind == BODY:
            self.builder.body(self.marks, _cut(self.html, self.class_start, self.class_end))
        elif tag.kind == ROOT:
            stated = self._stated(start)
            tree = self.builder.tree
            tree.language = tree.language or stated.get("lang") or stated.get("xml:lang") or ""
        elif tag.name == "meta":
            self._state_meta(self._stated(start))
        elif tag.name == "link":
            self._state_link(_cut(self.html, start, end).lower(), start)

    def _state_link(self, given: bytes, start: int) -> None:
        if given.find(b"canonical") >= 0 or given.find(b"license") >= 0:
            stated = self._stated(start)
            self.builder.tree.links.append((stated.get("rel", "").lower(), stated.get("href", "")))

    def _state_meta(self, stated: dict[str, str]) -> None:
        name = stated.get("property") or stated.get("name") or stated.get("itemprop") or stated.get("http-equiv")
        content = stated.get("content")
        if name and content:
            self.builder.tree.metas.append((name.strip().lower(), content.strip()))


def _cut(html: bytes, start: int, end: int) -> bytes:
    """Return a part of a page; `end` is no further than the page's."""
    return html[start:end]


def _plain_value(raw: bytes) -> str:
    """Return an attribute's value, its character references replaced."""
    text = raw.decode("utf-8", "replace")
    return _REFERENCE.sub(_replaced, text) if "&" in text else text


def _replaced(found: re.Match[str]) -> str:
    name = found[1]
    return unescaped(found[0]) if name is None else html5.get(name, found[0])
