"""onrecord's wire format: CloudEvents on Redis streams. Standard library only; relocatable."""

from .consumer import Consumer, consume, consume_async
from .event import DecodeError, Event, decode, encode, event_id
from .match import Match
from .payload import InvalidEventError, verify

__all__ = [
    "Consumer", "DecodeError", "Event", "InvalidEventError", "Match",
    "consume", "consume_async", "decode", "encode", "event_id", "verify",
]  # fmt: skip
