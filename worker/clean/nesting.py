"""How deep a page nests and how many nodes it makes, at most: the HTML standard's tree construction on names alone.

lexbor walks its stack of open elements for most tags, and copies every open formatting element into each new
paragraph, so both must be known before it parses. The stack kept here holds at least what the parser's holds. A tag
takes an element off it only where the parser must do so too; an element that the parser may have lost already stays
counted, but loses its name, so that no closing tag finds it.

Foreign content, templates, selects and raw text never reach this: the scan has dropped them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict

_BLOCKS = (
    "address article aside blockquote center details dir div dl fieldset figcaption figure footer header hgroup main "
    "menu nav ol p section summary ul pre listing form li dd dt table"
)


def _names(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_CLOSES_PARAGRAPH = _names(f"{_BLOCKS} hr dialog search") | _HEADINGS
#: Never on the stack for long, or once only.
_HOLDS_NOTHING = _names(
    "area base basefont bgsound br col colgroup embed frame head hr html body image img input keygen link meta param "
    "source track wbr"
)
_CELLS, _SECTIONS = _names("td th"), _names("tbody thead tfoot")
_IN_TABLE = _CELLS | _SECTIONS | _names("tr caption")
_MARKERS = _CELLS | _names("caption object applet marquee")
_RUBY = _names("rb rt rtc rp")
_OPTIONS, _OPTION = _names("option optgroup"), _names("option")
_IMPLIED = _RUBY | _OPTIONS | _names("dd dt li p")
#: Closed from inside any block, but no boundary for the closing tags of others.
_SCOPED = _names("dialog search")
_PASSED_BY_ITEMS = _names("address div p")
#: Classes of open elements, as entries beside their names.
_HEADING, _WALL, _SPECIAL, _ITEM_STOP, _CELL, _LIST = (f"*{number}".encode() for number in range(6))


def _classes() -> dict[bytes, tuple[bytes, ...]]:
    walls = _CELLS | _names("table caption object applet marquee")
    lists = walls | _names("ol ul")
    specials = _names(f"{_BLOCKS} button frameset") | _HEADINGS | _IN_TABLE | walls
    groups = ((_HEADING, _HEADINGS), (_WALL, walls), (_SPECIAL, specials), (_ITEM_STOP, specials - _PASSED_BY_ITEMS),
              (_CELL, _CELLS | {b"caption"}), (_LIST, lists))  # fmt: skip
    return {name: (name, *(group for group, members in groups if name in members)) for name in specials}


_CLASSES = _classes()
#: Names of elements that no closing tag finds any more.
_LOST, _LOST_SPECIAL = b"", b"*"
_CLASSES |= {_LOST: (), _LOST_SPECIAL: (_SPECIAL, _ITEM_STOP)}
#: Times that the standard's adoption agency moves a formatting element out of a block.
_ADOPTIONS = 8


class Nesting:
    """The elements that are open; `depth` and `active` are upper bounds of the parser's own."""

    def __init__(self) -> None:
        self._names: list[bytes] = []
        self._places: dict[bytes, list[int]] = defaultdict(lambda: [-1])
        #: Active formatting elements by name, after each marker.
        self._levels: list[Counter[bytes]] = [Counter()]
        self.active = 0
        #: Formatting elements that ended before their closing tag, and how many when each open element was opened: the
        #: parser opens them again, and may leave them open where nothing can close them.
        self._orphans = 0
        self._orphans_when: list[int] = []
        self._left_open = self._open_formatting = 0

    @property
    def depth(self) -> int:
        """Return how many elements are open, those included that the parser may have opened again."""
        return len(self._names) + self._left_open

    def open(self, name: bytes) -> None:
        """Read the opening tag of an element."""
        if name in _IN_TABLE:
            self._open_in_table(name)
            return
        self._make_room(name)
        if name in _HOLDS_NOTHING:
            return
        self._push(name)
        if name in FORMATTING:
            self._open_formatting += 1
            self._list(name, 1)

    def close(self, name: bytes) -> None:
        """Read a closing tag."""
        place = self._last(name)
        if name in FORMATTING:
            self._close_formatting(name, place)
        elif name in _HEADINGS:
            self._pop_above(self._last(_WALL), self._last(_HEADING))
        elif name == b"form":
            self._close_form(place)
        elif name in _IN_TABLE or name == b"table":
            self._pop_above(self._last(b"table") - (name == b"table"), place)
        elif name == b"p":
            self._close_paragraph()
        elif name == b"li":
            self._pop_above(self._last(_LIST), place)
        elif name in _CLASSES:
            self._pop_above(self._last(_WALL) - (name in _MARKERS), place)
        elif name in _SCOPED:
            self._pop_above(self._last(_WALL), place)
        else:
            self._close_ordinary(place)

    def _last(self, key: bytes) -> int:
        return self._places[key][-1]

    def _push(self, name: bytes) -> None:
        for key in _CLASSES.get(name) or (name,):
            self._places[key].append(len(self._names))
        self._names.append(name)
        self._orphans_when.append(self._orphans)
        if name in _MARKERS:
            self._levels.append(Counter())

    def _pop_above(self, wall: int, place: int) -> None:
        """Take off the element at `place` and all above it, unless it stands below `wall`."""
        if place > max(wall, -1):
            self._pop_to(place)

    def _pop_to(self, place: int) -> None:
        markers, outermost = 0, b""
        while len(self._names) > place:
            outermost = self._names.pop()
            self._orphans_when.pop()
            self._orphan(outermost)
            markers += outermost in _MARKERS
            for key in _CLASSES.get(outermost) or ((outermost,) if outermost else ()):
                self._places[key].pop()
        if markers:
            self._unmark(markers, is_own=outermost in _MARKERS)

    def _unmark(self, markers: int, *, is_own: bool) -> None:
        """Forget what was active in one marked element that ends; of several the parser forgets the innermost only."""
        ended = [self._levels.pop() for _ in range(markers)]
        for level in ended:
            if markers == 1 and is_own:
                self.active -= level.total()
            else:
                self._levels[-1].update(level)

    def _list(self, name: bytes, count: int) -> None:
        self._levels[-1][name] += count
        self.active += count

    def _make_room(self, name: bytes) -> None:
        """Close the item, the paragraph and the like that an opening tag closes."""
        if name == b"li":
            self._pop_above(self._last(_ITEM_STOP) - 1, self._last(b"li"))
        elif name in {b"dd", b"dt"}:
            self._pop_above(self._last(_ITEM_STOP) - 1, max(self._last(b"dd"), self._last(b"dt")))
        if name in _CLOSES_PARAGRAPH:
            self._close_paragraph()
        self._close_alike(name)

    def _close_alike(self, name: bytes) -> None:
        """Close what cannot hold an element of its own kind."""
        if name in _HEADINGS:
            self._close_top(_HEADINGS)
        elif name in _OPTIONS:
            self._close_top(_OPTION)
        elif name == b"button":
            self._pop_above(self._last(_WALL), self._last(name))
        elif name == b"table" and self._last(_CELL) < self._last(name):
            self._pop_to(self._last(name))
        elif name in _RUBY and self._last(b"ruby") > self._last(_WALL):
            while self._close_top(_IMPLIED):
                pass
        elif name == b"nobr" and self._last(name) > self._last(_WALL):
            self._close_formatting(name, self._last(name))
        elif name == b"a" and self._levels[-1][name]:
            self._close_formatting(name, self._last(name))
            self._list(name, -self._levels[-1][name])

    def _close_top(self, names: frozenset[bytes]) -> bool:
        """Close the innermost element if it is one of `names`, and no formatting may have been opened inside it."""
        if not self._names or self._names[-1] not in names:
            return False
        is_innermost = self.active == self._open_formatting
        if is_innermost:
            self._pop_to(len(self._names) - 1)
        else:
            self._lose(len(self._names) - 1)
        return is_innermost

    def _close_paragraph(self) -> None:
        self._pop_above(max(self._last(_WALL), self._last(b"button")), self._last(b"p"))

    def _close_form(self, place: int) -> None:
        """Close a form, which leaves what is open inside it open."""
        if place == len(self._names) - 1:
            self._pop_above(-1, place)
        elif place >= 0:
            self._lose(place)

    def _open_in_table(self, name: bytes) -> None:
        """Open a part of a table, which closes everything in the table that cannot hold it; elsewhere it is no tag."""
        table = self._last(b"table")
        if table < 0:
            return
        place = table + 1
        for holder in self._holders(name):
            place += place < len(self._names) and self._names[place] in holder
        self._pop_to(place)
        self._push(name)

    @staticmethod
    def _holders(name: bytes) -> tuple[frozenset[bytes], ...]:
        if name in _CELLS:
            return (_SECTIONS, frozenset({b"tr"}))
        return (_SECTIONS,) if name == b"tr" else ()

    def _close_formatting(self, name: bytes, place: int) -> None:
        """Do what the standard's adoption agency does, on the side of more."""
        if not self._levels[-1][name]:
            self._close_ordinary(place)
        elif place >= 0 and place < self._last(_WALL):
            self._lose_above(self._last(_WALL))
        elif place > self._last(_SPECIAL) and self._orphans_when[place] == self._orphans:
            self._pop_to(place + 1)
            self._rename(place, _LOST)
            self._pop_to(place)
            self._open_formatting -= 1
            self._list(name, -1)
        else:
            specials = self._places[_SPECIAL]
            is_last = place >= 0 and self._orphans_when[place] == self._orphans
            self._lose_above(max(place - 1 if is_last else -1, self._last(_WALL)))
            blocks = len(specials) - bisect_right(specials, max(place, self._last(_WALL)))
            self._list(name, -1 if blocks <= _ADOPTIONS else 0)

    def _lose_above(self, place: int) -> None:
        """Let no closing tag find the elements above `place` but the special ones, which the parser keeps."""
        for number in range(place + 1, len(self._names)):
            if self._names[number] not in _CLASSES:
                self._lose(number)

    def _close_ordinary(self, place: int) -> None:
        special = self._last(_SPECIAL)
        if place > special:
            self._pop_to(place)
        elif _LOST in self._names[special + 1 :]:
            self._lose_above(special)

    def _orphan(self, name: bytes) -> None:
        if name in FORMATTING:
            self._open_formatting -= 1
            self._orphans += 1
            self._left_open += name != b"a"  # of which one is active at most

    def _lose(self, place: int) -> None:
        name = self._names[place]
        self._rename(place, _LOST_SPECIAL if name in _CLASSES else _LOST)
        self._orphan(name)

    def _rename(self, place: int, name: bytes) -> None:
        former = self._names[place]
        for key in _CLASSES.get(former) or (former,):
            if key not in _CLASSES[name]:
                self._places[key].remove(place)
        self._names[place] = name
