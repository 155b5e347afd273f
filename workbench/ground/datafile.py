"""A data file of ours or a school's: TOML that can say on which line something is wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from workbench.ground.errors import BadData
from workbench.ground.words import _

#: The nth place of a header such as "[[moves]]"; "" is the whole file.
Header = tuple[str, int]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class DataFile:
    """One TOML file. What is wrong in it is raised as `error`, naming the file and the line; `step` says what helps."""

    def __init__(self, path: Path, error: type[BadData] = BadData, *, step: str = "") -> None:
        self.path = path
        self._error = error
        self._step = step or _("Correct that line; our own file of the same name shows the form.")
        try:
            self.source = path.read_text(encoding="utf-8")
            self.data: dict[str, Any] = tomllib.loads(self.source)
        except tomllib.TOMLDecodeError as bad:
            line = re.search(r"line (\d+)", str(bad))
            where = _("line {number}").format(number=line[1]) if line else _("its last line")
            raise error(
                _("{file}, {where}, is not well-formed TOML: {why}.").format(
                    file=path.name, where=where, why=str(bad).split(" (at")[0]
                ),
                _("Look for a missing quotation mark or bracket on that line or the one above."),
            ) from None
        except OSError as bad:
            raise error(
                _("{file} cannot be read: {why}.").format(file=path.name, why=(bad.strerror or "").lower()),
                _("Check that you may read it, or take it out of the {folder} folder.").format(folder=path.parent.name),
            ) from None
        except UnicodeDecodeError:
            raise error(
                _("{file} is not saved as UTF-8 text.").format(file=path.name), _("Save it again as UTF-8.")
            ) from None

    def table(self, *path: str) -> dict[str, Any]:
        """The table at `path`."""
        found: Any = self.data
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise self.wrong(_("has no section [{path}]").format(path=dotted(*path)), None)
        return found

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables of a list `[[key]]`, at least one."""
        found = self.data.get(key)
        if not isinstance(found, list) or not found:
            raise self.wrong(_("lists no {key}").format(key=key), key)
        for place, one in enumerate(found):
            if not isinstance(one, dict):
                raise self.wrong(_("“{key}” must be tables, [[{key}]]").format(key=key), key, (f"[[{key}]]", place))
        return found

    def text(self, table: Any, key: str, header: Header) -> str:
        value = table.get(key) if isinstance(table, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(_("“{key}” must be a text").format(key=key), key, header)
        return value

    def texts(self, table: dict[str, Any], key: str, header: Header) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(_("“{key}” must be a list of texts").format(key=key), key, header)
        return tuple(value)

    def one_of(self, table: dict[str, Any], key: str, allowed: tuple[str, ...], header: Header) -> str:
        value = self.text(table, key, header)
        if value not in allowed:
            message = _("“{value}” is no {key}; it is one of {allowed}").format(
                value=value, key=key, allowed=", ".join(allowed)
            )
            raise self.wrong(message, value, header, of=key)
        return value

    def wrong(self, what: str, key: str | None, header: Header = ("", 0), *, of: str = "") -> BadData:
        """What is wrong at `key`, or at the value `key` of the key `of`."""
        line = self._line(key, header, of)
        where = f"{self.path.name}, " + _("line {number}").format(number=line) if line else self.path.name
        return self._error(f"{where}: {what}.", self._step)

    def _line(self, key: str | None, header: Header, of: str) -> int | None:
        """The line of `key` under the nth `header`; the header's own line when the key is missing."""
        lines = self.source.splitlines()
        start = 0
        if header[0]:
            places = [number for number, line in enumerate(lines) if line.strip() == header[0]]
            if len(places) <= header[1]:
                return None
            start = places[header[1]]
        if key is None:
            return None
        ends = (number for number in range(start + 1, len(lines)) if header[0] and lines[number].startswith("["))
        within = range(start, next(ends, len(lines)))
        named = re.escape(key)
        value = (rf'(^|[\s{{,"])"?{re.escape(of)}"?\s*=\s*"{named}"',) if of else ()
        for form in (
            *value,
            rf'^\s*"?{named}"?\s*=',
            rf'(^|[\s{{,"])"?{named}"?($|[\s=",}}])',
        ):  # as a key, else anywhere
            for number in within:
                if re.search(form, lines[number]):
                    return number + 1
        return start + 1 if header[0] else None


def dotted(*path: str) -> str:
    """A path as TOML writes it: `measures."days present"`."""
    return ".".join(name if _BARE.fullmatch(name) else f'"{name}"' for name in path)
