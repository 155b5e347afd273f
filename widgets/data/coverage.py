"""What is here of a class and what is missing: learners, sources and terms in one picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from widgets.learner.picker import classes_of
from workbench.bench import Workbench
from workbench.evidence.evidence import coverage
from workbench.evidence.measures.words import spoken
from workbench.evidence.telling import said_term
from workbench.ground.terms import Term
from workbench.ground.words import _, ngettext
from workbench.learners.learners import class_labels

TERMS_SHOWN = 3  # of each source, the newest
_EXPECTED = 0.5  # what so many of a class have, the others lack


class Coverage(Form):
    """Which learners of a class have evidence from which source in which term.

    >>> Coverage(bench).follow(loader)
    """

    says_saved = False

    def __init__(self, bench: Workbench, **traits: Any) -> None:
        self._classes = {str(one.id): one for one in classes_of(bench)}
        self._class = next(iter(self._classes), "")
        super().__init__(bench, view="coverage", **traits)

    def blocks(self) -> Iterable[Block]:
        self._classes = {str(one.id): one for one in classes_of(self.bench)}
        if not self._classes:
            return
        if self._class not in self._classes:
            self._class = next(iter(self._classes))
        lead = _("Each mark is evidence of a term. An open ring: most of the class has it, and this learner has not.")
        title = _blocks.heading(_("What is here, and what is missing"), lead=lead)
        chooser = _blocks.select("class", _("Class"), self._class, class_labels(self._classes.values()), self._choose)
        parts = [title, *([chooser] if len(self._classes) > 1 else []), self._picture()]
        yield _blocks.group(*parts, look="card", name="coverage")

    def _choose(self, number: str) -> None:
        self._class = number if number in self._classes else self._class

    def _picture(self) -> Block:
        learners = self.bench.learners.in_class(self._classes[self._class])
        pieces = coverage(self.bench.evidence.of_each(learners))
        if not pieces:
            words = _("Drop the school’s exports above, and this fills up.")
            return _blocks.empty(_("No evidence of this class yet"), words)
        columns = _columns(pieces)
        have = {place: sum((one.id, *place) in pieces for one in learners) for place in columns}
        rows = []
        for one in learners:
            cells = []
            for place in columns:
                count = pieces.get((one.id, *place), 0)
                missing = not count and have[place] >= _EXPECTED * len(learners)
                cells.append({"look": "here" if count else "missing" if missing else "", "says": _says(count, missing)})
            rows.append({"name": one.name, "cells": cells})
        groups: list[dict[str, Any]] = []
        for source, term in columns:
            if not groups or groups[-1]["source"] != source:
                groups.append({"source": source, "label": spoken().sources.get(source, source), "terms": []})
            groups[-1]["terms"].append(_short(term))
        totals = [_("{n} of {of}").format(n=have[place], of=len(learners)) for place in columns]
        shown = {
            "label": _("Evidence by learner, source and term"),
            "corner": _("Learner"),
            "groups": groups,
            "totals": totals,
            "total": _("Have it"),
            "rows": rows,
        }
        return Block("grid", shown=shown)


def _columns(pieces: Iterable[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """Sources as the registry lists them, each with its newest terms in order."""
    terms: dict[str, set[str]] = {}
    for _learner, source, term in pieces:
        terms.setdefault(source, set()).add(term)
    usual = list(spoken().sources)
    order = sorted(terms, key=lambda source: (usual.index(source) if source in usual else len(usual), source))
    return [(source, term) for source in order for term in sorted(terms[source], key=Term.parse)[-TERMS_SHOWN:]]


def _short(term: str) -> str:
    parsed = Term.parse(term)
    return said_term(term) if parsed.season else f"{parsed.year}–{(parsed.year + 1) % 100:02}" if parsed.year else term


def _says(count: int, missing: bool) -> str:
    if count:
        return ngettext("{count} result", "{count} results", count).format(count=f"{count:,}")
    return _("missing") if missing else _("none")
