"""A private folder for files on their way in; removed when they are done with."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _
from workbench.workspace import INCOMING, clear_incoming

LARGEST = 4 * 1024**3  # bytes of all files together: a district's years of exports
MOST_FILES = 2_000
_LONGEST_NAME = 120  # bytes


class Incoming:
    """Files arriving in pieces, in a folder of the workspace that only its owner may read.

    Lives until `remove`, or until it is forgotten.
    """

    def __init__(self, workspace: Path, files: list[dict[str, Any]]) -> None:
        if len(files) > MOST_FILES:
            raise BadInput(
                _("These are more files than a page can bring in."), _("Put them into a zip, and choose that.")
            )
        self._named = [(_plain_name(str(one.get("name", ""))), max(0, int(one.get("size", 0)))) for one in files]
        if sum(size for _name, size in self._named) > LARGEST:
            raise BadInput(
                _("These files are larger than a page can bring in."),
                _("Put them in the workspace’s exports folder and run “workbench import exports”."),
            )
        try:
            clear_incoming(workspace)  # a kernel that was killed could not tidy up
            self.folder = Path(tempfile.mkdtemp(prefix=f"{INCOMING}{os.getpid()}-", dir=workspace))  # mode 0700
            self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
            self.paths = [self._place(number, name) for number, (name, _size) in enumerate(self._named)]
        except OSError:
            raise NotReady(
                _("The files could not be put down in the workspace."),
                _("Make room on the disk, check that you may write in the workspace, and try again."),
            ) from None
        self.done = 0

    @property
    def total(self) -> int:
        """Bytes expected in all."""
        return sum(size for _name, size in self._named)

    def take(self, number: int, start: int, piece: bytes | memoryview) -> None:
        """Puts a piece where it belongs; raises BadInput for one out of turn."""
        if not 0 <= number < len(self.paths) or start != self.paths[number].stat().st_size:
            raise BadInput(_("The files did not arrive whole."), _("Choose them again."))
        if start + len(piece) > self._named[number][1]:
            raise BadInput(_("A file grew while it was read."), _("Close it in other programs and choose it again."))
        try:
            with self.paths[number].open("ab") as file:
                file.write(piece)
        except OSError:
            raise NotReady(
                _("The disk is full, so the files were not taken."), _("Make room on the disk and choose them again.")
            ) from None
        self.done += len(piece)

    def check_whole(self) -> None:
        """Raises BadInput unless every byte is here."""
        if self.done != self.total:
            raise BadInput(_("The files did not arrive whole."), _("Choose them again."))

    def remove(self) -> None:
        """Takes the folder away."""
        self._remove()

    def _place(self, number: int, name: str) -> Path:
        inner = self.folder / str(number)  # two files may have the same name
        inner.mkdir(mode=0o700)
        path = inner / name
        path.touch(mode=0o600)
        return path

    def __repr__(self) -> str:
        return "<Incoming>"


def _plain_name(given: str) -> str:
    """The last part of a name, whatever system it comes from; never a path, never hidden."""
    name = PurePosixPath(PureWindowsPath(given).name).name.strip().lstrip(".").replace("\0", "")
    return name.encode(errors="ignore")[-_LONGEST_NAME:].decode(errors="ignore").lstrip(".") or "file"
