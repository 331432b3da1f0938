"""Serve the newsroom until Ctrl-C: `python -m tests.newsroom --port 8099`."""

from __future__ import annotations

import argparse
import contextlib
import signal
from pathlib import Path

from tests.newsroom.site import Newsroom


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed-article", type=Path, help="a plain text that becomes one more story")
    arguments = parser.parse_args()
    with Newsroom(seed_article=arguments.seed_article, port=arguments.port) as newsroom:
        print(*newsroom.feeds, sep="\n", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
