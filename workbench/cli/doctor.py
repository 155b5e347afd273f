"""Whether this installation is healthy: a list of findings, each with what to do."""

from __future__ import annotations

import importlib.metadata
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ground import resources
from workbench.ground.environment import HOME
from workbench.ground.errors import WorkbenchError
from workbench.ground.words import _
from workbench.keeping import health
from workbench.keeping.health import Finding

if TYPE_CHECKING:
    from workbench.workspace import Workspace

DISTRIBUTION = "learner-led-workbench"


def examine(workspace: Path | None, db: str, here: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Looks at Python, packages, fonts, kernel, names that shadow ours in `here`, and the workspace if there is one."""
    yield _python()
    yield from _packages()
    yield _fonts()
    yield _kernel()
    yield _forking(environ)
    yield from _shadows(here, [Path(part) for part in environ.get("PYTHONPATH", "").split(":") if part])
    yield from _workspace(workspace, db, here, environ)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        sys.version_info >= (3, 11), f"Python {version}", _("Install Python 3.11 or newer, then set up again.")
    )


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    try:
        wanted = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            False,
            _("The workbench itself is not installed."),
            _("Run “make demo”, or pip install the workbench’s folder."),
        )
        return
    wrong = []
    for text in wanted:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(_("{name} is missing").format(name=requirement.name))
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} {found} ({requirement.specifier})")
    shown = ("voila", "jupyterlab", "papermill", "altair", "pandas", "SQLAlchemy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in shown if _has(name))
    if wrong:
        yield Finding(False, _("Packages: {wrong}").format(wrong="; ".join(wrong)), _("Run “make set-up”."))
    else:
        yield Finding(True, _("Packages: {versions}").format(versions=versions))


def _has(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _fonts() -> Finding:
    from workbench.ground import design

    try:
        missing = [str(weight) for weight in (400, 600, 700) if not design.font_file(weight).exists()]
    except ImportError:
        missing = [design.FONT]
    return Finding(
        not missing,
        _("Fonts: {name}").format(name=design.FONT),
        _("Run “make set-up”: font-source-sans-pro is incomplete."),
    )


def _kernel() -> Finding:
    from workbench import kernels

    spec = kernels.DATA / "kernels" / kernels.NAME / "kernel.json"
    return Finding(spec.is_file(), _("Kernel: {name}").format(name=kernels.NAME), _("Run “make set-up”."))


def _forking(environ: Mapping[str, str]) -> Finding:
    """Warms a zygote up as the server does, and asks whether it can fork."""
    from workbench import kernels
    from workbench.kernels.zygote import FORK, Zygote, able

    if not able():
        asked = environ.get(FORK) == "0"
        return Finding(
            True,
            _("Pages and reports start one by one, as {name}=0 asks").format(name=FORK)
            if asked
            else _("Pages and reports start one by one: only Linux can have them wait ready"),
        )
    zygote = Zygote(kernels.preload(), errors=subprocess.DEVNULL)
    try:
        complaint = zygote.look(environ)
    finally:
        zygote.close()
    return Finding(
        not complaint,
        complaint or _("Pages and reports start warm"),
        _("If {name} names it, take it out there; else install the workbench into an environment without it.").format(
            name=kernels.PRELOAD
        ),
    )


def _shadows(here: Path, others: list[Path]) -> Iterator[Finding]:
    """Files that Python would import in place of ours or Voilà's when it is started in `here`."""
    ours = resources.PACKAGE
    shadowing = []
    for folder in dict.fromkeys([here, *others]):
        for name in ("workbench", "widgets", "voila", "papermill", "altair"):
            for path in (folder / f"{name}.py", folder / name / "__init__.py"):
                if path.exists() and path.parent not in (ours, ours.parent / "widgets"):
                    shadowing.append(path)
    for path in shadowing:
        yield Finding(
            False,
            _("{path} hides a package of the same name.").format(path=path),
            _("Rename it or move it to another folder."),
        )
    if not shadowing:
        yield Finding(True, _("No file here hides a package"))


def _workspace(workspace: Path | None, db: str, here: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    from workbench.workspace import Workspace, was_one

    try:
        found = Workspace.find(workspace, here, environ)
    except WorkbenchError as error:
        if workspace is None and not environ.get(HOME) and not any(map(was_one, (here, *here.parents))):
            yield Finding(True, _("No workspace here; that is fine for a check of the installation."))
        else:
            yield Finding(False, error.sentence, error.next_step)
        return
    yield Finding(True, _("Workspace: {folder}").format(folder=found.folder))
    yield from health.examined(found, db or found.url, datetime.now(UTC), environ)
    yield from _own_files(found)


def _own_files(found: Workspace) -> Iterator[Finding]:
    """What the school wrote into the workspace itself."""
    from workbench.conferences import protocols
    from workbench.importing.mapping import mappings
    from workbench.learners import profiles
    from workbench.workspace import SETTINGS

    yield Finding(
        found.worries is not None,
        _("Worries go to the adult the school named") if found.worries else _("Nobody is named to whom worries go."),
        _('Name an adult in {file}, under [people]: worries = "teacher:t09". Until then nothing can be marked.').format(
            file=found.folder / SETTINGS
        ),
    )
    wrong = [*protocols.check(found.folder / "protocols"), *profiles.check(found.folder / "inventories")]
    back = _("Or put those of a backup back: workbench restore --settings")
    for bad in wrong:
        yield Finding(False, bad.sentence, f"{bad.next_step} {back}".strip())
    for unread in mappings.load(found.folder / "mappings").problems:
        yield Finding(False, f"{unread.file}: {unread.reason}", f"{unread.advice} {back}".strip())
    if not wrong:
        yield Finding(
            True, _("Conferences: {names}").format(names=", ".join(protocols.names(found.folder / "protocols")))
        )
    if found.folder.stat().st_mode & 0o077:
        yield Finding(
            False,
            _("Other people on this machine may look into the workspace."),
            _("Run: chmod 700 {folder}").format(folder=shlex.quote(str(found.folder))),
        )
