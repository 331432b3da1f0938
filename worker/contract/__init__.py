"""onrecord's wire format: CloudEvents on Redis streams. Standard library only; relocatable."""

from .event import DecodeError, Event, decode, encode, event_id
from .payload import InvalidEventError, verify

__all__ = ["DecodeError", "Event", "InvalidEventError", "decode", "encode", "event_id", "verify"]
