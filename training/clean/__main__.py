"""Trains both stages with publisher-grouped cross-validation, reports it, fits on all, and writes the model.

    python -m training.clean --data DATA [--out worker/clean/model/body.npz]

DATA holds `zyte/` and `fundus/`, each with gold.jsonl and gzipped pages. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from training.clean.labels import grams, label
from worker.clean.body import view
from worker.clean.decode import decode
from worker.clean.features import context
from worker.clean.metadata import gather
from worker.clean.scan import scan
from worker.clean.tree import read_tree

SEED = 20261123
FOLDS = 6


@dataclass
class Sample:
    set: str
    id: str
    group: str
    gold: str
    blocks: list
    sizes: np.ndarray
    rows: np.ndarray
    shares: np.ndarray
    weights: np.ndarray


def load(data: Path) -> list[Sample]:
    samples = []
    for name in ("zyte", "fundus"):
        for line in (data / name / "gold.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            body = gzip.decompress((data / name / record["html_file"]).read_bytes())
            markup = scan(decode(body, None, record["url"]), record["url"])
            seen = view(gather(record["url"], read_tree(markup.html), markup.linked_data))
            if not seen.blocks:
                continue
            shares, weights = label([block.text for block in seen.blocks], record["gold"]["text"])
            group = record.get("publisher") or ".".join(urlsplit(record["url"]).netloc.split(".")[-2:])
            samples.append(
                Sample(
                    name,
                    record["id"],
                    group,
                    record["gold"]["text"],
                    seen.blocks,
                    seen.sizes,
                    seen.rows,
                    np.array(shares),
                    np.array(weights),
                )
            )
    return samples


def model(seed: int, trees: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=trees,
        learning_rate=0.08,
        max_leaf_nodes=12,
        max_depth=6,
        min_samples_leaf=30,
        l2_regularization=3.0,
        max_features=0.3,
        random_state=seed,
        early_stopping=False,
    )


def fit(samples: list[Sample], rows: list[np.ndarray], trees: int):
    weights = np.concatenate([np.sqrt(s.weights) for s in samples])
    weights = weights / weights.mean()
    truth = np.concatenate([s.shares > 0.5 for s in samples])
    return model(SEED, trees).fit(np.vstack(rows), truth, weights)


def first_scores(train: list[Sample], test: list[Sample], trees: int) -> list[np.ndarray]:
    fitted = fit(train, [s.rows for s in train], trees)
    return [fitted.predict_proba(s.rows)[:, 1].astype(np.float32) for s in test]


def folds(samples: list[Sample], count: int):
    groups = [s.group for s in samples]
    for train, test in GroupKFold(count, shuffle=True, random_state=SEED).split(samples, groups=groups):
        yield list(train), list(test)


def held_out_scores(samples: list[Sample], trees: int) -> list[np.ndarray]:
    """First-stage scores of each sample by a model that never saw its publisher."""
    scores: list = [None] * len(samples)
    for train, test in folds(samples, 4):
        for number, given in zip(
            test, first_scores([samples[i] for i in train], [samples[i] for i in test], trees), strict=True
        ):
            scores[number] = given
    return scores


def second_rows(samples: list[Sample], scores: list[np.ndarray]) -> list[np.ndarray]:
    return [np.hstack([s.rows, context(given, s.blocks, s.sizes)]) for s, given in zip(samples, scores, strict=True)]


def cross_validate(samples: list[Sample], trees: tuple[int, int]) -> list[np.ndarray]:
    final: list = [None] * len(samples)
    for train, test in folds(samples, FOLDS):
        known, unknown = [samples[i] for i in train], [samples[i] for i in test]
        second = fit(known, second_rows(known, held_out_scores(known, trees[0])), trees[1])
        for number, rows in zip(test, second_rows(unknown, first_scores(known, unknown, trees[0])), strict=True):
            final[number] = second.predict_proba(rows)[:, 1]
    return final


def f1(samples: list[Sample], scores: list[np.ndarray], cutoff: float) -> dict[str, float]:
    """F1 of the means, as the zyte benchmark computes it."""
    result = {}
    for name in ("zyte", "fundus"):
        precisions, recalls = [], []
        for sample, given in zip(samples, scores, strict=True):
            if sample.set == name:
                text = " ".join(b.text for b, p in zip(sample.blocks, given, strict=True) if p >= cutoff)
                precision, recall = overlap(text, sample.gold)
                precisions.append(precision)
                recalls.append(recall)
        p, r = fmean(precisions), fmean(recalls)
        result[name] = 2 * p * r / (p + r)
    return result


def overlap(text: str, gold: str) -> tuple[float, float]:
    from collections import Counter

    got, wanted = Counter(grams(re.findall(r"\w+", text))), Counter(grams(re.findall(r"\w+", gold)))
    common = sum((got & wanted).values())
    return (common / sum(got.values()) if got else 0.0), (common / sum(wanted.values()) if wanted else 1.0)


def export(fitted: HistGradientBoostingClassifier) -> dict[str, np.ndarray]:
    features, thresholds, children, values, roots = [], [], [], [], []
    for (tree,) in fitted._predictors:  # noqa: SLF001
        start = len(features)
        roots.append(start)
        for number, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            features.append(0 if leaf else node["feature_idx"])
            thresholds.append(
                np.inf
                if leaf
                else np.nextafter(np.float32(node["num_threshold"]), np.float32(np.inf))
                if np.float32(node["num_threshold"]) < node["num_threshold"]
                else node["num_threshold"]
            )
            children += [start + number] * 2 if leaf else [start + node["left"], start + node["right"]]
            values.append(node["value"] if leaf else 0.0)
    depth = max(int(tree.nodes["depth"].max()) for (tree,) in fitted._predictors)  # noqa: SLF001
    return {
        "features": np.array(features, np.int32),
        "thresholds": np.array(thresholds, np.float32),
        "children": np.array(children, np.int32),
        "values": np.array(values, np.float32),
        "roots": np.array(roots, np.int32),
        "base": np.array(float(np.ravel(fitted._baseline_prediction)[0])),  # noqa: SLF001
        "depth": np.array(depth),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("worker/clean/model/body.npz"))
    parser.add_argument("--skip-cv", action="store_true", help="only fit and write")
    arguments = parser.parse_args()
    samples = load(arguments.data)
    print(f"{len(samples)} pages, {sum(len(s.blocks) for s in samples)} blocks, {samples[0].rows.shape[1]} features")
    print("oracle of blocks", f1(samples, [s.shares for s in samples], 0.5))
    trees = (60, 80)
    cutoff = 0.5
    if not arguments.skip_cv:
        scores = cross_validate(samples, trees)
        for cutoff in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
            print("cross-validated", cutoff, f1(samples, scores, cutoff))
        cutoff = 0.45
    first = fit(samples, [s.rows for s in samples], trees[0])
    second = fit(samples, second_rows(samples, held_out_scores(samples, trees[0])), trees[1])
    arrays = {f"first.{k}": v for k, v in export(first).items()} | {f"second.{k}": v for k, v in export(second).items()}
    np.savez_compressed(arguments.out, cutoff=np.array(cutoff), **arrays)
    print(f"wrote {arguments.out}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
