"""Reads a file by an importer, and holds what comes out to the promises that all importers make."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from workbench.importing import COLUMNS, Batch, Importer, Kind, Problem, Table, Tally, open_tables, recognise
from workbench.importing.records import NO_ANSWERS, Answers


def _schemas() -> dict[Kind, pa.DataFrameSchema]:
    """What every frame keeps to, whatever the file."""

    def texts(names: Iterable[str]) -> dict[str, pa.Column]:
        return {
            name: pa.Column(object, pa.Check(lambda text: isinstance(text, str), element_wise=True)) for name in names
        }

    row = {"row": pa.Column("int64", pa.Check.ge(2))}
    code = pa.Column(object, pa.Check(lambda text: text != "" and text == text.strip(), element_wise=True))
    evidence = (
        row
        | texts(COLUMNS[Kind.EVIDENCE])
        | {
            "row": row["row"],
            "learner_code": code,
            "measure": code,
            "taken_on": pa.Column(object, pa.Check(lambda day: type(day) is date, element_wise=True)),
            "value": pa.Column(float),
            "unit": code,
            "error": pa.Column(float, pa.Check.in_range(0, 1_000), nullable=True),
            "percentile": pa.Column(float, pa.Check.in_range(0, 100), nullable=True),
            "standing": pa.Column(object, pa.Check.isin(["growth", "other", "repeat"])),
            "details": pa.Column(object, pa.Check(_is_canonical, element_wise=True)),
        }
    )
    key = ["learner_code", "source", "measure", "aspect", "taken_on", "test", "part"]
    born = pa.Column(object, pa.Check(lambda day: type(day) is date, element_wise=True), nullable=True)
    columns = {
        Kind.EVIDENCE: evidence,
        Kind.LEARNERS: texts(COLUMNS[Kind.LEARNERS]) | row | {"learner_code": code, "birth_date": born},
        Kind.ENROLMENTS: texts(COLUMNS[Kind.ENROLMENTS]) | row | {"learner_code": code},
        Kind.MEMBERSHIPS: texts(COLUMNS[Kind.MEMBERSHIPS]) | row | {"learner_code": code, "class_name": code},
        Kind.DEPARTURES: texts(COLUMNS[Kind.DEPARTURES]) | row | {"after": born},
        Kind.IDENTIFIERS: texts(COLUMNS[Kind.IDENTIFIERS]) | row | {"learner_code": code, "kind": code, "value": code},
        Kind.MENTIONS: texts(COLUMNS[Kind.MENTIONS]) | row | {"learner_code": code, "birth_date": born},
    }
    return {
        kind: pa.DataFrameSchema(found, strict=True, unique=key if kind is Kind.EVIDENCE else None)
        for kind, found in columns.items()
    }


def _is_canonical(text: str) -> bool:
    if not text:
        return True
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text


SCHEMAS = _schemas()


class Reading:
    """A whole file read: its frames, problems and tally."""

    def __init__(self, table: Table, importer: Importer | None = None, answers: Answers = NO_ANSWERS) -> None:
        self.importer = importer or recognise(table)[0]
        self.questions = self.importer.questions(table)
        self.batches: list[Batch] = list(self.importer.read(table, answers))
        self.problems: list[Problem] = [p for batch in self.batches for p in batch.problems]
        self.tally = sum((batch.tally for batch in self.batches), Tally())
        assert self.tally.adds_up
        assert len({p.row for p in self.left_out if p.row}) == self.tally.left_out or any(
            p.row is None for p in self.left_out
        )
        for kind in Kind:
            frame = self.frame(kind)
            if len(frame):
                assert tuple(frame.columns) == COLUMNS[kind]
                SCHEMAS[kind].validate(frame)
                if kind is Kind.EVIDENCE and self.importer.name in ("nwea_assessment_results", "nwea_combined"):
                    assert set(frame["unit"]) <= {"RIT", "L", "Q"}
                assert not {p.row for p in self.left_out} & set(frame["row"])

    def frame(self, kind: Kind) -> pd.DataFrame:
        """All rows of one kind."""
        frames = [batch.frames[kind] for batch in self.batches if kind in batch.frames]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    @property
    def skipped(self) -> Counter[str]:
        """How many rows were passed over, by the reason."""
        found: Counter[str] = Counter()
        for batch in self.batches:
            found.update(batch.skipped)
        return found

    @property
    def evidence(self) -> pd.DataFrame:
        """All facts."""
        return self.frame(Kind.EVIDENCE)

    def facts(self, *columns: str) -> list[tuple[object, ...]]:
        """What `columns` hold of each fact."""
        return [tuple(row) for row in self.evidence[list(columns)].itertuples(index=False)]

    def details(self, at: int = 0) -> dict[str, Any]:
        """What is noted beside one fact."""
        found: dict[str, Any] = json.loads(self.evidence["details"][at] or "{}")
        return found

    @property
    def scores(self) -> pd.DataFrame:
        """The facts about whole tests, one per row of the file."""
        evidence = self.evidence
        return evidence[evidence["aspect"] == ""].reset_index(drop=True)

    @property
    def left_out(self) -> list[Problem]:
        """The problems that leave a row out."""
        return [problem for problem in self.problems if problem.left_out]


def read_text(
    folder: Path,
    text: str | bytes,
    name: str = "AssessmentResults.csv",
    importer: Importer | None = None,
    answers: Answers = NO_ANSWERS,
) -> Reading:
    """Write a file into `folder` and read it."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with open_tables(path) as tables:
        (table,) = tables
        return Reading(table, importer, answers)
