"""Hostile markup ends within two seconds and 300 MB,
as an article or a reason; each page in a child process."""

import subprocess
import sys

import pytest

MIB = 1 << 20
#: Address space of the child over what the imports map.
MEMORY = 300 * MIB
#: CPU seconds; the child imports and warms up first.
SECONDS = 2

PAGES = {
    "nested tags": 'b"<div>" * 100_000',
    "nested tags in a small page": 'b"<b>" * 20_000 + b"<p>x" * 5_000',
    "different formatting": '"".join(f"<font a={i}>" for i in range(900)).encode() + b"<p>x" * 5_000',
    "entities": 'b"<p>" + b"&amp;" * 500_000',
    "unknown entities": 'b"<p>" + b"&nosuch" * 500_000',
    "attributes": '("<p " + " ".join(f"a{i}" for i in range(50_000)) + ">x").encode()',
    "quoted attributes": '("<p " + " ".join(f\'a{i}="><"\' for i in range(50_000)) + ">x").encode()',
    "unclosed comments": 'b"<!--" * 100_000',
    "unclosed scripts": 'b"<script>" * 100_000',
    "unclosed svg": 'b"<svg>" * 100_000',
    "unclosed quotes": "b'<a \"' * 200_000",
    "open angle brackets": 'b"<" * 3_000_000',
    "NUL bytes": 'b"<p>a\\x00b" * 50_000',
    "wrong charset": 'b"<meta charset=utf-16><p>" + bytes(range(128, 256)) * 20_000',
    "rot13 charset": 'b"<meta charset=rot13><p>\\xff" + b"x" * 1_000',
    "options": 'b"<select>" + b"<option>x" * 200_000',
    "paragraphs": 'b"<p>" * 500_000',
    "15 MB of text": 'b"<p>" + b"word and word, " * 1_000_000',
    "15 MB of paragraphs": '(b"<p>" + b"word " * 40 + b"</p>") * 75_000',
    "tables in tables": 'b"<table><tr><td>" * 20_000',
    "deep linked data": 'b"<script type=application/ld+json>" + b"[" * 200_000 + b"</script><p>x"',
    "wide linked data": 'b"<script type=application/ld+json>[" + b"{}," * 300_000 + b"{}]</script><p>x"',
    "long class": 'b"<p class=\\"" + b"a-b " * 100_000 + b"\\">x"',
    "digits": 'b"<time datetime=\\"" + b"1" * 500_000 + b"\\">" + b"2026-" * 1_000',
    "random": "__import__('random').Random(7).randbytes(2_000_000)",
}

CHILD = """
import resource, sys, time
from worker.clean import clean
from worker.core.errors import RejectedError
from worker.core.records import Page

def attempt(body):
    try:
        return type(clean(Page("https://x.example/a/b", "https://x.example/a/b", body))).__name__
    except RejectedError as rejected:
        return str(rejected.reason)

attempt(b"<p>" + b"warm up the model and the detector. " * 20)
body = {body}
resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
result = attempt(body)
print(result, round(time.process_time() - started, 2),
    (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident) // 1024)
"""


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES.keys())
def test_a_hostile_page_is_bounded_in_time_and_memory(body):
    done = subprocess.run(
        [sys.executable, "-c", CHILD.replace("{body}", body)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
    _, seconds, mebibytes = done.stdout.split()
    assert (float(seconds) <= SECONDS, int(mebibytes) * MIB <= MEMORY) == (True, True), done.stdout
