"""Handles: what a page's address says instead of a learner.

A handle is random and works only in the browser it was made for, so an address in a history, a log or a forwarded
message tells nothing. It outlasts a restart of the server, so that a page that was open can be reloaded; so does the
word that a browser's cookie opens nothing any more.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.ground import durable

MOST = 500  # the oldest go first
HANDLES_FILE = "serving.handles"
_ENDED = "ended"  # in the file, beside handles; none is as short


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """An app opened in a browser with its parameters: numbers, never words.

    `language` is that of a learner's page; "" where the page follows whoever works at it.
    """

    app: str
    session: str
    parameters: Mapping[str, int]
    language: str = ""

    def __repr__(self) -> str:
        return f"<View of {self.app}>"


class Handles:
    """The handles of one server, kept in `file` for the next one; without a file they live as long as this one."""

    def __init__(self, file: Path | None = None, most: int = MOST) -> None:
        self._file = file
        self._most = most
        self._views, self._ended = _read(file)

    def mint(self, app: str, session: str, parameters: Mapping[str, int], language: str = "") -> str:
        """A new handle for an app opened by the browser `session`."""
        handle = secrets.token_urlsafe(18)
        self._views[handle] = View(app, session, dict(parameters), language)
        while len(self._views) > self._most:
            self._views.popitem(last=False)
        self._write()
        return handle

    def find(self, handle: str, session: str) -> View | None:
        """What `handle` stands for in the browser `session`; None when unknown, or another browser's."""
        view = self._views.get(handle)
        if view is None or view.session != session:
            return None
        self._views.move_to_end(handle)
        return view

    def speak(self, handle: str, language: str) -> None:
        """Has a page in another language from now on."""
        self._views[handle] = replace(self._views[handle], language=language)
        self._write()

    def clear(self) -> None:
        """Makes every handle useless."""
        self._views.clear()
        self._write()

    def forget(self, session: str) -> None:
        """Makes every handle of a browser useless."""
        for handle in [handle for handle, view in self._views.items() if view.session == session]:
            del self._views[handle]
        self._write()

    def end(self, session: str, *, now: float, until: float) -> None:
        """Lets the browser `session` in no more, up to when its cookie is of no use by itself; both in seconds."""
        self._ended = {one: end for one, end in self._ended.items() if end > now} | {session: until}
        self.forget(session)

    def ended(self, session: str) -> bool:
        """Whether the cookie of this name was taken back."""
        return session in self._ended

    def _write(self) -> None:
        if self._file is None:
            return
        kept: dict[str, object] = {
            handle: [view.app, view.session, dict(view.parameters), view.language]
            for handle, view in self._views.items()
        }
        kept[_ENDED] = self._ended
        with suppress(OSError):  # a full disk: they then live as long as this server
            durable.write(self._file, json.dumps(kept).encode())


def readable(file: Path) -> bool:
    """Whether what the server before wrote can be read."""
    try:
        return isinstance(json.loads(file.read_text(encoding="ascii")), dict)
    except (OSError, ValueError):
        return False


def _read(file: Path | None) -> tuple[OrderedDict[str, View], dict[str, float]]:
    """What the server before wrote; nothing where that cannot be read."""
    try:
        kept = json.loads(file.read_text(encoding="ascii")) if file else {}
        ended = {str(session): float(end) for session, end in kept.pop(_ENDED, {}).items()}
        return OrderedDict((handle, View(*view)) for handle, view in kept.items()), ended
    except (OSError, ValueError, TypeError, AttributeError):
        return OrderedDict(), {}
