"""What can be told of a store's write-ahead log before anybody opens it.

Saved words wait in `…-wal` until they are taken into the database's file. SQLite reads that log up to the first page
that does not fit and says nothing of what comes after it; `…-shm`, which a killed process leaves behind, still says
how far it went. Formats: https://www.sqlite.org/walformat.html
"""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_HEADER, _FRAME = 32, 24
_OPEN = 128  # the byte of `…-shm` on which each connection holds a lock
_MAGIC = (0x377F0682, 0x377F0683)  # words of checksums little-endian, big-endian
_INDEX = struct.Struct("=IIIBBHIIII8sII")
_WORD = 0xFFFFFFFF


class Fault(StrEnum):
    """What is wrong with a log. `FOREIGN`: it belongs to another database."""

    MISSING = "missing"
    CUT = "cut"
    DAMAGED = "damaged"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What `…-shm` says: how many pages the log has, how many of them are in the database's file, and whose it is."""

    frames: int
    taken_in: int
    salt: bytes


def fault(database: Path) -> Fault | None:
    """What is wrong with the log of a database; None for a good one, and for none at all.

    A log that lost its end is only told by what `…-shm` knew, so a computer that was switched off may hide one.
    """
    kept = _kept(Path(f"{database}-shm"))  # first: while somebody writes, the log is ahead of it
    log = _read(Path(f"{database}-wal"))
    waiting = kept is not None and kept.frames > kept.taken_in
    if len(log) < _HEADER:
        return Fault.MISSING if waiting else None
    magic, _version, page, _number = struct.unpack(">4I", log[:16])
    order = "little" if magic == _MAGIC[0] else "big"
    if magic not in _MAGIC or _sums(order, log[:24], (0, 0)) != struct.unpack(">2I", log[24:_HEADER]):
        return Fault.DAMAGED
    if page != _page_size(database):
        return Fault.FOREIGN
    salt = log[16:24]
    good, lost = _good(log, order, page, salt)
    known = kept is not None and kept.salt == salt and kept.frames > max(good, kept.taken_in)
    if known and len(log) < _HEADER + (page + _FRAME) * (kept.frames if kept else 0):
        return Fault.CUT
    return Fault.DAMAGED if known or lost > 1 else None


def waits(database: Path) -> bool:
    """Whether a database that nobody has open has a log beside it, to be taken in by whoever opens it next.

    Asked by a process that has the database open itself, it costs it the locks it holds.
    """
    log, index = Path(f"{database}-wal"), Path(f"{database}-shm")
    if not log.exists() or log.stat().st_size <= _HEADER:
        return False
    return not _in_use(index)


def _in_use(index: Path) -> bool:
    """Whether somebody holds the lock that each process with the database open has on its index."""
    if sys.platform != "win32" and index.exists():  # there no file that is open can be taken for another's
        with index.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _OPEN)
            except OSError:
                return True
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _OPEN)
    return False


def _good(log: bytes, order: str, page: int, salt: bytes) -> tuple[int, int]:
    """How many pages of a log fit, and how many things were once finished after them.

    One is no damage: what was being written when the power failed was told to nobody as saved. Nor is what an earlier
    round of the log left, which has another salt.
    """
    sums: tuple[int, int] = struct.unpack(">2I", log[24:_HEADER])
    good, lost, fits = 0, 0, True
    for at in range(_HEADER, len(log) - page - _FRAME + 1, page + _FRAME):
        head = log[at : at + _FRAME]
        ours = head[8:16] == salt
        if fits and ours:
            sums = _sums(order, log[at + _FRAME : at + _FRAME + page], _sums(order, head[:8], sums))
        fits = fits and ours and sums == struct.unpack(">2I", head[16:])
        good += fits
        lost += not fits and ours and head[4:8] != bytes(4)
    return good, lost


def _sums(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    words = array("I", data)
    if order != sys.byteorder:
        words.byteswap()
    first, second = sums
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & _WORD
        second = (second + other + first) & _WORD
    return first, second


def _kept(path: Path) -> _Kept | None:
    """What the log's index says; None where it is missing, was never used, or is no such thing."""
    index = _read(path, 100)
    if len(index) < 100 or index[:48] != index[48:96]:
        return None
    version, _none, _count, used, _order, _page, frames, _pages, _one, _two, salt, *_sums = _INDEX.unpack(index[:48])
    if version != 3_007_000 or not used:
        return None
    return _Kept(frames, struct.unpack("=I", index[96:100])[0], salt)


def _page_size(database: Path) -> int:
    size = int.from_bytes(_read(database, 18)[16:18], "big")
    return 65536 if size == 1 else size


def _read(path: Path, most: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""
