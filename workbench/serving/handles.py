"""Handles: what a page's address says instead of a learner.

A handle is random and works only in the browser it was made for, so an address in a history, a log or a forwarded
message tells nothing. It stands in the store, so that a page that was open can be reloaded after a restart, or by
another server on the same store.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.facet import moment
from workbench.ground.errors import NotReady
from workbench.store.people import People

MOST = 500  # while the disk is full; the oldest go first


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
    """The handles of one server; what a full disk has no room for lives as long as it does. From any thread.

    Nothing that is in the store is remembered: another server on it may have forgotten it meanwhile.
    """

    def __init__(self, people: People, clock: Callable[[], datetime], most: int = MOST) -> None:
        self._people = people
        self._clock = clock
        self._most = most
        self._unkept: OrderedDict[str, View] = OrderedDict()
        self._since: dict[str, datetime] = {}  # of a browser ("": of all), when a full disk could take none away

    def mint(self, app: str, session: str, parameters: Mapping[str, int], language: str = "") -> str:
        """A new handle for an app opened by the browser `session`."""
        handle = secrets.token_urlsafe(18)
        row = {"handle": handle, "session": session, "app": app, "parameters": json.dumps(dict(parameters))}
        try:
            self._people.add("views", {**row, "language": language, "at": self._clock()})
        except NotReady:
            self._unkept[handle] = View(app, session, dict(parameters), language)
            while len(self._unkept) > self._most:
                self._unkept.popitem(last=False)
        return handle

    def find(self, handle: str, session: str) -> View | None:
        """What `handle` stands for in the browser `session`; None when unknown, or another browser's."""
        view = (self._unkept.get(handle) or self._read(handle)) if handle else None
        return view if view is not None and view.session == session else None

    def speak(self, handle: str, language: str) -> None:
        """Has a page in another language from now on."""
        if handle in self._unkept:
            self._unkept[handle] = replace(self._unkept[handle], language=language)
        else:
            with suppress(NotReady):
                self._people.change("views", {"language": language}, handle=handle)

    def clear(self) -> None:
        """Makes every handle useless."""
        self._unkept.clear()
        self._remove()

    def forget(self, session: str) -> None:
        """Makes every handle of a browser useless."""
        for handle in [handle for handle, view in self._unkept.items() if view.session == session]:
            del self._unkept[handle]
        self._remove(session=session)

    def _remove(self, **whose: str) -> None:
        try:
            self._people.remove("views", **whose)
        except NotReady:
            self._since[whose.get("session", "")] = self._clock()

    def _read(self, handle: str) -> View | None:
        row = self._people.one("views", handle=handle)
        if row and any(moment(row["at"]) <= self._since[one] for one in ("", row["session"]) if one in self._since):
            return None
        return View(row["app"], row["session"], json.loads(row["parameters"]), row["language"]) if row else None
