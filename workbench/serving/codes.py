"""Doors of learners and families: the page on which codes are made and printed, and where a scanned one leads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import segno
from jupyter_server.auth.decorator import allow_unauthenticated
from markupsafe import Markup
from tornado import web

from workbench.bench import Workbench
from workbench.doors.codes import Code
from workbench.doors.passes import Kind, Pass
from workbench.ground import days
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _, language, speaking
from workbench.learners.learners import SchoolClass, call_names, class_labels
from workbench.serving.entering import Entering

#: For how long a code may be made, in days.
SPANS = {"today": 1, "week": 7, "fortnight": 14, "month": 30, "term": 120}
AT_SCHOOL = (7, 18)  # hours of the day


def qr(address: str) -> Markup:
    """A code to scan, black on white with its quiet zone: what a school's copier prints is read too."""
    drawn = segno.make(address, micro=False, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - squares, drawn from an address of ours


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A code on paper: for whom, until when; `letter` is what a family is told beside it, in the language `spoken`."""

    called: str
    symbol: str
    drawing: Markup
    until: datetime
    letter: tuple[str, ...] = ()
    spoken: str = ""


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
            self.lead(f"/codes?class={self.get_body_argument('class', '')}")
            return
        chosen, cards = await self.ask(lambda bench: self._made(bench, what))
        self.show(self.pages.code_sheet(self, chosen=chosen, cards=cards, what=what))

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

    def _made(self, bench: Workbench, what: str) -> tuple[SchoolClass, list[Card]]:
        _known, chosen = self._classes(bench)
        span = SPANS.get(self.get_body_argument("span", ""), 0)
        if not span or what not in ("class", "each", "families"):
            raise BadInput(_("It was not said for how long."), _("Go back and choose."))
        hours = AT_SCHOOL if self.get_body_argument("hours", "") == "school" else (0, 24)
        here = bench.clock().astimezone()
        until = (here + timedelta(days=span - 1)).replace(hour=23, minute=59, second=59, microsecond=0)
        if what == "class":
            made = bench.codes.for_class(chosen, until=until, hours=hours)
            return chosen, [self._card(made)]
        members = bench.learners.in_class(chosen)
        called = call_names(members)
        if what == "families":
            spoken = {one.id: bench.settings.of(one).language for one in members}
            letters = {one.id: bench.codes.for_family(one, until=until) for one in members}
            return chosen, [self._card(made, called[one], spoken=spoken[one]) for one, made in letters.items()]
        symbols = {one.learner: one.name for one in bench.symbols.of_class(chosen.id)}
        passes = {one.id: bench.codes.for_learner(one, until=until, hours=hours) for one in members}
        return chosen, [self._card(made, called[one], symbol=symbols.get(one, "")) for one, made in passes.items()]

    def _card(self, made: Pass, called: str = "", *, symbol: str = "", spoken: str = "") -> Card:
        with speaking(spoken or language()):
            letter = _letter(called, made) if made.kind is Kind.FAMILY else ()
        drawing = qr(f"{self.site.address}/#code={made.token}")
        return Card(called, symbol, drawing, made.until, letter, spoken)


def _letter(called: str, made: Pass) -> tuple[str, ...]:
    """What stands beside the code in a letter home: a heading, and sentences."""
    return (
        _("For the family of {name}").format(name=called),
        _("Scan this with a phone: you see what {name} wants to show you, and can write back.").format(name=called),
        _("It works until {day}, for whoever has this letter. It shows nothing else, and needs no account.").format(
            day=days.full(made.until.astimezone().date())
        ),
        _("No phone at hand? Write on the back, or call us."),
    )


class Come(Entering):
    """Lets a browser in that scanned a code: to a class's pictures, one learner's own pages, or their family's page."""

    @allow_unauthenticated
    async def post(self) -> None:
        token = self.get_body_argument("code", "")
        for kind in (Kind.CLASS, Kind.LEARNER, Kind.FAMILY):
            row = await asyncio.to_thread(self.entrance.admitted, token, kind)
            if row is not None:
                await self.clean()
                await self.identity.come(self, row)
                self.tell(address=self.site.at("/"))
                return
        self.set_status(HTTPStatus.FORBIDDEN)
        self.tell(message=_("This code does not work just now."), next=_("Ask your teacher."))
