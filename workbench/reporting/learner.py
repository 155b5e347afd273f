"""The learner report: two pages a child can read, and read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbench.conferences.reflections import Reflection
from workbench.conferences.strengths import Finding, Kind
from workbench.evidence.evidence import Evidence
from workbench.goals.goals import Goal, Horizon, State, long_above
from workbench.goals.plans import Plan, Step, StepKind
from workbench.goals.progress import CheckIn
from workbench.ground import days
from workbench.ground.bands import YOUNGEST, Speaker
from workbench.ground.errors import BadInput, NotFound, WorkbenchError
from workbench.ground.words import _, speaking
from workbench.ground.words import language as spoken_now
from workbench.learners.learners import Learner, by_name
from workbench.learners.settings import LANGUAGES
from workbench.reporting.blocks import (
    Beside,
    Block,
    Item,
    Listing,
    Name,
    Path,
    Picked,
    Said,
    Signatures,
    Stop,
    Text,
    Topic,
)
from workbench.reporting.section import Page, Section, in_its_language
from workbench.reporting.topics import sources, topics

if TYPE_CHECKING:
    from workbench.bench import Workbench

MOST_QUOTES = 4  # of one conference, so that a page stays a page


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Everything a learner report is made of, read once."""

    learner: Learner
    facts: tuple[str, ...]
    band: str
    language: str
    on: date
    evidence: tuple[Evidence, ...] = ()
    talked_on: date | None = None
    reflections: tuple[Reflection, ...] = ()
    findings: tuple[Finding, ...] = ()
    goal: Goal | None = None
    long_goal: Goal | None = None
    plan: Plan | None = None
    check_ins: tuple[CheckIn, ...] = ()


class LearnerReport:
    """One learner's report: a method for each section. Shown by itself it brings the page's style.

    report = LearnerReport.of(bench, learner)
    report.progress()
    """

    def __init__(self, known: Known, *, note: str = "") -> None:
        self._known = known
        self._note = note

    @classmethod
    def of(
        cls,
        bench: Workbench,
        learner: Learner | int = 0,
        *,
        snapshot: int = 0,
        band: str = "",
        language: str = "",
        on: date | None = None,
    ) -> LearnerReport:
        """The report of a learner, as things stood at change `snapshot` (0: now).

        Learner 0 is an example: the first of the actor's first class. `band` and `language` go before those of
        the learner's settings; `on` is the day it is made. Raises NotFound for an unknown learner,
        NotAllowed for one the actor may not see, BadInput for a language there is none of.
        """
        if language and language not in LANGUAGES:
            raise BadInput(_("There are no reports in “{language}”.").format(language=language), ", ".join(LANGUAGES))
        seen = bench.at(snapshot) if snapshot else bench
        today = on or bench.today
        shown = seen.learners.get(learner) if learner else example(seen)
        settings = bench.settings.of(shown)
        said_in = language or bench.spoken or settings.language or spoken_now()
        with speaking(said_in):
            known = _read(seen, shown, band or settings.band, today)
            note = _(
                "An example: {name}. To see another learner, write their number after “learner =” and run the page"
                " again."
            )
            return cls(known, note="" if learner else note.format(name=shown.name))

    @property
    def language(self) -> str:
        """The language it is in."""
        return self._known.language

    # The sections, in their order

    @in_its_language
    def who(self) -> Section:
        """Name, class, and when."""
        return self._section("who", "", Name(self._known.learner.name, self._known.facts))

    @in_its_language
    def progress(self) -> Section:
        """My own numbers over time, in words."""
        found = topics(self._known.evidence, self._known.band, self._known.on)
        if found:
            return self._section("progress", _("My progress"), Beside(found))
        return self._section(
            "progress", _("My progress"), _invite(_("After your next test or reading week, your path shows here."))
        )

    @in_its_language
    def reflection(self) -> Section:
        """What I said about my learning when we last talked."""
        title = _("What I said")
        blocks: list[Block] = []
        for answer in self._known.reflections:
            if answer.choice:
                blocks.append(Picked(answer.choice, answer.asked))
            if answer.words.strip():
                blocks.append(Said(answer.words.strip(), answer.asked if not answer.choice else ""))
        if not blocks:
            blocks = [_invite(_("At your next conference you tell how your learning went. Your words come here."))]
        return self._section("reflection", title, *blocks)

    @in_its_language
    def strengths(self) -> Section:
        """What I am strong in, and what I am working on."""
        strong = [_item(one) for one in self._known.findings if one.kind is Kind.STRENGTH]
        working = [_item(one) for one in self._known.findings if one.kind is Kind.NEED]
        both = (
            Listing(_("I am strong in"), tuple(strong), _("You name these at your next conference.")),
            Listing(_("I am working on"), tuple(working), _("What is still hard? You choose what to write here.")),
        )
        return self._section("strengths", _("Strengths and needs"), Beside(both))

    @in_its_language
    def goal(self) -> Section:
        """My goal, the largest words of the report, and why."""
        goal = self._known.goal
        if goal is None:
            words = _("Small, soon, and yours: you choose your goal at your next conference.")
            return self._section("goal", _("My goal"), _invite(words))
        above = self._known.long_goal
        blocks: list[Block] = [Said(above.words, _("My long goal"), size="plain")] if above else []
        blocks.append(Said(goal.words, size="largest"))
        if goal.purpose:
            blocks.append(Said(goal.purpose, _("Why it matters to me"), size="plain"))
        standing = {
            State.MET: _("You met this goal."),
            State.NOT_YET: _("Not yet. A smaller next step comes next."),
            State.SET_ASIDE: _("You set this goal aside."),
        }.get(goal.state)
        if standing:
            blocks.append(Text(standing))
        return self._section("goal", _("My goal"), *blocks)

    @in_its_language
    def plan(self) -> Section:
        """The steps with their days, how it will show, and how to celebrate."""
        plan, goal = self._known.plan, self._known.goal
        stops = _stops(plan, goal, self._known.on) if plan and goal else ()
        if not stops and not (plan and (plan.show or plan.celebrate)):
            words = _("With a goal comes a plan: what you do, where, with whom, and on which day.")
            return self._section("plan", _("My plan"), _invite(words))
        blocks: list[Block] = [Path(stops)] if stops else []
        if plan and (plan.show or plan.celebrate):
            shown = [
                Topic(title, (words,))
                for title, words in ((_("How I will show it"), plan.show), (_("How I will celebrate"), plan.celebrate))
                if words
            ]
            blocks.append(Beside(tuple(shown)))
        return self._section("plan", _("My plan"), *blocks)

    @in_its_language
    def going(self) -> Section:
        """The check-ins so far."""
        if not self._known.check_ins:
            words = _("Every time you look at your goal, a dot and your words come here.")
            return self._section("going", _("How it is going"), _invite(words))
        stops = tuple(_looked(one, self._known.on) for one in self._known.check_ins)
        return self._section("going", _("How it is going"), Path(stops))

    @in_its_language
    def signatures(self) -> Section:
        """Lines to sign on."""
        people = (self._known.learner.call_name, _("My teacher"), _("My family"))
        return self._section("signatures", _("We have read it together"), Signatures(people, _("Date")))

    @in_its_language
    def footer(self) -> Section:
        """Sources, dates and norms, for those who want to know."""
        lines = [*sources(self._known.evidence, self._known.on)]
        if self._known.band == YOUNGEST:
            lines = lines[:1]
        lines.append(_("Made on {day}.").format(day=days.short(self._known.on)))
        return self._section("footer", "", Text(" ".join(lines), "quiet"))

    def sections(self) -> tuple[Section, ...]:
        """Every section in the usual order."""
        return (
            self.who(),
            self.progress(),
            self.reflection(),
            self.strengths(),
            self.goal(),
            self.plan(),
            self.going(),
            self.signatures(),
            self.footer(),
        )

    @cached_property
    @in_its_language
    def page(self) -> Page:
        """The page these sections belong on."""
        name = self._known.learner.name
        return Page(_("{name}: my report").format(name=name), name, self.language, self._known.band, self._note)

    def _section(self, kind: str, title: str, *blocks: Block) -> Section:
        return Section(kind, title, blocks, self._known.band, self.language)

    def _repr_mimebundle_(self, **wanted: object) -> dict[str, Any]:
        return {**self.page._repr_mimebundle_(**wanted), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return "<LearnerReport>"


def example(bench: Workbench) -> Learner:
    """The first learner of the actor's first class. Raises NotFound where there is nobody yet."""
    for one in bench.learners.classes():
        found = bench.learners.in_class(one)
        if found:
            return found[0]
    everyone = bench.learners.all()
    if everyone:
        return everyone[0]
    raise NotFound(_("There are no learners here yet."), _("Bring in a class list first: on the page “Data”."))


def _read(bench: Workbench, learner: Learner, band: str, today: date) -> Known:
    conferences = sorted(bench.conferences.of(learner), key=lambda one: one.held_on)
    talks = {one.id: one for one in conferences}
    reflections = [one for one in bench.reflections.of_learner(learner) if one.words.strip() or one.choice]
    findings = bench.strengths.of_learner(learner)
    spoken = _newest(talks, {one.conference for one in reflections})
    named = _newest(talks, {one.conference for one in findings})
    goals = bench.goals.of_learner(learner)
    goal = _main(goals)
    last = conferences[-1].held_on if conferences else None
    return Known(
        learner=learner,
        facts=_facts(bench, learner, last, today),
        band=band,
        language=spoken_now(),
        on=today,
        evidence=bench.evidence.of(learner),
        talked_on=last,
        reflections=_told(bench, spoken, reflections),
        findings=tuple(one for one in findings if one.conference == named),
        goal=goal,
        long_goal=_long(goals, goal) if goal else None,
        plan=bench.plans.of(goal) if goal else None,
        check_ins=tuple(sorted(bench.progress.of(goal), key=lambda one: one.held_on)) if goal else (),
    )


def class_of(bench: Workbench, learner: Learner) -> list[str]:
    """The class that a learner's pages name, the same for whoever asks; nothing where there is none."""
    return [_("Class {name}").format(name=one.name) for one in by_name(bench.learners.classes_of(learner))[:1]]


def _facts(bench: Workbench, learner: Learner, talked_on: date | None, today: date) -> tuple[str, ...]:
    said = class_of(bench, learner)
    if bench.workspace.school:
        said.append(bench.workspace.school)
    if talked_on:
        said.append(_("we talked on {day}").format(day=days.within(talked_on, today)))
    else:
        said.append(days.dated(today))
    return tuple(said)


def _newest(talks: dict[str, Any], met: set[str]) -> str:
    """The id of the newest conference among those `met`."""
    return next((talk for talk in reversed(talks) if talk in met), "")


def _told(bench: Workbench, conference: str, reflections: Sequence[Reflection]) -> tuple[Reflection, ...]:
    """The answers of one conference: those of its discussion first, then what was noticed at the start."""
    answers = [one for one in reflections if one.conference == conference]
    try:
        moves = bench.conferences.protocol(conference).moves if answers else ()
    except WorkbenchError:  # a protocol file that is gone does not take the learner's words with it
        moves = ()
    order = [(move.id, prompt.id) for move in moves for prompt in move.prompts]
    discussed = {move.id for move in moves if move.step == "discuss"}
    noticed = {move.id for move in moves[:1]}
    kept = [
        one for one in answers
        if not moves or one.move in discussed | noticed or (one.move, one.prompt) not in order
    ]  # fmt: skip
    kept.sort(key=lambda one: (one.move not in discussed, _place(order, (one.move, one.prompt))))
    return tuple(kept[:MOST_QUOTES])


def _place(order: Sequence[tuple[str, str]], wanted: tuple[str, str]) -> int:
    return order.index(wanted) if wanted in order else len(order)


def _main(goals: Sequence[Goal]) -> Goal | None:
    """The goal to write large: the newest one on the way, else the newest of all; small ones before long ones."""
    newest_last = sorted(
        enumerate(goals),
        key=lambda pair: (
            pair[1].state is State.ACTIVE,
            pair[1].horizon is Horizon.SHORT,
            pair[1].horizon is Horizon.LONG,
            pair[1].chosen_on,
            pair[0],
        ),
    )
    return newest_last[-1][1] if newest_last else None


def _long(goals: Sequence[Goal], main: Goal) -> Goal | None:
    """The long goal above the main one: the one it hangs under, or, where it hangs under none, the newest on the way.

    A goal hangs under one only since that can be said; older ones stand beside their long one.
    """
    above = long_above(main, goals)
    if above is not None:
        return above
    beside = (one for one in reversed(goals) if one.horizon is Horizon.LONG and one.state is State.ACTIVE)
    return next((one for one in beside if one != main), None) if not main.parent else None


def _item(finding: Finding) -> Item:
    return Item(finding.words, _("Shown by: {what}").format(what=finding.tied_to) if finding.tied_to else "")


def _stops(plan: Plan, goal: Goal, today: date) -> tuple[Stop, ...]:
    """Steps with a day in order, then those without, then the goal's own day and the next conference."""
    ways = [*plan.timeline, *(step for step in plan.steps if not step.due_on)]
    stops = [_stop(step, today) for step in ways]
    ends = [(goal.due_on, _("My goal is due"), "end"), (plan.next_conference_on, _("Our next conference"), "end")]
    for day, words, mark in sorted((end for end in ends if end[0]), key=lambda end: end[0] or today):
        if day:
            stops.append(Stop(days.full(day, today), words, day.isoformat(), mark=mark))
    return tuple(stops)


def _stop(step: Step, today: date) -> Stop:
    where = [step.place, _("with {partner}").format(partner=step.partner) if step.partner else "", step.material]
    mark = "done" if step.done_on else "now" if step.due_on == today else "ahead"
    note = " · ".join(filter(None, where))
    if step.done_on:
        note = " · ".join(filter(None, [note, _("done")]))
    words = step.words if step.kind is StepKind.WAY else _("We look at it: {words}").format(words=step.words)
    when = days.full(step.due_on, today) if step.due_on else _("Any day")
    return Stop(when, words, step.due_on.isoformat() if step.due_on else "", note, mark)


def _looked(one: CheckIn, today: date) -> Stop:
    feelings = {
        "great": _("Going great"),
        "going": _("Going"),
        "slow": _("Getting there"),
        "stuck": _("Stuck, and asking for help"),
    }
    who = {Speaker.EDUCATOR: _("said by my teacher"), Speaker.BUDDY: _("said by my buddy")}.get(one.who, "")
    feeling = feelings.get(one.feeling, "")
    note = ", ".join(filter(None, [feeling, who])) if one.words else who
    words = one.words or feeling or _("We looked at it")
    quoted = bool(one.words) and one.who is Speaker.LEARNER
    return Stop(days.full(one.held_on, today), words, one.held_on.isoformat(), note, "done", quoted)


def _invite(words: str) -> Text:
    return Text(words, "invite")
