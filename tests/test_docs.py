"""What the documents name is there: files, modules, links, and a place in the architecture for each room."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest

import workbench
from workbench import workspace
from workbench.keeping import backups

from .conftest import ROOT

#: What a school's workspace holds is no file of ours.
OF_A_WORKSPACE = {
    workspace.SETTINGS,
    workspace.STORE,
    workspace.AUDIT,
    *(f"{name}/" for name in (*workspace.FOLDERS, *backups.OWN)),
}
#: Where a name without a folder before it may stand.
FROM = ("", "workbench", "widgets")
OURS = ("workbench", "widgets", "notebooks", "reports", "tests", "benchmarks", "findings", "docs")
PATH = re.compile(r"(?:[\w.*-]+/)*(?:[\w.*-]+\.(?:c|css|html|ipynb|j2|js|json|md|po|py|sh|svg|toml)|[\w.-]+/)")
MODULE = re.compile(r"(?:from )?((?:workbench|widgets)(?:\.\w+)+)(?: import \w+)?")
PLACEHOLDER = re.compile(r"(?<![A-Za-z])(?:[A-Z]{3,}|X)(?![A-Za-z])")
DOCUMENTS = sorted(
    one.relative_to(ROOT).as_posix()
    for one in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if one.name not in ("CHANGELOG.md", "THIRD_PARTY.md")  # what was, and what others wrote
)


@cache
def files() -> tuple[str, ...]:
    """Every file and folder of ours; a folder ends with a stroke."""
    found = [one for one in ROOT.iterdir() if one.is_file() or one.name in OURS]
    for folder in OURS:
        found += [one for one in (ROOT / folder).rglob("*") if "__pycache__" not in one.parts]
    return tuple(f"{one.relative_to(ROOT).as_posix()}{'/' * one.is_dir()}" for one in found)


def named(document: str) -> Iterator[str]:
    """What stands in code type in a document, outside of blocks of code."""
    text = re.sub(r"^```.*?^```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from (re.sub(r"\s+", " ", one) for one in re.findall(r"`([^`]+)`", text))


def found(name: str) -> list[str]:
    """The files that a name means: from the project's folder, `workbench` or `widgets` on, else wherever it ends so.

    A word in capitals, as in `words.LANGUAGE.toml`, stands for anything.
    """
    folder = "/" * name.endswith("/")
    pattern = PLACEHOLDER.sub("*", name)
    if pattern != name:
        return [one for one in files() if PurePosixPath(one).match(pattern) and one.endswith("/") == bool(folder)]
    from_there = [f"{PurePosixPath(start) / name}{folder}" for start in FROM]
    sure = [one for one in from_there if one in files()]
    return sure[:1] or [one for one in files() if f"/{one}".endswith(f"/{name}")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    missing, unclear = [], []
    for span in named(document):
        name, _, inside = span.partition(": ")
        if not PATH.fullmatch(name) or name in OF_A_WORKSPACE:
            continue
        those = found(name)
        if not those:
            missing.append(name)
        elif len(those) > 1 and not PLACEHOLDER.search(name):
            unclear.append(f"{name}: {', '.join(those)}")
        elif inside and inside not in (ROOT / those[0]).read_text(encoding="utf-8"):
            missing.append(span)
    assert not missing, "no such file; name the one that took its place"
    assert not unclear, "several files are called so; write more of the path"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_a_document_names_is_there(document: str) -> None:
    modules = [one[1] for span in named(document) if span not in OF_A_WORKSPACE and (one := MODULE.fullmatch(span))]
    assert [one for one in modules if not _is_there(one)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [one for one in links if not (ROOT / document).parent.joinpath(one).exists()] == []


@pytest.mark.parametrize("package", ["workbench", "widgets"])
def test_every_room_has_its_line_in_the_architecture(package: str) -> None:
    inside = [
        one
        for one in (ROOT / package).iterdir()
        if (one / "__init__.py").exists() or (one.suffix == ".py" and one.stem != "__init__")
    ]
    rooms = {f"{one.name}{'/' * one.is_dir()}" for one in inside}
    told = {name.removeprefix(f"{package}/") for name in named("docs/architecture.md")}
    assert rooms - told == set()


def test_every_decision_has_its_parts_and_its_line() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(one for one in folder.glob("*.md") if one.name != "README.md")
    index = (folder / "README.md").read_text(encoding="utf-8")
    for number, page in enumerate(pages, start=1):
        title, day, *rest = [line for line in page.read_text(encoding="utf-8").splitlines() if line]
        assert page.name.startswith(f"{number:04}-"), "numbers follow one another"
        assert f"| {number} | [{title.removeprefix(f'# {number}. ')}]({page.name}) | {day} |" in index
        assert [line for line in rest if line.startswith("#")] == ["## Context", "## Decision", "## Consequences"]


def test_the_version_is_the_same_wherever_it_stands() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased, released = re.findall(r"^## (.+)$", changelog, flags=re.MULTILINE)[:2]
    assert unreleased == "Unreleased"
    version, _, day = released.partition(", ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    assert version == workbench.__version__
    assert version == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def _is_there(dotted: str) -> bool:
    """Whether a dotted name is a module of ours, or something in one."""
    module, _, inside = dotted.rpartition(".")
    spec = find_spec(module)
    if spec is None:
        return False
    text = Path(str(spec.origin)).read_text(encoding="utf-8")
    return bool(re.search(rf"\b{inside}\b", text) or (spec.submodule_search_locations and find_spec(dotted)))
