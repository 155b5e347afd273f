"""Every field of every form is answered once with what its page sends: no answer ends in a mistake of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

import widgets
from widgets.kit.form import Form
from workbench import Workbench
from workbench.conferences.conferences import Conference
from workbench.ground.bands import BANDS

from ..conftest import TODAY
from .test_widgets import MAKE, answer, blocks
from .test_widgets import conference as conference
from .test_widgets import mei as mei

MOST = 250
#: What ends or leaves a page comes last.
LAST = ("leave", "back", "keep", "finish", "board", "done")


def answers(block: dict[str, Any]) -> Iterator[Any]:
    """What a page sends of a block: each choice there is, words, a day, a press."""
    match block["kind"]:
        case "choice" | "faces" | "select":
            yield from (one["value"] for one in block["options"])
        case "menu":
            for one in block["options"]:
                yield {"words": one["value"], "picked": True}
                yield {"words": one["value"], "picked": False}
        case "text" | "adder" | "reply":
            yield "Some words"
            yield ""
        case "day":
            yield TODAY.isoformat()
            yield ""
        case "pad":
            yield "[[[1, 1], [2, 2]]]"
        case _:
            yield True


def field(form: Form, known: set[tuple[str, str]]) -> tuple[str, str, Any] | None:
    """A field of the page that was not answered so yet: its key, name and what it is given."""
    there = [(one, given) for one in blocks(form) if one["name"] in form._keeps for given in answers(one)]
    there.sort(key=lambda one: one[0]["name"].rpartition("/")[2].startswith(LAST))
    for one, given in there:
        key = f"{form.screen.get('key', '')} {one['name']}"
        if (key, str(given)) not in known:
            return key, one["name"], given
    return None


@pytest.mark.parametrize("band", [BANDS[0], BANDS[-1]])
@pytest.mark.parametrize("name", widgets.__all__)
def test_no_answer_ends_in_a_mistake_of_ours(
    name: str, band: str, teacher: Workbench, conference: Conference, caplog: pytest.LogCaptureFixture
) -> None:
    teacher.settings.choose(conference.learner, band=band)
    teacher.flags.raise_(conference.learner, words="Help me")
    goal = teacher.goals.choose(conference, "Read ten minutes", on=TODAY)
    teacher.plans.add_step(goal, "In bed")
    form = MAKE[name](teacher, conference)
    known: set[tuple[str, str]] = set()
    with caplog.at_level(logging.ERROR, logger="workbench.widgets"):
        while len(known) < MOST and (found := field(form, known)):
            key, asked, given = found
            known.add((key, str(given)))
            answer(form, asked, given, number=f"{len(known)}", at=str(form.screen.get("key", "")))
            assert caplog.messages == [], (asked, given)
    assert known or name in ("AuditBoard", "Coverage", "MatchingForm", "WorryBoard", "DataLoader")
    form.close()
