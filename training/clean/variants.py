"""Pages as other sites might have built them: the tree is changed at random, and the labels go along.

What is rare among a few hundred pages becomes common: short bodies among much prose that is none, bodies of list items
or full of links, paragraphs in elements of any name, teasers between paragraphs. Features are computed anew afterwards.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from worker.clean.body.vocabulary import Hints
from worker.clean.html.block import RawBlock
from worker.clean.html.elements import REGION_BIT, TRANSPARENT
from worker.clean.html.tree import Elements, Tree

#: Characters from which a block is a paragraph, and from which one is cut into list items.
_PARAGRAPH, _LONG = 60, 200
#: Blocks of a part that is put into another page, and the least prose in one that has few.
_FEWEST, _MOST, _MANY, _LEAST_PROSE = 2, 40, 6, 120
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NAMES = ("div", "p", "p", "li", "td", "section", "p")
_SECTIONS = ("article", "main", "section")


@dataclass
class Part:
    """What stands in one element, cut out of its page: numbers count from that element and its first block."""

    elements: Elements
    blocks: list[RawBlock]


@dataclass
class Draft:
    """A page under change: its blocks, how much of each is body, its elements."""

    blocks: list[RawBlock]
    shares: list[float]
    elements: Elements
    chance: random.Random

    def body(self) -> list[int]:
        return [number for number, share in enumerate(self.shares) if share > 0.5]

    def around(self, element: int) -> list[int]:
        """Return an element and what is around it, the innermost first."""
        found = []
        while element >= 0:
            found.append(element)
            element = self.elements.parents[element]
        return found

    def keep(self, kept: Sequence[bool]) -> None:
        before = [0]
        for one in kept:
            before.append(before[-1] + one)
        self.elements.firsts = [before[first] for first in self.elements.firsts]
        self.elements.ends = [before[end] for end in self.elements.ends]
        self.blocks = [block for block, one in zip(self.blocks, kept, strict=True) if one]
        self.shares = [share for share, one in zip(self.shares, kept, strict=True) if one]

    def insert(self, part: Part, place: int, parent: int, share: float) -> None:
        """Put `part` into the element `parent`, before the block `place`, which no child of `parent` is around."""
        elements, count, start = self.elements, len(part.blocks), len(self.elements.parents)
        inside = set(self.around(parent))
        for number, first in enumerate(elements.firsts):
            after = number not in inside and first >= place
            elements.firsts[number] += count * after
            elements.ends[number] += count * (after or number in inside)
        for one in fields(Elements):
            getattr(elements, one.name).extend(getattr(part.elements, one.name))
        for number in range(start, len(elements.parents)):
            outer = elements.parents[number]
            elements.parents[number] = parent if outer < 0 else outer + start
            elements.firsts[number] += place
            elements.ends[number] += place
        self.blocks[place:place] = [block.moved(block.element + start) for block in part.blocks]
        self.shares[place:place] = [share] * count

    def rename(self, number: int, tag: str) -> None:
        elements = self.elements
        elements.selectors[number] = tag.encode() + elements.selectors[number].removeprefix(
            elements.tags[number].encode()
        )
        elements.tags[number] = tag


def cut(tree: Tree, near: Sequence[int]) -> Tree:
    """Return a page of the blocks that `near` names and of the elements that hold any, numbered anew."""
    elements, before = tree.elements, np.zeros(len(tree.blocks) + 1, int)
    before[np.array(near) + 1] = 1
    before = np.cumsum(before)
    firsts, ends = before[elements.firsts], before[elements.ends]
    holding = np.flatnonzero(ends > firsts).tolist()
    numbers = {number: left for left, number in enumerate(holding)}
    kept = Elements(
        **{one.name: [getattr(elements, one.name)[number] for number in holding] for one in fields(Elements)}
    )
    kept.parents = [numbers.get(parent, -1) for parent in kept.parents]
    kept.containers = [numbers[container] for container in kept.containers]
    kept.firsts, kept.ends = firsts[holding].tolist(), ends[holding].tolist()
    blocks = [tree.blocks[number].moved(numbers[tree.blocks[number].element]) for number in near]
    return replace(tree, blocks=blocks, elements=kept)


def parts(tree: Tree, shares: Sequence[float]) -> list[Part]:
    """Return the parts of a page that hold nothing of its body, but a few blocks or some prose."""
    elements = tree.elements
    found = []
    for number, (first, end) in enumerate(zip(elements.firsts, elements.ends, strict=True)):
        blocks = tree.blocks[first:end]
        prose = sum(len(block.text) for block in blocks if len(block.text) > _PARAGRAPH and _linked(block) < 0.5)
        if (
            _FEWEST <= len(blocks) <= _MOST
            and max(shares[first:end]) <= 0.2
            and (len(blocks) >= _MANY or prose >= _LEAST_PROSE)
        ):
            found.append(_cut(tree, number))
    return found


def _linked(block: RawBlock) -> float:
    return block.links / len(block.text)


def _cut(tree: Tree, number: int) -> Part:
    elements, first = tree.elements, tree.elements.firsts[number]
    last = number + 1
    while last < len(elements.parents) and elements.depths[last] > elements.depths[number]:
        last += 1
    cut = Elements(**{one.name: getattr(elements, one.name)[number:last] for one in fields(Elements)})
    cut.parents = [-1, *(parent - number for parent in cut.parents[1:])]
    cut.firsts = [one - first for one in cut.firsts]
    cut.ends = [one - first for one in cut.ends]
    blocks = tree.blocks[first : elements.ends[number]]
    return Part(cut, [block.moved(block.element - number) for block in blocks])


def vary_tree(
    tree: Tree, shares: Sequence[float], hints: Hints, foreign: Sequence[Part], chance: random.Random
) -> tuple[Tree, list[float], Hints]:
    """Return a changed page, how much of each of its blocks is body, and what its metadata says.

    Args:
        tree: The page, which stays as it is.
        shares: How much of each of its blocks is body.
        hints: What its metadata says of its text.
        foreign: Parts of another page, none of them body.
        chance: Decides.
    """
    own = Elements(**{one.name: list(getattr(tree.elements, one.name)) for one in fields(Elements)})
    draft = Draft([block.moved(block.element) for block in tree.blocks], list(shares), own, chance)
    for change, likely in _CHANGES:
        if chance.random() < likely:
            change(draft)
    if foreign and chance.random() < _GRAFTED:
        for _ in range(chance.randint(1, 3)):
            _graft(draft, chance.choice(foreign))
    if chance.random() < _WRAPPED:
        _wrap(draft)
    _settle(draft.elements)
    return replace(tree, blocks=draft.blocks, elements=draft.elements), draft.shares, _forget(hints, chance)


def _forget(hints: Hints, chance: random.Random) -> Hints:
    return Hints(
        title=hints.title if chance.random() < 0.9 else "",
        description=hints.description if chance.random() < 0.8 else "",
        evidence=hints.evidence if chance.random() < 0.6 else "",
    )


def _shorten(draft: Draft) -> None:
    """Leave a run of two to six paragraphs of the body, mostly the first ones."""
    body, count = draft.body(), draft.chance.randint(2, 6)
    long = [number for number in body if len(draft.blocks[number].text) > _PARAGRAPH]
    if len(long) > count:
        start = draft.chance.randrange(len(long) - count + 1) if draft.chance.random() < 0.3 else 0
        first, last = (long[start] if start else body[0]), long[start + count - 1]
        draft.keep([share <= 0.5 or first <= number <= last for number, share in enumerate(draft.shares)])


def _prune(draft: Draft) -> None:
    """Leave out an element that holds nothing of the body."""
    spans = zip(draft.elements.firsts, draft.elements.ends, strict=True)
    free = [(first, end) for first, end in spans if end - first > 1 and max(draft.shares[first:end]) <= 0.5]
    if free:
        first, end = draft.chance.choice(free)
        draft.keep([not first <= number < end for number in range(len(draft.blocks))])


def _list(draft: Draft) -> None:
    """Make the sentences of one long paragraph, or of all, the items of a list."""
    long = [number for number in draft.body() if len(draft.blocks[number].text) > _LONG]
    if long and draft.chance.random() < 0.5:
        long = [draft.chance.choice(long)]
    for number in reversed(long):
        block = draft.blocks[number]
        sentences = [text for text in _SENTENCE.split(block.text) if text]
        parent = draft.elements.parents[block.element]
        if len(sentences) > 1 and parent >= 0:
            draft.insert(_items(block, sentences), draft.elements.ends[block.element], parent, 1.0)
            draft.keep([other != number for other in range(len(draft.blocks))])


def _items(block: RawBlock, texts: list[str]) -> Part:
    count, linked = len(texts), _linked(block)
    elements = Elements(
        parents=[-1, *[0] * count],
        containers=[0] * (count + 1),
        tags=["ul", *["li"] * count],
        marks=[0] * (count + 1),
        regions=[0] * (count + 1),
        depths=[0, *[1] * count],
        selectors=[b"ul.", *[b"li."] * count],
        firsts=[0, *range(count)],
        ends=[count, *range(1, count + 1)],
    )
    return Part(elements, [RawBlock(text, number, int(linked * len(text)), 0, min(1, block.link_count), 0)
                           for number, text in enumerate(texts, 1)])  # fmt: skip


def _rename(draft: Draft) -> None:
    """Name the elements of paragraphs otherwise, all alike; name sections `div`."""
    tag = draft.chance.choice(_NAMES)
    for number in {draft.blocks[number].element for number in draft.body()}:
        if draft.elements.tags[number] in ("p", "div"):
            draft.rename(number, tag)
    if draft.chance.random() < 0.5:
        for number, named in enumerate(draft.elements.tags):
            if named in _SECTIONS:
                draft.rename(number, "div")


def _link(draft: Draft) -> None:
    """Make links of parts of the body, more or less on each page."""
    most = 1.2 * draft.chance.random()
    for number in draft.body():
        block = draft.blocks[number]
        linked = int(len(block.text) * min(1, draft.chance.random() * most))
        if linked > block.links and draft.chance.random() < 0.6:
            block.links, block.link_count = linked, max(block.link_count, draft.chance.randint(1, 3))


def _graft(draft: Draft, part: Part) -> None:
    """Put a foreign part between two blocks of the body, or beside something that is around the body."""
    body, elements, chance = draft.body(), draft.elements, draft.chance
    if not body:
        return
    where = chance.random()
    around = draft.around(draft.blocks[body[0]].element)
    if where < 0.35:
        beside = draft.blocks[chance.choice(body)].element
    else:
        beside = around[min(len(around) - 1, chance.randint(1, 6))]
    if elements.parents[beside] >= 0:
        place = elements.firsts[beside] if 0.35 <= where < 0.6 else elements.ends[beside]
        draft.insert(part, place, elements.parents[beside], 0.0)


def _wrap(draft: Draft) -> None:
    """Put each paragraph of the body into an element of its own."""
    elements = draft.elements
    inner: dict[int, int] = {}
    for number in sorted({draft.blocks[number].element for number in draft.body()}):
        inner[number] = len(elements.parents)
        for one in fields(Elements):
            column = getattr(elements, one.name)
            column.append(column[number])
        elements.parents[-1] = number
        draft.rename(number, "div")
        elements.selectors[number], elements.marks[number] = b"div.w", 0
    for block in draft.blocks:
        block.element = inner.get(block.element, block.element)


def _settle(elements: Elements) -> None:
    """Compute anew what an element has of those around it."""
    for number, (tag, parent) in enumerate(zip(elements.tags, elements.parents, strict=True)):
        inside = parent >= 0
        elements.containers[number] = elements.containers[parent] if inside and tag in TRANSPARENT else number
        elements.regions[number] = REGION_BIT.get(tag, 0) | (elements.regions[parent] if inside else 0)
        elements.depths[number] = elements.depths[parent] + 1 if inside else 0


#: The changes in their order, each with its chance; then foreign parts are put in, and paragraphs wrapped.
_CHANGES: tuple[tuple[Callable[[Draft], None], float], ...] = (
    (_shorten, 0.4), (_prune, 0.3), (_list, 0.15), (_rename, 0.3), (_link, 0.2),
)  # fmt: skip
_GRAFTED, _WRAPPED = 0.5, 0.12
