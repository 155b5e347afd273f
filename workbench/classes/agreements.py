"""What a class agreed on: what to try before asking, when conferences are, how one works meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks, no_learner
from workbench.facet import Facet, moment
from workbench.ground.days import FRIDAY, MONDAY
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _
from workbench.learners.learners import SchoolClass, class_number

#: Full conferences that one educator holds a week beside teaching: five to seven (product.md).
USUAL_A_WEEK = 6
MOST_A_WEEK = 40
#: Within so long, one person's changes are one.
SITTING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ClassSettings:
    """What one class agreed on.

    `three_before_me`: what to try before asking an adult. `conference_days` and `catch_up_day` (None: there is none)
    are weekdays, Monday 0. `formal_a_week`: full conferences planned a week. `agreements`: how one works while others
    talk. `projections`: whether learners are shown what is expected of them by spring, which the school allows first.
    `bell`: whether a flag that rises is heard while the page is board-safe.
    """

    three_before_me: tuple[str, ...]
    conference_days: tuple[int, ...] = (0, 1, 2, 3)
    catch_up_day: int | None = FRIDAY
    formal_a_week: int = USUAL_A_WEEK
    agreements: tuple[str, ...] = ()
    projections: bool = False
    bell: bool = False


NAMES = tuple(field.name for field in fields(ClassSettings))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a class agreed on of one name, from `at` on; `by` is whose hand it was."""

    value: Any
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, repr=False)
class Classes(Facet):
    """`bench.classes`: what each class agreed on; changed by its educators."""

    @property
    def projections_allowed(self) -> bool:
        """Whether the school lets classes show learners what is expected of them (workbench.toml)."""
        return self.desk.workspace.projections

    @no_learner
    def of(self, class_: SchoolClass | int) -> ClassSettings:
        """What a class agreed on, the usual where it did not yet."""
        return self._agreed(class_number(class_))

    @asks(Action.MEET)
    def of_learner(self, learner: LearnerId) -> ClassSettings:
        """What the learner's class agreed on, of several classes what was agreed last; the usual for one in none."""
        return self._agreed(*{row["class_id"] for row in self.store.roster.memberships([learner], as_of=self.as_of)})

    @no_learner
    def choose(self, class_: SchoolClass | int, /, **changes: Any) -> ClassSettings:
        """Changes some of `NAMES`; each change can be undone.

        Raises NotAllowed for whoever does not teach the class, BadInput for days that cannot be and for projections
        that the school does not allow, TypeError for another name.
        """
        unknown = set(changes) - set(NAMES)
        if unknown:
            raise TypeError(f"a class has no {', '.join(sorted(unknown))}")
        self._permit(class_, "Classes.choose")
        if changes.get("projections") and not self.projections_allowed:
            raise BadInput(
                _("The school has not switched this on."),
                _("The office can do it in workbench.toml, under [learners]: projections = true."),
            )
        tidied = _tidied(self.of(class_), changes)
        for name, value in tidied.items():
            self.store.journal.set_of_class(class_number(class_), name, value, by=self.by, at=self.clock())
        return self.of(class_)

    @no_learner
    def undo(self, class_: SchoolClass | int, name: str) -> ClassSettings:
        """Takes the newest change of one of `NAMES` back."""
        self._permit(class_, "Classes.undo")
        self.store.journal.undo_of_class(class_number(class_), name, by=self.by, at=self.clock())
        return self.of(class_)

    @no_learner
    def history(self, class_: SchoolClass | int, name: str) -> tuple[Agreed, ...]:
        """What a class agreed on of one of `NAMES` so far, the newest first.

        What one person changed several times within `SITTING` is told as it was in the end.
        """
        told: list[Agreed] = []
        for row in self.store.journal.history_of_class(class_number(class_), name, as_of=self.as_of):
            value = row["value"][0] if row["value"] else getattr(ClassSettings(usual_three()), name)
            here = Agreed(tuple(value) if isinstance(value, list) else value, moment(row["at"]), row["by"])
            if told and told[-1].by == here.by and here.at - told[-1].at <= SITTING:
                told.pop()
            told.append(here)
        return tuple(reversed(told))

    def _agreed(self, *class_ids: int) -> ClassSettings:
        agreed = self.store.journal.of_class(*class_ids, as_of=self.as_of)
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in agreed.items()
        }
        settings = replace(ClassSettings(usual_three()), **known)
        return replace(settings, projections=settings.projections and self.projections_allowed)

    def _permit(self, class_: SchoolClass | int, what: str) -> None:
        rows = self.store.roster.classes([class_number(class_)])
        if not rows:
            raise NotFound(_("There is no such class now."), _("Choose one of the classes of this school year."))
        self.gate.permit_here(Action.ARRANGE, what, self.gate.to_class(rows[0]["educators"]))


def usual_three() -> tuple[str, ...]:
    """What to try before asking an adult, until the class wrote its own."""
    return (
        _("I read it again, slowly"),
        _("I looked at our charts, my notes or an example"),
        _("I asked a classmate"),
    )


def _tidied(known: ClassSettings, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as they are kept: texts without blanks, days in order."""
    tidied = dict(changes)
    for name in ("three_before_me", "agreements"):
        if name in tidied:
            tidied[name] = _texts(tidied[name])
    if "conference_days" in tidied:
        tidied["conference_days"] = sorted(set(tidied["conference_days"]))
    days = tidied.get("conference_days", list(known.conference_days))
    catch_up = tidied.get("catch_up_day", known.catch_up_day)
    if not days or any(day not in range(MONDAY, 7) for day in (*days, *([] if catch_up is None else [catch_up]))):
        raise BadInput(_("Conferences need at least one day of the week."), _("Choose the days again."))
    if catch_up in days:
        raise BadInput(
            _("The catch-up day is kept free, so it cannot be a conference day too."), _("Choose another day for one.")
        )
    if not 1 <= tidied.get("formal_a_week", USUAL_A_WEEK) <= MOST_A_WEEK:
        raise BadInput(
            _("From 1 to {most} full conferences a week can be planned.").format(most=MOST_A_WEEK),
            _("Five to seven are usual."),
        )
    return tidied


def _texts(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
