"""Trains the body network: publisher-grouped cross-validation, reported; then one fitted on all pages, written.

    python -m training.clean --data DATA [--out worker/clean/model/body.npz] [--seed N] [--network-seed N]
        [--skip-validation]

DATA holds `zyte/` and `fundus/`, each with gold.jsonl and gzipped pages. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch

from training.clean.labels import grams
from training.clean.network import export, scores, train
from training.clean.probe import probe
from training.clean.samples import SETS, Sample, add_variants, load
from worker.clean.body.choice import picked
from worker.clean.body.features import COLUMN_NAMES

SEED = 20261123
FOLDS = 6
CUTOFFS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


def folds_of(samples: list[Sample], seed: int) -> list[list[Sample]]:
    """Deal the publishers into folds."""
    groups = sorted({sample.group for sample in samples})
    random.Random(seed).shuffle(groups)
    dealt = {group: number % FOLDS for number, group in enumerate(groups)}
    return [[sample for sample in samples if dealt[sample.group] == fold] for fold in range(FOLDS)]


def cross_validate(folds: list[list[Sample]], seed: int) -> dict[str, np.ndarray]:
    """Return each page's scores, by its id, of networks that saw no page of its publisher, nor any part of one."""
    found: dict[str, np.ndarray] = {}
    for unknown in folds:
        known = [sample for fold in folds if fold is not unknown for sample in fold]
        network = train(known, seed)
        found |= {sample.id: scores(network, sample) for sample in unknown}
    return found


def report(samples: list[Sample], kept: Iterable[np.ndarray]) -> str:
    """Return the F1 of mean precision and mean recall of each set, as the zyte benchmark computes it."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in SETS}
    for sample, chosen in zip(samples, kept, strict=True):
        text = " ".join(text for text, taken in zip(sample.texts, chosen, strict=True) if taken)
        found[sample.set].append(_overlap(text, sample.gold))
    return ", ".join(f"{name} {_f1(values):.4f}" for name, values in found.items())


def _kept(sample: Sample, likely: np.ndarray) -> np.ndarray:
    return np.isin(
        np.arange(len(likely)), picked(sample.tree, list(range(len(likely))), sample.view.rows, likely, sample.headline)
    )


def _overlap(text: str, gold: str) -> tuple[float, float]:
    got, wanted = Counter(grams(re.findall(r"\w+", text))), Counter(grams(re.findall(r"\w+", gold)))
    common = sum((got & wanted).values())
    return (common / got.total() if got else 0.0), common / max(1, wanted.total())


def _f1(values: list[tuple[float, float]]) -> float:
    precision, recall = fmean(p for p, _ in values), fmean(r for _, r in values)
    return 2 * precision * recall / (precision + recall)


def main() -> None:
    """Parse the command line, validate, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("worker/clean/model/body.npz"))
    parser.add_argument("--seed", type=int, default=SEED, help="of the folds and the variants")
    parser.add_argument("--network-seed", type=int, help="of the networks; that of the folds if not given")
    parser.add_argument("--skip-validation", action="store_true", help="only fit and write")
    arguments = parser.parse_args()
    network_seed = arguments.seed if arguments.network_seed is None else arguments.network_seed
    torch.set_num_threads(1)
    samples = list(load(arguments.data))
    blocks, columns = sum(len(sample.view.rows) for sample in samples), samples[0].view.rows.shape[1]
    print(f"{len(samples)} pages, {blocks} blocks, {columns} features")
    print("perfect choice of blocks:", report(samples, [sample.view.shares > 0.5 for sample in samples]), flush=True)
    folds = folds_of(samples, arguments.seed)
    for number, fold in enumerate(folds):
        add_variants(fold, arguments.seed + number)
    if not arguments.skip_validation:
        found = cross_validate(folds, network_seed)
        for cutoff in CUTOFFS:
            kept = [found[sample.id] >= cutoff for sample in samples]
            print(f"cross-validated, cut-off {cutoff}:", report(samples, kept), flush=True)
        kept = [_kept(sample, found[sample.id]) for sample in samples]
        print("cross-validated, chosen as a page's body is:", report(samples, kept), flush=True)
    arrays: dict[str, Any] = export(train(samples, network_seed)) | {"probe": probe(), "columns": COLUMN_NAMES}
    np.savez_compressed(arguments.out, **arrays)
    print(f"wrote {arguments.out}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
