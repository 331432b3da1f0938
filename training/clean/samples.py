"""Pages as the network learns them: features, labels, weights; and how a page is varied while training."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from training.clean.labels import label, tokens, weigh
from training.clean.variants import cut, parts, vary_tree
from worker.clean.body.candidates import near_prose
from worker.clean.body.choice import hints
from worker.clean.body.features import MARK_COLUMNS, REGION_COLUMNS, features
from worker.clean.body.position import Matrix
from worker.clean.body.vocabulary import Hints
from worker.clean.decode import decode
from worker.clean.html.tokeniser import read_tree
from worker.clean.html.tree import Tree
from worker.clean.metadata.fields import read_metadata

SETS = ("zyte", "fundus")
#: Chances of the variations, per page: no marks at all, no regions, gaps; and per mark: unseen on this page.
_NO_MARKS, _NO_REGIONS, _GAPS, _NO_MARK = 0.3, 0.15, 0.3, 0.15
#: Changed trees of each page, and how often one of them is taken for the page.
_VARIANTS, _CHANGED = 24, 0.85


@dataclass
class View:
    """A page or a variant of it as the network sees it.

    `shares` is how much of each block the gold text holds, `weights` its share of the gold's length.
    """

    rows: Matrix
    shares: Matrix
    weights: Matrix


@dataclass
class Sample:
    """One page, its blocks near prose only, and how else it might have been built."""

    set: str
    id: str
    group: str
    gold: str
    tree: Tree
    hints: Hints
    headline: str
    view: View
    variants: list[View] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [block.text for block in self.tree.blocks]


def load(data: Path) -> Iterator[Sample]:
    """Yield the pages of DATA that have any text in their markup."""
    for name in SETS:
        for line in (data / name / "gold.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            body = gzip.decompress((data / name / record["html_file"]).read_bytes())
            html = decode(body, None, record["url"])
            page = read_tree(html, record["url"])
            if page.blocks:
                metadata = read_metadata(record["url"], page, html)
                left = near_prose(page)
                tree = cut(page, left)
                labels = label([block.text for block in page.blocks], record["gold"]["text"])
                shares, weights = ([values[number] for number in left] for values in labels)
                yield Sample(
                    set=name,
                    id=record["id"],
                    group=record.get("publisher") or ".".join(urlsplit(record["url"]).netloc.split(".")[-2:]),
                    gold=record["gold"]["text"],
                    tree=tree,
                    hints=hints(metadata),
                    headline=metadata.headline or "",
                    view=_view(tree, hints(metadata), shares, weights),
                )


def _view(tree: Tree, hints: Hints, shares: Sequence[float], weights: Sequence[float]) -> View:
    rows = features(tree, list(range(len(tree.blocks))), hints)
    return View(rows, np.array(shares, np.float32), np.array(weights, np.float32))


def add_variants(samples: list[Sample], seed: int) -> None:
    """Give each page its variants; what is put into it comes from other pages of `samples`."""
    chance = random.Random(seed)
    foreign = [parts(sample.tree, sample.view.shares.tolist()) for sample in samples]
    for number, sample in enumerate(samples):
        others = foreign[:number] + foreign[number + 1 :]
        for _ in range(_VARIANTS):
            given = chance.choice(others) if others else ()
            tree, shares, said = vary_tree(sample.tree, sample.view.shares.tolist(), sample.hints, given, chance)
            words = [len(tokens(block.text)) for block in tree.blocks]
            total = sum(count for count, share in zip(words, shares, strict=True) if share > 0.5)
            sample.variants.append(_view(tree, said, shares, weigh(words, total)))


def vary(sample: Sample, chance: random.Random) -> View:
    """Return the page or one of its variants, as another site might have marked it up.

    Marks are what memorises a site: some or all of them are blanked, and short runs of blocks left out.
    """
    view = chance.choice(sample.variants) if sample.variants and chance.random() < _CHANGED else sample.view
    rows = view.rows.copy()
    rows[:, [column for column in MARK_COLUMNS if chance.random() < _NO_MARK]] = 0
    if chance.random() < _NO_MARKS:
        rows[:, MARK_COLUMNS] = 0
    if chance.random() < _NO_REGIONS:
        rows[:, REGION_COLUMNS] = 0
    kept = np.ones(len(rows), bool)
    if len(rows) > 30 and chance.random() < _GAPS:
        for _ in range(3):
            start = chance.randrange(len(rows))
            kept[start : start + chance.randrange(1, 8)] = False
    return View(rows[kept], view.shares[kept], view.weights[kept])
