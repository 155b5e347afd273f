"""The pages people open: each its notebook, whom it is about, who may open it, and where it is offered.

A page more is its notebook, its widget, and an entry here; home, the shared tablet and the tests go through them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tornado import web

from workbench.access.actors import Action
from workbench.ground import resources
from workbench.ground.errors import NotAllowed
from workbench.ground.words import N_, _

if TYPE_CHECKING:
    from workbench.bench import Workbench
    from workbench.serving.home import Home


@dataclass(frozen=True, slots=True)
class Button:
    """A way to a page on home, beside a learner's name. `going_on`: what it says where something is begun.

    `switch`: the parameter that it sets to 1.
    """

    says: str
    going_on: str = ""
    switch: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A page of no learner, on home: what is told of it there (nothing: it is not offered), and its button.

    `further`: where else the card leads, addresses by what they say. `first`: it is there before there is any class.
    """

    title: str
    news: Callable[[Home], Sequence[str]]
    button: str
    further: Mapping[str, str] | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A page on a device that was handed over: what it says there, large and small; its picture is `pages/ways/`'s.

    `switch`: the parameter that it sets to 1.
    """

    name: str
    says: str
    more: str
    switch: str = ""


def _educates(bench: Workbench) -> bool:
    return bench.gate.may_here(Action.CLASSES) and bench.gate.could(Action.GUIDE)


def _brings_files_in(bench: Workbench) -> bool:
    return bench.gate.may_here(Action.IMPORT)


def _tells_who_looked(bench: Workbench) -> bool:
    return bench.gate.may_here(Action.DISCLOSE)


def _reports(bench: Workbench) -> bool:
    return bench.gate.could(Action.REPORT)


def _is_named(bench: Workbench) -> bool:
    return bench.worries.mine()


#: Which duty a page of no learner is for, where it is not that of classes.
_DUTY_OF: Mapping[Callable[[Workbench], bool], Action] = {
    _brings_files_in: Action.IMPORT,
    _tells_who_looked: Action.DISCLOSE,
}


@dataclass(frozen=True, slots=True)
class App:
    """A notebook that people open, at an address that tells neither it nor the learner.

    `about_learner`: it is opened for one learner, its `learner` parameter, by whoever may do `needs` with that one.
    A page of no learner is for those for whom `opens` says so, by default educators; a `hidden` one is not even to be
    known of by others.
    """

    name: str
    notebook: Path
    about_learner: bool = False
    title: str = ""
    needs: Action = Action.WRITE
    opens: Callable[[Workbench], bool] = _educates
    hidden: bool = False
    buttons: tuple[Button, ...] = ()
    card: Card | None = None
    ways: tuple[Way, ...] = ()

    @property
    def page(self) -> str:
        """The last part of the page's address."""
        return f"{self.name}.ipynb"

    def let_in(self, bench: Workbench) -> None:
        """Returns when the actor of a bench may open it; raises NotAllowed, or 404 for one that is hidden."""
        if self.offered(bench):
            return
        if self.hidden:
            raise web.HTTPError(404)
        if self.about_learner:
            raise NotAllowed(_("This page is for those who sit down with learners."), _("Ask the learner’s teacher."))
        bench.gate.permit_here(_DUTY_OF.get(self.opens, Action.CLASSES), self.title)
        raise NotAllowed(_("Pages of a class are for those who teach it."), _("Ask your teacher, or the office."))

    def offered(self, bench: Workbench) -> bool:
        """Whether home offers it to the actor of a bench."""
        return bench.gate.could(self.needs) if self.about_learner else self.opens(bench)

    @property
    def switches(self) -> frozenset[str]:
        """The parameters that a button or a way may set."""
        named = {*(one.switch for one in self.buttons), *(one.switch for one in self.ways)}
        return frozenset(named - {""})


def apps() -> Mapping[str, App]:
    """The apps that ship with the workbench, by name, in the order of home."""
    ours, reports = resources.notebooks(), resources.reports()
    known = (
        App(
            "conference",
            ours / "conference.ipynb",
            about_learner=True,
            title=N_("Conference"),
            buttons=(
                Button(N_("Start the conference"), going_on=N_("Continue the conference")),
                Button(N_("Quick check"), switch="quick"),
            ),
        ),
        App(
            "prepare",
            ours / "prepare.ipynb",
            about_learner=True,
            title=N_("Get ready"),
            buttons=(Button(N_("Let the learner get ready")),),
            ways=(
                Way("ready", N_("Get ready"), N_("for my conference")),
                Way("ask", N_("Ask for something"), N_("help, or a talk"), switch="ask"),
            ),
        ),
        App(
            "goals",
            ours / "goals.ipynb",
            about_learner=True,
            title=N_("Goals"),
            buttons=(Button(N_("See the goals")),),
            ways=(Way("goals", N_("My goals"), N_("how is it going?")),),
        ),
        App(
            "profile",
            ours / "profile.ipynb",
            about_learner=True,
            title=N_("My profile"),
            buttons=(Button(N_("See the profile")),),
            ways=(Way("profile", N_("My profile"), N_("what I like")),),
        ),
        App(
            "year",
            ours / "year.ipynb",
            about_learner=True,
            title=N_("The year"),
            needs=Action.FOLLOW,
            buttons=(Button(N_("See the year")),),
            ways=(Way("year", N_("My year"), N_("what I said and did")),),
        ),
        App(
            "report",
            reports / "learner_report.ipynb",
            about_learner=True,
            title=N_("Learner report"),
            needs=Action.REPORT,
            buttons=(Button(N_("See the report")),),
        ),
        App(
            "my_class",
            ours / "my_class.ipynb",
            title=N_("My class"),
            card=Card(
                N_("My class"),
                lambda home: home.class_news,
                N_("Open my class"),
                further={"/tablet": N_("Hand over the tablet"), "/codes": N_("Codes for tablets")},
            ),
        ),
        App(
            "worries",
            ours / "worries.ipynb",
            title=N_("Concerns shared with you"),
            opens=_is_named,
            hidden=True,
            card=Card(N_("Concerns shared with you"), lambda home: home.passed_on, N_("Read them alone"), first=True),
        ),
        App(
            "data",
            ours / "data.ipynb",
            title=N_("Data"),
            opens=_brings_files_in,
            card=Card(N_("Data"), lambda home: home.data, N_("Load exports"), first=True),
        ),
        App(
            "reports",
            ours / "reports.ipynb",
            title=N_("Reports"),
            opens=_reports,
            card=Card(N_("Reports"), lambda home: home.reports, N_("Open reports")),
        ),
        App(
            "audit",
            ours / "audit.ipynb",
            title=N_("Who looked at what"),
            opens=_tells_who_looked,
            card=Card(N_("Who looked at what"), lambda home: home.audit, N_("See who looked")),
        ),
    )
    return {app.name: app for app in known}
