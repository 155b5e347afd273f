"""A workspace's secret, and the keys that are worked out from it.

A device keeps what waits of a record sealed with a key that only pages of this record are told; nothing but this
workspace can work it out again, so on the device it is nowhere.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

SECRET_FILE = "device.key"  # noqa: S105 (the name of its file)
_LEAST = 32  # letters, below which a file is none that was written here


def secret(folder: Path) -> bytes:
    """The secret of the workspace in `folder`, made when there is none, in a file that only its owner reads.

    Empty where it can be neither read nor written.
    """
    path = folder / SECRET_FILE
    try:
        if not _kept(path):
            _make(path)
        return _kept(path)
    except OSError:
        return b""


def key(secret: bytes, use: str) -> str:
    """A key of 32 bytes for one use, as hex: the same each time, telling nothing of any other; "" without a secret."""
    return blake2b(use.encode(), key=secret, digest_size=32).hexdigest() if secret else ""


def _kept(path: Path) -> bytes:
    try:
        found = path.read_bytes().strip()[:64]
    except FileNotFoundError:
        return b""
    return found if len(found) >= _LEAST else b""


def _make(path: Path) -> None:
    """Writes a secret that is there whole or not at all; of two who make one, the first one's stays."""
    whole = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            if not _kept(path):
                path.unlink()  # what a full disk left of one
        try:
            os.link(whole, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)
