"""Handles: what a page's address says instead of a learner.

A handle is random, works only in the browser it was made for, and is forgotten when the
server stops, so an address in a history, a log or a forwarded message tells nothing.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

MOST = 500  # the oldest go first


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
    """The handles of one server. Lives as long as the server."""

    def __init__(self, most: int = MOST) -> None:
        self._views: OrderedDict[str, View] = OrderedDict()
        self._most = most

    def mint(self, app: str, session: str, parameters: Mapping[str, int], language: str = "") -> str:
        """A new handle for an app opened by the browser `session`."""
        handle = secrets.token_urlsafe(18)
        self._views[handle] = View(app, session, dict(parameters), language)
        while len(self._views) > self._most:
            self._views.popitem(last=False)
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
