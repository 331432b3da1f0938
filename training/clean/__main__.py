"""Trains the body network: publisher-grouped cross-validation, reported; then members fitted on all pages, written.

    python -m training.clean --data DATA [--out worker/clean/model/body.npz] [--members 3] [--skip-validation]

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

import numpy as np
import torch

from training.clean.labels import grams
from training.clean.network import export, scores, train
from training.clean.samples import SETS, Sample, load

SEED = 20261123
FOLDS = 6
CUTOFFS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


def cross_validate(samples: list[Sample], members: int) -> list[np.ndarray]:
    """Return each page's scores by networks that saw no page of its publisher."""
    groups = sorted({sample.group for sample in samples})
    random.Random(SEED).shuffle(groups)
    folds = {group: number % FOLDS for number, group in enumerate(groups)}
    found: dict[str, np.ndarray] = {}
    for fold in range(FOLDS):
        known = [sample for sample in samples if folds[sample.group] != fold]
        networks = [train(known, SEED + number) for number in range(members)]
        for sample in samples:
            if folds[sample.group] == fold:
                found[sample.id] = np.mean([scores(network, sample) for network in networks], axis=0)
    return [found[sample.id] for sample in samples]


def report(samples: list[Sample], kept: Iterable[np.ndarray]) -> str:
    """Return the F1 of mean precision and mean recall of each set, as the zyte benchmark computes it."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in SETS}
    for sample, chosen in zip(samples, kept, strict=True):
        text = " ".join(text for text, taken in zip(sample.texts, chosen, strict=True) if taken)
        found[sample.set].append(_overlap(text, sample.gold))
    return ", ".join(f"{name} {_f1(values):.4f}" for name, values in found.items())


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
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--skip-validation", action="store_true", help="only fit and write")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    samples = list(load(arguments.data))
    print(
        f"{len(samples)} pages, {sum(map(len, (s.texts for s in samples)))} blocks, {samples[0].rows.shape[1]} features"
    )
    print("perfect choice of blocks:", report(samples, [sample.shares > 0.5 for sample in samples]), flush=True)
    if not arguments.skip_validation:
        found = cross_validate(samples, arguments.members)
        for cutoff in CUTOFFS:
            print(
                f"cross-validated, cut-off {cutoff}:", report(samples, [given >= cutoff for given in found]), flush=True
            )
    networks = [train(samples, SEED + number) for number in range(arguments.members)]
    np.savez_compressed(arguments.out, **export(networks))
    print(f"wrote {arguments.out}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
