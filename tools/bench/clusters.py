"""Near-duplicates: precision and recall of clusters of articles and of quotations; what they cost in CPU and memory.

    python -m tools.bench.clusters

The set is `tools/bench/wire.py`, in random orders, since a story's cluster is what its first article is. Precision: of
all pairs that were put in one cluster, how many are the same; recall: of all pairs that are the same, how many were.
Quotations and their speakers are the gold ones, and then those that the engine `fast` finds. CPU and memory are of
made-up articles of 1,000 words with six quotations, none like another: the dearest case, since copies are not kept.
"""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.bench.ledger import Meter, row
from tools.bench.resemblance import print_resemblance
from tools.bench.wire import VARIANTS, Copy, corpus
from worker.adapters import embedded
from worker.adapters.redis.clusters import RedisClusters
from worker.adapters.redis.store import connect
from worker.clean.language import detect
from worker.duplicates import Sketch, article_sketch, quotation_sketch
from worker.duplicates.shingles import shingles
from worker.duplicates.sketch import ARTICLE, QUOTATION, SketchRule
from worker.pipeline.clustering import last_name
from worker.ports import Text
from worker.statements import engine_for, extract
from worker.statements.attribution import Engine

_NOON = "2026-11-23T12:00:00Z"
_TIMED, _KEPT, _QUOTATIONS = 500, 20_000, 6


@dataclass(frozen=True, slots=True)
class Member:
    """An article or a quotation: what it is by the gold, in which variant, and the cluster that it was put in."""

    gold: str
    variant: str
    cluster: str


@dataclass(frozen=True, slots=True)
class Score:
    """Over pairs of members."""

    precision: float
    recall: float

    @classmethod
    def of(cls, runs: Iterable[Sequence[Member]]) -> "Score":
        gold = found = both = 0
        for run in runs:
            gold += _pairs(member.gold for member in run)
            found += _pairs(member.cluster for member in run)
            both += _pairs((member.gold, member.cluster) for member in run)
        return cls(both / found, both / gold)


def _pairs(labels: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def place(clusters: RedisClusters, copies: Sequence[Copy]) -> tuple[list[Member], list[Member]]:
    """Put articles and their quotations in clusters, one by one as they come."""
    articles, quotations = [], []
    for number, copy in enumerate(copies):
        sketches = [(key, by, quotation_sketch(parts)) for key, by, parts in copy.quotations]
        said = [(key, Text(f"{number} {key}", sketch, last_name(by))) for key, by, sketch in sketches if sketch]
        text = Text(str(number), article_sketch(copy.text))
        story, *found = clusters.place("", text, [each for _, each in said], time=_NOON, host="paper.example")
        articles.append(Member(copy.story, copy.variant, story.id))
        quotations += [Member(key, copy.variant, one.id) for (key, _), one in zip(said, found, strict=True)]
    return articles, quotations


def extracted(copies: Sequence[Copy]) -> list[Copy]:
    """Return English copies with the quotations and speakers that the engine `fast` finds.

    Each is by the gold that it shares most with; one that shares nothing is by itself.
    """
    engine = engine_for("en", "fast")
    return [
        replace(copy, quotations=tuple(_found(copy, engine)))
        for copy in copies
        if copy.quotations and detect(copy.text, "") == "en"
    ]


def _found(copy: Copy, engine: Engine) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    gold = [(key, shingles(" ".join(parts))) for key, _, parts in copy.quotations]
    for number, said in enumerate(extract(copy.text, engine=engine)):
        parts = tuple(copy.text[each.start : each.end] for each in said.segments if each.quoted)
        words = shingles(" ".join(parts))
        shared, key = max((len(words & marked), key) for key, marked in gold)
        if said.nested_in is None:
            yield key if shared else f"{copy.story} {copy.variant} {number}", said.speaker.name or "", parts


def evaluate(
    url: str, prefix: str, orders: int, copies: Sequence[Copy]
) -> tuple[list[list[Member]], list[list[Member]]]:
    """Return articles and quotations in their clusters, once for each order in which they may come."""
    runs = []
    for order in range(orders):
        copies = random.Random(order).sample(copies, len(copies))
        runs.append(place(RedisClusters(url, f"{prefix}{order}"), copies))
    return [articles for articles, _ in runs], [quotations for _, quotations in runs]


def with_its_wire(runs: Sequence[Sequence[Member]], variant: str) -> float:
    """Return the share of a variant's articles that are in the cluster of their story as it was sent."""
    hits = []
    for run in runs:
        sent = {member.gold: member.cluster for member in run if member.variant == "as sent"}
        hits += [member.cluster == sent[member.gold] for member in run if member.variant == variant]
    return sum(hits) / len(hits)


def quality(url: str, orders: int = 20) -> None:
    articles, quotations = evaluate(url, "quality", orders, corpus())
    _, found = evaluate(url, "extracted", orders, extracted(corpus()))
    print(f"{len(articles[0])} articles, {len(quotations[0])} quotations of six words or more, in {orders} orders")
    for label, runs in (("articles", articles), ("quotations, gold", quotations), ("quotations, fast", found)):
        score = Score.of(runs)
        print(f"{label:16}  precision {score.precision:.3f}  recall {score.recall:.3f}")
    for variant in VARIANTS:
        print(f"  {variant:20} {with_its_wire(articles, variant):6.1%} with the story as sent")
    print("pairs of the same articles, by how alike they are:")
    print_resemblance(corpus())


def cost(url: str) -> None:
    client, vocabulary = connect(url), ["".join(random.choices("aeioulnrst", k=7)) for _ in range(5000)]
    clusters, meter = RedisClusters(url, "cost"), Meter(client)
    words = [[" ".join(random.choices(vocabulary, k=n)) for n in (1000, *[18] * _QUOTATIONS)] for _ in range(_TIMED)]
    with meter("sketches"):
        made = [(article_sketch(text), [quotation_sketch([each]) for each in said]) for text, *said in words]
    with meter("clusters"):
        for number, (article, said) in enumerate(made):
            _place_made(clusters, number, article, said)
    print(
        f"CPU us an article of 1,000 words with {_QUOTATIONS} quotations\n{'':20}{'client':>8}{'server':>8}{'both':>8}"
    )
    for label in meter.client:
        row(label, meter.client[label] / _TIMED, meter.server[label] / _TIMED)


def memory(url: str) -> None:
    client, clusters = connect(url), RedisClusters(url, "memory")
    client.flushall()
    before = client.info("memory")["used_memory"]
    for number in range(_KEPT):
        article = _made(ARTICLE, ARTICLE.hashes)
        said = [_made(QUOTATION, 16) for _ in range(_QUOTATIONS)]
        _place_made(clusters, number, article, said)
    used = client.info("memory")["used_memory"] - before
    print(f"memory: {used / _KEPT:.0f} bytes an article that is no copy, of {_KEPT} in a bucket")


def _made(rule: SketchRule, hashes: int) -> Sketch:
    return Sketch(rule, os.urandom(4 * hashes), os.urandom(2 * rule.looked_up).hex())


def _place_made(clusters: RedisClusters, number: int, article: Sketch, said: Sequence[Sketch]) -> None:
    texts = [Text(f"{number:030x}{at:02x}", each, "lovelace") for at, each in enumerate(said)]
    clusters.place(f"{number}", Text(f"{number:032x}", article), texts, time=_NOON, host="www.paper.example")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    url = embedded.ensure(folder)
    try:
        quality(url)
        cost(url)
        memory(url)
    finally:
        embedded.stop(folder)


if __name__ == "__main__":
    main()
