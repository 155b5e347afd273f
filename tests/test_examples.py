"""What documents and docstrings show works as it stands there."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

import widgets
import workbench
from workbench import Workbench
from workbench.cli import app
from workbench.sample import cast
from workbench.sample.demo import ACTOR

from .conftest import ROOT, TODAY, copy_of

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
COMMAND = re.compile(r"(?:^|`)(?:\.venv/bin/)?workbench ([a-z][^`#\n]*)", re.MULTILINE)


class Shown(doctest.OutputChecker):
    """What an example prints is compared where it is shown."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return not want or super().check_output(want, got, optionflags)


def docstrings() -> Iterator[doctest.DocTest]:
    """The docstrings of all modules that have examples."""
    for package in (workbench, widgets):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            spec = find_spec(found.name)
            if spec is not None and ">>> " in Path(str(spec.origin)).read_text(encoding="utf-8"):
                module = importlib.import_module(found.name)
                yield from (one for one in doctest.DocTestFinder().find(module) if one.examples)


def blocks(document: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def names(teacher: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What examples take for granted: a bench, a learner with a goal, a conference, and files beside them."""
    monkeypatch.chdir(tmp_path)
    Path("exports").mkdir()
    Path("exports/reading log.csv").write_text("Student ID,Minutes,Day\n605001,20,9/1/2026\n", encoding="utf-8")
    learner = teacher.learners.named(cast.LUZ)
    return {
        "Path": Path,
        "bench": teacher,
        "learner": learner,
        "conference": teacher.conferences.start(learner, on=TODAY),
        "goal": teacher.goals.of_learner(learner)[0],
        "loader": widgets.DataLoader(teacher),
        **{name: getattr(widgets, name) for name in widgets.__all__},
    }


@pytest.mark.parametrize("example", list(docstrings()), ids=lambda one: one.name)
def test_an_example_in_a_docstring_runs(example: doctest.DocTest, names: dict[str, Any]) -> None:
    example.globs = {**names, **example.globs}
    said: list[str] = []
    failed = doctest.DocTestRunner(Shown(), verbose=False).run(example, out=said.append).failed
    assert not failed, "".join(said)


def test_the_readme_s_python_runs(
    pristine: Path, exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    copy_of(pristine, Path("my_school"))
    shutil.copytree(exports / "nwea" / "Fall 2025-2026", "exports")
    script, *notebook = blocks(ROOT / "README.md")
    found: dict[str, Any] = {}
    exec(script, found)
    with Workbench.open("my_school", actor=ACTOR) as bench:
        for cell in [*notebook, *blocks(ROOT / "docs" / "frames.md")]:
            exec(cell, {**found, "bench": bench})


def test_every_document_s_python_is_run_here() -> None:
    assert [path.name for path in DOCUMENTS if blocks(path)] == ["README.md", "frames.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_commands_that_a_document_names_exist(document: Path) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for line in COMMAND.findall(document.read_text(encoding="utf-8")):
        name, *given = shlex.split(line)
        assert name in known, line
        command = known[name]
        if given and (further := getattr(command, "commands", None)):
            assert given[0] in further, line
            command = further[given[0]]
        options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert {one.partition("=")[0] for one in given if one.startswith("-")} <= options, line
