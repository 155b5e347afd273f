"""A learner's symbol stands beside the name, and nothing stands there for whoever has none."""

from __future__ import annotations

from datetime import date

from widgets import ClassBoard, ProfileForm
from workbench import Workbench
from workbench.learners.symbols import shapes
from workbench.sample import cast

from .test_widgets import blocks, saved

WEDNESDAY = date(2026, 11, 25)


def test_beside_the_name_on_my_class_and_on_my_profile(teacher: Workbench) -> None:
    luz, omar = teacher.learners.named(cast.LUZ), teacher.learners.named(cast.OMAR)
    teacher.symbols.choose(luz, "fox")
    board = ClassBoard(teacher, today=WEDNESDAY)
    saved(board, "go/week")
    saved(board, "due/all")

    def beside() -> dict[str, dict[str, object]]:
        return {one["name"]: one for one in blocks(board) if one["kind"] == "person"}

    assert beside()[f"due/{luz.id}"]["symbol"] == shapes("fox")
    assert "symbol" not in beside()[f"due/{omar.id}"]
    saved(board, "go/pages")
    assert [name for name, one in beside().items() if "symbol" in one] == [f"pages/{luz.id}"]
    board.close()
    for learner, there in ((luz, shapes("fox")), (omar, None)):
        (name,) = [one for one in blocks(ProfileForm(teacher, learner)) if one.get("look") == "name"]
        assert name.get("symbol") == there
