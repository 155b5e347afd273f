"""An educator's notes beside a conference: closed until asked for, as the page is often on the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.undo import Undo
from widgets.learner.profile import at_a_glance
from widgets.worries.mark import WorryMark, answered
from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.notes import Note, Visibility
from workbench.ground.words import _


class NotesSheet:
    """The notes of a conference, for whoever may write them. `open` is changed by the page's button alone."""

    def __init__(self, bench: Workbench, conference: Conference, today: date) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today
        self.open = False
        self._worry = WorryMark(bench)
        self._answers = False  # whether the answers are open, to pass some on
        self._visibility = Visibility.EDUCATOR
        self._undo = Undo()

    @property
    def _educator(self) -> bool:
        """Whether whoever sits here reads what educators keep to themselves."""
        return self.bench.gate.may(Action.NOTES, self.conference.learner)

    @property
    def tool(self) -> tuple[Block, ...]:
        """The button that opens and closes them; nothing for a learner."""
        if not self._educator:
            return ()
        return (_blocks.button("notes", _("Notes and profile"), self._turn, look="switch", pressed=self.open),)

    def blocks(self) -> Iterable[Block]:
        """The notes while they are open."""
        if self.open and self._educator:
            yield _blocks.group(
                _blocks.note(_("Close them before the learner looks, unless they are for both."), look="quiet"),
                _blocks.choice("note.for", _("Who reads it?"), self._visibility, _seen_by(), self._choose, quiet=True),
                self._new(),
                *(self._item(one) for one in self.bench.notes.of(self.conference)),
                *self._undo.removed("note."),
                *self._passing_on(),
                look="card",
                name="note.all",
                label=_("Notes"),
            )
            yield _blocks.group(at_a_glance(self.bench, self.conference.learner), look="card", name="note.profile")

    def keep_of(self, name: str) -> Keep | None:
        """What keeps an answer of these notes that was sent after they were closed."""
        if not self._educator:
            return None
        new = self._new()
        return new.keep if name == new.name else self._worry.keep_of(name)

    def _new(self) -> Block:
        return _blocks.adder("note.new", _("A note"), self._write)

    def _passing_on(self) -> Iterable[Block]:
        """The answers of this conference, each with the mark: folded away even here, since a child sits beside."""
        said = [one for one in self.bench.reflections.every(self.conference) if not one.empty]
        if not said:
            return
        label = _("Answers, to share a concern about")
        turn = _blocks.button("note.answers", label, self._turn_answers, look="link", pressed=self._answers)
        yield _blocks.group(turn, look="row")
        if self._answers:
            learner = self.bench.learners.get(self.conference.learner)
            passed = self.bench.worries.passed_on(learner)
            for one in said:
                yield from answered(self._worry, one, passed, learner, self.today)

    def _turn_answers(self) -> None:
        self._answers = not self._answers
        self._worry.leave()

    def _item(self, note: Note) -> Block:
        other = next(one for one in Visibility if one is not note.visibility)
        name, seen = f"note.{note.id}", _seen_by()
        return _blocks.group(
            _blocks.quote(note.words, look="plain"),
            _blocks.button(
                f"{name}.for",
                seen[note.visibility],
                lambda: self.bench.notes.revise(note, visibility=other),
                look="tag",
                says=_("{words}: {here}. Change to: {there}").format(
                    words=note.words, here=seen[note.visibility], there=seen[other]
                ),
            ),
            _blocks.button(
                f"{name}.remove",
                _("Remove"),
                lambda: self._withdraw(note),
                look="link",
                says=_("Remove “{words}”").format(words=note.words),
            ),
            look="row",
            name=name,
        )

    def _turn(self) -> None:
        self.open = not self.open
        self._answers = False
        self._worry.leave()

    def _choose(self, visibility: str) -> None:
        self._visibility = Visibility(visibility)

    def _write(self, words: str) -> None:
        if words.strip() not in {one.words for one in self.bench.notes.of(self.conference)}:  # sent again, it is one
            self.bench.notes.write(self.conference, words, visibility=self._visibility)

    def _withdraw(self, note: Note) -> None:
        self.bench.notes.withdraw(note)
        self._undo.did(note.words, lambda: self.bench.notes.undo(note))


def _seen_by() -> dict[str, str]:
    return {Visibility.EDUCATOR: _("Educators"), Visibility.SHARED: _("Both of us")}
