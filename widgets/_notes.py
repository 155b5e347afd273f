"""An educator's notes beside a conference: closed until asked for, as the page is often on the board."""

from __future__ import annotations

from collections.abc import Iterable

from widgets import _blocks
from widgets._blocks import Block
from workbench.access import reads_educators_notes
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.notes import Note, Visibility
from workbench.words import _


class NotesSheet:
    """The notes of a conference, for whoever may write them. `open` is changed by the page's button alone."""

    def __init__(self, bench: Workbench, conference: Conference) -> None:
        self.bench = bench
        self.conference = conference
        self.open = False
        self._visibility = Visibility.EDUCATOR
        self._removed: Note | None = None

    @property
    def tool(self) -> tuple[Block, ...]:
        """The button that opens and closes them; nothing for a learner."""
        if not reads_educators_notes(self.bench.actor):
            return ()
        return (_blocks.button("notes", _("Notes"), self._turn, look="switch", pressed=self.open),)

    def blocks(self) -> Iterable[Block]:
        """The notes while they are open."""
        if self.open and reads_educators_notes(self.bench.actor):
            yield _blocks.group(
                _blocks.heading(
                    _("Notes"), lead=_("Close them before the learner looks, unless they are for both."), level=3
                ),
                _blocks.choice("note.for", _("Who reads it?"), self._visibility, _seen_by(), self._choose, quiet=True),
                _blocks.adder("note.new", _("A note"), self._write),
                *(self._item(one) for one in self.bench.notes.of(self.conference)),
                *self._undo(),
                look="card",
                name="note.all",
            )

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

    def _undo(self) -> Iterable[Block]:
        if self._removed is not None:
            yield _blocks.group(
                _blocks.note(_("Removed: {words}").format(words=self._removed.words), look="quiet"),
                _blocks.button("note.undo", _("Put it back"), self._restore, look="link"),
                look="row",
                name="note.removed",
            )

    def _turn(self) -> None:
        self.open = not self.open

    def _choose(self, visibility: str) -> None:
        self._visibility = Visibility(visibility)

    def _write(self, words: str) -> None:
        if words.strip() not in {one.words for one in self.bench.notes.of(self.conference)}:  # sent again, it is one
            self.bench.notes.write(self.conference, words, visibility=self._visibility)

    def _withdraw(self, note: Note) -> None:
        self.bench.notes.withdraw(note)
        self._removed = note

    def _restore(self) -> None:
        if self._removed is not None:
            self.bench.notes.undo(self._removed)
        self._removed = None


def _seen_by() -> dict[str, str]:
    return {Visibility.EDUCATOR: _("Educators"), Visibility.SHARED: _("Both of us")}
