"""The door: what each answer of the server goes through, ours, Voilà's and Jupyter's alike."""

from __future__ import annotations

import json
from functools import cache
from http.client import responses
from inspect import isawaitable
from typing import Any
from urllib.parse import unquote

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado import web
from tornado.websocket import WebSocketHandler

from workbench.ground.errors import BadInput, NotAllowed, NotFound, NotReady, WorkbenchError
from workbench.ground.words import _, speak
from workbench.learners.settings import LANGUAGES

_BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
#: What widgets need on top: modules that arrive over the websocket, and styles they set themselves.
_WIDGETS = {
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' {socket} data: blob:",
    "worker-src": "'self' blob:",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=()",
}
_STATUS = {NotAllowed: 403, NotFound: 404, NotReady: 503, BadInput: 400}


def policy(socket: str = "") -> str:
    """The Content-Security-Policy of a page of ours, or with `socket` (ws://…) of an app."""
    rules = {**_BASE, **({name: rule.format(socket=socket) for name, rule in _WIDGETS.items()} if socket else {})}
    return "; ".join(f"{name} {rule}" for name, rule in rules.items())


#: What a browser's chosen language is kept as: no name, nothing about a person.
LANGUAGE_COOKIE = "language"


class Door(web.RequestHandler):
    """Checks the Host and the Origin, sets the headers, and says errors on pages of ours.

    `runs_widgets` is for pages that Voilà fills.
    """

    runs_widgets = False

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)
        socket = self.settings["site"].socket if self.runs_widgets else ""
        self.set_header("Content-Security-Policy", policy(socket))

    async def prepare(self, **kwargs: Any) -> None:
        speak(self.spoken)  # in this request alone: each has a context of its own
        site = self.settings["site"]
        if "\0" in unquote(self.request.path):
            raise web.HTTPError(404)  # no file of any system is called so
        if self.request.host != site.host:
            local = f"localhost:{self.settings['port']}"
            if self.request.host == local and self.request.method in ("GET", "HEAD") and not self._is_socket:
                self.redirect(f"{site.origin}{self.request.uri}")  # where the browser's cookie belongs to
                return
            raise web.HTTPError(403)  # a name that was made to point at this machine
        origin = self.request.headers.get("Origin")
        if (origin or self._is_socket) and origin != site.origin and self.request.method != "GET":
            raise web.HTTPError(403)
        if self._is_socket and origin != site.origin:
            raise web.HTTPError(403)
        waiting = super().prepare(**kwargs)
        if isawaitable(waiting):
            await waiting

    @property
    def spoken(self) -> str:
        """The language chosen in this browser, else the first of its own that there is, else English."""
        chosen = self.get_cookie(LANGUAGE_COOKIE)
        if chosen in LANGUAGES:
            return chosen
        asked = (
            part.split(";")[0].strip()[:2].lower()
            for part in self.request.headers.get("Accept-Language", "").split(",")
        )
        return next((one for one in asked if one in LANGUAGES), LANGUAGES[0])

    @property
    def _is_socket(self) -> bool:
        return isinstance(self, WebSocketHandler)

    def get_login_url(self) -> str:
        raise web.HTTPError(403)  # the sign-in page is shown in place: no address to come back to is passed around

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        if not isinstance(error, WorkbenchError | web.HTTPError):
            self.settings["own_log"].error("a request failed", exc_info=(kind, error, trace))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, WorkbenchError):
            self.set_status(next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400))
            sentence, step = error.sentence, error.next_step
        else:
            sentence, step = _said(status_code)
        self.set_header("Cache-Control", "no-store")
        if self._wants_data:
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps({"message": sentence, "next": step}))
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        pages = self.settings["pages"]
        if status_code == 403 and getattr(self, "_jupyter_current_user", self) is None:
            self.finish(pages.sign_in(self))
            return
        self.finish(pages.problem(self, sentence, step))

    @property
    def _wants_data(self) -> bool:
        return isinstance(self, APIHandler) or "text/html" not in self.request.headers.get("Accept", "text/html")


def _said(status: int) -> tuple[str, str]:
    if status == 403:
        return _("This page is not for this browser."), _("Go to the home page and open it from there.")
    if status in (404, 405):
        return _("There is no such page here."), _("Go to the home page and choose from there.")
    if status >= 500:
        return (
            _("Something went wrong on our side."),
            _("Nothing you saved is lost. Try again; if it happens again, tell whoever looks after the workbench."),
        )
    return _("This could not be done: {why}.").format(why=responses.get(status, "")), _("Go back and try again.")


@cache
def behind_door(handler: type[web.RequestHandler]) -> type[web.RequestHandler]:
    """The handler as it is reached through the door."""
    return handler if issubclass(handler, Door) else type(f"{handler.__name__}", (Door, handler), {})


class Nowhere(Door, JupyterHandler):
    """Every address that is none of ours."""

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        raise web.HTTPError(404)
