"""Pages as the network learns them: features, labels, weights; and how a page is varied while training."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from training.clean.labels import label
from worker.clean.body import hints
from worker.clean.decode import decode
from worker.clean.features import MARK_COLUMNS, REGION_COLUMNS, Matrix, features
from worker.clean.metadata import gather
from worker.clean.scan import scan
from worker.clean.tree import read_tree

SETS = ("zyte", "fundus")
#: Chances of the variations, per page: no marks at all, no regions, gaps; and per mark: unseen on this page.
_NO_MARKS, _NO_REGIONS, _GAPS, _NO_MARK = 0.3, 0.15, 0.3, 0.15


@dataclass
class Sample:
    """One page. `shares` is how much of each block the gold text holds, `weights` its share of the gold's length."""

    set: str
    id: str
    group: str
    gold: str
    texts: list[str]
    rows: Matrix
    shares: Matrix
    weights: Matrix


def load(data: Path) -> Iterator[Sample]:
    """Yield the pages of DATA that have any text in their markup."""
    for name in SETS:
        for line in (data / name / "gold.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            body = gzip.decompress((data / name / record["html_file"]).read_bytes())
            markup = scan(decode(body, None, record["url"]), record["url"])
            facts = gather(record["url"], read_tree(markup.html), markup.linked_data)
            if facts.tree.blocks:
                texts = [block.text for block in facts.tree.blocks]
                shares, weights = label(texts, record["gold"]["text"])
                yield Sample(
                    set=name,
                    id=record["id"],
                    group=record.get("publisher") or ".".join(urlsplit(record["url"]).netloc.split(".")[-2:]),
                    gold=record["gold"]["text"],
                    texts=texts,
                    rows=features(facts.tree, hints(facts)),
                    shares=np.array(shares, np.float32),
                    weights=np.array(weights, np.float32),
                )


def vary(sample: Sample, chance: random.Random) -> tuple[Matrix, Matrix, Matrix]:
    """Return rows, shares and weights as another site might have marked them up.

    Marks are what memorises a site: some or all of them are blanked, and short runs of blocks left out.
    """
    rows = sample.rows.copy()
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
    return rows[kept], sample.shares[kept], sample.weights[kept]
