"""A class's reports as one PDF for the printer: a sheet to tick in roster order, then each learner on an odd page.

It is compiled as one document in a process of its own, which ends with it: merging PDFs loses their tags, and a class
takes some hundred megabytes while it is drawn.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.batch.manifest import Source, digest, unfinished
from workbench.batch.plan import file_name
from workbench.ground.errors import NotReady
from workbench.ground.words import _, language, ngettext
from workbench.reporting.family import INTERPRETER
from workbench.reporting.paper import Cover, Sheet, pdf

#: Begins the name of a PDF of many.
BOUND = "all-"


def file_of(folder: Path) -> Path:
    """The one PDF of a folder's reports."""
    return folder / f"{BOUND}{file_name(folder.name)}.pdf"


def source_of(each: Sequence[Source], paper: str) -> Source:
    """What one PDF is made from: what each report in it is made from, in order."""
    rest = digest(paper, language(), [(one.change, one.rest) for one in each])
    return Source(max(one.change for one in each), each[0].notebook, rest)


def cover_of(title: str, facts: Iterable[str], names: Iterable[str], missing: Iterable[str]) -> Cover:
    """The sheet on top: everybody in the order of the roster with boxes to tick, and who is not in it."""
    found, left = tuple(names), tuple(missing)
    count = ngettext("{count} report", "{count} reports", len(found)).format(count=len(found))
    return Cover(
        title=title,
        facts=(*facts, count),
        columns=(_("Learner"), _("Handed out"), _("Talked about"), _("Signed and back")),
        names=found,
        notes=(_("Not in here, since it could not be made: {names}").format(names=", ".join(left)),) if left else (),
        language=language(),
    )


def bind(to: Path, sheets: Iterable[Path], cover: Cover, paper: str) -> Path:
    """Draws what is to become `to` and returns where it is. Raises NotReady."""
    told = {"to": str(to), "sheets": list(map(str, sheets)), "cover": cover.to_json(), "paper": paper}
    drawn = subprocess.run(
        [sys.executable, "-P", "-m", "workbench.batch.binding"],
        input=json.dumps(told).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a complaint may quote what somebody said
        check=False,
        start_new_session=True,  # out of reach of the terminal's Ctrl-C, which ends it through its owner
    )
    if drawn.returncode:
        raise NotReady(
            _("The PDF for the printer, {file}, could not be made.").format(file=to.name),
            _("The reports themselves are good. Make room on the disk, or print them one by one."),
        )
    return Path(drawn.stdout.decode())


def _main(told: Mapping[str, Any]) -> Path:
    sheets = [Sheet.of_json(json.loads(Path(one).read_text(encoding="utf-8"))) for one in told["sheets"]]
    cover = Cover.of_json(told["cover"])
    cover = replace(cover, notes=(*cover.notes, *filter(None, map(_interpreted, sheets))))
    return unfinished(Path(told["to"]), pdf(sheets, paper=told["paper"], cover=cover))


def _interpreted(sheet: Sheet) -> str:
    """For whoever hands them out: whose family an interpreter is to be found for; "" for none."""
    said = next((one["title"] for one in sheet.sections if one["kind"] == INTERPRETER), "")
    return f"{sheet.head}: {said}" if said else ""


if __name__ == "__main__":
    sys.stdout.write(str(_main(json.loads(sys.stdin.buffer.read()))))
