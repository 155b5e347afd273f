"""Get ready: a learner answers, one thing a screen, what the conference will ask, and rehearses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any, Self

from widgets.conference.agreed import agreements_of, as_agreed
from widgets.conference.evidence import EvidenceSheet
from widgets.conference.reflection_form import ReflectionSheet
from widgets.conference.stepper import ConferenceStepper
from widgets.conference.strengths_form import StrengthsSheet
from widgets.conference.work import WorkSheet
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.form import Form
from widgets.kit.late import earlier, held_back
from widgets.kit.records import conference_of
from widgets.kit.watch import Watch
from widgets.learner.flag_form import FlagSheet
from widgets.learner.profile import ProfileSheet
from widgets.learner.responses import said_back
from workbench.bench import Workbench
from workbench.classes.flags import Kind as Wish
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.conferences.strengths import Kind
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, speaking
from workbench.learners.learners import Learner

PROFILE, ASK, READY = "profile", "ask", "ready"
OFTEN = 2.0  # seconds between two looks whether a flag was seen


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: a prompt of a move, or one of `PROFILE`, `ASK` and `READY`, which are the form's own."""

    name: str
    title: str
    move: Move | None = None
    prompt: Prompt | None = None


class PrepareForm(Form):
    """A learner's own way to a conference. What is answered here stands in the conference already.

    >>> PrepareForm.of(bench, learner)
    """

    def __init__(
        self,
        bench: Workbench,
        conference: Conference | str,
        *,
        at: str = "",
        today: date | None = None,
        **traits: Any,
    ) -> None:
        self.conference = conference_of(bench, conference)
        self.today = today or bench.today
        self.learner = bench.learners.get(self.conference.learner)
        self._rehearsing = 0  # which line is said now, from 1; 0: not rehearsing
        self._flags = FlagSheet(bench, self.learner, self.conference.band, lambda: self.today)
        self._watch = Watch(self._look_out, self._apologise, every=OFTEN)
        self._profile = ProfileSheet(bench, self.learner.id, self.conference.band, self.today, within=True)
        self._asks_profile = self._profile.due  # for as long as the page is open
        self._read(bench)
        self.at = at or (READY if self.conference.prepared_on else self.screens[0].name)
        super().__init__(
            bench,
            view=f"conference {self.conference.id}",
            earlier=earlier(bench, self.conference),
            band=self.conference.band,
            spoken=self.conference.language,
            **traits,
        )
        self._watch.start()

    def close(self) -> None:
        self._watch.stop()
        super().close()

    @classmethod
    def of(cls, bench: Workbench, learner: Learner | int, *, today: date | None = None, **more: Any) -> Self:
        """The learner's open conference, or a new one, to get ready for; `at` names the screen to begin with."""
        day = today or bench.today
        with bench.sitting(cls.__name__):
            return cls(bench, bench.conferences.prepare(learner, on=day, language=bench.spoken), today=day, **more)

    def _read(self, bench: Workbench) -> None:
        """Takes the conference's words, and makes the sheets that ask in them."""
        self.protocol = bench.conferences.protocol(self.conference)
        reflections = ReflectionSheet(bench, self.conference)
        strengths = StrengthsSheet(bench, self.conference, self.today)
        work = WorkSheet(bench, self.conference)
        evidence = EvidenceSheet(bench, self.conference, self.today)
        self._sheets = {kind: sheet for sheet in (evidence, reflections, strengths, work) for kind in sheet.saves}
        with speaking(self.conference.language):
            self.screens = tuple(self._screens())

    def speak(self, language: str) -> None:
        """Goes on in another language."""
        super().speak(language)
        if not self.conference.finished:
            self.conference = self.bench.conferences.speak(self.conference, language)
            self._read(self.bench)

    def _screens(self) -> Iterable[Screen]:
        for move in self.protocol.moves:
            for prompt in move.prompts:
                if prompt.prepare and prompt.saves in self._sheets:
                    yield Screen(f"{move.id}/{prompt.id}", prompt.ask, move, prompt)
        if self._asks_profile:
            yield Screen(PROFILE, _("My profile"))
        young = self.conference.band == YOUNGEST
        yield Screen(ASK, _("I need") if young else _("Is there something you need?"))
        yield Screen(READY, _("You are ready"))

    @property
    def here(self) -> Screen:
        """The screen one is at."""
        return next((one for one in self.screens if one.name == self.at), self.screens[0])

    def go(self, name: str) -> None:
        """Goes to a screen."""
        self.at, self._rehearsing = name, 0
        self._profile.page = ""

    def ready(self) -> None:
        """Says "I am ready"."""
        self.conference = self.bench.conferences.ready(self.conference, on=self.today)

    def not_ready(self) -> None:
        """Takes it back."""
        self.conference = self.bench.conferences.ready(self.conference, on=None)

    def wish(self, kind: Wish) -> None:
        """Puts a flag up: for help, for a conference, or to show something."""
        self._flags.raise_(kind)

    def frame(self) -> dict[str, Any]:
        return {"key": f"{self.at} {self._rehearsing} {self._profile.key}"}

    def late(self, vault: str) -> Form | None:
        """The form of an earlier conference, for what comes late to it."""
        held = held_back(self.bench, self.conference, vault)
        return ConferenceStepper(self.bench, held, today=self.today) if held is not None else None

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one that comes late may belong to another screen."""
        known = super().keep_for(name)
        if known is not None:
            return known
        if name == READY and not self.conference.finished:
            return lambda _pressed: self.ready()
        if name.startswith("flag/"):
            return _blocks.group(*self._flags.blocks()).keeps().get(name)
        for screen in self.screens:
            if screen.prompt is not None and name.startswith(screen.name):
                return _blocks.group(*self._asked(screen)).keeps().get(name)
        return self._profile.keep_for(name)

    def blocks(self) -> Iterable[Block]:
        self.conference = self.bench.conferences.get(self.conference)
        if self.conference.finished:
            words = _("Your conference is over. The next one can be prepared when it comes.")
            yield _blocks.empty(_("Well done, {name}").format(name=self.learner.call_name), words)
            return
        here = self.here
        yield self._trail()
        yield from said_back(self.bench, self.learner, self.band, self.today)
        if here.name == READY:
            yield from self._ready()
        elif here.name == PROFILE:
            yield from self._profile.blocks()
            if not self._profile.page:
                yield self._foot()
        elif here.name == ASK:
            yield _blocks.group(*self._ask(), look="card", name=ASK)
            yield self._foot()
        else:
            asked = _blocks.group(*self._asked(here), look="one")
            aloud = _blocks.aloud([here.title, *_blocks.spoken(asked)])
            title = _blocks.group(_blocks.heading(here.title), aloud, look="row")
            yield _blocks.group(title, asked, look="card", name=f"screen {here.name}")
            yield self._foot()

    def _asked(self, screen: Screen) -> tuple[Block, ...]:
        assert screen.move is not None  # noqa: S101 (a screen with a prompt has its move)
        assert screen.prompt is not None  # noqa: S101
        return self._sheets[screen.prompt.saves].ask(screen.move, screen.prompt)

    @cached_property
    def _symbol(self) -> str:
        """The learner's symbol, "" where there is none; another is chosen on another page."""
        found = self.bench.symbols.of(self.learner)
        return found.name if found else ""

    def _trail(self) -> Block:
        """Where one is on the way, a dot a screen."""
        place = self.screens.index(self.here)
        answered = self._answered()
        dots, buttons = [], []
        says = {"here": _("{title}: you are here"), "done": _("{title}: done"), "ahead": _("{title}: still to come")}
        for number, one in enumerate(self.screens):
            state = "here" if number == place else "done" if one.name in answered else "ahead"
            name = f"to/{one.name}"
            dots.append({"name": name, "state": state, "says": says[state].format(title=one.title)})
            buttons.append(_blocks.button(name, one.title, partial(self.go, one.name)))
        said = _("{name}, screen {n} of {of}").format(name=self.learner.call_name, n=place + 1, of=len(self.screens))
        who = {"who": self.learner.call_name, **_blocks.beside(self._symbol)}
        return Block("trail", "trail", {"label": said, "dots": dots, **who}, None, tuple(buttons))

    def _answered(self) -> frozenset[str]:
        said = {f"{move}/{prompt}" for (move, prompt), one in self._reflections().items() if not one.empty}
        named: set[str] = {one.kind for one in self.bench.strengths.of(self.conference)}
        if self._work():
            named.add("work")
        found = {
            one.name
            for one in self.screens
            if one.name in said or (one.prompt is not None and one.prompt.saves in named)
        }
        if self.conference.prepared_on:
            found.add(READY)
        if self._flags.up:
            found.add(ASK)
        if not self._profile.due:
            found.add(PROFILE)
        return frozenset(found)

    def _reflections(self) -> dict[tuple[str, str], Any]:
        return dict(self.bench.reflections.of(self.conference))

    def _work(self) -> list[str]:
        """The captions of what was picked to be shown."""
        known = self.bench.artifacts.of(self.learner)
        return [one.caption for one in known if one.belongs_to == self.conference.id]

    def _foot(self) -> Block:
        place = self.screens.index(self.here)
        back = (
            _blocks.button("back", _("Back"), partial(self.go, self.screens[place - 1].name), look="secondary")
            if place
            else _blocks.note("")
        )
        after = self.screens[place + 1]
        says = _("Next: {title}").format(title=after.title)
        on = _blocks.button("on", _("Next"), partial(self.go, after.name), look="primary", says=says)
        return _blocks.group(back, on, look="foot")

    # Asking for something

    def _ask(self) -> Iterable[Block]:
        title = _blocks.heading(self.here.title)
        yield _blocks.group(title, _blocks.aloud([self.here.title, *self._flags.spoken()]), look="row")
        yield from self._flags.blocks()

    def _look_out(self) -> None:
        """Draws afresh when a flag was seen or answered."""
        if self._flags.changed():
            self.refresh()

    # What one will say

    def _lines(self) -> list[tuple[str, str]]:
        """Question and answer of what was prepared, in order."""
        said = self._reflections()
        found = self.bench.strengths.of(self.conference)
        lines = []
        for one in self.screens:
            if one.move is None or one.prompt is None:
                continue
            if one.prompt.saves in ("strength", "need"):
                words = ", ".join(each.words for each in found if each.kind is Kind(one.prompt.saves))
            elif one.prompt.saves == "work":
                words = ", ".join(self._work())
            else:
                answer = said.get((one.move.id, one.prompt.id))
                words = ". ".join(filter(None, (answer.choice, answer.words))) if answer else ""
            if words:
                lines.append((one.title, words))
        return lines

    def _ready(self) -> Iterable[Block]:
        lines = self._lines()
        if not lines:
            first = self.screens[0].name
            start = _blocks.button("start", _("Begin"), partial(self.go, first), look="primary")
            words = "" if self._young else _("Answer one question or more, and your words stand here.")
            yield _blocks.empty(self._will_say(), words, start)
            return
        if self._rehearsing:
            yield from self._rehearse(lines)
            return
        if self.conference.prepared_on:
            yield self._done()
        lead = "" if self._young else _("Say it aloud once: to a friend, to yourself.")
        title = _blocks.heading(self._will_say(), lead=lead, level=3 if self.conference.prepared_on else 2)
        rows = [_blocks.group(*self._pictured(lines), look="one")] if self._young else self._in_words(lines)
        top = _blocks.group(title, _blocks.aloud([words for _question, words in lines]), look="row")
        yield _blocks.group(top, *rows, look="card", name=READY)
        agreements = agreements_of(self.bench, self.learner)
        if agreements:
            yield as_agreed(agreements, aloud=self.band == YOUNGEST)
        rehearse = _blocks.button("rehearse", _("Rehearse"), partial(self._say_line, 1), look="secondary")
        if self.conference.prepared_on:
            undo = _blocks.button("not ready", _("I want to change something"), self.not_ready, look="link")
            yield _blocks.group(undo, rehearse, look="foot")
        else:
            back = _blocks.button("back", _("Back"), partial(self.go, self.screens[-2].name), look="secondary")
            done = _blocks.button("ready", _("I am ready"), self.ready, look="primary")
            yield _blocks.group(back, _blocks.group(rehearse, done, look="row"), look="foot")

    @property
    def _young(self) -> bool:
        return self.band == YOUNGEST

    def _will_say(self) -> str:
        return _("I will say") if self._young else _("This is what you will say")

    def _done(self) -> Block:
        """That one is ready, and what comes of it."""
        name = self.learner.call_name
        lead = "" if self._young else _("Your words will be there when you sit down together.")
        ready = _blocks.heading(_("You are ready, {name}!").format(name=name), lead=lead)
        return _blocks.group(Block("star"), ready, look="card cheer", name="cheer")

    def _in_words(self, lines: list[tuple[str, str]]) -> list[Block]:
        return [
            _blocks.group(_blocks.note(question, look="quiet"), _blocks.quote(words), look="item", name=f"line/{place}")
            for place, (question, words) in enumerate(lines)
        ]

    def _pictured(self, lines: list[tuple[str, str]]) -> Iterable[Block]:
        """What one will say as the pictures that were picked, which say it; words of one's own stand as they are."""
        pictures = {option.words: option.picture for one in self.protocol.prompts for option in one.options}
        rows = []
        for question, words in lines:
            found = [pictures[one] for one in words.split(", ") if pictures.get(one)]
            rows.append((found[0] if found else "speech", "", f"{question}. {words}"))
        yield _blocks.told(rows)

    def _say_line(self, number: int) -> None:
        self._rehearsing = number

    def _rehearse(self, lines: list[tuple[str, str]]) -> Iterable[Block]:
        """One line at a time, as large as it will be said."""
        number = min(self._rehearsing, len(lines))
        question, words = lines[number - 1]
        count = _("{n} of {of}").format(n=number, of=len(lines))
        yield _blocks.group(
            _blocks.group(_blocks.heading(question, lead=count), _blocks.aloud([words]), look="row"),
            _blocks.quote(words, look="goal"),
            look="card",
            name=f"rehearse {number}",
        )
        stop = _blocks.button("stop", _("Stop"), partial(self._say_line, 0), look="secondary")
        last = number == len(lines)
        after = partial(self._say_line, 0 if last else number + 1)
        on = _blocks.button("said", _("Done") if last else _("I said it"), after, look="primary")
        yield _blocks.group(stop, on, look="foot")
