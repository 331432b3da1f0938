"""onrecord's wire format: CloudEvents on Redis streams. Standard library only; relocatable."""

from .consumer import Consumer, consume, consume_async
from .event import DecodeError, Event, decode, encode, event_id
from .match import Match
from .payload import check, payload_of, verify
from .shape import InvalidEventError

__all__ = [
    "Consumer", "DecodeError", "Event", "InvalidEventError", "Match", "check", "consume", "consume_async", "decode",
    "encode", "event_id", "payload_of", "verify",
]  # fmt: skip
