"""Files that outlast a power cut: whole under their name and on the disk, or not there."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "darwin":
    from fcntl import F_FULLFSYNC, fcntl


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Makes `content` the file at `path`. Raises OSError, and then what was there before is there still."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        settle(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def settle(part: Path, path: Path) -> None:
    """Gives a finished file of the same folder its name, for good. Raises OSError when it cannot."""
    sync(part)
    part.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Returns when what was written to a file is on the disk."""
    with path.open("r+b") as file:
        _sync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Returns when the names in a folder are on the disk, as far as this system can."""
    with suppress(OSError):  # Windows opens no folders, and some file systems sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)


def _sync(handle: int) -> None:
    if sys.platform == "darwin":  # its fsync stops at the disk's own cache
        with suppress(OSError):  # a file system without it
            fcntl(handle, F_FULLFSYNC)
            return
    os.fsync(handle)
