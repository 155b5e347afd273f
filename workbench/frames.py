"""Tables for analysts: what the actor may see, as pandas frames.

frames.evidence(bench, of="4B")
frames.goals(bench)

A row carries the learner's number, never a name; `learners` tells who is who.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_type_hints

from workbench.conferences.conferences import Conference
from workbench.conferences.reflections import Reflection
from workbench.conferences.strengths import Finding
from workbench.evidence.evidence import Evidence
from workbench.goals.goals import Goal
from workbench.goals.progress import CheckIn
from workbench.learners.learners import Learner

if TYPE_CHECKING:
    import pandas as pd

    from workbench.bench import Workbench


def learners(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """The learners of a class, or all, with their names."""
    return _frame(Learner, _among(bench, of)).set_index("id")


def evidence(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """Every current fact, a row each."""
    return _frame(Evidence, bench.evidence.of_each(_among(bench, of)))


def conferences(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """Conferences as they stand."""
    return _of_each(bench, of, Conference, bench.conferences.of)


def reflections(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """What learners answered."""
    return _of_each(bench, of, Reflection, bench.reflections.of_learner)


def findings(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """Strengths and needs."""
    return _of_each(bench, of, Finding, bench.strengths.of_learner)


def goals(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """Goals as they stand."""
    return _of_each(bench, of, Goal, bench.goals.of_learner)


def check_ins(bench: Workbench, *, of: str | None = None) -> pd.DataFrame:
    """Check-ins of every goal."""
    return _frame(
        CheckIn,
        (
            one
            for learner in _among(bench, of)
            for goal in bench.goals.of_learner(learner)
            for one in bench.progress.of(goal)
        ),
    )


def _among(bench: Workbench, of: str | None) -> Sequence[Learner]:
    return bench.learners.in_class(of) if of is not None else bench.learners.all()


def _of_each(bench: Workbench, of: str | None, kind: type, read: Callable[[Learner], Iterable[Any]]) -> pd.DataFrame:
    return _frame(kind, (one for learner in _among(bench, of) for one in read(learner)))


def _frame(kind: type, values: Iterable[Any]) -> pd.DataFrame:
    """Values of one kind as a frame; dates become datetimes, enums their text."""
    import pandas as pd

    names, hints = [one.name for one in fields(kind)], get_type_hints(kind)
    frame = pd.DataFrame([[getattr(one, name) for name in names] for one in values], columns=names)
    for name in names:
        if name.endswith("_on") or name == "birth_date":
            frame[name] = pd.to_datetime(frame[name])
        elif isinstance(hints[name], type) and issubclass(hints[name], StrEnum):
            frame[name] = frame[name].astype(str)
    return frame
