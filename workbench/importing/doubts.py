"""What a roster says that is more likely a mistake than meant: asked before anybody sees any of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from workbench.ground.errors import BadInput
from workbench.ground.terms import Term, is_far, school_year
from workbench.ground.words import _, ngettext
from workbench.importing.handover import Handover, all_said
from workbench.importing.records import Batch, Choice, Kind, Problem, Question

#: The names of the questions.
TERM, LEAVING = "term", "leaving"
ROWS_OUT, RIGHT, TODAYS = "leave the rows out", "it is right", "this school year"
#: An answer to any question: the file is left where it is.
LEAVE_OUT = "leave out"
_DATED = (Kind.ENROLMENTS, Kind.MEMBERSHIPS)


class FarTerms:
    """The terms of one file that begin over a year after the day `on`, treated as `answer` says; "": asked about."""

    def __init__(self, file: str, on: date, answer: str) -> None:
        self._file = file
        self._on = on
        self._answer = answer
        self._rows: Counter[str] = Counter()
        if answer and answer not in (ROWS_OUT, RIGHT, TODAYS):
            raise no_answer(file, answer, _("Which term do these rows mean?"), (ROWS_OUT, RIGHT, TODAYS))

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, where terms were met that nobody has said anything of."""
        if self._answer or not self._rows:
            return ()
        count = sum(self._rows.values())
        words = ngettext(
            "{count} row says {terms}, which is more than a year away. Which term does it mean?",
            "{count} rows say {terms}, which is more than a year away. Which term do they mean?",
            count,
        ).format(count=f"{count:,}", terms=", ".join(f"“{term}”" for term in self._rows))
        choices = (
            Choice(ROWS_OUT, _("Leave these rows out")),
            Choice(TODAYS, _("The same of this school year, {year}").format(year=school_year(self._on))),
            Choice(RIGHT, _("It is right as it stands")),
        )
        return (Question(self._file, TERM, words, choices),)

    def meant(self, term: str) -> str:
        """The term that is meant by one."""
        if self._answer != TODAYS or not is_far(term, self._on):
            return term
        return f"{Term.parse(term).season_name} {school_year(self._on)}".strip()

    def settle(self, batch: Batch) -> Batch:
        """The batch with its far terms as they are meant."""
        if not any(kind in batch.frames for kind in _DATED):
            return batch
        frames = dict(batch.frames)
        left_out: dict[int, str] = {}
        for kind in _DATED:
            frame = frames.get(kind)
            if frame is None or not len(frame):
                continue
            far = {term for term in frame["term"].unique() if is_far(term, self._on)}
            if not far:
                continue
            hit = frame["term"].isin(far)
            if kind is Kind.MEMBERSHIPS or Kind.MEMBERSHIPS not in frames:
                self._rows.update(frame.loc[hit].drop_duplicates("row")["term"].tolist())
            if self._answer == ROWS_OUT:
                left_out |= dict(zip(frame.loc[hit, "row"].tolist(), frame.loc[hit, "term"].tolist(), strict=True))
                frames[kind] = frame.loc[~hit]
            elif self._answer == TODAYS:
                meant = {term: self.meant(term) for term in far}
                frames[kind] = frame.assign(term=[meant.get(term, term) for term in frame["term"].tolist()])
        if not left_out:
            return replace(batch, frames=frames)
        tally = batch.tally
        return replace(
            batch,
            frames=frames,
            problems=(*batch.problems, *(self._problem(row, term) for row, term in sorted(left_out.items()))),
            tally=replace(tally, events=tally.events - len(left_out), left_out=tally.left_out + len(left_out)),
        )

    def _problem(self, row: int, term: str) -> Problem:
        reason = _("is a term more than a year away; the row was left out, as was asked for.")
        return Problem(self._file, row, None, term, reason, _("Correct the term and import the file again."))


def leaving(
    now: Handover, later: Sequence[tuple[date, Handover]], file: str, answers: Mapping[Any, str]
) -> tuple[Question, ...] | None:
    """The question whether what is taken is right, none where it is ordinary or was answered; None: it is not.

    The answer that it is names how many leave, so that it does not hold for another day's files.
    """
    asked = [one for one in (now, *(one for _day, one in later)) if one.asks]
    if not asked:
        return ()
    taken = sum(len(one.gone) + len(one.handed) + len(one.thinned) for one in asked)
    counts = {"learners": sum(one.learners for one in asked), "classes": taken}
    yes = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or RIGHT
    words = _("These files take learners or classes away. Is that right?")
    given = answers.get((file, LEAVING), answers.get(LEAVING, ""))
    if given == LEAVE_OUT:
        return None
    if given == yes:
        return ()
    question = Question(file, LEAVING, words, (Choice(yes, _("Yes, that is right")),), tuple(all_said(now, later)))
    if given and (file, LEAVING) not in answers:
        raise no_answer(file, given, words, (yes,))
    return (question,)


def no_answer(file: str, given: str, question: str, choices: tuple[str, ...]) -> BadInput:
    """That an answer is none of the choices."""
    return BadInput(
        _("{file}: “{given}” is no answer to “{question}”").format(file=file, given=given, question=question),
        _("It can be: {choices}.").format(choices=", ".join(choices)),
    )
