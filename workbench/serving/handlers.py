"""The answers of the server that are ours, and Voilà's as we let them through."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from markupsafe import Markup
from tornado import web
from tornado.iostream import StreamClosedError
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workbench.access.actors import Actor
from workbench.bench import Workbench
from workbench.doors.passes import Kind
from workbench.ground import forms
from workbench.ground.errors import BadInput, NotAllowed, NotFound, NotReady
from workbench.ground.words import _, speak
from workbench.keeping import reached
from workbench.keeping.reached import Reached
from workbench.learners.settings import LANGUAGES
from workbench.serving import home
from workbench.serving.apps import App
from workbench.serving.door import LANGUAGE_COOKIE, Door
from workbench.serving.front import Front
from workbench.serving.handles import Handles, View
from workbench.serving.identity import KERNEL_HEADER, LANGUAGE_HEADER, ONLY_HEADER, Doors, session_of
from workbench.serving.kernels import Ended, Kernels, Page
from workbench.serving.outputs import drawn
from workbench.serving.page_kernels import SharedConnection
from workbench.serving.pages import Pages
from workbench.serving.site import Site

T = TypeVar("T")
_BEAT = "voila_heartbeat"
#: The page of what a learner may do, among the apps that a handle stands for.
MINE = "mine"


class Ours(Door, JupyterHandler):
    """What our handlers share."""

    @property
    def site(self) -> Site:
        return self.settings["site"]  # type: ignore[no-any-return]

    @property
    def pages(self) -> Pages:
        return self.settings["pages"]  # type: ignore[no-any-return]

    @property
    def handles(self) -> Handles:
        return self.settings["handles"]  # type: ignore[no-any-return]

    @property
    def front(self) -> Front:
        return self.settings["front"]  # type: ignore[no-any-return]

    @property
    def kernels(self) -> Kernels:
        return self.settings["kernel_manager"]  # type: ignore[no-any-return]

    @property
    def identity(self) -> Doors:
        return self.settings["identity_provider"]  # type: ignore[no-any-return]

    @property
    def session(self) -> str:
        """The browser that asks."""
        return self.current_user.username if self.current_user else ""

    @property
    def actor(self) -> Actor:
        """Who asks; raises 403 for a browser that was not let in."""
        session = session_of(self)
        if session is None:
            raise web.HTTPError(403)
        return session.actor

    @property
    def called(self) -> str:
        """What the pages call whoever asks."""
        session = session_of(self)
        return session.called or self.site.called(session.actor) if session else ""

    for_learners = False  # whether a browser that was handed over may come here

    @property
    def handed(self) -> bool:
        """Whether this browser is in learners' hands: handed over to a class, or let in as one of them."""
        session = session_of(self)
        return session is not None and (session.class_id is not None or session.learner is not None)

    @property
    def class_id(self) -> int | None:
        """The class whose pictures this browser shows."""
        session = session_of(self)
        return session.class_id if session else None

    def lead(self, path: str) -> None:
        """Leads to another page of ours."""
        self.redirect(self.site.at(path), status=HTTPStatus.SEE_OTHER)

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        if self._finished or not self.handed or self.for_learners:
            return
        if self.request.method == "GET":
            self.lead("/")
        else:
            raise NotAllowed(_("This device was handed over."), _("Give it back to your teacher."))

    def keep_reached(self, cookie: str, point: Reached | None) -> None:
        """Has this browser know how far the records have come."""
        if point is not None:
            self.set_cookie(
                cookie, str(point), expires_days=365, httponly=True, samesite="Strict", path=self.site.at("/")
            )

    async def clean(self, session: str = "") -> None:
        """Ends what this browser has open, or another's session, so that nothing of it can be reached any more."""
        session = session or self.session
        if not session:  # nobody was let in here yet
            return
        self.handles.forget(session)
        await asyncio.gather(*(self.kernels.end(page.kernel, Ended.CLOSED) for page in self.kernels.of(session)))

    async def ask(self, question: Callable[[Workbench], T]) -> T:
        """Asks the asker's bench in a thread of its own, so that nobody else waits."""
        actor, session = self.actor, session_of(self)
        device = session.device if session else ""

        def asked() -> T:
            with self.site.bench(actor, device) as bench:
                return question(bench)

        return await asyncio.to_thread(asked)

    def show(self, page: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(page)

    async def show_pictures(self, *, wrong: bool) -> None:
        """Shows the pictures of the class that this browser was handed over with; whoever sat there is done."""
        await self.clean()
        class_id = self.class_id
        assert class_id is not None  # noqa: S101 (asked by whoever calls)
        found = await self.ask(lambda bench: home.pictures(bench, class_id))
        self.show(self.pages.pictures(self, class_name=found[0], pictures=found[1], wrong=wrong))

    def tell(self, **values: Any) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(values))


def _reached_cookie(bench: Workbench) -> str:
    """One for each store: cookies do not know folders."""
    return f"workbench-reached-{blake2b(bench.mark.encode(), digest_size=4).hexdigest()}"


class HomePage(Ours):
    """Home; the pictures of the class in a browser that was handed over."""

    for_learners = True

    @allow_unauthenticated
    async def get(self) -> None:
        wrong = bool(self.get_query_argument("wrong", ""))
        if not self.current_user:
            self.show(self.pages.sign_in(self, wrong=wrong))
            return
        if self.class_id is not None:
            await self.show_pictures(wrong=wrong)
            return
        if self.handed:
            await self._own()
            return
        seen, offered, older, kept, full = await self.ask(self._look)
        if older is None:
            self.keep_reached(*kept)
        self.show(self.pages.home(self, home=seen, apps=offered, older=older, full=full))

    async def _own(self) -> None:
        """Leads a learner whose device it is to their own pages, and a family to theirs."""
        session = session_of(self)
        assert session is not None  # noqa: S101 (asked by whoever calls)
        if session.kind is Kind.FAMILY:
            self.lead("/family")
            return
        learner = session.learner
        assert learner is not None  # noqa: S101
        language = await self.ask(lambda bench: bench.settings.of(learner).language)
        handle = self.handles.mint(MINE, self.session, {"learner": learner}, language or self.spoken)
        self.lead(f"/mine?view={handle}")

    def _look(self, bench: Workbench) -> tuple[home.Home, list[App], NotReady | None, tuple[str, Reached | None], bool]:
        folder, now, cookie = self.site.workspace.folder, bench.reached, _reached_cookie(bench)
        noted = reached.noted(folder)
        older = bench.older(noted, Reached.parse(self.get_cookie(cookie) or ""))
        if older is None:
            reached.note(folder, now)
        elif bench.older(noted):
            self.handles.clear()  # a learner's number may be another's by now
        else:  # this browser alone says so
            self.handles.forget(self.session)
        seen = home.look(bench, bench.clock().astimezone(), self.called)
        offered = [app for app in self.site.apps.values() if app.offered(bench)]
        return seen, offered, older, (cookie, now), bench.full


class Meant(Ours):
    """An older copy of the records was put back on purpose."""

    @web.authenticated
    async def post(self) -> None:
        cookie, now = await self.ask(lambda bench: (_reached_cookie(bench), bench.reached))
        reached.note(self.site.workspace.folder, now)
        self.keep_reached(cookie, now)
        self.lead("/")


class ToHome(Ours):
    for_learners = True

    @allow_unauthenticated
    def get(self, _path: str = "") -> None:
        self.lead("/")


class Learners(Ours):
    """The learners of a class, for the home page’s list."""

    @web.authenticated
    async def post(self) -> None:
        wanted = number(self.get_body_argument("class", ""))

        def listed(bench: Workbench) -> tuple[home.Choice, ...]:
            which = next((one for one in bench.learners.classes() if one.id == wanted), None)
            return home.choices(bench, which) if which else ()

        found = await self.ask(listed)
        self.tell(learners=[{"id": one.id, "name": one.name, "started": one.started} for one in found])


class Find(Ours):
    """The learners whose name has what was typed at home."""

    @web.authenticated
    async def post(self) -> None:
        words = self.get_body_argument("words", "")
        found = await self.ask(lambda bench: home.found(bench, words))
        self.tell(learners=[{"id": one.id, "name": one.name} for one in found])


class Open(Ours):
    """Opens an app, for a learner or for nobody, at an address that tells neither."""

    @web.authenticated
    async def post(self) -> None:
        app = self.site.apps.get(self.get_body_argument("app", ""))
        if app is None:
            raise web.HTTPError(404)
        await self.ask(app.let_in)
        if not app.notebook.is_file():
            raise NotReady(
                _("This page is missing from the installation."), _("Install the workbench again, then try once more.")
            )
        parameters: dict[str, int] = {}
        language = ""
        if app.about_learner:
            learner = number(self.get_body_argument("learner", ""))
            if learner is None:
                raise BadInput(_("No learner was chosen."), _("Go back and choose a learner."))

            def asked(bench: Workbench) -> tuple[int, str]:
                bench.gate.permit(app.needs, learner, app.title)
                settings = bench.settings.of(bench.learners.get(learner))
                return settings.learner, settings.language or self.spoken

            parameters["learner"], language = await self.ask(asked)
            # a button of a form says it in the form's address
            known = {switch for one in self.site.apps.values() for switch in one.switches}
            parameters |= {one: 1 for one in known if self.get_argument(one, "") == "1"}
        handle = self.handles.mint(app.name, self.session, parameters, language)
        self.lead(_address(app, handle))


class Language(Ours):
    """Changes the language of a learner's page, or, of all other pages, in this browser.

    What belongs to the learner is set by an educator (`bench.settings`); here it changes for the open page alone.
    An open page is told its frame in the new language, and asks its own kernel for the rest.
    """

    for_learners = True

    @allow_unauthenticated
    def post(self) -> None:
        language = self.get_body_argument("language", "")
        if language not in LANGUAGES:
            raise web.HTTPError(400)
        handle = self.get_body_argument("view", "")
        view = self.handles.find(handle, self.session)
        if view is not None and view.language:
            self.handles.speak(handle, language)
        else:
            self.set_cookie(
                LANGUAGE_COOKIE, language, expires_days=365, httponly=True, samesite="Strict", path=self.site.at("/")
            )
        app = self.site.apps.get(view.app) if view else None
        if "text/html" in self.request.headers.get("Accept", ""):
            self.lead("/" if view is None else _address(app, handle) if app else f"/mine?view={handle}")
            return
        speak(language)
        self.tell(frame=self.pages.app(self, app, handle, self.front, "") if app else "")


class AppPage(Ours, TornadoVoilaHandler):
    """An app's page: its frame at once, and what the notebook shows when its kernel is there.

    Meanwhile the browser gets the scripts. Without a handle of this very browser no kernel is started.
    """

    runs_widgets = True
    for_learners = True  # with a handle that was made for them
    view: View
    kernel = ""

    @web.authenticated
    async def get(self, path: str = "") -> None:
        view = self.handles.find(self.get_query_argument("view", ""), self.session)
        if view is None or view.app not in self.site.apps or self.site.apps[view.app].page != path:
            if self.handed:  # somebody else's turn
                self.lead("/")
                return
            raise NotFound(_("This page went away."), _("Go to the home page and open it again."))
        self.view = view
        language = view.language or self.spoken
        speak(language)
        self.request.headers[LANGUAGE_HEADER] = language
        if self.class_id is not None:
            self.request.headers[ONLY_HEADER] = str(view.parameters["learner"])
        self.kernel = self.request.headers[KERNEL_HEADER] = str(uuid4())
        self.xsrf_token  # noqa: B018 - sets the cookie without which a closing tab cannot end its kernel
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        handle = self.get_query_argument("view")
        with self.kernels.opening(self.kernel, self.session):
            self.write(self.pages.app(self, self.site.apps[view.app], handle, self.front, self.kernel))
            await self._fill(path)

    async def _fill(self, path: str) -> None:
        """Sends the page's frame, then what the notebook shows."""
        try:
            await self.flush()
            async for part in self.get_generator(path=path):
                if _BEAT in part:
                    if self._page is None:
                        self.write(self.pages.broken(cut=True))
                        break
                    part = "<!-- still at it -->\n"
                self.write(part)
                await self.flush()
        except StreamClosedError:
            await self._leave()
        except Exception:  # too late for a page of its own
            self.log_exception(*sys.exc_info())
            self.write(self.pages.broken(cut=True))
        finally:
            if (page := self._page) is not None:
                page.rendered = time.monotonic()

    def form_in(self, output: Any, heard: dict[str, Any]) -> Markup | None:
        """For the template: `drawn`, with the forms that this server's kernels bring along."""
        return drawn(output, heard, self.site.address + forms.FORMS_AT)

    @property
    def scripts(self) -> Markup:
        """For the template: what draws all other outputs."""
        return self.pages.scripts(self.front)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        asyncio.ensure_future(self._leave())  # noqa: RUF006

    @property
    def _page(self) -> Page | None:
        return self.kernels.page(self.kernel)

    async def _leave(self) -> None:
        if (page := self._page) is not None and not page.met:
            await self.kernels.end(self.kernel, Ended.CLOSED)


class Channels(Door, VoilaKernelWebsocketHandler):
    """The line between an open page and its kernel. Its many small messages do not wait for one another."""

    async def open(self, kernel_id: str) -> None:
        self.set_nodelay(True)
        await super().open(kernel_id)

    @property
    def kernel_websocket_connection_class(self) -> Any:
        shares = self.kernel_manager.get_kernel(self.kernel_id).shared is not None
        return SharedConnection if shares else super().kernel_websocket_connection_class


class Alive(Ours):
    """Tells an open page whether its kernel still lives, and hears whether anybody looks at it."""

    for_learners = True

    @web.authenticated
    def post(self) -> None:
        kernel = self.get_body_argument("kernel", "")
        lives = self.kernels.owns(self.session, kernel) and kernel in self.kernels
        if lives:
            self.kernels.pages[kernel].hidden = self.get_body_argument("hidden", "") == "1"
        self.tell(alive=lives, why="" if lives else str(self.kernels.why_ended(self.session, kernel)))


class Close(Ours, APIHandler):
    """Ends the kernel of a page that was closed."""

    for_learners = True

    @web.authenticated
    async def post(self, kernel: str) -> None:
        if self.kernels.owns(self.session, kernel):
            await self.kernels.end(kernel, Ended.CLOSED)
        elif kernel in self.kernels:
            raise web.HTTPError(403)
        self.set_status(204)
        self.finish()


def _address(app: App, handle: str) -> str:
    return f"/voila/render/{app.page}?view={handle}"


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None  # as large as a store's
