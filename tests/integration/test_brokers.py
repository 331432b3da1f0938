"""Events to a real RabbitMQ, and to another of kombu's transports: confirmed, durable, none lost."""

import json
import ssl
import subprocess
from contextlib import contextmanager

import pytest
from kombu.connection import Connection
from kombu.entity import Exchange as KombuExchange
from kombu.entity import Queue

from tests.integration import rabbit as nodes
from tests.newsroom.hostile import HostileServer
from tools.wait import wait_for
from worker.adapters.redis.deferred import DeferredDeliveries
from worker.adapters.redis.store import connect
from worker.contract import Event, encode
from worker.delivery.config import Sink
from worker.delivery.dispatcher import Dispatcher
from worker.delivery.transports.amqp import Exchange
from worker.services import Services

needs_rabbitmq = pytest.mark.skipif(
    nodes.find_server() is None, reason="rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)"
)
NEWS = KombuExchange("news", type="topic", durable=True)


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    with nodes.Rabbit(tmp_path_factory.mktemp("rabbit")) as running:
        yield running


@pytest.fixture
def client(redis_url):
    return connect(redis_url)


@pytest.fixture
def publish(client, services):
    def publish(*numbers, language="en"):
        for n in numbers:
            data = {"n": n, "article": {"language": language}}
            event = Event(
                f"e{n}", "urn:test", "io.onrecord.statement.created.v1", f"s{n}", "2026-11-23T09:00:00Z", data
            )
            client.xadd(f"{services.settings.key_prefix}:statements", encode(event))

    return publish


@contextmanager
def delivering(services, url, exchange=NEWS.name):
    sink = Sink("rabbit", url, lambda _: Exchange("rabbit", url, exchange), streams=("statements",))
    dispatcher = Dispatcher(sink, Services(services.settings, services.redis_url, jitter=lambda: 0.0))
    dispatcher.start()
    try:
        yield
    finally:
        dispatcher.ask_to_stop()
        dispatcher.join()


def bind(url, queue, key):
    with Connection(url) as connection:
        Queue(queue, NEWS, routing_key=key, durable=True)(connection.channel()).declare()


def drain(url, queue):
    """Return the messages of a queue, acknowledged."""
    found = []
    with Connection(url) as connection:
        bound = Queue(queue, NEWS, durable=True)(connection.channel())
        while message := bound.get():
            found.append(message)
            message.ack()
    return found


def group_of(client, services):
    """Return what Redis knows of the sink's group; nothing was read before there is one."""
    groups = client.xinfo_groups(f"{services.settings.key_prefix}:statements")
    return groups[0] if groups else {"entries-read": 0, "pending": 0, "lag": None}


def is_done(client, services):
    """Tell whether the sink has everything that is on the stream."""
    group = group_of(client, services)
    return group["lag"] == group["pending"] == 0 == deferred(services)


def deferred(services):
    return DeferredDeliveries(services.redis_url, services.settings.key_prefix, "rabbit").counts([])["aside"]


def delivered(client, services):
    group = group_of(client, services)
    return (group["entries-read"] or 0) - group["pending"]


@needs_rabbitmq
def test_queues_get_what_they_are_bound_for_as_persistent_events(rabbit, publish, services, client):
    bind(rabbit.url, "english", "statement.*.en")
    bind(rabbit.url, "all", "#")
    publish(1, language="en")
    publish(2, language="de")

    with delivering(services, rabbit.url):
        wait_for(lambda: is_done(client, services))

    (english,) = drain(rabbit.url, "english")
    assert [json.loads(message.body)["id"] for message in drain(rabbit.url, "all")] == ["e1", "e2"]
    assert english.content_type == "application/cloudevents+json"
    assert {name: english.properties[name] for name in ("delivery_mode", "message_id", "type")} == {
        "delivery_mode": 2, "message_id": "e1", "type": "io.onrecord.statement.created.v1",
    }  # fmt: skip
    assert english.delivery_info["routing_key"] == "statement.created.en"


@needs_rabbitmq
@pytest.mark.timeout(240)
def test_the_node_may_be_killed_and_come_back_and_every_event_arrives(rabbit, publish, services, client):
    bind(rabbit.url, "killed", "#")
    wait_for(lambda: rabbit.has_stored("killed"))
    publish(*range(1000))

    with delivering(services, rabbit.url):
        wait_for(lambda: delivered(client, services) >= 50)
        rabbit.kill()
        assert delivered(client, services) < 1000
        publish(*range(1000, 1100))
        wait_for(lambda: deferred(services))
        rabbit.start()
        wait_for(lambda: is_done(client, services), 90)

    got = [json.loads(message.body)["id"] for message in drain(rabbit.url, "killed")]
    assert set(got) == {f"e{n}" for n in range(1100)}


@needs_rabbitmq
def test_an_idle_connection_that_broke_costs_no_event_its_place(rabbit, publish, services, client):
    bind(rabbit.url, "idle", "#")
    wait_for(lambda: rabbit.has_stored("idle"))
    publish(1)

    with delivering(services, rabbit.url):
        wait_for(lambda: is_done(client, services))
        rabbit.kill()
        rabbit.start()
        publish(2, 3)
        wait_for(lambda: is_done(client, services), 60)

    assert [json.loads(message.body)["id"] for message in drain(rabbit.url, "idle")] == ["e1", "e2", "e3"]


@needs_rabbitmq
def test_what_no_queue_is_bound_for_is_said_once_and_holds_up_nobody(rabbit, publish, services, client, logged):
    publish(1, 2, language="en")
    publish(3, language="de")

    with delivering(services, rabbit.url, exchange="nobodys"):
        wait_for(lambda: is_done(client, services))

    said = sorted(line["routing_key"] for line in logged if "routing_key" in line)
    assert said == ["statement.created.de", "statement.created.en"]


@needs_rabbitmq
def test_a_refused_login_is_said_without_the_password(rabbit, publish, services, logged):
    publish(1)

    with delivering(services, rabbit.url.replace("guest:guest", "guest:hidden")):
        wait_for(lambda: deferred(services))

    said = str(logged)
    assert "ACCESS_REFUSED" in said
    assert "hidden" not in said


def test_another_transport_of_kombus_gets_the_same_events(redis_url, publish, services, client):
    bind(redis_url, "other", "#")
    publish(1, 2)

    with delivering(services, redis_url):
        wait_for(lambda: is_done(client, services))

    assert [json.loads(message.body)["id"] for message in drain(redis_url, "other")] == ["e1", "e2"]


@pytest.mark.parametrize(("name", "says"), [("DNS:other.example", "mismatch"), ("IP:127.0.0.1", None)])
def test_a_broker_must_have_a_certificate_in_its_own_name(name, says, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))  # an authority that we trust
    with HostileServer(tls=certificate(tmp_path, name)) as server:
        failure = Exchange("rabbit", f"amqps://127.0.0.1:{server.port}//").send(
            Event("e1", "urn:test", "io.onrecord.feed.gap.v1", "f1", "2026-11-23T09:00:00Z", {})
        )

    assert ("CERTIFICATE_VERIFY_FAILED" in failure.why) == bool(says)
    assert (says or "") in failure.why


def certificate(folder, name):
    """Return a server's context with a self-signed certificate for `name`, which is in `folder`/cert.pem."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=broker"
    options = ["-addext", f"subjectAltName={name}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context
