"""What unit tests of use cases share: all ports in memory, and one article's way through them."""

import pytest

from tests.ports.memory import Memory

ARTICLE = """<html lang="en"><head><title>Bridge is safe, mayor says</title></head><body><article>
<h1>Bridge is safe, mayor says</h1>
<p>“The bridge is safe for all who cross the river,” said Mayor Ilse Varga on Monday in the hall of the town, and showed
the report of the engineers to everyone who had come to hear of it after the closure of last week.</p>
<p>The report fills forty pages, one for every bolt of the bridge; eleven of them are new, the others were cleaned.</p>
</article></body></html>"""
ROBOTS = "https://paper.example/robots.txt"


@pytest.fixture
def ports():
    memory = Memory()
    memory.http.answer(ROBOTS, status=404)
    return memory
