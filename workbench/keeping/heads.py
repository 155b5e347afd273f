"""How far the audit's chain had come when it was last seen, and how it was found: noted in the workspace, beside it.

Whoever writes the chain anew, or puts an older audit in its place, does not change what was noted here; a chain that
does not go through that head is another one (`store/chain.py`).
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.ground import days, durable
from workbench.ground.errors import NotReady, WorkbenchError
from workbench.ground.words import _
from workbench.keeping.backups import DAY, Daily
from workbench.store import Audit, chain, connect
from workbench.store.chain import Broken, Checked, Head
from workbench.store.engine import reading
from workbench.store.trimming import Rule
from workbench.workspace import Workspace

FILE = "workbench.keeping.heads"


@dataclass(frozen=True, slots=True)
class Seen:
    """A head that was noted, and the last walk along the chain: when, and what was wrong with it."""

    head: Head
    at: datetime
    broken: Broken | None = None


def noted(workspace: Path) -> Seen | None:
    """What was noted in a workspace; None where nothing that can be read was."""
    try:
        said = json.loads((workspace / FILE).read_text(encoding="ascii"))
        broken = Broken(said["broken"]) if said["broken"] else None
        head = Head(int(said["number"]), bytes.fromhex(said["hash"]))
        return Seen(head, datetime.fromisoformat(said["at"]), broken)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def checked(workspace: Path, audit: Audit, at: datetime) -> Checked:
    """Walks along the chain and notes what was found; of a broken one the head that was noted before stays."""
    before = noted(workspace)
    found = audit.check(*([before.head] if before else []))
    head = found.head if found.whole or before is None else before.head
    _note(workspace, Seen(head, at, found.broken))
    return found


def walked(workspace: Path, audit_url: str) -> Checked | None:
    """Walks along the chain of the audit at an address, and notes nothing; None where it has none yet."""
    engine = connect(audit_url)
    try:
        with reading(engine) as connection:
            seen = noted(workspace)
            return chain.check(connection, *([seen.head] if seen else [])) if chain.is_there(connection) else None
    finally:
        engine.dispose()


def go_on(workspace: Path, audit: Audit, at: datetime) -> None:
    """Notes the chain as it stands, for whoever changed it by rule or has looked at what was wrong."""
    _note(workspace, Seen(audit.head(), at))


def trimmed(workspace: Workspace, audit: Audit, at: datetime, by: str, rule: Rule | None = None) -> int:
    """Trims the audit by a rule, by default the workspace's; how many rows went.

    Of a chain that is broken nothing goes: what became of it could not be told any more.
    """
    if not checked(workspace.folder, audit, at).whole:
        return 0
    went = audit.trim(rule or workspace.keep.rule(at.astimezone().date()), by)
    go_on(workspace.folder, audit, at)
    return went


class DailyWalk(Daily):
    """Walks along the audit's chain each day while a server runs, and trims it; tells of a chain that is broken."""

    FIRST = 40.0

    @property
    def wanted(self) -> bool:
        return True

    def do(self, now: datetime) -> None:
        seen = noted(self._workspace.folder)
        if seen is not None and now - seen.at < DAY:
            return
        audit = Audit(connect(self._workspace.audit_url(self._url)), lambda: now)
        try:
            trimmed(self._workspace, audit, now, "workbench")
        finally:
            audit.close()
        found = noted(self._workspace.folder)
        if found is not None and found.broken is not None:
            raise NotReady(*told(found.broken))

    def failed(self, why_: str) -> WorkbenchError:
        return NotReady(
            _("Whether who looked at what is whole could not be told: {why}.").format(why=why_),
            _("Run: workbench doctor"),
        )


def told(broken: Broken | None) -> tuple[str, str]:
    """What is said of a chain, and the step for one that is broken."""
    mend = _(
        "Ask who had this folder since. “workbench restore --audit” adds what a backup still tells; when you know what "
        "became of the rest, go on with “workbench audit verify --go-on”, which is noted as well."
    )
    if broken is None:
        return _("Who looked at what is whole: no row was changed, and none is missing."), ""
    said = {
        Broken.CHANGED: _("Who looked at what was changed by somebody else than the workbench."),
        Broken.MISSING: _("In who looked at what, rows are missing that the workbench did not take out."),
        Broken.CUT: _("The newest of who looked at what are missing."),
        Broken.OTHER: _("Who looked at what is not what it was when it was last seen here."),
    }
    return said[broken], mend


def last(seen: Seen | None) -> str:
    """The last walk along the chain, in a line."""
    if seen is None:
        return _("Whether who looked at what is whole was never looked at.")
    here = seen.at.astimezone()
    day = f"{days.short(here.date())}, {days.time(here)}"
    return f"{told(seen.broken)[0]} " + _("Last looked at: {day}.").format(day=day)


def _note(workspace: Path, seen: Seen) -> None:
    said = {
        "number": seen.head.number,
        "hash": seen.head.hash.hex(),
        "at": seen.at.isoformat(timespec="seconds"),
        "broken": str(seen.broken or ""),
    }
    with suppress(OSError):  # a workspace that cannot be written to
        durable.write(workspace / FILE, json.dumps(said).encode())
