"""Real exports by others, where there are any on this machine: every row of each must be accounted for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.importing import open_tables

from ..reading import Reading

SAMPLES = Path(os.environ.get("WORKBENCH_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of sample exports here")


def samples(folder: str) -> dict[str, Reading]:
    """Every file of a folder of samples, read, by its name; prints how its rows were used."""
    found = {}
    with open_tables(SAMPLES / folder) as tables:
        for table in tables:
            reading = found[table.file] = Reading(table)
            print(f"{table.file}: {reading.tally}, {len(reading.evidence)} facts, {reading.skipped}")
    return found
