"""`make subjects`: the subjects of the commits after a given one have at most 60 characters and no semicolon.

Without git, or in a copy whose history does not reach back that far, only what is there is checked.
"""

from __future__ import annotations

import subprocess
import sys

MOST_CHARACTERS = 60


def faults(subject: str) -> list[str]:
    """Return what is wrong with a subject; empty when nothing is."""
    found = []
    if len(subject) > MOST_CHARACTERS:
        found.append(f"{len(subject)} characters, at most {MOST_CHARACTERS} are allowed")
    if ";" in subject:
        found.append("a semicolon: two commits, or a subject and a body")
    if len(subject.split()) < 2:
        found.append("a subject says what the commit does, in more than a word")
    return found


def main(since: str) -> int:
    """Print what is wrong; the exit code is 1 when something is."""
    wrong = [f"{line}\n    {fault}" for line in _log(since) for fault in faults(line.split(" ", 1)[1])]
    print(*wrong, sep="\n" if wrong else "")
    return 1 if wrong else 0


def _log(since: str) -> list[str]:
    """Return `hash subject` of the commits after `since`; of those that are there when `since` is not."""
    known = _git("cat-file", "-e", f"{since}^{{commit}}")
    span = f"{since}..HEAD" if known.returncode == 0 else "HEAD"
    shallow = _git("rev-parse", "--is-shallow-repository").stdout.strip() == "true"
    if known.returncode and not shallow:
        print(f"subjects: {since} is not part of this history: nothing is checked")
        return []
    return _git("log", "--no-merges", "--format=%h %s", span).stdout.splitlines()


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
