"""Who gets in while others are at work."""

import asyncio
from contextlib import ExitStack

import pytest
from starlette.exceptions import HTTPException

from worker.web import security
from worker.web.capacity import Capacity, client_of
from worker.web.security import Guard


def status_of(capacity, client):
    try:
        with capacity.taken(client):
            return 200
    except HTTPException as refused:
        return refused.status_code


def test_a_client_has_a_quarter_and_all_have_no_more_than_all():
    capacity = Capacity(8)
    with ExitStack() as held:
        for client in ("a", "a"):
            held.enter_context(capacity.taken(client))
        assert status_of(capacity, "a") == 429
        assert status_of(capacity, "b") == 200
        for client in "bbccdd":
            held.enter_context(capacity.taken(client))
        assert status_of(capacity, "e") == 503
    assert status_of(capacity, "e") == 200
    assert status_of(capacity, "a") == 200


@pytest.mark.parametrize(
    ("address", "client"),
    [
        (("10.0.0.1", 1), "10.0.0.1"),
        (("::ffff:10.0.0.1", 1), "10.0.0.1"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_who_a_client_is(address, client):
    assert client_of(address) == client


def test_probes_and_hubs_are_answered_while_all_else_is_at_work(monkeypatch):
    monkeypatch.setattr(security, "MAX_REQUESTS", 4)

    async def run():
        release = asyncio.Event()

        async def app(scope, _receive, send):
            if scope["path"] == "/slow":
                await release.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        guard = Guard(app, ["localhost"], "/websub/", ["/healthz"])

        async def ask(path, client):
            statuses = []

            async def send(message):
                statuses.extend([message["status"]] if "status" in message else [])

            scope = {"type": "http", "path": path, "method": "GET", "client": (client, 1),
                     "headers": [(b"host", b"localhost")]}  # fmt: skip
            await guard(scope, None, send)
            return statuses

        slow = [asyncio.create_task(ask("/slow", f"10.0.0.{number}")) for number in range(4)]
        await asyncio.sleep(0)
        seen = [await ask(path, "10.0.0.9") for path in ("/", "/healthz", "/websub/x/y")]
        release.set()
        return seen, await asyncio.gather(*slow), await ask("/", "10.0.0.9")

    seen, slow, after = asyncio.run(run())

    assert seen == [[503], [200], [200]]
    assert slow == [[200]] * 4
    assert after == [200]
