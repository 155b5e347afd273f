"""What an import did, or would do, in sentences: for a terminal, and for the text beside a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbench.ground.words import _, ngettext
from workbench.importing.handover import all_said, some
from workbench.importing.outcome import FileOutcome, Outcome


def of_file(one: FileOutcome, *, dry_run: bool = False) -> Iterator[str]:
    """The rows of a file as a sum that adds up, why rows were passed over, and what is new in it."""
    if one.note:
        yield one.note
        return
    tally, counts = one.tally, one.counts
    if tally.growth or tally.repeats:
        read = _("{events} test events ({growth} growth events) + {repeats} repeats kept apart")
    else:
        read = _("{events} read")
    parts = [read, _("{left_out} left out"), *([_("{skipped} passed over")] if tally.skipped else [])]
    parts += [_("{blank} blank")] if tally.blank else []
    numbers = {name: f"{getattr(tally, name):,}" for name in tally.__slots__}
    yield (_("{rows} rows = ") + " + ".join(parts)).format(**numbers)
    for reason, count in one.skipped.items():
        yield _("passed over: {reason} ({count})").format(reason=_(reason), count=f"{count:,}")
    if one.unread:
        yield _("columns that were not read: {columns}").format(columns=some(one.unread))
    if dry_run:
        told = _("facts: {new} would be new, {same} the same, {changed} changed")
    else:
        told = _("facts: {new} new, {same} the same, {changed} changed")
    if counts.others:
        told += _(", {others} for others in the school")
    yield told.format(**{name: f"{getattr(counts, name):,}" for name in counts.__slots__})


def in_all(outcome: Outcome, *, dry_run: bool = False) -> Iterator[str]:
    """The same of all files that were read, when there are several."""
    read = tuple(one for one in outcome.files if not one.note)
    if len(read) > 1:
        whole = replace(outcome, files=read)
        yield from of_file(FileOutcome("", "", whole.tally, whole.counts), dry_run=dry_run)


def taken(outcome: Outcome) -> Iterator[str]:
    """Of whom the rosters have to wait, what they take from whom, and what of them is for later."""
    if outcome.waiting:
        words = ngettext(
            "{count} learner of these files is in the school already and not in your classes. The name and class wait "
            "for an admin, who keeps the rosters: ask one to bring these files in.",
            "{count} learners of these files are in the school already and not in your classes. Their names and "
            "classes wait for an admin, who keeps the rosters: ask one to bring these files in.",
            outcome.waiting,
        )
        yield words.format(count=f"{outcome.waiting:,}")
    if outcome.handover is not None:
        if not outcome.handover.takes and not outcome.later:
            yield _("Nobody leaves a class or the school.")
        yield from all_said(outcome.handover, outcome.later)
    if outcome.coming:
        words = ngettext(
            "{count} class is of a term that has not begun: {names}. It is seen from then on; until then today’s stay.",
            "{count} classes are of a term that has not begun: {names}. They are seen from then on; until then today’s "
            "stay.",
            len(outcome.coming),
        )
        names = some([f"{name} ({year})" for name, year in outcome.coming])
        yield words.format(count=f"{len(outcome.coming):,}", names=names)


def at_the_end(outcome: Outcome, *, dry_run: bool = False) -> str:
    """What became of it all, and how to take it back."""
    if dry_run:
        return _("Nothing was kept: this was a dry run.")
    if outcome.import_id is None:
        return _("Nothing new was brought in.")
    said = _("Import {number} is in. To take it back: workbench import --undo {number}")
    return said.format(number=outcome.import_id)


def whole(outcome: Outcome) -> Iterator[str]:
    """All there is to say of an import, a line each."""
    for one in outcome.files:
        yield f"{one.file}: {one.title}" if one.title else one.file
        yield from (f"  {line}" for line in of_file(one))
    yield from in_all(outcome)
    yield from taken(outcome)
    yield at_the_end(outcome)
    if outcome.problems:
        said = ngettext("{count} problem:", "{count} problems:", len(outcome.problems))
        yield said.format(count=len(outcome.problems))
        yield from (f"  {problem}" for problem in outcome.problems)
