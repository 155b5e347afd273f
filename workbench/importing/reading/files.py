"""Opens what people have: a file, an Excel workbook, a zip or a folder of those.

    with open_tables("exports/") as found:
        for table in found:
            recognise(table)[0].read(table)
        found.problems                  # files that could not be opened, in sentences

What a file is, its first bytes tell; a name's ending only says which files of a folder or a
zip are meant to be read.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self, cast

from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _
from workbench.importing.reading.delimited import NOT_TEXT, NOT_TEXT_STEP, DelimitedTable, bytes_of
from workbench.importing.reading.excel import GIGABYTE, Allowance, Workbook
from workbench.importing.records import Place, Problem, Table

#: One file may be this large, unpacked, all files of a zip together twice as much; a workspace may say otherwise.
LARGEST = 2 * GIGABYTE
MOST_MEMBERS = 10_000

NO_SUCH_FILE = N_("There is no file or folder {path}.")
NO_SUCH_FILE_STEP = N_("Check the name, or choose the file again.")
NOTHING_HERE = N_("There is no file to read in {path}.")
NOTHING_HERE_STEP = N_("Put CSV, Excel (.xlsx), OpenDocument (.ods) or zip files there; hidden files are not read.")
CANNOT_OPEN = N_("{file} cannot be opened: {why}.")
CANNOT_OPEN_STEP = N_("Close it in other programs, check that you may read it, and import it again.")
OLD_EXCEL = N_("{file} is a workbook of an old Excel (.xls).")
OLD_EXCEL_STEP = N_("Open it, save it as Excel workbook (.xlsx) or CSV, and import that.")
BAD_ZIP = N_("{file} is not a zip that can be opened: it is damaged or was not fully copied.")
BAD_ZIP_STEP = N_("Download or copy it again.")
LOCKED_ZIP = N_("{file} is locked with a password.")
LOCKED_ZIP_STEP = N_("Unpack it with the password, and import the folder.")
ZIP_IN_ZIP = N_("{file} is a zip inside a zip.")
ZIP_IN_ZIP_STEP = N_("Unpack the outer one, and import the folder.")
FILE_TOO_LARGE = N_("{file} holds more than {limit:g} GB, which is the most that is read here.")
FILE_TOO_LARGE_STEP = N_(
    "Export it again in smaller parts, for example one term at a time; or raise largest_file_gb in workbench.toml."
)
TOO_MANY = N_("{file} holds more than {limit} files.")
TOO_MANY_STEP = N_("Unpack it, and import the files you need.")
OTHER_KIND = N_("{file} is not a kind of file that is read here.")
OTHER_KIND_STEP = N_("If it holds data, save it as CSV or Excel (.xlsx) and import that.")

_ENDINGS = {".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".zip"}
_IGNORED = {"__macosx", "thumbs.db", "desktop.ini"}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"SQLite format 3", b"{\\rtf", b"PAR1")

_DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    struct.error,
    UnicodeDecodeError,
)

Opener = Callable[[], BinaryIO]


class Tables:
    """The tables found at one place, sorted by name; owns what was opened for them until `close`.

    `problems` holds a sentence for each file that could not be opened. `loose` is where a file by itself
    stands, for files that were chosen together; `allowance` what their workbooks may take.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        loose: Place | None = None,
        allowance: Allowance | None = None,
        *,
        largest: int = LARGEST,
    ) -> None:
        self._largest = largest
        self._allowance = allowance or Allowance()
        self._tables: list[DelimitedTable] = []
        self._problems: list[Problem] = []
        self._to_close: list[Callable[[], None]] = []
        place = Path(path).expanduser()
        try:
            if place.is_dir():
                self._folder(place)
            elif place.exists():
                self._file(place.name, bytes_of(place))
            else:
                raise BadInput(_(NO_SUCH_FILE).format(path=place), _(NO_SUCH_FILE_STEP))
            if not self._tables and not self._problems:
                raise BadInput(_(NOTHING_HERE).format(path=place.name), _(NOTHING_HERE_STEP))
            places: defaultdict[PurePosixPath, Place] = defaultdict(Place)
            if loose is not None and not place.is_dir():
                places[PurePosixPath()] = loose
            for table in self._tables:
                table.place = places[PurePosixPath(table.file).parent]
                table.place.tables.append(table)
        except BaseException:
            self.close()
            raise

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be opened, and why."""
        return tuple(self._problems)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove temporary files; tables of workbooks cannot be read after this."""
        while self._to_close:
            self._to_close.pop()()

    def _folder(self, place: Path) -> None:
        found = []
        for folder, names, files in os.walk(place):
            names[:] = [name for name in names if not _is_ignored(name)]
            found += [Path(folder, name) for name in files if not _is_ignored(name)]
        for path in sorted(found, key=lambda path: path.relative_to(place).parts):
            self._try(path.relative_to(place).as_posix(), bytes_of(path))

    def _try(self, name: str, opened: Opener, *, in_zip: bool = False) -> None:
        """Open one of several files: what goes wrong is a problem of that file alone."""
        try:
            if PurePosixPath(name).suffix.lower() not in _ENDINGS:
                raise BadInput(_(OTHER_KIND).format(file=name), _(OTHER_KIND_STEP))
            self._file(name, opened, in_zip=in_zip)
        except BadInput as problem:
            self._problems.append(Problem(name, None, None, None, problem.sentence, problem.next_step))

    def _file(self, name: str, opened: Opener, *, in_zip: bool = False) -> None:
        try:
            with opened() as stream:
                if not in_zip and stream.seek(0, os.SEEK_END) > self._largest:
                    raise self._too_large(name)
                stream.seek(0)
                start = stream.read(16)
                if start.startswith(_ZIP):
                    stream.seek(0)
                    self._package(name, stream, opened, in_zip=in_zip)
                    return
            if start.startswith(_OLD_EXCEL):
                raise BadInput(_(OLD_EXCEL).format(file=name), _(OLD_EXCEL_STEP))
            if start.startswith(_OTHERS):
                raise BadInput(_(NOT_TEXT).format(file=name), _(NOT_TEXT_STEP))
            self._tables.append(DelimitedTable(name, opened))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise BadInput(_(CANNOT_OPEN).format(file=name, why=why), _(CANNOT_OPEN_STEP)) from None
        except _DAMAGED_ZIP:
            raise BadInput(_(BAD_ZIP).format(file=name), _(BAD_ZIP_STEP)) from None

    def _package(self, name: str, stream: BinaryIO, opened: Opener, *, in_zip: bool) -> None:
        """A workbook is a zip too; its parts tell."""
        with zipfile.ZipFile(stream) as package:
            members = package.infolist()
        if not all(member.filename for member in members):
            raise zipfile.BadZipFile
        names = {member.filename for member in members}
        if "xl/workbook.xml" in names or {"mimetype", "content.xml"} <= names:
            stream.seek(0)
            book = Workbook(name, stream, self._allowance, largest=self._largest)
            self._to_close.append(book.close)
            self._tables += book.tables
            self._problems += [Problem(sheet, None, None, None, why, step) for sheet, why, step in book.problems]
        elif in_zip:
            raise BadInput(_(ZIP_IN_ZIP).format(file=name), _(ZIP_IN_ZIP_STEP))
        else:
            self._zip(name, members, opened)

    def _zip(self, name: str, members: list[zipfile.ZipInfo], opened: Opener) -> None:
        kept = [m for m in members if not m.is_dir() and not any(map(_is_ignored, PurePosixPath(m.filename).parts))]
        if len(kept) > MOST_MEMBERS:
            raise BadInput(_(TOO_MANY).format(file=name, limit=MOST_MEMBERS), _(TOO_MANY_STEP))
        if sum(member.file_size for member in kept) > 2 * self._largest:
            raise self._too_large(name, times=2)
        for member in sorted(kept, key=lambda member: PurePosixPath(member.filename).parts):
            self._member(f"{name}/{member.filename}", member, opened)
        if not kept:
            raise BadInput(_(NOTHING_HERE).format(path=name), _(NOTHING_HERE_STEP))

    def _too_large(self, name: str, *, times: int = 1) -> BadInput:
        limit = round(times * self._largest / GIGABYTE, 2)
        return BadInput(_(FILE_TOO_LARGE).format(file=name, limit=limit), _(FILE_TOO_LARGE_STEP))

    def _member(self, name: str, member: zipfile.ZipInfo, opened: Opener) -> None:
        def refused(sentence: str, next_step: str) -> None:
            self._problems.append(Problem(name, None, None, None, sentence, next_step))

        if member.file_size > self._largest:
            error = self._too_large(name)
            refused(error.sentence, error.next_step)
        elif member.flag_bits & 1:
            refused(_(LOCKED_ZIP).format(file=name), LOCKED_ZIP_STEP)
        else:
            self._try(name, lambda: _opened_member(opened, member), in_zip=True)


def open_tables(
    path: str | os.PathLike[str],
    loose: Place | None = None,
    allowance: Allowance | None = None,
    *,
    largest: int = LARGEST,
) -> Tables:
    """Open the file, workbook, zip or folder at `path`; close it, or use it in a `with`.

    Raises BadInput when there is nothing, or the one file cannot be read; among several,
    such a file is in `problems` and the others are read. One that is larger than `largest` bytes cannot.
    """
    return Tables(path, loose, allowance, largest=largest)


def _opened_member(opened: Opener, member: zipfile.ZipInfo) -> BinaryIO:
    stream = opened()
    try:
        package = zipfile.ZipFile(stream)
        inside = cast(BinaryIO, package.open(member))
    except BaseException:
        stream.close()
        raise
    close_inside = inside.close

    def close() -> None:
        close_inside()
        package.close()
        stream.close()

    inside.close = close  # type: ignore[method-assign]
    return inside


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _IGNORED
