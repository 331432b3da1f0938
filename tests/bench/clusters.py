"""Near-duplicates: precision and recall of clusters of articles and of quotations; what they cost in CPU and memory.

    python -m tests.bench.clusters

The set is `tests/bench/wire.py`, in random orders, since a story's cluster is what its first article is. Precision: of
all pairs that were put in one cluster, how many are the same; recall: of all pairs that are the same, how many were.
Speakers of quotations are the gold ones. CPU and memory are of made-up articles of 1,000 words with six quotations,
none like another: the dearest case, since copies are not kept.
"""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.ledger import Meter, row
from tests.bench.resemblance import print_resemblance
from tests.bench.wire import VARIANTS, Copy, corpus
from worker.adapters import embedded
from worker.adapters.clusters import RedisClusters
from worker.adapters.store import connect
from worker.clustering import last_name
from worker.duplicates import Sketch, article_sketch, quotation_sketch
from worker.duplicates.sketch import ARTICLE, QUOTATION, Kind
from worker.ports import Text

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


def evaluate(url: str, prefix: str, orders: int) -> tuple[list[list[Member]], list[list[Member]]]:
    """Return the articles and the quotations of the whole set in their clusters, once for each order."""
    runs = []
    for order in range(orders):
        copies = corpus()
        random.Random(order).shuffle(copies)
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
    articles, quotations = evaluate(url, "quality", orders)
    print(f"{len(articles[0])} articles, {len(quotations[0])} quotations of six words or more, in {orders} orders")
    for label, score in (("articles", Score.of(articles)), ("quotations", Score.of(quotations))):
        print(f"{label:12} precision {score.precision:.3f}  recall {score.recall:.3f}")
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


def _made(kind: Kind, hashes: int) -> Sketch:
    return Sketch(kind, os.urandom(4 * hashes), os.urandom(2 * kind.looked_up).hex())


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
