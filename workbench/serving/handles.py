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
from typing import Any

from workbench.ground.errors import NotReady
from workbench.store.people import People

MOST = 500  # in memory; the oldest go first


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
    """The handles of one server; where the disk is full they live as long as it does. From any thread."""

    def __init__(self, people: People, clock: Callable[[], datetime], most: int = MOST) -> None:
        self._people = people
        self._clock = clock
        self._most = most
        self._views: OrderedDict[str, View] = OrderedDict()

    def mint(self, app: str, session: str, parameters: Mapping[str, int], language: str = "") -> str:
        """A new handle for an app opened by the browser `session`."""
        handle = secrets.token_urlsafe(18)
        self._remember(handle, View(app, session, dict(parameters), language))
        row = {"handle": handle, "session": session, "app": app, "parameters": json.dumps(dict(parameters))}
        with suppress(NotReady):
            self._people.add("views", {**row, "language": language, "at": self._clock()})
        return handle

    def find(self, handle: str, session: str) -> View | None:
        """What `handle` stands for in the browser `session`; None when unknown, or another browser's."""
        if not handle:
            return None
        view = self._views.get(handle) or self._read(handle)
        if view is None or view.session != session:
            return None
        self._remember(handle, view)
        return view

    def speak(self, handle: str, language: str) -> None:
        """Has a page in another language from now on."""
        self._views[handle] = replace(self._views[handle], language=language)
        with suppress(NotReady):
            self._people.change("views", {"language": language}, handle=handle)

    def clear(self) -> None:
        """Makes every handle useless."""
        self._views.clear()
        self._remove()

    def forget(self, session: str) -> None:
        """Makes every handle of a browser useless."""
        for handle in [handle for handle, view in self._views.items() if view.session == session]:
            del self._views[handle]
        self._remove(session=session)

    def _remember(self, handle: str, view: View) -> None:
        self._views[handle] = view
        self._views.move_to_end(handle)
        while len(self._views) > self._most:
            self._views.popitem(last=False)

    def _read(self, handle: str) -> View | None:
        row = self._people.one("views", handle=handle)
        return View(row["app"], row["session"], json.loads(row["parameters"]), row["language"]) if row else None

    def _remove(self, **where: Any) -> None:
        with suppress(NotReady):
            self._people.remove("views", **where)
