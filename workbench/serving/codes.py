"""Learners' doors: the page on which codes are made and printed, and where a scanned one leads."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http import HTTPStatus

import segno
from jupyter_server.auth.decorator import allow_unauthenticated
from markupsafe import Markup
from tornado import web

from workbench.bench import Workbench
from workbench.doors.codes import Code
from workbench.doors.passes import Kind, Pass
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _
from workbench.learners.learners import SchoolClass, call_names, class_labels
from workbench.serving.entering import Entering

#: For how long a code may be made, in days.
SPANS = {"today": 1, "week": 7, "term": 120}
AT_SCHOOL = (7, 18)  # hours of the day


def qr(address: str) -> Markup:
    """A code to scan, black on white with its quiet zone: what a school's copier prints is read too."""
    drawn = segno.make(address, micro=False, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - squares, drawn from an address of ours


class CodesPage(Entering):
    """What codes a class has; makes, prints and ends them."""

    for_learners = False

    @web.authenticated
    async def get(self) -> None:
        classes, chosen, known, people = await self.ask(self._known)
        self.show(self.pages.codes(self, classes=class_labels(classes), chosen=chosen, known=known, people=people))

    @web.authenticated
    async def post(self) -> None:
        """Ends codes, or makes them and shows them this once."""
        what = self.get_body_argument("what", "")
        if what in ("end", "end-all"):
            code = self.get_body_argument("code", "")
            await self.ask(lambda bench: self._end(bench, "" if what == "end-all" else code))
            self.redirect(f"/codes?class={self.get_body_argument('class', '')}", status=HTTPStatus.SEE_OTHER)
            return
        chosen, cards = await self.ask(lambda bench: self._made(bench, what))
        self.show(self.pages.code_sheet(self, chosen=chosen, cards=cards, each=what == "each"))

    def _known(self, bench: Workbench) -> tuple[tuple[SchoolClass, ...], SchoolClass, tuple[Code, ...], dict[int, str]]:
        classes, chosen = self._classes(bench)
        people = call_names(bench.learners.in_class(chosen))
        return classes, chosen, bench.codes.of_class(chosen), people

    def _classes(self, bench: Workbench) -> tuple[tuple[SchoolClass, ...], SchoolClass]:
        classes = tuple(one for one in bench.learners.my_classes() if bench.actor.code in dict(one.educators))
        if not classes:
            raise NotReady(_("You have no class to make codes for."), _("Bring in a class list first."))
        wanted = self.get_argument("class", "")
        return classes, next((one for one in classes if str(one.id) == wanted), classes[0])

    def _end(self, bench: Workbench, code: str) -> None:
        _known, chosen = self._classes(bench)
        if code:
            bench.codes.end(chosen, code)
        else:
            bench.codes.end_all(chosen)

    def _made(self, bench: Workbench, what: str) -> tuple[SchoolClass, list[tuple[str, str, Markup, Pass]]]:
        _known, chosen = self._classes(bench)
        span = SPANS.get(self.get_body_argument("span", ""), 0)
        if not span or what not in ("class", "each"):
            raise BadInput(_("It was not said for how long."), _("Go back and choose."))
        hours = AT_SCHOOL if self.get_body_argument("hours", "") == "school" else (0, 24)
        here = bench.clock().astimezone()
        until = (here + timedelta(days=span - 1)).replace(hour=23, minute=59, second=59, microsecond=0)
        if what == "class":
            made = bench.codes.for_class(chosen, until=until, hours=hours)
            return chosen, [("", "", self._drawn(made), made)]
        members = bench.learners.in_class(chosen)
        symbols = {one.learner: one.name for one in bench.symbols.of_class(chosen.id)}
        called = call_names(members)
        passes = {one.id: bench.codes.for_learner(one, until=until, hours=hours) for one in members}
        return chosen, [(called[one], symbols.get(one, ""), self._drawn(made), made) for one, made in passes.items()]

    def _drawn(self, made: Pass) -> Markup:
        return qr(f"{self.site.address}/#code={made.token}")


class Come(Entering):
    """Lets a browser in that scanned a code: to the pictures of a class, or to one learner's own pages."""

    @allow_unauthenticated
    async def post(self) -> None:
        token = self.get_body_argument("code", "")
        for kind in (Kind.CLASS, Kind.LEARNER):
            row = await asyncio.to_thread(self.entrance.admitted, token, kind)
            if row is not None:
                await self.clean()
                await self.identity.come(self, row)
                self.tell(address="/")
                return
        self.set_status(HTTPStatus.FORBIDDEN)
        self.tell(message=_("This code does not work just now."), next=_("Ask your teacher."))
