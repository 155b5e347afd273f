"""The audit, told and trimmed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.duties.plainly import in_words
from workbench.ground.errors import NotAllowed
from workbench.ground.words import speaking
from workbench.sample import cast
from workbench.store.trimming import Rule

from ..conftest import TODAY, clock, trusting

RULE = Rule.of(TODAY, by_day=1, looks=3, deeds=7)


def test_who_looked_and_who_wrote_is_told_to_whoever_guides_the_learner(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock, device="iPad Safari") as bench:
        mei = bench.learners.named(cast.MEI)
        bench.goals.choose(mei, "Read", on=TODAY)
        bench.hand_to(mei.id)
        bench.goals.of_learner(mei)
        with pytest.raises(NotAllowed):
            bench.looks.of(mei)
    with Workbench.open(demo, actor="teacher:t05", clock=clock) as other, pytest.raises(NotAllowed):
        other.looks.of(mei)
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        told = office.looks.of(mei)
    assert ("teacher:t17", "write", "Goals.choose", True, "iPad Safari") in {
        (one.by, one.action, one.what, one.allowed, one.device) for one in told
    }
    assert "a handed-over device, opened as the learner" in {one.reason for one in told if one.by.startswith("tablet")}
    assert {one.by for one in told if not one.allowed} == {"tablet of teacher:t17", "teacher:t05"}


def test_the_whole_audit_is_an_admin_s_and_one_learner_s_also_the_office_s(demo: Path) -> None:
    for actor in ("teacher:t17", "coach:c1", "family:f1", f"learner:{cast.MEI}", "office:o1"):
        with Workbench.open(demo, actor=actor, clock=clock) as bench:
            for method in (bench.looks.all, bench.looks.who, bench.looks.check, bench.looks.checked, bench.looks.go_on):
                with pytest.raises(NotAllowed):
                    method()
            with pytest.raises(NotAllowed):
                bench.looks.names(())
    with Workbench.open(demo, actor="office:o1", clock=clock) as office:
        mei = office.learners.named(cast.MEI)
        assert office.looks.of(mei)[-1].by == "office:o1"
    with Workbench.open(demo, actor="admin:office", clock=clock) as admin:
        assert {one.by for one in admin.looks.all(actor="office:o1")} == {"office:o1"}
        assert {one.learner for one in admin.looks.all(learner=mei)} == {mei.id}
        assert admin.looks.all(until=date(2000, 1, 1)) == ()
        assert len(admin.looks.all(since=TODAY, most=2)) == 2
        assert "teacher:t17" in admin.looks.who()


def test_a_row_is_said_in_plain_words_in_both_languages(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock, device="iPad Safari") as bench:
        mei = bench.learners.named(cast.MEI)
        bench.goals.choose(mei, "Read", on=TODAY)
    with Workbench.open(demo, actor="admin:office", clock=clock) as admin:
        (wrote, *_rest) = [one for one in admin.looks.all(learner=mei) if one.action == "write"]
        names = admin.looks.names([wrote])
        english = in_words(wrote, names)
        with speaking("es"):
            spanish = in_words(wrote, names)
    assert (english.who, english.did, english.whom, english.at) == ("Teacher t17", "wrote", mei.name, "Goals")
    assert english.device == "iPad Safari"
    assert (spanish.did, spanish.at) == ("escribió", "Metas")
    assert spanish.why != english.why


def test_old_looks_are_folded_by_day_and_nothing_else(demo: Path) -> None:
    trusting(demo)
    when = clock() - timedelta(days=800)
    for hour in range(5):

        def then(hour: int = hour) -> datetime:
            return when + timedelta(hours=hour)

        with Workbench.open(demo, actor="admin:office", clock=then) as bench:
            mei = bench.desk.store.roster.by_code(cast.MEI) or bench.learners.named(cast.MEI).id
            bench.goals.of_learner(mei)
            bench.goals.choose(mei, f"Read {hour}", on=TODAY)
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        before = office.looks.of(mei)
        assert office.looks.trim(RULE) > 0
        after = office.looks.of(mei)
        assert office.looks.check().whole
        assert office.looks.trim(RULE) == 0
    old = [one for one in after if one.at < clock() - timedelta(days=365)]
    assert [one.times for one in old if one.action == "read"] == [5]
    kept = [one for one in before if one.action != "read"]
    assert [one for one in after if one.action != "read"][: len(kept)] == kept
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench, pytest.raises(NotAllowed):
        bench.looks.trim(RULE)
