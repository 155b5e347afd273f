"""Scripts, styles and fonts of ours, for a browser to keep."""

from __future__ import annotations

import asyncio

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from workbench.ground import forms
from workbench.ground.design import woff2
from workbench.serving.front import kind_of
from workbench.serving.handlers import Ours
from workbench.serving.pages import tokens

#: What may be kept for good: its address changes when it does.
LASTING = f"public, max-age={365 * 24 * 3600}, immutable"


class FrontFile(Ours):
    """A script, style or font of an app's page."""

    for_learners = True

    @allow_unauthenticated
    async def get(self, mark: str, name: str) -> None:
        content = None
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            content = await asyncio.to_thread(self.front.compressed, mark, name)
        if content is not None:
            self.set_header("Content-Encoding", "gzip")
        else:
            content = await asyncio.to_thread(self.front.content, mark, name)
        if content is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", kind_of(name))
        self.set_header("Cache-Control", LASTING)
        self.finish(content)

    def compute_etag(self) -> None:
        """None: its address says which it is."""


class FormFile(Ours):
    """The script or the style sheet of all forms."""

    for_learners = True

    @allow_unauthenticated
    def get(self, mark: str, kind: str) -> None:
        content = forms.found(f"{forms.FORMS_AT}{mark}.{kind}")
        if content is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", kind_of(self.request.path))
        self.set_header("Cache-Control", LASTING)
        self.finish(content)


class Fonts(Ours):
    for_learners = True

    @allow_unauthenticated
    async def get(self, weight: str) -> None:
        content = await asyncio.to_thread(woff2, int(weight))
        self.set_header("Content-Type", "font/woff2")
        self.set_header("Cache-Control", LASTING)
        self.finish(content)


class Tokens(Ours):
    for_learners = True

    @allow_unauthenticated
    def get(self) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", LASTING)
        self.finish(tokens())
