"""Whatever two learners choose at the same moment: no two of a class have the same symbol."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

from workbench.ground.errors import BadInput
from workbench.workspace import Workspace

from .test_store import ON, ROSTER, opened, write


def test_of_two_who_choose_the_same_at_the_same_moment_one_has_it(workspace: Workspace, tmp_path: Path) -> None:
    """The second begins while what the first chose is written and not there yet, at a connection of their own."""
    told: list[str] = []
    ready, go = Event(), Event()

    def choose() -> None:
        with opened(workspace) as other:
            learner = other.learners.named("002")
            ready.set()
            go.wait(60)
            try:
                other.symbols.choose(learner, "whale")
            except BadInput as refused:
                told.append(refused.next_step)

    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        luz, omar = bench.learners.named("001"), bench.learners.named("002")
        second = Thread(target=choose)
        second.start()
        assert ready.wait(60)
        with bench.desk.store.together():
            bench.symbols.choose(luz, "whale")
            go.set()
            second.join(1)
            assert second.is_alive(), "the second waits for their turn"
        second.join(60)
        assert told == ["Choose another one."]
        assert bench.symbols.of(omar) is None
        assert "whale" not in bench.symbols.free(omar)


def test_a_choice_and_its_way_back_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        luz = bench.learners.named("001")
        before = bench.snapshot
        bench.symbols.choose(luz, "fox")
        bench.symbols.choose(luz, "owl")
        assert bench.at(before).symbols.of(luz) is None
    with opened(workspace) as later:
        assert (kept := later.symbols.of(luz)) is not None
        assert kept.name == "owl"
        for name in ("fox", "owl"):  # done twice, the change is back
            later.symbols.undo(luz)
            assert [one.name for one in later.symbols.of_class(later.learners.class_named("4B").id)] == [name]
