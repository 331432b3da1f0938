"""Settings -> Celery configuration. Every value that is not Celery's default carries its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config import limits
from config.settings import Settings, is_amqp

#: One queue per resource: the schedule, the network, the processor.
QUEUES = ("control", "network", "cpu")

#: The longest pause that kombu makes between two attempts to reach its broker (`Connection.ensure_connection`).
LONGEST_RECONNECT = timedelta(seconds=30)

#: A worker takes something from a queue that is not empty within this: each of its tasks ends within the hard
#: limit, doubled for what is prefetched behind it, and after an outage it is connected again. Else it is stuck.
STALL_LIMIT = 2 * limits.TASK_HARD_LIMIT + LONGEST_RECONNECT

#: A tick comes every TICK_INTERVAL; one that waits behind busy children comes when the first task ends.
#: Else beat is stuck.
TICK_SILENCE = limits.TASK_HARD_LIMIT + 10 * limits.TICK_INTERVAL


def celery_config(settings: Settings, url: str) -> dict[str, Any]:
    """Return the configuration of the Celery app for the broker at `url`."""
    return {
        "broker_url": url,
        # Results are events on streams; a result backend would be a second truth.
        "task_ignore_result": True,
        # JSON only, both ways: pickle would let whoever reaches the broker run code.
        "task_serializer": "json",
        "accept_content": ["json"],
        # The message goes when the work is done, and comes back when the child dies.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.concurrency,
        # What runs when the broker's connection is lost goes on, and the ledger's token says whether it counts;
        # to end it would make each short trouble of the network cost a lease.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_soft_shutdown_timeout": limits.TASK_SOFT_LIMIT.total_seconds() / 3,
        "task_soft_time_limit": limits.TASK_SOFT_LIMIT.total_seconds(),
        "task_time_limit": limits.TASK_HARD_LIMIT.total_seconds(),
        # A child that grew is replaced: memory stays flat over months, whatever a C library leaks.
        "worker_max_memory_per_child": 600_000,  # kB
        # Wait for Redis for ever; an operator who restarts it must not have to restart us.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # A Redis that is full or read-only answers, with errors; a worker waits for it as for one that is gone.
        "broker_channel_error_retry": True,
        "broker_transport_options": {} if is_amqp(url) else _redis_options(settings.key_prefix),
        "task_default_queue": "control",
        "task_create_missing_queues": True,
        # Default direct queues only: kombu discards messages for a named exchange whose bindings vanished.
        "task_queues": {name: {"exchange": name, "routing_key": name} for name in QUEUES},
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        # A connection to RabbitMQ that is half-open is noticed within two of these; Redis has its own checks above.
        "broker_heartbeat": 15 if is_amqp(url) else 0,
        # A message is a hint: on RabbitMQ it need not be on disk, the ledger is.
        "task_default_delivery_mode": "transient",
        "beat_max_loop_interval": limits.TICK_INTERVAL.total_seconds(),
        # In memory: nothing here is due later than seconds, and a file can be torn by a kill, or shared by two beats.
        "beat_scheduler": "celery.beat:Scheduler",
        "timezone": "UTC",
    }


def _redis_options(prefix: str) -> dict[str, Any]:
    return {
        "visibility_timeout": limits.VISIBILITY_TIMEOUT.total_seconds(),
        # Lost messages come back within seconds of the time-out, not within 100 s.
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        # kombu's default is to wait for ever on a half-open connection.
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        # Nothing here has a priority; kombu's four lists a queue make each wait for a message four times as long.
        "priority_steps": [0],
        "global_keyprefix": f"{prefix}:celery:",
    }
