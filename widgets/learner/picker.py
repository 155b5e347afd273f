"""Choosing a learner: a class, then a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import ipywidgets as ipw
import traitlets

from widgets.kit import blocks as _blocks
from widgets.kit.base import error_boundary
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner, SchoolClass, class_labels


class Chooser(Form):
    """A form that one chooses a learner in: `learner`, or None."""

    says_saved = False
    learner = traitlets.Instance(Learner, allow_none=True)

    def choose(self, learner: Learner | None) -> None:
        """Chooses a learner; None opens the list again."""
        self.learner = learner

    def then(self, show: Callable[..., ipw.Widget]) -> ipw.VBox:
        """This form, and instead of it what `show(bench, learner, leave=…)` makes of the learner chosen.

        `leave` opens the list again.
        """
        box = ipw.VBox([self])

        def follow(_change: object) -> None:
            old = [one for one in box.children if one is not self]
            chosen = self.learner
            box.children = (self,) if chosen is None else (show(self.bench, chosen, leave=self._leave),)
            for one in old:
                one.close()

        def guarded(change: object) -> None:
            with error_boundary(self._apologise):
                follow(change)

        self.observe(guarded, names="learner")
        if self.learner is not None:
            guarded(None)
        return box

    def _leave(self) -> None:
        self.choose(None)
        self.refresh()


class LearnerPicker(Chooser):
    """The learners whom the actor may sit down with. `learner` is the one chosen, or None.

    >>> picker = LearnerPicker(bench)
    >>> picker.then(ConferenceStepper.of)  # and below it the stepper of whoever is chosen
    """

    def __init__(self, bench: Workbench, on_choose: Callable[[Learner], object] | None = None, **traits: Any) -> None:
        self._on_choose = on_choose
        self._replaced = False
        self._classes = {str(one.id): one for one in classes_of(bench)}
        self._class = next(iter(self._classes)) if len(self._classes) == 1 or _is_own(bench, self._classes) else ""
        super().__init__(bench, view="picker", **traits)

    def choose(self, learner: Learner | None) -> None:
        super().choose(learner)
        if learner is not None and self._on_choose is not None:
            self._on_choose(learner)

    def then(self, show: Callable[..., ipw.Widget]) -> ipw.VBox:
        self._replaced = True
        return super().then(show)

    def frame(self) -> dict[str, Any]:
        return {"key": "chosen" if self.learner else f"class {self._class}"}

    def blocks(self) -> Iterable[Block]:
        if self.learner is not None and not self._replaced:
            yield _blocks.note(self.learner.name)
            yield _blocks.button("another", _("Choose another learner"), lambda: self.choose(None), look="back")
            return
        if not self._classes:
            yield nobody(self.bench)
            return
        learners = self._learners()
        title = _blocks.heading(_("Who is it with?"))
        chooser = _blocks.select(
            "class",
            _("Class"),
            self._class,
            {"": _("Choose a class"), **class_labels(self._classes.values())},
            self._change_class,
        )
        finders = [chooser] if len(self._classes) > 1 else []
        if learners:
            finders.append(Block("search", "search", {"label": _("Search by name")}))
        people = (self._list(learners),) if self._class else ()
        yield _blocks.group(title, _blocks.group(*finders, look="columns"), *people, look="card")

    def _learners(self) -> tuple[Learner, ...]:
        return self.bench.learners.in_class(self._classes[self._class]) if self._class else ()

    def _change_class(self, number: str) -> None:
        self._class = number if number in self._classes else ""

    def _list(self, learners: tuple[Learner, ...]) -> Block:
        rows, buttons = [], []
        under_way = {conference.learner for conference in self.bench.conferences.unfinished()}
        for one in learners:
            label = _("Continue") if one.id in under_way else ""
            name = f"learner/{one.id}"
            rows.append({"name": name, "label": one.name, "mark": label})
            buttons.append(_blocks.button(name, one.name, partial(self.choose, one)))
        count = ngettext("{count} learner", "{count} learners", len(rows)).format(count=len(rows))
        shown = {"label": count, "rows": rows}
        return Block("people", "people", shown, None, tuple(buttons))


def classes_of(bench: Workbench) -> list[SchoolClass]:
    """The classes the actor works with: all of them for the office, their own for a teacher."""
    known = bench.learners.classes()
    if bench.gate.sees_everybody:
        return list(known)
    return [one for one in known if bench.actor.code in dict(one.educators)]


def nobody(bench: Workbench) -> Block:
    """What stands where there is no class to choose from."""
    if not bench.gate.may_here(Action.IMPORT):
        return _blocks.empty(_("This page is for teachers"), _("Open your own page from the link you were given."))
    return _blocks.empty(
        _("Your learners will be here"), _("Bring in a class list or the school’s exports first: open Data.")
    )


def _is_own(bench: Workbench, classes: dict[str, SchoolClass]) -> bool:
    return bench.gate.teaches and bool(classes)
