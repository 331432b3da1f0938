"""The delivery's steps, played without a server: what a broken connection at the worst moment does."""

import pytest

from worker.contract import Event, encode
from worker.contract.delivery import Command, Delivery, Handle, Transaction, Wait

EVENT = Event("e1", "urn:test", "io.onrecord.statement.created.v1", "s1", "2026-11-23T09:00:00Z", {})
ENTRY = ["1-0", [part for item in encode(EVENT).items() for part in item]]


def delivery(**options):
    return Delivery("s", "g", "c", lambda _: True, clock=lambda: 0.0, **options)


class Server:
    """Answers commands for one unacknowledged entry, and remembers all effects."""

    def __init__(self, fails=()):
        self.pending = False
        self.fresh = True
        self.fails = list(fails)
        self.seen = []
        self.waits = []

    def play(self, delivery, outcome=lambda: None):
        steps, result = delivery.steps(), None
        while True:
            try:
                effect = steps.send(result)
            except StopIteration:
                return
            self.seen.append(effect.args[0] if isinstance(effect, Command) else type(effect))
            result = outcome() if isinstance(effect, Handle) else self.answer(effect, delivery)

    def answer(self, effect, delivery):
        if isinstance(effect, Wait):
            self.waits.append(effect.seconds)
        if not isinstance(effect, Command):
            return None
        name = effect.args[0]
        if name in self.fails:
            self.fails.remove(name)
            raise ConnectionError(name)
        if name == "XACK":
            self.pending = False
        if name == "XREADGROUP" and effect.args[-1] == ">" and self.fresh:
            self.fresh, self.pending = False, True
            return [["s", [ENTRY]]]
        if name == "XREADGROUP" and effect.args[-1] == ">":
            delivery.stopping = True
        if name == "XREADGROUP" and effect.args[-1] == "0" and self.pending:
            return [["s", [ENTRY]]]
        return [["1-0", "c", 0, 2]] if name == "XPENDING" else []


def test_when_only_the_acknowledgement_was_lost_the_event_is_not_handled_again():
    server, one = Server(fails=["XACK"]), delivery()

    with pytest.raises(ConnectionError):
        server.play(one)
    server.play(one)

    assert server.seen.count(Handle) == 1
    assert server.seen.count("XACK") == 2
    assert not server.pending


def test_an_event_is_acknowledged_only_after_it_was_handled():
    server = Server()

    server.play(delivery())

    assert server.seen.index(Handle) < server.seen.index("XACK")


def test_the_waits_between_attempts_double_and_then_the_event_is_buried():
    server = Server()

    server.play(delivery(attempts=4, backoff=0.5), outcome=lambda: ValueError("no"))

    assert server.waits == [0.5, 1.0, 2.0]
    assert server.seen.count(Handle) == 4
    assert server.seen.count(Transaction) == 1
