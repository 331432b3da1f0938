"""Train both engines from gold: links, a teacher, then the encoder and the student on gold and the teacher's opinion.

python -m training.statements --data DATA [--out worker/statements/model] [--runs .state/statements]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training.statements import confidence, encoder, export, link, student, teacher
from training.statements.data import examples, silver, unlabelled
from worker.statements.network.taggers import Convolutions, Encoder, Tagger

_REPOSITORY = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polnear/")
    parser.add_argument("--out", type=Path, default=_REPOSITORY / "worker/statements/model")
    parser.add_argument("--runs", type=Path, default=_REPOSITORY / ".state/statements", help="checkpoints")
    parser.add_argument(
        "--encoder-epochs", type=int, nargs="+", default=[2, 4], help="one encoder for each, then mixed"
    )
    parser.add_argument("--student-epochs", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for folder in (arguments.out, arguments.runs):
        folder.mkdir(parents=True, exist_ok=True)
    gold = examples(arguments.data / "polnear" / "train-speech.jsonl")
    link.train(gold, arguments.out / "link.json")
    more = unlabelled(arguments.data)
    taught = teacher.label(teacher.train(gold, arguments.runs), gold + more)
    lessons = gold + [silver(example, taught[example.id]) for example in more]
    tuned = [
        encoder.train(gold, arguments.runs, epochs, seed) for seed, epochs in enumerate(arguments.encoder_epochs, 1)
    ]
    large = encoder.distil(encoder.soup(tuned), lessons, taught, arguments.runs)
    small = student.train(lessons, taught, arguments.runs, epochs=arguments.student_epochs)
    export.encoder(large, arguments.out / "accurate")
    export.student(small, arguments.out / "fast")
    taggers: dict[str, Tagger] = {
        "fast": Convolutions(arguments.out / "fast"),
        "accurate": Encoder(arguments.out / "accurate"),
    }
    unseen = examples(arguments.data / "polnear" / "dev-speech.jsonl")
    links = arguments.out / "link.json"
    confidence.train(taggers, links, unseen, links.with_name("confidence.json"))


if __name__ == "__main__":
    main()
