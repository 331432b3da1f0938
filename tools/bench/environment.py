"""The peers of a bench: each in a virtual environment of its own, and in a process that is asked line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}
_FOLDER = ROOT / ".state" / "bench"


def python_with(name: str, pins: Sequence[str]) -> str:
    """Return the interpreter of the environment `name`, which has `pins`."""
    folder = _FOLDER / name
    stamp, python = folder / "pins", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != "\n".join(pins):
        print(f"installing {', '.join(pins)} into .state/bench/{name} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        # uv, because pip 23 stumbles over extras that two peers spell differently.
        subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python, *pins], check=True)
        stamp.write_text("\n".join(pins))
    return str(python)


@contextmanager
def running(python: str, module: str, name: str, given: Path) -> Iterator[Callable[[str], dict]]:
    """Start system `name` and wait until it is warm; what is yielded sends a line ("" ends) and returns the answer."""
    command = [python, "-W", "ignore", "-m", module, name, str(given)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | ONE_THREAD, stdin=pipe, stdout=pipe, text=True
    ) as process:

        def answer() -> dict:
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{name} ended early: its error is above")
            return json.loads(line)

        def ask(word: str) -> dict:
            if word:
                process.stdin.write(word + "\n")
                process.stdin.flush()
            else:
                process.stdin.close()
            return answer()

        answer()
        yield ask
