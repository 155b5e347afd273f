"""The conference: its moves one after the other, and the agreement at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, partial
from typing import Any, Self
from typing import Protocol as Shape

from widgets.conference.agreed import agreements_of, as_agreed
from widgets.conference.agreement import agreement
from widgets.conference.ending import joy, onward
from widgets.conference.evidence import EvidenceSheet
from widgets.conference.notes import NotesSheet
from widgets.conference.reflection_form import ReflectionSheet
from widgets.conference.strengths_form import StrengthsSheet
from widgets.conference.work import WorkSheet
from widgets.goals.goal_form import GoalSheet
from widgets.goals.plan_form import PlanSheet
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.form import Form
from widgets.kit.late import earlier, held_back
from widgets.kit.records import answered, conference_of
from widgets.learner.ways import named
from workbench.bench import Workbench
from workbench.conferences.bookings import Kind, kind_of
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner

AGREEMENT = "agreement"
FULL = "full"
#: What prompts save that only the learner can say.
SAID = ("reflection", "strength", "need")


class Sheet(Shape):
    """Asks a protocol's prompts and keeps what they `save`."""

    @property
    def saves(self) -> tuple[str, ...]: ...

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]: ...


class ConferenceStepper(Form):
    """A conference from its first move to its agreement; opened again, it is where it was left.

    A move is one screen; for the youngest, a prompt is. `leave` is called by the link to another learner, which is
    there when it is given.

    >>> ConferenceStepper(bench, conference)
    """

    def __init__(
        self,
        bench: Workbench,
        conference: Conference | str,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        self.conference = conference_of(bench, conference)
        self.today = today or bench.today
        self.learner = bench.learners.get(self.conference.learner)
        self.at_end = self.conference.finished
        self.scribing = False  # an educator types what the learner says
        self._reads = bench.settings.of(self.learner).read_aloud
        self._at = ""  # the prompt the youngest are at
        self._agreed = False  # whether what the class agreed on is open
        self._leave = leave
        self._read(bench)
        self._resumed = self._is_at_a_later_move()  # until one goes anywhere
        super().__init__(
            bench,
            view=f"conference {self.conference.id}",
            earlier=earlier(bench, self.conference),
            band=self.conference.band,
            spoken=self.conference.language,
            **traits,
        )

    @classmethod
    def of(
        cls, bench: Workbench, learner: Learner | int, *, today: date | None = None, protocol: str = "", **more: Any
    ) -> Self:
        """The learner's open conference with a protocol, else the one finished today, or a new one.

        Without a `protocol` it is the newest under way that is no quick check, or a full one. The rest is as when made
        by hand.
        """
        day = today or bench.today
        with bench.sitting(cls.__name__):
            going = [one for one in bench.conferences.under_way(learner) if _is_of(one, protocol)]
            ended = [] if going else [one for one in bench.conferences.of(learner) if one.finished_on == day]
            done = [one for one in ended if _is_of(one, protocol)]
            if done:  # a page that comes back
                held = done[-1]
            else:
                wanted = protocol or (going[-1].protocol if going else FULL)
                held = bench.conferences.start(learner, on=day, protocol=wanted, language=bench.spoken)
            return cls(bench, held, today=day, **more)

    def _read(self, bench: Workbench) -> None:
        """Takes the conference's words, and makes the sheets that ask in them."""
        self.protocol = bench.conferences.protocol(self.conference)
        held, today, to_goal = self.conference, self.today, self._to_goal()
        sheets: tuple[Sheet, ...] = (
            EvidenceSheet(bench, held, today),
            WorkSheet(bench, held, showing=True),
            ReflectionSheet(bench, held, lambda: self.scribing),
            StrengthsSheet(bench, held, today),
            GoalSheet(bench, held, today, to_goal, lambda: self.scribing),
            PlanSheet(bench, held, today, to_goal, held.band),
        )
        self._sheets = {kind: sheet for sheet in sheets for kind in sheet.saves}
        self._notes = NotesSheet(bench, held, today)

    @property
    def move(self) -> Move:
        """The move one is at."""
        return next((one for one in self.protocol.moves if one.id == self.conference.move), self.protocol.moves[0])

    def go(self, move: str, prompt: str = "") -> None:
        """Goes to a move (its id) and one of its prompts, or to the agreement."""
        self.at_end = move == AGREEMENT
        self._at = prompt
        self._resumed = False
        if not self.at_end:
            self.conference = self.bench.conferences.go_to(self.conference, move)

    def finish(self) -> None:
        """Closes the conference."""
        self.conference = self.bench.conferences.finish(self.conference, on=self.today)
        self.at_end = True

    def reopen(self) -> None:
        """Takes `finish` back."""
        self.conference = self.bench.conferences.reopen(self.conference)
        self.at_end = len(self.protocol.moves) > 1

    def begin_another(self) -> None:
        """Goes on to a new conference of the kind; the finished one stays as it is."""
        held = self.conference
        self._hold(
            self.bench.conferences.start(
                self.learner, on=self.today, protocol=held.protocol, band=held.band, language=held.language
            )
        )

    def take(self, protocol: str) -> None:
        """Holds another kind of conference; one in which nothing was said yet is taken back."""
        if protocol == self.conference.protocol:
            return
        left, bench = self.conference, self.bench
        held = bench.conferences.start(
            self.learner, on=self.today, protocol=protocol, band=left.band, language=left.language
        )
        if not left.finished:
            bench.conferences.leave(left)
        self._hold(held)

    def _hold(self, conference: Conference) -> None:
        """From now on this page is of another conference, at its beginning."""
        self.conference = conference
        self.at_end, self._at = False, ""
        self.show(f"conference {conference.id}", earlier(self.bench, conference))
        self._read(self.bench)
        self._resumed = self._is_at_a_later_move()

    def speak(self, language: str) -> None:
        """Goes on in another language; a finished conference keeps the words it was held in."""
        super().speak(language)
        if not self.conference.finished:
            self.conference = self.bench.conferences.speak(self.conference, language)
            self._read(self.bench)

    def frame(self) -> dict[str, Any]:
        here = AGREEMENT if self.at_end else f"{self.move.id} {self._at}"
        key = f"{self.protocol.name} {here}{' finished' if self.conference.finished else ''}"
        return {"key": key, "stepper": True}

    def blocks(self) -> Iterable[Block]:
        self.conference = self.bench.conferences.get(self.conference)
        yield self._path()
        yield from self._notes.blocks()
        if self._agreed:
            yield as_agreed(agreements_of(self.bench, self.learner), aloud=self.band == YOUNGEST)
        if self.at_end:
            yield from self._end()
        else:
            if self._resumed:
                yield self._where_it_stopped()
            yield from self._here()

    def _is_at_a_later_move(self) -> bool:
        held = self.conference
        return not held.finished and held.move != self.protocol.moves[0].id

    def _where_it_stopped(self) -> Block:
        """Says that one is in the middle, and leads to the beginning."""
        first = self.protocol.moves[0].id
        begin = _blocks.button("begin", _("Go to the beginning"), partial(self.go, first), look="link")
        words = () if self.band == YOUNGEST else (_blocks.note(_("You go on where you stopped."), look="quiet"),)
        return _blocks.group(*words, begin, look="row")

    def late(self, vault: str) -> Form | None:
        """The form of an earlier conference, for what comes late to it."""
        held = held_back(self.bench, self.conference, vault)
        return ConferenceStepper(self.bench, held, today=self.today) if held is not None else None

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one that comes late may belong to another move.

        What a learner said of themselves is kept after the end too; what was agreed on then is not changed.
        """
        known = super().keep_for(name) or self._notes.keep_of(name)
        if known is not None:
            return known
        if name == "finish" and not self.conference.finished:
            return lambda _pressed: self.finish()
        return next(
            (
                keeps[name]
                for move in self.protocol.moves
                if name.startswith(f"{move.id}/")
                for prompt, some in self._asked(move)
                if prompt.saves in SAID or not self.conference.finished
                for keeps in [_blocks.group(*some).keeps()]
                if name in keeps
            ),
            None,
        )

    def _asked(self, move: Move) -> list[tuple[Prompt, tuple[Block, ...]]]:
        """The prompts of a move that have something to ask just now."""
        asked = [(prompt, self._sheets[prompt.saves].ask(move, prompt)) for prompt in move.prompts]
        return [(prompt, some) for prompt, some in asked if some]

    def _here(self) -> Iterable[Block]:
        move, asked = self.move, self._asked(self.move)
        if self.band == YOUNGEST:
            prompts = [prompt.id for prompt, _some in asked]
            place = prompts.index(self._at) if self._at in prompts else 0
            prompt, some = asked[place]
            title = _blocks.group(
                _blocks.heading(prompt.ask), _blocks.aloud([prompt.ask, *_blocks.spoken(*some)]), look="row"
            )
            yield _blocks.group(title, _blocks.group(*some, look="one"), look="card", name=f"{move.id}/")
            around = (prompts[place - 1] if place else "", prompts[place + 1] if place + 1 < len(prompts) else "")
        else:
            number = str(self.protocol.moves.index(move) + 1) if len(self.protocol.moves) > 1 else ""
            laid_out = _laid_out(asked)
            yield _blocks.group(
                _blocks.heading(move.title, number=number, lead=move.lead),
                _blocks.group(*(map(_blocks.read_out, laid_out) if self._reads else laid_out), look="columns"),
                look="card",
                name=f"{move.id}/",
            )
            around = ("", "")
        yield self._foot(self._back(move, around[0]), self._onward(move, around[1]))

    def _back(self, move: Move, prompt: str) -> Block:
        """The way to the screen before: another prompt of this move, or the last of the move before."""
        moves = self.protocol.moves
        place = moves.index(move)
        if prompt:
            return self._step("back", _("Back"), move, prompt, _("Back"))
        if not place:
            return _blocks.note("")
        before = moves[place - 1]
        last = self._asked(before)[-1:] if self.band == YOUNGEST else []
        says = _("Back to {move}").format(move=before.title)
        return self._step("back", _("Back"), before, last[0][0].id if last else "", says)

    def _onward(self, move: Move, prompt: str) -> Block:
        moves = self.protocol.moves
        after = moves[moves.index(move) + 1 :]
        if prompt:
            return self._step("on", _("Next"), move, prompt, _("Next"), look="primary")
        if after:
            says = _("Next: {move}").format(move=after[0].title)
            label = _("Next") if self.band == YOUNGEST else says
            return self._step(f"go/{after[0].id}", label, after[0], "", says, look="primary")
        if len(moves) == 1:
            return self._finishing()
        return _blocks.button(f"go/{AGREEMENT}", _("See our agreement"), lambda: self.go(AGREEMENT), look="primary")

    def _step(self, name: str, label: str, move: Move, prompt: str, says: str, *, look: str = "secondary") -> Block:
        return _blocks.button(
            name, label, lambda: self.go(move.id, prompt), look=look, says=says if says != label else ""
        )

    def _finishing(self) -> Block:
        missing = self.bench.conferences.missing(self.conference)
        if missing is not None and self.band == YOUNGEST and not self.at_end:
            move, prompt = missing
            return self._step("on", prompt.ask, move, prompt.id, prompt.ask, look="primary")
        return _blocks.button("finish", _("Finish the conference"), self.finish, look="primary")

    def _end(self) -> Iterable[Block]:
        if self.conference.finished:
            yield joy(self.learner, self.band)
            ways = tuple(onward(self.bench, self.learner, self.today))
            if ways:
                yield _blocks.group(*ways, look="row", name="onward")
        page = agreement(self.bench, self.conference, self.today, *self._to_goal())
        yield page
        printing = Block("print", shown={"label": _("Print the agreement")})
        if self.conference.finished:
            again = _blocks.button("again", _("Open again"), self.reopen, look="secondary")
            another = _blocks.button("another", _("Begin another one"), self.begin_another, look="link")
            yield _blocks.group(again, _blocks.group(another, printing, look="row"), look="foot")
        else:
            last = self.protocol.moves[-1]
            back = self._step("back", _("Back"), last, "", _("Back to {move}").format(move=last.title))
            yield self._foot(back, _blocks.group(printing, self._finishing(), look="row"))

    def _to_goal(self) -> tuple[Block, ...]:
        """The way to the goal, for where there is none yet."""
        asked = self.protocol.first("goal")
        if asked is None:
            return ()
        move, prompt = asked
        return (_blocks.button(f"to/{move.id}", move.title, lambda: self.go(move.id, prompt.id), look="secondary"),)

    def _foot(self, back: Block, onward: Block) -> Block:
        return _blocks.group(back, onward, look="foot")

    @cached_property
    def _symbol(self) -> str:
        """The learner's symbol, "" where there is none; another is chosen on another page."""
        found = self.bench.symbols.of(self.learner)
        return found.name if found else ""

    def _path(self) -> Block:
        moves = self.protocol.moves
        here = None if self.at_end else self.move
        done = answered(self.bench, self.conference, self.protocol)
        says = {"done": _("{move}: done"), "here": _("{move}: you are here"), "ahead": _("{move}: still to come")}
        steps: list[dict[str, Any]] = []
        for place, move in enumerate(moves):
            state = "here" if move is here else "done" if move.id in done else "ahead"
            if not steps or steps[-1]["step"] != move.step:
                steps.append({"step": move.step, "title": move.step_title, "moves": [], "here": False})
            steps[-1]["here"] |= state == "here"
            steps[-1]["moves"].append(
                {
                    "name": f"go/{move.id}",
                    "number": place + 1,
                    "title": move.title,
                    "state": state,
                    "says": says[state].format(move=move.title),
                }
            )
        buttons = tuple(
            _blocks.button(f"go/{move.id}", move.title, partial(self.go, move.id))
            for move in moves
            if not self.conference.finished
        )
        tools = tuple(self._tools())
        way = named(self.bench, self.learner)
        shown = {
            "label": _("The moves of this conference"),
            "who": self.learner.name,
            "way": way.drawn() if way else None,
            **_blocks.beside(self._symbol),
            "planned": self.protocol.minutes,
            "steps": steps if len(moves) > 1 else [],
            "closed": self.conference.finished,
            "tools": [one.drawn() for one in tools],
        }
        return Block("path", "path", shown, None, (*buttons, *tools))

    def _tools(self) -> Iterable[Block]:
        """Beside the name: the kind of conference, who types, and the way to another learner."""
        titles = self.bench.conferences.titles(self.band, self.spoken)
        titles[self.protocol.name] = self.protocol.title
        yield _blocks.select("protocol", _("Kind of conference"), self.protocol.name, titles, self.take)
        if not self.conference.finished:
            yield _blocks.button(
                "scribe",
                _("I type, {name} speaks").format(name=self.learner.call_name),
                self._change_hands,
                look="switch",
                pressed=self.scribing,
            )
        if agreements_of(self.bench, self.learner):
            yield _blocks.button("agreed", _("We agreed"), self._turn_agreed, look="switch", pressed=self._agreed)
        yield from self._notes.tool
        if self._leave:
            yield _blocks.button("leave", _("Choose another learner"), self._leave, look="back")

    def _turn_agreed(self) -> None:
        self._agreed = not self._agreed

    def _change_hands(self) -> None:
        self.scribing = not self.scribing


def _is_of(held: Conference, protocol: str) -> bool:
    """Whether a conference is one with a protocol; without one, whether it is no quick check."""
    return held.protocol == protocol if protocol else kind_of(held.protocol) is not Kind.QUICK


def _laid_out(asked: list[tuple[Prompt, tuple[Block, ...]]]) -> list[Block]:
    """A screen's blocks in order; what becomes of a goal and the next date are one decision, so they share a column."""
    said = {prompt.saves: some for prompt, some in asked}
    together = {"turn", "next"} if {"turn", "next"} <= set(said) else set()
    found: list[Block] = []
    for prompt, some in asked:
        if prompt.saves not in together:
            found.extend(some)
        elif prompt.saves == "turn":
            found.append(_blocks.group(*some, *said["next"], look="list"))
    return found
