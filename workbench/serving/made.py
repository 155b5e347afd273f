"""Reports that were made: one to read, all of a class to print, or in one file to keep; from the page "Reports"."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from markupsafe import Markup
from tornado import web

from workbench.batch.plan import Made
from workbench.bench import Workbench
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _
from workbench.learners.learners import SchoolClass
from workbench.serving.handlers import Ours, number
from workbench.serving.pages import asset

#: A report's page brings its style, fonts and drawings along, and asks nobody.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PIECE = 1 << 18  # bytes that are sent at a time


class What(StrEnum):
    """What becomes of them: a page to read and print, one file to keep, or one PDF for the printer."""

    READ = "read"
    KEEP = "keep"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """Which reports: of one learner, a class or a school."""

    report: str
    class_: int | None
    school: str
    learner: int | None


class MadeReports(Ours):
    """Answers with reports that are there and hold for whoever asks; the address tells nobody's name."""

    @web.authenticated
    async def post(self) -> None:
        what = self.get_body_argument("what", "")
        if what not in tuple(What):
            raise web.HTTPError(400)
        wanted = Wanted(
            self.get_body_argument("report", ""),
            number(self.get_body_argument("class", "")),
            self.get_body_argument("school", ""),
            number(self.get_body_argument("learner", "")),
        )
        self.set_header("Cache-Control", "no-store")
        if what == What.READ:
            page = await self.ask(lambda bench: self._page(bench, wanted))
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.set_header("Content-Security-Policy", _POLICY)
            self.finish(page)
            return
        kind, name, write = _FILES[What(what)]
        with tempfile.TemporaryFile(dir=self.site.run) as packed:
            await self.ask(lambda bench: write(bench, wanted, packed))
            self.set_header("Content-Type", kind)
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
            packed.seek(0)
            while piece := await asyncio.to_thread(packed.read, _PIECE):
                self.write(piece)
                await self.flush()
            self.finish()

    def _page(self, bench: Workbench, wanted: Wanted) -> str:
        """All of them as one page, each on a sheet of its own when it is printed."""
        from workbench.batch.page import together

        found, of = _found(bench, wanted)
        title = bench.reports.title(wanted.report)
        whose = found[0].name if len(found) == 1 else of.name if of else wanted.school
        script = Markup('<script src="{}" defer></script>').format(self.site.at(asset("print.js")))
        button = Markup('<div class="report-top"><button type="button" data-print>{}</button></div>').format(_("Print"))
        pages = (str(one.content or b"", "utf-8") for one in found)
        return together(pages, f"{title}: {whose}", script, button)


def _class(bench: Workbench, wanted: Wanted) -> SchoolClass | None:
    return next((one for one in bench.learners.classes() if one.id == wanted.class_), None)


def _found(bench: Workbench, wanted: Wanted) -> tuple[list[Made], SchoolClass | None]:
    """Those that hold, and of which class; raises NotFound where there are none."""
    of = _class(bench, wanted)
    if of is None and not wanted.school:
        raise BadInput(_("This page has moved on."), _("Reload it; what was saved is still there."))
    only = None if wanted.learner is None else (wanted.learner,)
    made = bench.reports.made(wanted.report, of=of, school=wanted.school if of is None else None, only=only, read=True)
    found = [one for one in made if one.current]
    if not found:
        raise _gone()
    return found, of


def _gone() -> NotFound:
    return NotFound(_("There is no report here that holds any more."), _("Go back to Reports and make them again."))


def _pack(bench: Workbench, wanted: Wanted, to: IO[bytes]) -> None:
    with ZipFile(to, "w", ZIP_DEFLATED) as packed:
        for one in _found(bench, wanted)[0]:
            name = "/".join(one.file.parts[-2:]) if wanted.class_ is None else one.file.name
            packed.writestr(name, one.content or b"")


def _bind(bench: Workbench, wanted: Wanted, to: IO[bytes]) -> None:
    of = _class(bench, wanted)
    bound = bench.reports.bound(wanted.report, of=of) if of is not None else None
    if bound is None:
        raise _gone()
    to.write(bound)


_FILES: dict[What, tuple[str, str, Callable[[Workbench, Wanted, IO[bytes]], None]]] = {
    What.KEEP: ("application/zip", "reports.zip", _pack),
    What.PAPER: ("application/pdf", "reports.pdf", _bind),
}
