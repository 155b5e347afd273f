"""The shared tablet: an educator hands a device over, and the class's pictures choose who sits at it.

Under one sign-in that is done by giving the browser less: its cookie becomes one that opens the pictures of a class,
and from there the pages of one learner at a time, whose kernels may do what that learner may. Nobody proves who they
are by touching a picture; learners' own doors are another matter. The educator's cookie comes back for the number they
chose, or with the link that the workbench prints when it starts.
"""

from __future__ import annotations

import re

from tornado import web

from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.ground.errors import BadInput, NotFound, NotReady
from workbench.ground.words import _, speak
from workbench.learners.learners import SchoolClass, class_labels
from workbench.learners.symbols import NAMES
from workbench.serving import home
from workbench.serving.apps import App, Way
from workbench.serving.handlers import MINE, Ours
from workbench.serving.handles import View
from workbench.serving.identity import session_of

NUMBER = re.compile(r"[0-9]{4,12}")
_PICTURE, _CHOSEN, _TAKEN = "picture", "chosen", "taken"  # the learner's symbol, and what became of a choice


class _Tablet(Ours):
    def go(self, address: str) -> None:
        """Leads on; a script is told where, so that it leaves nothing behind in the history."""
        if "text/html" not in self.request.headers.get("Accept", "text/html"):
            self.tell(address=self.site.at(address))
            return
        self.lead(address)


class HandOver(_Tablet):
    """Asks for the class and a number to take the device back with, then hands it over."""

    @web.authenticated
    async def get(self) -> None:
        classes, chosen = await self._classes()
        wrong = bool(self.get_query_argument("wrong", ""))
        self.show(self.pages.hand_over(self, classes=class_labels(classes), chosen=chosen, wrong=wrong))

    @web.authenticated
    async def post(self) -> None:
        _known, chosen = await self._classes()
        number = self.get_body_argument("number", "")
        if not NUMBER.fullmatch(number):
            self.go(f"/tablet?class={chosen.id}&wrong=1")
            return
        await self.clean()
        session, hub = session_of(self), self.settings["hub"]
        await self.identity.hand_over(self, chosen.id, number)
        if hub is not None and session is not None:
            hub.leave(self, session.name)
        self.go("/")

    async def _classes(self) -> tuple[tuple[SchoolClass, ...], SchoolClass]:
        classes = await self.ask(_may_be_handed)
        if not classes:
            raise NotReady(_("There is no class to hand the tablet to yet."), _("Bring in a class list first."))
        wanted = self.get_argument("class", "")
        return classes, next((one for one in classes if str(one.id) == wanted), classes[0])


def _may_be_handed(bench: Workbench) -> tuple[SchoolClass, ...]:
    """The classes whose learners may write at a device of the asker's."""
    return bench.learners.my_classes() if bench.gate.could(Action.GUIDE) else ()


class TakeBack(_Tablet):
    """Makes the device the educator's again."""

    for_learners = True

    @web.authenticated
    async def post(self) -> None:
        if self.class_id is None:
            self.go("/")
        elif await self.identity.take_back(self, self.get_body_argument("number", "")):
            await self.clean()
            self.go("/")
        else:
            self.go("/?wrong=1")  # an address of its own, for Back and a reload


class Mine(_Tablet):
    """What one learner of the class can do now, and the way there; and the symbol they are known by."""

    for_learners = True

    @web.authenticated
    async def get(self) -> None:
        handle = self.get_query_argument("view", "")
        view = self._view(handle)
        if view is None:
            self.lead("/")
            return
        speak(view.language)
        mine = await self.ask(lambda bench: home.mine(bench, view.parameters["learner"], self.class_id))
        step = self.get_query_argument(_PICTURE, "")
        if step:
            asked = step == _CHOSEN and bool(mine.symbol)
            self.show(self.pages.my_picture(self, view=handle, mine=mine, asked=asked, taken=step == _TAKEN))
            return
        ways = [way for _app, way in self._ways()]
        self.show(self.pages.mine(self, view=handle, ways=ways, mine=mine))

    @web.authenticated
    async def post(self) -> None:
        if not self.handed:
            raise web.HTTPError(404)
        class_id, handle = self.class_id, self.get_body_argument("view", "")
        if not handle and class_id is not None:
            learner, language = await self.ask(lambda bench: self._touched(bench, class_id))
            own = self.handles.mint(MINE, self.session, {"learner": learner}, language)
            self.go(f"/mine?view={own}")
            return
        view = self._view(handle) or self._from_a_page(handle)
        if view is None:
            raise self._went()
        if view.app != MINE:
            own = self.handles.mint(MINE, self.session, {"learner": view.parameters["learner"]}, view.language)
            self.go(f"/mine?view={own}")
            return
        symbol, wanted = self.get_body_argument("symbol", ""), self.get_body_argument("what", "")
        if symbol:
            step = await self.ask(lambda bench: self._chose(bench, view.parameters["learner"], symbol))
            self.go(f"/mine?view={handle}&{_PICTURE}={step}")
        elif wanted == _PICTURE:
            self.go(f"/mine?view={handle}&{_PICTURE}=all")
        elif wanted == MINE:
            self.go(f"/mine?view={handle}")
        else:
            self._lead(view, wanted)

    def _lead(self, view: View, wanted: str) -> None:
        """Leads to a page of the learner's."""
        app, way = next(((app, way) for app, way in self._ways() if way.name == wanted), (None, None))
        if app is None or way is None:
            raise self._went()
        more = {way.switch: 1} if way.switch else {}
        opened = self.handles.mint(app.name, self.session, {**view.parameters, **more}, view.language)
        self.go(f"/voila/render/{app.page}?view={opened}")

    def _chose(self, bench: Workbench, learner: int, symbol: str) -> str:
        """Keeps a choice; returns the page that follows. Signed as the tablet's, as all that a learner does here."""
        if symbol not in NAMES:
            raise self._went()
        if self.class_id is not None:
            bench.hand_to(learner)
        try:
            bench.symbols.choose(learner, symbol)
        except BadInput:
            return _TAKEN
        return _CHOSEN

    def _went(self) -> NotFound:
        return NotFound(_("This page went away."), _("Choose your picture again."))

    def _ways(self) -> list[tuple[App, Way]]:
        """What a learner may open here; parts of pages come after whole ones."""
        found = [(app, way) for app in self.site.apps.values() for way in app.ways]
        return sorted(found, key=lambda pair: bool(pair[1].switch))

    def _touched(self, bench: Workbench, class_id: int) -> tuple[int, str]:
        wanted = self.get_body_argument("learner", "")
        for one in home.members(bench, class_id):
            if str(one.id) == wanted:
                settings = bench.settings.of(one)
                return one.id, settings.language or self.spoken
        raise BadInput(_("This picture is not there any more."), _("Choose your picture again."))

    def _from_a_page(self, handle: str) -> View | None:
        """The page of a learner's from which one comes back."""
        view = self.handles.find(handle, self.session)
        return view if view is not None and "learner" in view.parameters else None

    def _view(self, handle: str) -> View | None:
        view = self.handles.find(handle, self.session)
        return view if view is not None and view.app == MINE else None


class NextPerson(_Tablet):
    """Hands the device on: nothing the former learner opened can be reached any more."""

    for_learners = True

    @web.authenticated
    async def post(self) -> None:
        if self.handed:
            await self.clean()
        if self.handed and self.class_id is None:  # whoever comes next scans a code of their own
            await self.identity.end(self)
        self.go("/")
