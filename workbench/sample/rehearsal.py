"""One invented learner's way through the workbench, in memory, before a process forks.

What is compiled when it is first used (statements, charts, days in words) is then there in
every child. Nothing of it is kept: the store is gone when the rehearsal is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from workbench.access.actors import Actor
from workbench.access.gate import Gate
from workbench.bench import Workbench
from workbench.conferences.strengths import Kind
from workbench.evidence import measures
from workbench.facet import Desk
from workbench.ground.scratch import Scratch
from workbench.learners.learners import Learner
from workbench.reporting import LearnerReport, charts, html
from workbench.store import Audit, Store, connect, tables
from workbench.workspace import Workspace

TODAY = date(2026, 11, 21)
_CLASS_LIST = "id,first name,last name,class,teacher,teacher id,grade,school,term\n0,A,Learner,0A,T,t0,4,S,2026-2027\n"


def rehearse() -> None:
    """Holds a conference with nobody, and makes its report."""
    with nobody() as (bench, learner):
        conference = bench.conferences.start(learner, on=TODAY)
        bench.reflections.say(conference, move="look", prompt="notice", asked="What?", words="This.")
        bench.strengths.name(conference, "This", kind=Kind.STRENGTH)
        goal = bench.goals.choose(conference, "This", on=TODAY, purpose="That")
        bench.plans.add_step(goal, "This", due_on=TODAY)
        bench.conferences.finish(conference, on=TODAY)
        bench.progress.check_in(goal, on=TODAY, feeling="going", words="So")
        report = LearnerReport.of(bench, learner, snapshot=bench.snapshot)
        report._repr_mimebundle_()
        for section in report.sections():
            html(section, None)
            section.to_json()
    measures.load()
    measures.words.spoken()
    charts.path([charts.Stage(("Fall", "2026"), 1, 2, 3)], span=9)


@contextmanager
def nobody() -> Iterator[tuple[Workbench, Learner]]:
    """A bench in memory, and its only learner."""
    store, audit = connect("sqlite://"), connect("sqlite://")
    tables.metadata.create_all(store)
    kept, noted = Store(store), Audit(audit, _now)
    noted.prepare()
    actor = Actor.parse("teacher:t0")
    with Scratch() as scratch:
        place = Workspace(scratch.path, "S", actor, "", "")
        with Workbench(Desk(place, "sqlite://", kept, Gate(actor, kept, noted), noted, _now)) as bench:
            (place.folder / "class.csv").write_text(_CLASS_LIST, encoding="utf-8")
            bench.imports.run(place.folder / "class.csv")
            (learner,) = bench.learners.in_class("0A")
            yield bench, learner


def _now() -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
