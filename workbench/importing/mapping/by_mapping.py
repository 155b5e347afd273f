"""An importer whose reading is all said by a mapping."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from workbench.importing.mapping.mapped import questions, read
from workbench.importing.mapping.mapping import Mapping
from workbench.importing.reading.values import (
    Columns,
)
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Question, Table


class ByMapping(ABC):
    """An importer that only needs to say which column of a header is what."""

    name: str
    title: str
    looks_for: str
    together = False

    @abstractmethod
    def recognises(self, header: tuple[str, ...]) -> bool: ...

    @abstractmethod
    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        """How a table with these columns is read."""

    def questions(self, table: Table) -> tuple[Question, ...]:
        return questions(table, self.mapping(Columns(table.header), NO_ANSWERS))

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        return read(table, self.mapping(Columns(table.header), answers), answers)
