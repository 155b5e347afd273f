"""A symbol of one's own: no two alike in a class, whoever chooses first; and the drawings, one family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from workbench import Workbench
from workbench.ground.design import COLOURS
from workbench.ground.errors import BadInput, NotAllowed
from workbench.ground.words import _, speaking
from workbench.learners import symbols
from workbench.learners.learners import Learner
from workbench.learners.symbols import NAMES, drawing, drawn, shapes
from workbench.workspace import Workspace

from ..conftest import TODAY, clock

OFFICE = "admin:office"
HEAD = "Student ID,First Name,Last Name,Class,Teacher,Teacher ID,Grade,School"
ROSTER = f"""{HEAD}
001,Luz,Marín,4B,"Rivera, Ana",t17,4,Cedar Hill
002,Omar,Haddad,4B,"Rivera, Ana",t17,4,Cedar Hill
003,Mei,Chen,4A,"Feld, Jo",t05,4,Cedar Hill
003,Mei,Chen,Band,"Feld, Jo",t05,4,Cedar Hill
"""


def bring(bench: Workbench, text: str) -> None:
    path = bench.workspace.folder / "class.csv"
    path.write_text(text, encoding="utf-8")
    bench.imports.run(path, on=TODAY)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """On SQLite; `tests/store` tries on both what the store has to do with it."""
    return Workspace.create(tmp_path / "school", name="Cedar Hill")


@pytest.fixture
def office(workspace: Workspace) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor=OFFICE, clock=clock) as bench:
        bring(bench, ROSTER)
        yield bench


@pytest.fixture
def people(office: Workbench) -> tuple[Learner, Learner, Learner]:
    luz, omar, mei = (office.learners.named(code) for code in ("001", "002", "003"))
    return luz, omar, mei


def own(bench: Workbench, learner: Learner) -> str:
    """The symbol that a learner sees as theirs."""
    found = bench.symbols.of(learner)
    return found.name if found else ""


def in_class(bench: Workbench, name: str) -> dict[int, str]:
    return {one.learner: one.name for one in bench.symbols.of_class(bench.learners.class_named(name).id)}


def test_what_one_chose_nobody_else_in_the_class_has(
    office: Workbench, people: tuple[Learner, Learner, Learner]
) -> None:
    luz, omar, mei = people
    assert office.symbols.of(luz) is None
    assert office.symbols.free(luz) == tuple(NAMES)
    office.symbols.choose(luz, "fox")
    with pytest.raises(BadInput, match="Somebody in your class has this picture already") as refused:
        office.symbols.choose(omar, "fox")
    assert refused.value.next_step == "Choose another one."
    assert office.symbols.of(omar) is None
    assert "fox" not in office.symbols.free(omar)
    assert "fox" in office.symbols.free(luz), "one's own may be kept"
    office.symbols.choose(mei, "fox")  # of another class
    office.symbols.choose(luz, "kite")
    assert in_class(office, "4B") == {luz.id: "kite"}
    office.symbols.choose(omar, "fox")
    with pytest.raises(ValueError, match="no such symbol"):
        office.symbols.choose(luz, "dragon")


def test_a_choice_is_taken_back_unless_the_one_before_is_somebodys_now(
    office: Workbench, people: tuple[Learner, Learner, Learner]
) -> None:
    luz, omar, _mei = people
    office.symbols.choose(luz, "fox")
    office.symbols.choose(luz, "owl")
    office.symbols.undo(luz)
    assert own(office, luz) == "fox"
    office.symbols.choose(luz, "bee")
    office.symbols.choose(omar, "fox")
    with pytest.raises(BadInput, match="Somebody in your class"):
        office.symbols.undo(luz)
    assert own(office, luz) == "bee"
    office.symbols.undo(omar)
    assert office.symbols.of(omar) is None
    office.symbols.choose(omar, "tree")
    assert own(office, omar) == "tree"


def test_after_a_change_of_class_the_one_who_chose_later_is_asked_again(
    office: Workbench, people: tuple[Learner, Learner, Learner]
) -> None:
    luz, omar, mei = people
    office.symbols.choose(mei, "fox")
    office.symbols.choose(luz, "fox")
    office.symbols.choose(omar, "owl")
    bring(office, ROSTER + '003,Mei,Chen,4B,"Rivera, Ana",t17,4,Cedar Hill\n')
    assert in_class(office, "4B") == {mei.id: "fox", omar.id: "owl"}
    assert office.symbols.of(luz) is None
    assert own(office, mei) == "fox"
    assert "fox" not in office.symbols.free(luz)
    office.symbols.choose(luz, "kite")
    assert in_class(office, "4B") == {mei.id: "fox", omar.id: "owl", luz.id: "kite"}
    office.symbols.choose(mei, "star")
    office.symbols.undo(luz)  # the fox is nobody else's any more
    assert in_class(office, "4B")[luz.id] == "fox"


def test_a_class_sees_its_own_conflicts_alone(office: Workbench, people: tuple[Learner, Learner, Learner]) -> None:
    luz, _omar, mei = people
    office.symbols.choose(luz, "fox")
    office.symbols.choose(mei, "fox")
    bring(office, ROSTER + '003,Mei,Chen,4B,"Rivera, Ana",t17,4,Cedar Hill\n')
    band, fourth = (office.learners.class_named(name).id for name in ("Band", "4B"))
    assert office.symbols.of(mei) is None
    assert office.symbols.of(mei, class_id=fourth) is None
    assert (found := office.symbols.of(mei, class_id=band)) is not None
    assert found.name == "fox"


def test_a_learner_chooses_and_so_does_the_educator_and_nobody_else(
    office: Workbench, people: tuple[Learner, Learner, Learner], workspace: Workspace
) -> None:
    luz, omar, _mei = people
    for actor, name in (("learner:001", "fox"), ("teacher:t17", "owl")):
        with Workbench.open(workspace, actor=actor, clock=clock) as bench:
            assert bench.symbols.choose(luz, name).name == name
    for actor in ("learner:002", "teacher:t05"):
        with Workbench.open(workspace, actor=actor, clock=clock) as bench, pytest.raises(NotAllowed):
            bench.symbols.choose(luz, "bee")
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as bench:
        bench.hand_to(omar.id)
        bench.symbols.choose(omar, "bee")
        with pytest.raises(NotAllowed):
            bench.symbols.choose(luz, "kite")
    assert "owl" not in repr(office.symbols.of(luz))


# The drawings


def test_each_is_drawn_and_named_in_each_language() -> None:
    there = {one.stem for one in Path(symbols.__file__).parent.glob("*.svg")}
    assert there == set(NAMES)
    assert len(there) == 40
    for language in ("en", "es"):
        with speaking(language):
            names = [_(name) for name in NAMES.values()]
        assert len(set(names)) == 40
        assert all(name.isalpha() and name.islower() for name in names), "one short noun, without an article"


@pytest.mark.parametrize("name", list(NAMES))
def test_a_drawing_is_of_the_family_and_nothing_but_a_drawing(name: str) -> None:
    root, *parts = shapes(name)
    line = {"stroke": COLOURS["ink"], "stroke-width": "2.5", "stroke-linecap": "round", "stroke-linejoin": "round"}
    assert root == ("svg", {"viewBox": "0 0 48 48", "fill": "none", **line})
    assert {tag for tag, _given in parts} <= {"path", "circle", "ellipse"}
    allowed = {"d", "cx", "cy", "r", "rx", "ry", "transform", "fill", "stroke", "stroke-width"}
    used = {given[of] for _tag, given in (root, *parts) for of in ("fill", "stroke") if of in given}
    assert all(set(given) <= allowed for _tag, given in parts)
    assert used <= {"none", *COLOURS.values()}
    assert len(used & {COLOURS[one] for one in ("teal", "amber", "blue", "plum")}) <= 2
    assert not "".join(ElementTree.fromstring(drawing(name)).itertext()).strip()


def test_beside_a_name_a_symbol_is_not_told_and_alone_it_is() -> None:
    assert 'aria-hidden="true"' in drawn("fox")
    assert 'role="img" aria-label="a &quot;fox&quot;"' in drawn("fox", says='a "fox"')
