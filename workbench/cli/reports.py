"""`workbench report`: a report notebook for each learner."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import (
    WITH_PROBLEMS,
    ActorOption,
    DbOption,
    Place,
    WorkspaceOption,
    bench_of,
    console,
    errors,
    escape,
    leave,
    progress,
)
from workbench.ground.errors import BadInput
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.batch import Outcome


def report(
    name: Annotated[str, typer.Argument(help="The report, such as learner_report.")],
    class_: Annotated[str | None, typer.Option("--class", help="For every learner of this class.")] = None,
    learner: Annotated[str | None, typer.Option(help="For this learner: the school’s id, or the name.")] = None,
    school: Annotated[str | None, typer.Option(help="For every learner of this school.")] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder to write to. Default: the workspace’s out folder.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports made at the same time. Default: one a core.")] = None,
    format_: Annotated[str, typer.Option("--format", help="html, pdf, ipynb, or several: html,pdf.")] = "html",
    paper: Annotated[str, typer.Option(help="Of a PDF: letter or a4. Default: as workbench.toml says.")] = "",
    one_file: Annotated[
        bool, typer.Option("--one-file", help="Also one PDF of each class, for the printer, with a sheet to tick.")
    ] = False,
    due: Annotated[
        int | None, typer.Option(min=0, help="Only for whom a conference is booked today or in so many days.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter of the report, as name=value; may be repeated.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make every report anew, also one that is up to date.")
    ] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Run a report for a learner, a class or a school.

    What is up to date is left as it is, so a run that was stopped goes on where it was.
    """
    whom = {key: value for key, value in (("of", class_), ("learner", learner), ("school", school)) if value}
    if len(whom) != 1:
        raise BadInput(_("Say for whom: one of --class, --learner or --school."), _("For example --class 4B."))
    formats = tuple(part.strip() for part in format_.split(",") if part.strip())
    parameters = dict(_parameter(text) for text in set_ or ())
    failed = run_report(
        Place(workspace, db, actor),
        name,
        whom,
        to,
        jobs,
        formats,
        parameters,
        paper=paper,
        one_file=one_file,
        due=due,
        force=force,
    )
    if failed:
        leave(failed)


def _parameter(text: str) -> tuple[str, Any]:
    """A name and a value from name=value; a value that reads as JSON (3, true) is that, else it is text."""
    import json

    name, sep, value = text.partition("=")
    if not sep or not name:
        raise BadInput(
            _("“{text}” is not a parameter written name=value.").format(text=text), _("For example --set snapshot=12.")
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def run_report(
    place: Place,
    name: str,
    whom: dict[str, Any],
    to: Path | None,
    jobs: int | None,
    formats: tuple[str, ...],
    parameters: dict[str, Any] | None = None,
    *,
    paper: str = "",
    one_file: bool = False,
    due: int | None = None,
    force: bool = False,
) -> int:
    from workbench.batch import Interrupted

    out = console()
    try:
        with bench_of(place) as bench, progress(out) as bar:
            made = bench.reports.run(
                name,
                **whom,
                parameters=parameters,
                to=to,
                jobs=jobs,
                formats=formats,
                paper=paper,
                one_file=one_file,
                due=due,
                force=force,
                progress=lambda done, total: bar.file(name, done, total),
            )
    except Interrupted as stopped:
        said = _("{finished} of {total} reports are finished. Run it again to go on with the others.")
        errors().print(said.format(finished=stopped.finished, total=stopped.total), highlight=False)
        raise
    if due is not None and not made.files and not made.failures:
        out.print(_("No conference is booked for these days, so no report was made."))
    else:
        _say_made(out, made)
    if made.slow:
        errors().print(escape(made.slow), highlight=False)
    for failure in made.failures:
        errors().print(escape(str(failure)))
    if made.left_out:
        errors().print(escape(_not_yours(made, whole=due is None)), soft_wrap=True)
    return WITH_PROBLEMS if made.failures or made.left_out else 0


def _not_yours(made: Outcome, *, whole: bool) -> str:
    """That a run was not of the whole class or school: a part of one must not look like all of it.

    `whole`: it was to be of everybody there.
    """
    if not whole:
        said = ngettext(
            "Of {count} learner more, who is not in your classes, nothing is known here.",
            "Of {count} learners more, who are not in your classes, nothing is known here.",
            made.left_out,
        )
        return said.format(count=made.left_out)
    met = len({path.with_suffix("") for path in made.files}) + len(made.failures)
    said = ngettext(
        "{met} of {all}: {count} learner is not in your classes.",
        "{met} of {all}: {count} learners are not in your classes.",
        made.left_out,
    )
    return said.format(met=met, all=met + made.left_out, count=made.left_out)


def _say_made(out: Console, made: Outcome) -> None:
    count, before = (len({path.with_suffix("") for path in files}) for files in (made.made, made.up_to_date))
    if before and not count and not made.failures:
        said = ngettext(
            "The report in {folder} is up to date", "All {before} reports in {folder} are up to date", before
        )
    else:
        said = ngettext("Made {count} report in {folder}", "Made {count} reports in {folder}", count)
        if before:
            said += ngettext("; {before} was up to date", "; {before} were up to date", before)
    out.print(escape(said.format(count=count, before=before, folder=made.folder)), soft_wrap=True)
    for path in made.bound:
        out.print(escape(_("For the printer: {file}").format(file=path)), soft_wrap=True)
    if made.set_aside:
        aside = len(made.set_aside)
        said = ngettext(
            "{count} older file no longer holds and is now in {folder}",
            "{count} older files no longer hold and are now in {folder}",
            aside,
        )
        place = os.path.commonpath([path.parent for path in made.set_aside])
        out.print(escape(said.format(count=aside, folder=place)), soft_wrap=True)
