"""Signatures of webhooks, so that a receiver knows who sent them and when (Standard Webhooks 1.0, symmetric)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64


def signing_key(secret: str) -> bytes:
    """Return the key in a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`.

    Raises:
        ValueError: Saying what a secret looks like, without the one that was given.
    """
    expected = f"a secret is {_PREFIX} and {_LEAST_BYTES} to {_MOST_BYTES} random bytes in base64"
    if not secret.startswith(_PREFIX):
        raise ValueError(expected)
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(expected) from None
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(expected)
    return key


def signed_headers(event_id: str, body: bytes, keys: Sequence[bytes], at: datetime) -> dict[str, str]:
    """Return the three headers that a receiver checks.

    Args:
        event_id: The same at every attempt: a receiver drops what it has seen.
        body: What is sent, byte for byte.
        keys: Each gives a signature; two while a secret is exchanged for another.
        at: The time of this attempt, aware; receivers refuse what is minutes old, against replays.
    """
    timestamp = str(int(at.timestamp()))
    content = f"{event_id}.{timestamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
