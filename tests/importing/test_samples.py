"""Real exports by others, from end to end: every row is accounted for, and every fact has a measure with words."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import Workbench
from workbench.evidence import measures
from workbench.evidence.measures import OWN
from workbench.importing import Tally
from workbench.workspace import Workspace

from ..conftest import TODAY, clock
from .samples import SAMPLES, needs_samples, samples

#: Rows that are evidence, problems, passed over for a reason, and blank, as the files' own counts have them.
ROWS = {
    "star": Tally(rows=15, events=15),
    "iready": Tally(rows=10, events=10),
    "dibels_mclass": Tally(rows=10, events=10),
    "nwea_map_fluency": Tally(rows=9, events=9),
    "istation": Tally(rows=5, events=5),
    "fastbridge": Tally(rows=19, events=10, skipped=9),
}


@needs_samples
@pytest.mark.parametrize("folder", ROWS)
def test_every_fact_of_a_sample_is_of_a_measure_that_has_words(folder: str) -> None:
    for reading in samples(folder).values():
        facts = reading.evidence[["source", "measure", "aspect", "unit"]].drop_duplicates()
        assert len(facts)
        for fact in facts.itertuples(index=False):
            measure = measures.named(fact.source, fact.measure, fact.aspect, fact.unit)
            assert measure.words != OWN, tuple(fact)
            assert measure.name


@needs_samples
def test_every_row_of_every_sample_comes_in_or_says_why_not(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        for folder, expected in ROWS.items():
            outcome = bench.imports.run(SAMPLES / folder, on=TODAY)
            for file in outcome.files:
                print(file.file, file.title, file.tally, file.counts)
                assert file.tally.adds_up
            assert outcome.tally == expected, folder
            assert not outcome.problems
            again = bench.imports.run(SAMPLES / folder, on=TODAY)
            assert all(file.note for file in again.files)
