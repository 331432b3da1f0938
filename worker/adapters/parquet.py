"""Events as Parquet: the envelope in columns of its own, and a typed column for each kind of payload."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from pyarrow import parquet

from worker.contract import Event, encode
from worker.contract.event import PREFIX, STREAMS
from worker.contract.payload import KINDS

_ROW_GROUP_BYTES = 16 * 1024**2  # of JSON; what is in memory at once
_ENVELOPE = ("id", "source", "type", "subject", "partitionkey", "causationid")
_SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


class ParquetLines:
    """Writes the events of one stream; `close` makes it a Parquet file."""

    def __init__(self, out: BinaryIO, stream: str) -> None:
        kinds = {name: kind for name, kind in KINDS.items() if STREAMS[name.partition(".")[0]] == stream}
        self._columns = {PREFIX + name: kind.schema.replace("-", "_") for name, kind in kinds.items()}
        payloads = {self._columns[PREFIX + name]: _arrow(kind.payload) for name, kind in kinds.items()}
        self._schema = pa.schema([
            ("entry", pa.string()),
            ("time", pa.timestamp("us", "UTC")),
            *((name, pa.string()) for name in _ENVELOPE),
            *payloads.items(),
        ])  # fmt: skip
        self._writer = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def write(self, entry_id: str, event: Event) -> None:
        """Add an event; of its data, what this version of the contract knows."""
        row: dict[str, Any] = {name: getattr(event, name) for name in _ENVELOPE}
        row |= {"entry": entry_id, "time": datetime.fromisoformat(event.time)}
        if event.type in self._columns:
            row[self._columns[event.type]] = event.data
        self._rows.append(row)
        self._bytes += len(encode(event)["event"])
        if self._bytes >= _ROW_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is left and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._rows, self._schema))
        self._rows, self._bytes = [], 0


def _arrow(type_: Any) -> Any:
    """Return the Arrow type of what payloads are made of (see `worker.contract.shape`)."""
    if is_dataclass(type_):
        hints = get_type_hints(type_)
        return pa.struct([(each.name, _arrow(hints[each.name])) for each in fields(type_)])
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is list:
        return pa.list_(_arrow(arguments[0]))
    if origin is Union:
        return _arrow(next(each for each in arguments if each is not type(None)))
    return pa.string() if origin is Literal else _SCALARS[type_]
