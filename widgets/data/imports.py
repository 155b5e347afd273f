"""What files hold, would do, or did, as blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, table
from workbench.ground.words import _, ngettext
from workbench.importing import told
from workbench.importing.handover import Handover, said, some
from workbench.importing.outcome import FileOutcome, Import, Outcome
from workbench.importing.records import Problem

PROBLEMS_SHOWN = 200


def usable(file: FileOutcome) -> int:
    """The rows of a file that are (or would be) brought in."""
    return 0 if file.note else file.tally.events + file.tally.repeats


def rows(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")


def what_it_holds(outcome: Outcome) -> Iterable[Block]:
    """Each file before it is brought in: what it is, and what would come of it."""
    header = [_("File"), _("What it is"), _("Rows"), _("To bring in"), _("Could not be read"), _("Not needed")]
    lines = [
        [
            one.file,
            one.note or _(one.title),
            *_figures(one.tally.rows, usable(one), one.tally.left_out, one.tally.skipped + one.tally.blank),
        ]
        for one in outcome.files
    ]
    lines += [[one.file, one.why, *[""] * 4] for one in unopened(outcome)]
    yield table(_("What is in these files"), header, lines, numbers=(2, 3, 4, 5))
    yield from taken(outcome)
    yield from _passed_over(outcome)
    yield from _unread(outcome)
    if any(usable(one) for one in outcome.files):
        yield _blocks.note(_in_facts(outcome), look="quiet")


def what_became(outcome: Outcome) -> Iterable[Block]:
    """Each file after it was brought in, in numbers that add up."""
    yield _blocks.note(_done(outcome), look="done")
    header = [
        *(_("File"), _("Rows"), _("Read"), _("Could not be read"), _("Not needed")),
        *(_("New"), _("As before"), _("Changed")),
    ]
    lines = []
    for one in outcome.files:
        tally, counts = one.tally, one.counts
        used = (tally.rows, tally.events + tally.repeats, tally.left_out, tally.skipped + tally.blank)
        lines.append([one.file, *_figures(*used, counts.new, counts.same, counts.changed)])
    yield table(_("What became of each file"), header, lines, numbers=tuple(range(1, len(header))))
    words = _("New, as before and changed count single results and places in classes: a row may hold several.")
    yield _blocks.note(words, look="quiet")
    if repeats := outcome.tally.repeats:
        told_ = ngettext(
            "{count} row is of a test taken again in the same term; it is kept beside the first.",
            "{count} rows are of tests taken again in the same term; they are kept beside the first.",
            repeats,
        )
        yield _blocks.note(told_.format(count=f"{repeats:,}"), look="quiet")
    if outcome.counts.others:
        yield _blocks.note(_("Beside them: {facts}.").format(facts=_for_others(outcome)), look="quiet")
    yield from taken(outcome)
    yield from _passed_over(outcome)
    yield from _unread(outcome)


def not_read(files: Iterable[FileOutcome]) -> str:
    """The columns of some files that nobody asked for, in a sentence; "" when all were read."""
    columns = list(dict.fromkeys(column for one in files for column in one.unread))
    return _("Columns that are not read: {columns}").format(columns=some(columns)) if columns else ""


def unopened(outcome: Outcome) -> list[Problem]:
    """The files of which nothing could be read, each with why."""
    read = {one.file for one in outcome.files}
    return [one for one in outcome.problems if one.row is None and one.left_out and one.file not in read]


def taken(outcome: Outcome) -> Iterable[Block]:
    """What the rosters take from whom, and what of them is for later."""
    lines = list(told.taken(outcome))
    if lines:
        title = _blocks.heading(_("Classes and learners"))
        yield _blocks.group(title, *(_blocks.note(line) for line in lines), look="aside")


def going(import_: Import, takes: Handover) -> Iterable[Block]:
    """What goes when an import is taken back."""
    for line in said(takes):
        yield _blocks.note(line, look="amber")
    names = some([one.file for one in import_.files])
    count = ngettext("{count} entry goes with it: {files}.", "{count} entries go with it: {files}.", import_.facts)
    yield _blocks.note(count.format(count=f"{import_.facts:,}", files=names))
    yield _blocks.note(
        _("What learners and educators wrote stays. The import can be brought back from this list."), look="quiet"
    )


def coming_back(import_: Import, takes: Handover) -> Iterable[Block]:
    """What goes, and what comes, when an import is brought back."""
    for line in said(takes):
        yield _blocks.note(line, look="amber")
    names = some([one.file for one in import_.files])
    count = ngettext("{count} entry comes back: {files}.", "{count} entries come back: {files}.", import_.facts)
    yield _blocks.note(count.format(count=f"{import_.facts:,}", files=names))


def problems(found: tuple[Problem, ...]) -> Iterable[Block]:
    """What could not be read, with why and what to do, and the whole list to take away."""
    if not found:
        return
    count = ngettext("{count} problem", "{count} problems", len(found)).format(count=f"{len(found):,}")
    lines = [sentence(problem) for problem in found[:PROBLEMS_SHOWN]]
    yield table(count, [_("File"), _("Row"), _("Column"), _("Why"), _("What to do")], lines, numbers=(1,))
    parts = [Block("download", shown={"label": _("Download the list")})]
    if len(found) > PROBLEMS_SHOWN:
        words = _("The first {count} are shown; the list has all of them.").format(count=PROBLEMS_SHOWN)
        parts.append(_blocks.note(words, look="quiet"))
    yield _blocks.group(*parts, look="row")


def problem_list(found: Iterable[Problem]) -> dict[str, object]:
    """The problems as a file to download."""
    header = [_("File"), _("Row"), _("Column"), _("Value"), _("Why"), _("What to do")]
    lines = [[one.file, _row(one), one.column or "", one.value or "", _(one.reason), one.step] for one in found]
    return {"name": _("problems.csv"), "header": header, "rows": lines}


def sentence(problem: Problem) -> list[str]:
    """File, row, column, why and what to do, as cells."""
    return [problem.file, _row(problem), problem.column or "", problem.why, problem.step]


def _row(problem: Problem) -> str:
    return "" if problem.row is None else str(problem.row)


def _figures(*numbers: int) -> list[str]:
    return [f"{number:,}" for number in numbers]


def _passed_over(outcome: Outcome) -> Iterable[Block]:
    reasons: Counter[str] = Counter()
    for one in outcome.files:
        reasons.update(one.skipped)
    if reasons:
        said_ = [(rows(count), _(reason)) for reason, count in reasons.most_common()]
        yield _blocks.group(_blocks.heading(_("Rows that are not needed"), level=3), _blocks.facts(said_), look="part")


def _unread(outcome: Outcome) -> Iterable[Block]:
    unread = [(one.file, some(one.unread)) for one in outcome.files if one.unread]
    if unread:
        title = _blocks.heading(_("Columns that are not read"))
        yield _blocks.group(title, _blocks.facts(unread), look="part")


def _in_facts(outcome: Outcome) -> str:
    """What bringing the files in would change."""
    counts = outcome.counts
    said = [
        _("{count} new").format(count=f"{counts.new:,}"),
        _("{count} as before").format(count=f"{counts.same:,}"),
    ]
    if counts.changed:
        said.append(_("{count} changed").format(count=f"{counts.changed:,}"))
    if counts.others:
        said.append(_for_others(outcome))
    return _("In these rows: {facts}.").format(facts=", ".join(said))


def _for_others(outcome: Outcome) -> str:
    """The facts of learners who are not the actor's: whether they are new is not told."""
    count = outcome.counts.others
    return _("{count} of other learners in the school").format(count=f"{count:,}")


def _done(outcome: Outcome) -> str:
    if outcome.import_id is None:
        return _("These files were brought in before, so nothing changed.")
    count = sum(usable(one) for one in outcome.files)
    words = ngettext("{count} row is in.", "{count} rows are in.", count)
    if outcome.waiting:
        words = ngettext("{count} row was read.", "{count} rows were read.", count)
    words = words.format(count=f"{count:,}")
    left = outcome.tally.left_out
    if left:
        more = ngettext(
            "{count} row could not be read; see why below.", "{count} rows could not be read; see why below.", left
        )
        words = f"{words} {more.format(count=f'{left:,}')}"
    return words
