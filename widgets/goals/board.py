"""The board of a learner's goals: long ones with the small ones that hang from them, and how each is going."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from widgets.goals.card import Acts, GoalCard, horizons
from widgets.goals.pace import PaceSheet
from widgets.goals.plan_form import PlanSheet
from widgets.goals.skills import SkillsSheet
from widgets.goals.week_sheet import week_sheet
from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.form import Form, MovedOn
from widgets.kit.undo import Undo
from widgets.kit.watch import Watch
from widgets.learner.buddies import sharing, what_buddies_share
from widgets.learner.flag_form import FlagSheet
from workbench.bench import Workbench
from workbench.evidence.evidence import Evidence
from workbench.goals import help as goal_help
from workbench.goals.goals import Goal, Horizon, State, long_above
from workbench.goals.progress import CheckIn
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.choices import Option
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _, language, ngettext
from workbench.learners.learners import Learner

_ID = re.compile("[0-9a-f]{32}")
OFTEN = 2.0  # seconds between two looks whether a flag was seen
_AGAIN = timedelta(days=7)  # so much longer a goal gets that is kept as it is


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """Where one is: the board, or one goal's page of a kind."""

    kind: str = "board"  # or "ask", "skills", "week", "new", "change", "plan", "not-yet", "met"
    goal: str = ""  # "new" has none until it has words
    instead: str = ""  # the goal that a new one takes the place of
    made: str = ""  # the id that a new one is to have


BOARD = Page()


class GoalBoard(Form):
    """One learner's goals: chosen, followed, changed, met or not yet.

    `leave` is called by the link to another learner, which is there when it is given.

    >>> GoalBoard(bench, learner)  # doctest: +SKIP
    """

    def __init__(
        self,
        bench: Workbench,
        learner: Learner | int,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        number = learner.id if isinstance(learner, Learner) else learner
        self.bench = bench
        self.learner = bench.learners.get(number)
        self.today = today or bench.today
        self.page = BOARD
        self._leave = leave
        self._undo = Undo()
        self._planning: PlanSheet | None = None
        self._waiting: dict[str, Any] = {}  # chosen before a new goal had words
        self._wording = self._words_for()
        self._evidence: tuple[Evidence, ...] = ()
        settings = bench.settings.of(number)
        self._flags = FlagSheet(bench, self.learner, settings.band, lambda: self.today)
        self._watch = Watch(self._look_out, self._apologise, every=OFTEN)
        super().__init__(
            bench,
            view=f"goals {number}",
            band=settings.band,
            spoken=bench.spoken or settings.language,
            **traits,
        )
        self._watch.start()

    def close(self) -> None:
        self._watch.stop()
        super().close()

    def frame(self) -> dict[str, Any]:
        which = self.page.instead if self.page.kind == "new" else self.page.goal
        step = self._young_step() if self.page.kind == "new" and self.band == YOUNGEST else ""
        return {"key": f"{self.page.kind} {which} {step} {self.page.made}"}

    def blocks(self) -> Iterable[Block]:
        """The board, or the one goal's page that is open."""
        self._evidence = () if self.band == YOUNGEST else self.bench.evidence.of(self.learner)
        if self.page.kind in ("new", "change"):
            return self._editor()
        if self.page.kind in ("not-yet", "met"):
            goal = self.bench.goals.get(self.page.goal)
            return self._not_yet(goal) if self.page.kind == "not-yet" else self._met(goal)
        if self.page.kind == "plan":
            return self._plan(self.bench.goals.get(self.page.goal))
        others = {"ask": self._ask, "skills": self._skills, "week": self._week}
        return others.get(self.page.kind, self._board)()

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one sent again after a reload may belong to a page that is open no more."""
        page = self._new_page(self.given_at) if name.startswith("new/") else None
        known = super().keep_for(name) if page is None or page.made == self.page.made else None
        page = None if known else page or self._page_of(name)
        if page is None:
            return known

        def keep(answer: Any) -> None:
            here, self.page = self.page, page
            try:
                kept = _blocks.group(*self.blocks()).keeps().get(name)
                if kept is None:
                    raise MovedOn
                kept(answer)
            finally:
                self.page = here

        return keep

    def _page_of(self, name: str) -> Page | None:
        kind, _slash, rest = name.partition("/")
        if kind == "new":
            return Page("new", self._made_today())
        if kind in ("skill", "flag"):
            return Page("skills" if kind == "skill" else "ask")
        if kind not in ("change", "plan", "not-yet", "met"):
            return None
        try:
            goal = self.bench.goals.get(rest.partition("/")[0])
        except NotFound:
            return None
        return Page(kind, goal.id) if goal.learner == self.learner.id else None

    def _new_page(self, at: str) -> Page | None:
        """The page of a new goal that an answer was given on, `at` its key."""
        kind, _space, rest = at.partition(" ")
        if kind != "new" or not _ID.fullmatch(made := rest.rpartition(" ")[2]):
            return None
        try:
            goal = self.bench.goals.get(made)
        except NotFound:
            return Page("new", "", "", made)
        return Page("new", goal.id, "", made) if goal.learner == self.learner.id else None

    def _made_today(self) -> str:
        """The newest goal made on this board today: the one whose page was open when the answer was given."""
        goals = self.bench.goals.of_learner(self.learner)
        made = [one.id for one in goals if one.chosen_on == self.today and not one.conference]
        return made[-1] if made else ""

    def _name(self, field: str) -> str:
        """An answer's name: a new goal's stays the same while it gets its words."""
        return f"new/{field}" if self.page.kind == "new" else f"{self.page.kind}/{self.page.goal}/{field}"

    # The board

    def _board(self) -> Iterable[Block]:
        known = self.bench.goals.of_learner(self.learner)
        active = [one for one in known if one.state is State.ACTIVE]
        yield self._top(active)
        yield from self._undo.bar()
        if active:
            yield Block("goal-board", "board", self._rows(active), None, tuple(self._strands(active, known)))
        else:
            words = _("Pick one thing to try soon. It can be small.")
            yield _blocks.empty(
                _("Your goals will be here"), words, _blocks.button("new", _("New goal"), self._new, look="primary")
            )
        if active:
            week = _blocks.button("week", _("My week on paper"), self._to_week, look="link")
            yield _blocks.group(week, look="row")
        yield from what_buddies_share(self.bench, self.learner, self.today)
        before = [one for one in known if one.state in (State.MET, State.NOT_YET)]
        if before:
            yield self._stars(before)

    def _top(self, active: list[Goal]) -> Block:
        title = _blocks.heading(_("My goals"), lead=self.learner.name)
        leave = (_blocks.button("leave", _("Choose another learner"), self._leave, look="back"),) if self._leave else ()
        new = (_blocks.button("new", _("New goal"), self._new, look="primary"),) if active else ()
        skills = _blocks.button("skills", _("My skills"), self._to_skills)
        ask = _blocks.button("ask", self._flags.label, self._to_ask)
        return _blocks.group(title, _blocks.group(*leave, ask, skills, *new, look="row"), look="row goals-top")

    def _rows(self, active: list[Goal]) -> dict[str, Any]:
        """The rows that have a card, far to near."""
        there = {one.horizon for one in active}
        return {"rows": [{"id": str(one), "title": words} for one, words in horizons().items() if one in there]}

    def _strands(self, active: list[Goal], known: Iterable[Goal]) -> Iterable[Block]:
        """A strand for each long goal with the small ones under it, and one for those that stand by themselves."""
        known = tuple(known)
        card = GoalCard(
            self.bench,
            self.band,
            self.today,
            self._evidence,
            Acts(self._change, self._is_met, self._is_not_yet, self._hang, self._to_plan, self._drop_look),
        )
        above = {one.id: _active(long_above(one, known)) for one in active}
        heads = [one for one in active if one.horizon is Horizon.LONG]
        by_itself = [one for one in active if one.horizon is not Horizon.LONG and above[one.id] is None]
        for head in (*heads, *([None] if by_itself else [])):
            mine = [one for one in active if head and above[one.id] == head.id] if head else by_itself
            cells = [([head], Horizon.LONG)] if head else []
            cells += [([one for one in mine if one.horizon is row], row) for row in (Horizon.SHORT, Horizon.TODAY)]
            yield Block(
                "strand",
                f"strand/{head.id if head else ''}",
                {"hangs": head is not None and bool(mine), "label": head.words if head else ""},
                None,
                tuple(
                    Block("cell", shown={"row": row.value}, inside=tuple(card.draw(one) for one in some))
                    for some, row in cells
                    if some
                ),
            )

    def _stars(self, before: list[Goal]) -> Block:
        """What was met, as quiet stars, and what was not yet; each opens."""
        rows, buttons = [], []
        for one in reversed(before):
            name = f"star/{one.id}"
            met = one.state is State.MET
            says = (_("Met: {words}") if met else _("Not yet: {words}")).format(words=one.words)
            rows.append({"name": name, "met": met, "words": one.words, "learned": _line(one.learned), "says": says})
            buttons.append(_blocks.button(name, one.words, lambda goal=one: self._open_again(goal)))  # type: ignore[misc]
        count = sum(one.state is State.MET for one in before)
        label = ngettext("{count} goal met", "{count} goals met", count).format(count=count) if count else _("Tried")
        return Block("stars", "stars", {"label": label, "rows": rows}, None, tuple(buttons))

    # Asking for something

    def _ask(self) -> Iterable[Block]:
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        title = _blocks.heading(_("Is there something you need?"))
        head = _blocks.group(title, _blocks.aloud(self._flags.spoken()), look="row") if self.band == YOUNGEST else title
        yield _blocks.group(head, *self._flags.blocks(), look="card", name="ask")

    def _to_ask(self) -> None:
        self._undo.leave()
        self.page = Page("ask")

    def _look_out(self) -> None:
        """Draws afresh when a flag was seen or answered."""
        if self._flags.changed():
            self.refresh()

    # How a goal is reached

    def _plan(self, goal: Goal) -> Iterable[Block]:
        """A goal's plan as a conference asks for it: ways, days and how it will show; what is in the way; the pace."""
        young = self.band == YOUNGEST
        if self._planning is None or self._planning.about != goal.id:
            self._planning = PlanSheet(self.bench, goal.id, self.today, band=self.band)
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        yield from self._undo.bar()
        pace = PaceSheet(self.bench, goal, self.today, f"plan/{goal.id}", self._undo.did, self._to_ask)
        head = (_blocks.heading(_("My plan")), _blocks.quote(goal.words, look="strong"))
        asked = dict(self._planned(goal, self._planning))
        ways, show, looks = asked["step"], asked["show"], asked.get("check-in", ())
        if young:
            aloud = _blocks.aloud([goal.words, *_spoken(ways), *_spoken(show)])
            yield _blocks.group(*head, aloud, *ways, *show, look="card", name="plan")
            return
        hindered = self._wording.in_the_way(self._name("asked"))
        yield _blocks.group(*head, _blocks.group(*ways, look="columns"), look="card", name="plan")
        yield from pace.blocks()
        yield _blocks.group(_blocks.group(*hindered, *looks[-1:], look="columns"), *show, look="card", name="plan-more")

    def _planned(self, goal: Goal, sheet: PlanSheet) -> Iterable[tuple[str, tuple[Block, ...]]]:
        """What the full conference asks of a plan, by what it saves; the answers' names say the goal."""
        protocol = self.bench.conferences.protocol_named("full", self.band, language())
        for move in protocol.moves:
            for one in move.prompts:
                if one.saves in PlanSheet.saves:
                    yield one.saves, sheet.ask(replace(move, id=f"plan/{goal.id}"), one)

    def _to_plan(self, goal: Goal) -> None:
        self._undo.leave()
        self._planning = None
        self._wording = self._words_for()
        self.page = Page("plan", goal.id)

    def _week(self) -> Iterable[Block]:
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        printing = Block("print", shown={"label": _("Print")})
        yield _blocks.group(_blocks.heading(_("My week")), printing, look="row goals-top")
        yield _blocks.group(week_sheet(self.bench, self.learner, self.today), look="papers", name="papers")

    def _to_week(self) -> None:
        self._undo.leave()
        self.page = Page("week")

    # The notebook of skills

    def _skills(self) -> Iterable[Block]:
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        yield from self._undo.bar()
        sheet = SkillsSheet(self.bench, self.learner.id, self.band, self._undo.did)
        yield _blocks.group(_blocks.heading(_("My skills")), *sheet.blocks(), look="card", name="skills")

    def _to_skills(self) -> None:
        self._undo.leave()
        self.page = Page("skills")

    # One goal: new, or changed

    def _editor(self) -> Iterable[Block]:
        goal, new, young = self._open_goal(), self.page.kind == "new", self.band == YOUNGEST
        wording = self._wording
        instead = self.bench.goals.get(self.page.instead) if self.page.instead else None
        if new:
            title = _("Something smaller") if instead else _("A new goal")
            lead = _("Small, soon, and your own.")
        else:
            title, lead = _("Change the goal"), _("Goals may change. Say why, so that you know later.")
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        head = _blocks.heading(title, lead="" if young else lead)
        parts: list[Block] = [self._read_aloud(head) if young else head]
        if instead:
            parts.append(
                _blocks.group(_blocks.note(_("Before"), look="quiet"), _blocks.quote(instead.words), look="list")
            )
        if young:
            parts += self._young_words(goal)
        else:
            parts += ([wording.area(self._name("area"))] if new else []) + self._words(goal, instead)
        if new or young:
            yield _blocks.group(*parts, look="card", name="goal")
        else:
            why = _blocks.text(
                self._name("why-changed"),
                _("Why do you change it?"),
                goal.why_changed if goal else "",
                lambda words: self._revise(why_changed=words.strip()),
                size="line",
            )
            yield _blocks.group(*parts, why, look="card", name="goal")
        done = _blocks.button("done", _("Put it on the board") if new else _("Done"), self._to_board, look="primary")
        if goal is None and not young:
            yield _blocks.note(_("It goes on the board as soon as it has words."), look="quiet")
        elif goal is not None:
            off = _blocks.button("remove", _("Take it off the board"), lambda: self._remove(goal), look="link")
            yield _blocks.group(off, done, look="foot")

    def _words(self, goal: Goal | None, instead: Goal | None) -> list[Block]:
        wording = self._wording
        words = _blocks.text(
            self._name("words"),
            wording.first(_("What will you try?")),
            goal.words if goal else "",
            self._say,
            options=[instead.words] if instead and goal is None else (),
            size="big",
            needed=True,
        )
        more = [wording.horizon(self._name("horizon"))]
        if not wording.asks_for("due"):
            more.append(wording.day(self._name("due")))
        more += wording.parent(self._name("parent"))
        more += wording.number(self._name("measure"), self._evidence)
        if goal:
            more += sharing(self.bench, goal, self._name("shared"), self.today)
        return [
            wording.doors(self._name("door")),
            *wording.examples(self._name("words")),
            words,
            *wording.advice(self._evidence),
            *wording.questions(self._name("asked")),
            *([wording.purpose(self._name("purpose"))] if goal and not wording.asks_for("purpose") else []),
            _blocks.group(*more, look="columns"),
        ]

    def _young_step(self) -> str:
        """One thing a screen: what it is about, then the words, then how big."""
        return "size" if self._open_goal() else "words" if self._wording.value("area") else "area"

    def _read_aloud(self, head: Block) -> Block:
        """The heading, with what the screen asks and offers to listen to."""
        areas = [one.name for one in goal_help.load(language()).areas]
        say = {"area": [_("What is it about?"), *areas], "words": [_("What will you try?"), *self._wording.shorts()]}
        sizes = [_("How big is it?"), _("For today"), _("This week"), _("A month or more")]
        return _blocks.group(head, _blocks.aloud(say.get(self._young_step(), sizes)), look="row")

    def _young_words(self, goal: Goal | None) -> list[Block]:
        wording = self._wording
        if goal is not None:
            return [_blocks.quote(goal.words, look="strong"), wording.horizon(self._name("horizon"), youngest=True)]
        if self._young_step() == "area":
            return [wording.area(self._name("area"), pictures=True)]
        own, ask = _("In your own words"), _("What will you try?")
        return [
            _blocks.choice(self._name("words"), ask, "", wording.shorts(), self._say, own=own),
            _blocks.button("area", _("About something else"), lambda: self._revise(area=""), look="link"),
        ]

    def _say(self, words: str) -> None:
        goal = self._open_goal()
        if goal is not None:
            self.bench.goals.revise(goal, words=words)
            return
        made = self.bench.goals.choose(self.learner, words, on=self.today, record=self.page.made, **self._waiting)
        self._waiting.clear()
        self.page = replace(self.page, goal=made.id)

    def _revise(self, **changes: Any) -> None:
        due_on = changes.get("due_on")
        if due_on is not None and due_on < self.today:
            raise BadInput(_("This day is past already."), _("Choose today or a later day."))
        goal = self._open_goal()
        if goal is None:
            self._waiting |= changes
        else:
            self.bench.goals.revise(goal, **changes)

    # Not yet

    def _not_yet(self, goal: Goal) -> Iterable[Block]:
        did, hard = _two(goal.learned)
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        parts = [
            _blocks.heading(_("Not yet"), lead=_("Now you know more about it than before.")),
            _blocks.quote(goal.words, look="strong"),
        ]
        ask = _("What made it hard?")
        hindered = [
            Option(_("It was too big"), picture="up"),
            Option(_("I had no time"), picture="time"),
            Option(_("I forgot it"), picture="look"),
            Option(_("I needed help"), picture="help"),
        ]
        if self.band == YOUNGEST:
            parts.append(
                _blocks.choice(self._name("hard"), ask, hard, hindered, lambda said: self._learn(goal, 1, said))
            )
        else:
            part = _("Which part did you do?")
            parts.append(
                _blocks.group(
                    _blocks.text(self._name("did"), part, did, lambda said: self._learn(goal, 0, said)),
                    _blocks.text(
                        self._name("hard"), ask, hard, lambda said: self._learn(goal, 1, said), options=hindered
                    ),
                    look="columns",
                )
            )
        parts += sharing(self.bench, goal, self._name("shared"), self.today)
        again = (goal.due_on or self.today) < self.today + _AGAIN
        turns = [
            _blocks.button("smaller", _("Something smaller"), lambda: self._smaller(goal), look="primary"),
            _blocks.button("same", _("The same, with more time") if again else _("The same"), lambda: self._same(goal)),
            _blocks.button("another", _("Another goal"), self._new),
        ]
        label = _("Same, smaller or another?")
        parts.append(_blocks.heading(label, level=3))
        parts.append(_blocks.group(*turns, look="row turns", name="turns", label=label))
        yield _blocks.group(*parts, look="card", name="not-yet")

    def _learn(self, goal: Goal, place: int, said: str) -> None:
        """What was learned of a goal not met: a line for each question."""
        lines = list(_two(self.bench.goals.get(goal).learned))
        lines[place] = " ".join(said.split())
        self.bench.goals.revise(goal, learned="\n".join(lines).rstrip())

    def _smaller(self, goal: Goal) -> None:
        """A new goal that takes up one not met."""
        self._start(instead=goal.id, area=goal.area, purpose=goal.purpose, parent=goal.id)

    def _same(self, goal: Goal) -> None:
        self.bench.goals.revise(goal, state=State.ACTIVE, due_on=days.school_day(self.today + _AGAIN))
        self._undo.did(_("It goes on, with a new day."), lambda: self.bench.goals.undo(goal))
        self._to_board()

    # Met

    def _met(self, goal: Goal) -> Iterable[Block]:
        celebrate = self._celebrates(goal)
        young = self.band == YOUNGEST
        yield _blocks.button("board", _("Back to my goals"), self._to_board, look="back")
        parts = [
            _blocks.group(Block("star"), _blocks.heading(_("You did it")), look="row"),
            _blocks.quote(goal.words, look="goal"),
        ]
        if not young:
            learned = _blocks.text(
                self._name("learned"),
                _("What did you learn? What helped?"),
                goal.learned,
                lambda words: self.bench.goals.revise(goal, learned=words.strip()),
            )
            parts.append(learned)
        ways = self._ways_to_celebrate()
        own = "" if young and celebrate in ("", *(one.words for one in ways)) else _("Or in your own words")
        parts.append(
            _blocks.choice(
                self._name("celebrate"),
                _("How do you celebrate?"),
                celebrate,
                ways,
                lambda words: self.bench.plans.shape(goal, celebrate=words.strip()),
                own=own,
            )
        )
        parts += sharing(self.bench, goal, self._name("shared"), self.today)
        yield _blocks.group(*parts, look="card met", name="met")
        again = _blocks.button("again", _("It is not done yet"), lambda: self._reopen(goal), look="link")
        done = _blocks.button("done", _("To my goals"), self._to_board, look="primary")
        yield _blocks.group(again, done, look="foot")

    def _celebrates(self, goal: Goal) -> str:
        """How to celebrate a goal: as was chosen for it, or for the one not met that it takes up."""
        chosen = self.bench.plans.of(goal).celebrate
        if chosen or not goal.parent:
            return chosen
        before = self.bench.goals.get(goal.parent)
        return self._celebrates(before) if before.state is State.NOT_YET else ""

    def _ways_to_celebrate(self) -> tuple[Option, ...]:
        """Those that the full conference offers, in the page's language."""
        asked = self.bench.conferences.protocol_named("full", self.band, language()).first("celebrate")
        return asked[1].options if asked else ()

    # What is done with a goal

    def _new(self) -> None:
        self._start()

    def _hang(self, goal: Goal) -> None:
        self._start(parent=goal.id, area=goal.area)

    def _start(self, *, instead: str = "", **waiting: Any) -> None:
        self._undo.leave()
        self._waiting = {name: value for name, value in waiting.items() if value}
        self._wording = self._words_for()
        self.page = Page("new", "", instead, uuid4().hex)

    def _change(self, goal: Goal) -> None:
        self._undo.leave()
        self._wording = self._words_for()
        self.page = Page("change", goal.id)

    def _is_met(self, goal: Goal) -> None:
        self._turn(goal, State.MET, _("“{words}” is a star now."))
        self.page = Page("met", goal.id)

    def _is_not_yet(self, goal: Goal) -> None:
        self._turn(goal, State.NOT_YET, _("“{words}” was not yet."))
        self.page = Page("not-yet", goal.id)

    def _turn(self, goal: Goal, state: State, said: str) -> None:
        self.bench.goals.revise(goal, state=state)
        self._undo.did(said.format(words=goal.words), lambda: self.bench.goals.revise(goal, state=goal.state))

    def _open_again(self, goal: Goal) -> None:
        self._undo.leave()
        self.page = Page("met" if goal.state is State.MET else "not-yet", goal.id)

    def _reopen(self, goal: Goal) -> None:
        self._turn(goal, State.ACTIVE, _("“{words}” goes on."))
        self._to_board()

    def _remove(self, goal: Goal) -> None:
        self.bench.goals.withdraw(goal)
        said = _("Taken off: {words}").format(words=goal.words)
        self._undo.did(said, lambda: self.bench.goals.undo(goal))
        self._to_board()

    def _drop_look(self, look: CheckIn) -> None:
        self.bench.progress.withdraw(look)
        self._undo.did(_("The check-in was taken back."), lambda: self.bench.progress.undo(look))

    def _to_board(self) -> None:
        self.page = BOARD

    def _open_goal(self) -> Goal | None:
        return self.bench.goals.get(self.page.goal) if self.page.goal else None

    def _words_for(self) -> Wording:
        return Wording(self.bench, self.learner.id, self.today, self._open_goal, self._revise, self._waiting)


def _active(goal: Goal | None) -> str | None:
    """The id of a goal that is still on the board."""
    return goal.id if goal is not None and goal.state is State.ACTIVE else None


def _spoken(asked: Iterable[Block]) -> Iterable[str]:
    """What a question and its choices say, whatever they are inside of."""
    for one in asked:
        if one.shown.get("options"):
            yield from (one.shown["label"], *(option["value"] for option in one.shown["options"]))
        yield from _spoken(one.inside)


def _two(learned: str) -> tuple[str, str]:
    """Which part was done, and what made it hard."""
    did, _newline, hard = learned.partition("\n")
    return did, hard


def _line(learned: str) -> str:
    return " · ".join(line for line in learned.split("\n") if line)
