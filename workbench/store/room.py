"""Room on the disk while exports are brought in: looked at before and meanwhile, with a reserve to take it all back."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from workbench.ground.errors import NotReady
from workbench.ground.words import _

#: What taking back an import may need: its last batches wait in the log, and what takes them out goes there too.
RESERVE = 8 << 20  # bytes
_NEXT = 2 << 20  # what one batch may take
_NAME = "-reserve-{number}"


class Room:
    """The disk of the SQLite store at `path`; None for a server's, which looks after its own.

    While an import is read, a file beside the store keeps some room from everybody; it is given up to take the import
    back. Lives as long as the store.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def want(self, size: int) -> None:
        """Returns when `size` bytes more have room; raises NotReady when not."""
        if self._path is None:
            return
        needed = size + RESERVE + _NEXT
        if (free := self._free()) < needed:
            raise NotReady(
                _("There is too little room on the disk: {needed} MB or more are needed, {free} MB are free.").format(
                    needed=-(-needed // 1_000_000), free=free // 1_000_000
                ),
                _("Make room on the disk, then bring the files in again. Nothing was kept of them."),
            )

    def reserve(self, number: int) -> None:
        """Keeps room for the import `number`; raises NotReady when there is none."""
        if self._path is None:
            return
        try:
            with self._reserve(number).open("xb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, RESERVE)
                else:
                    file.write(bytes(RESERVE))
        except OSError:
            self.release(number)
            self.want(0)

    def look(self) -> None:
        """Returns when one more batch has room; raises NotReady when not."""
        if self._path is not None and self._free() < _NEXT:
            raise NotReady(
                _("The disk is nearly full, so bringing the files in was stopped. Nothing was kept of them."),
                _("Make room on the disk, then bring the files in again."),
            )

    def release(self, number: int) -> None:
        """Gives up what was kept for an import."""
        if self._path is not None:
            with suppress(OSError):
                self._reserve(number).unlink(missing_ok=True)

    def _free(self) -> int:
        """Bytes that are free, without those that the log will need in the store itself."""
        assert self._path is not None  # noqa: S101 (asked before)
        log = self._path.with_name(f"{self._path.name}-wal")
        waiting = log.stat().st_size if log.exists() else 0
        return shutil.disk_usage(self._path.parent).free - waiting

    def _reserve(self, number: int) -> Path:
        assert self._path is not None  # noqa: S101 (asked before)
        return self._path.with_name(self._path.name + _NAME.format(number=number))
