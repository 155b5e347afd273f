"""The kernels behind open pages: whose they are, what they may know, how many, and when they end."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from jupyter_server.auth import Authorizer, User
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError, RequestHandler
from traitlets import default

from workbench import kernels
from workbench.ground import descriptors
from workbench.ground.drawing import DRAWER
from workbench.ground.environment import ACTOR, DATABASE, DAY, DEVICE, HOME, LANGUAGE, ONLY
from workbench.ground.errors import NotReady, WorkbenchError
from workbench.ground.forms import SERVED
from workbench.ground.words import _
from workbench.kernels.sharing import Kernel, Process
from workbench.kernels.zygote import CannotFork, Zygote, able
from workbench.serving.identity import (
    ACTOR_HEADER,
    DEVICE_HEADER,
    KERNEL_HEADER,
    LANGUAGE_HEADER,
    ONLY_HEADER,
    SESSION_HEADER,
)
from workbench.serving.page_kernels import PageKernel
from workbench.serving.site import Limits, Site
from workbench.workspace import clear_incoming

#: Descriptors that a page takes of the server at most, those kept for requests to open ones, and the last of all.
EACH, KEPT, LAST = 24, 72, 24


#: A browser, and what its pages' kernels are told.
Told = tuple[str, tuple[tuple[str, str], ...]]


class Ended(StrEnum):
    """Why a page's kernel is gone."""

    ROOM = "room"  # others were opened
    IDLE = "idle"
    CLOSED = "closed"
    LOST = "lost"  # it died, or the server was started anew


@dataclass(slots=True)
class Page:
    """An open page and its kernel, on the server's own clock, which stands still while a laptop sleeps.

    `rendered` is when its HTML was sent, `met` whether a browser ever connected, `left` since when
    none is connected.
    """

    kernel: str
    session: str
    opened: float
    rendered: float | None = None
    met: bool = False
    connections: int = 0
    left: float | None = None
    hidden: bool = False
    manager: PageKernel | None = None


def due(page: Page, now: float, limits: Limits) -> bool:
    """Whether nobody will miss the page's kernel."""
    if page.connections:
        return False
    if page.met:
        return page.left is not None and now - page.left > limits.idle
    return page.rendered is not None and now - page.rendered > limits.unmet


def to_make_room(pages: list[Page], limits: Limits) -> list[Page]:
    """The pages of one browser that go to sleep so that one more can open.

    Those without a connection go first, then those in hidden tabs, the oldest of each first.
    """
    ranked = sorted(pages, key=lambda page: (page.connections > 0, not page.hidden, page.opened))
    return ranked[: max(0, len(pages) - limits.pages + 1)]


def kernel_environment(
    env: Mapping[str, str], site: Site, actor: str, drawer: str, language: str = ""
) -> dict[str, str]:
    """What a kernel is told: who asks, in which language, where the data is, and nothing else about the request.

    The actor comes from the server alone, never from what the server itself was started with.
    """
    request = ("HTTP_", "VOILA_REQUEST", "QUERY_STRING", "SCRIPT_NAME", "PATH_INFO", "WORKBENCH_", "JUPYTERHUB_")
    told = {name: value for name, value in env.items() if not name.startswith(request)}
    told |= {
        ACTOR: actor,
        HOME: str(site.workspace.folder),
        SERVED: site.address,
        "IPYTHONDIR": str(site.run / "ipython"),  # nobody's start-up files, and a history that goes with the server
        "PYTHONSAFEPATH": "1",
    }
    if site.db:
        told[DATABASE] = site.db
    if site.day:
        told[DAY] = site.day().isoformat()
    if language:
        told[LANGUAGE] = language
    if drawer:
        told[DRAWER] = drawer
    return told


class Kernels(AsyncMappingKernelManager):
    """Starts and ends the kernels of one server. Lives as long as the server.

    Pages that are told the same in one browser share a process: nothing in it may be hidden from whoever opened them.
    """

    @default("kernel_manager_class")
    def _page_kernels(self) -> str:
        return f"{PageKernel.__module__}.{PageKernel.__qualname__}"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.site: Site = kwargs["parent"].site
        self.drawer = ""
        self.gone: Callable[[set[str]], set[str]] = lambda sessions: set()
        self.pages: dict[str, Page] = {}
        self._ended: OrderedDict[str, tuple[str, Ended]] = OrderedDict()
        self._sweeper = PeriodicCallback(self.sweep, self.site.limits.sweep * 1000)
        self._zygote = Zygote(kernels.preload(), kernel_environment(os.environ, self.site, "", self.drawer))
        self._processes: dict[Told, asyncio.Task[Process]] = {}

    def prepare(self, say: Callable[[str], object]) -> None:
        """Has what kernels are forked from ready; says why they start slower than they could, or ""."""
        if able():
            environ = kernel_environment(os.environ, self.site, "", self.drawer)
            self._zygote.start(environ)
            self._zygote.tell(environ, say)

    def watch(self) -> None:
        """Begins to end kernels nobody uses."""
        self._sweeper.start()

    async def start_kernel(  # type: ignore[override]
        self, *, kernel_id: str | None = None, path: str | None = None, **kwargs: Any
    ) -> str:
        env = dict(kwargs.pop("env", None) or {})
        actor, session, kernel, language, only, device = (
            str(env.get(_variable(name), ""))
            for name in (ACTOR_HEADER, SESSION_HEADER, KERNEL_HEADER, LANGUAGE_HEADER, ONLY_HEADER, DEVICE_HEADER)
        )
        if not actor or not session or not kernel:
            raise HTTPError(403, "a kernel was asked for by nobody")
        for page in to_make_room([page for page in self.of(session) if page.kernel != kernel], self.site.limits):
            await self.end(page.kernel, Ended.ROOM)
        self._still_wanted(kernel)
        told = kernel_environment(env, self.site, actor, self.drawer, language)
        told |= {name: said for name, said in ((ONLY, only), (DEVICE, device)) if said}
        own = self._folder(kernel)  # of one with a process of its own
        await super().start_kernel(
            kernel_id=kernel,
            cwd=str(own),
            env=told | {"TMPDIR": str(own)},
            stdout=subprocess.DEVNULL,  # what a kernel prints holds learners' words
            stderr=subprocess.DEVNULL,
            **kwargs,
        )
        if kernel not in self.pages:
            await self.shutdown_kernel(kernel, now=True)  # type: ignore[no-untyped-call]
            shutil.rmtree(own, ignore_errors=True)
        self._still_wanted(kernel)
        self.pages[kernel].manager = cast(PageKernel, self.get_kernel(kernel))
        return kernel

    async def share(self, given: Mapping[str, Any]) -> Kernel | None:
        """The kernel that `given` starts, in a process that it may share; None where an ordinary one is to be had."""
        if not able():
            return None
        name = given["kernel_id"]
        self._still_wanted(name)
        told = (self.pages[name].session, tuple(sorted({**given["env"], "TMPDIR": ""}.items())))
        try:
            process = await self._process(told)
        except CannotFork:
            return None
        return process.open(name)

    async def _process(self, told: Told) -> Process:
        """The process of pages that are told so, which is forked for the first of them. Raises CannotFork."""
        known = self._processes.get(told)
        if known is None or not _is_there(known):
            self._processes = {key: one for key, one in self._processes.items() if _is_there(one)}
            known = self._processes[told] = asyncio.create_task(self._fork(told))
        return await asyncio.shield(known)  # others may wait for it

    async def _fork(self, told: Told) -> Process:
        own = self.site.run / "kernels" / str(uuid4())
        own.mkdir(mode=0o700, parents=True)
        environ = {**dict(told[1]), "TMPDIR": str(own), "JPY_PARENT_PID": str(os.getpid())}
        return await Process.fork(self._zygote, environ, own)

    def lost(self, kernel: str) -> None:
        """The kernel's process died."""
        if kernel in self:
            self.remove_kernel(kernel)
        self._forget(kernel, Ended.LOST)

    def start_watching_activity(self, kernel_id: str) -> None:
        if cast(PageKernel, self.get_kernel(kernel_id)).shared is None:
            super().start_watching_activity(kernel_id)  # type: ignore[no-untyped-call]

    def of(self, session: str) -> list[Page]:
        """The pages open in one browser."""
        return [page for page in self.pages.values() if page.session == session]

    @contextmanager
    def opening(self, kernel: str, session: str) -> Iterator[None]:
        """Knows a browser's page from the moment it is asked for: it can be ended before its kernel is there.

        Raises NotReady where no descriptors are left for it.
        """
        beginning = sum(not page.connections for page in self.pages.values())
        if descriptors.used() + EACH * (beginning + 1) + KEPT > descriptors.limit():
            raise NotReady(
                _("This computer has as many pages open as it can."),
                _("Close some you do not need, then reload this page. What is open goes on."),
            )
        self.pages[kernel] = Page(kernel, session, opened=time.monotonic())
        try:
            yield
        finally:
            if kernel not in self:
                self._forget(kernel, Ended.LOST)

    def owns(self, session: str, kernel: str) -> bool:
        page = self.pages.get(kernel)
        return page is not None and page.session == session

    def page(self, kernel: str) -> Page | None:
        """The page of a kernel that lives."""
        return self.pages.get(kernel) if kernel in self else None

    def why_ended(self, session: str, kernel: str) -> Ended:
        """Why a page of this browser is gone."""
        owner, why = self._ended.get(kernel, (session, Ended.LOST))
        return why if owner == session else Ended.LOST

    async def end(self, kernel: str, why: Ended) -> None:
        """Ends a page's kernel; one that is gone already is no mistake."""
        page = self.pages.pop(kernel, None)
        if page is None:
            return
        self._remember(page, why)
        if kernel in self:
            await self.shutdown_kernel(kernel, now=why is Ended.ROOM)  # type: ignore[no-untyped-call]
        self._clear_up(page)

    async def sweep(self) -> None:
        """Ends what is due and what browsers opened that are let in no more, and forgets pages whose kernel died."""
        try:
            gone = await asyncio.to_thread(self.gone, {page.session for page in self.pages.values()})
        except WorkbenchError:  # the store cannot be asked: nobody can do anything either
            gone = set()
        now = time.monotonic()
        for page in list(self.pages.values()):
            if page.session in gone:
                await self.end(page.kernel, Ended.CLOSED)
            elif page.rendered is not None and page.kernel not in self:
                self._forget(page.kernel, Ended.LOST)
            elif due(page, now, self.site.limits):
                await self.end(page.kernel, Ended.IDLE)

    def notify_connect(self, kernel_id: str) -> None:
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        if page := self.pages.get(kernel_id):
            page.met, page.left = True, None
            page.connections += 1

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        if page := self.pages.get(kernel_id):
            page.connections = max(0, page.connections - 1)
            if not page.connections:
                page.left = time.monotonic()

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        self._sweeper.stop()
        await asyncio.gather(*(self.end(kernel, Ended.CLOSED) for kernel in list(self.pages)))
        await super().shutdown_all(now=now)
        self._zygote.close()

    def _still_wanted(self, kernel: str) -> None:
        """Raises 503 for the kernel of a page that was ended meanwhile: others were opened, or the device handed on."""
        if kernel not in self.pages:
            raise HTTPError(503, "a page was ended before its kernel was there")

    def _forget(self, kernel: str, why: Ended) -> None:
        if page := self.pages.pop(kernel, None):
            self._remember(page, why)
            self._clear_up(page)

    def _clear_up(self, page: Page) -> None:
        """Takes away what a page's kernel left behind."""
        shutil.rmtree(self._folder(page.kernel), ignore_errors=True)
        if page.manager is None:
            return
        page.manager.let_go()
        if process := page.manager.ended:
            clear_incoming(self.site.workspace.folder, process)

    def _remember(self, page: Page, why: Ended) -> None:
        self._ended[page.kernel] = (page.session, why)
        while len(self._ended) > 200:
            self._ended.popitem(last=False)

    def _folder(self, kernel: str) -> Path:
        return self.site.run / "kernels" / kernel


def _is_there(process: asyncio.Task[Process]) -> bool:
    """Whether a process is being forked, or lives."""
    if not process.done():
        return True
    return not process.cancelled() and process.exception() is None and process.result().alive


class OwnersOnly(Authorizer):
    """Lets a browser reach its own pages' kernels and nobody else's."""

    def is_authorized(self, handler: RequestHandler, user: User, action: str, resource: str) -> bool:
        kernel = handler.path_kwargs.get("kernel_id", "")
        return bool(handler.settings["kernel_manager"].owns(user.username, kernel))


def _variable(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"
