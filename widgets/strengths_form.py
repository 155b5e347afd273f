"""Name them: strengths and needs side by side, in a subject and in everything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from widgets import _blocks
from widgets._blocks import Block
from widgets._form import Form
from widgets._records import conference_of, prompts_that
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.protocols import YOUNGEST, Move, Prompt
from workbench.strengths import Domain, Finding, Kind
from workbench.words import _


class StrengthsSheet:
    """The strengths and the needs of a conference."""

    saves = ("strength", "need")

    def __init__(self, bench: Workbench, conference: Conference) -> None:
        self.bench = bench
        self.conference = conference
        self._domain = {Kind.STRENGTH: Domain.ACADEMIC, Kind.NEED: Domain.ACADEMIC}
        self._removed: dict[Kind, Finding] = {}

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """One of the two columns."""
        kind = Kind(prompt.saves)
        name = f"{move.id}/{prompt.id}"
        found = [one for one in self.bench.strengths.of(self.conference) if one.kind is kind]
        menu = _blocks.menu(
            name,
            prompt.ask if self.conference.band == YOUNGEST else "",
            [one.words for one in found],
            prompt.options,
            add=lambda words: self._name(kind, words, prompt),
            drop=lambda words: self._withdraw(*(one for one in found if one.words == words)),
            own=_("In your own words"),
        )
        if self.conference.band == YOUNGEST:
            own = [one for one in found if one.words not in {option.words for option in prompt.options}]
            return (_blocks.group(menu, *(_blocks.quote(one.words, look="plain") for one in own), look="list"),)
        column = [
            _blocks.choice(
                f"{name}.domain",
                prompt.ask,
                self._domain[kind],
                _domains(),
                lambda one: self._domain.update({kind: Domain(one)}),
                quiet=True,
            ),
            menu,
            *(self._item(name, one, prompt.hint) for one in found),
        ]
        if kind in self._removed:
            column.append(self._undo(name, self._removed[kind]))
        missing = {Domain(one) for one in _domains()} - {one.domain for one in found}
        if found and missing:
            words = _("Nothing yet: {where}").format(where=_domains()[missing.pop()].lower())
            column.append(_blocks.note(words, look="quiet"))
        return (_blocks.group(*column, look=f"list {kind}", name=f"{name}.column"),)

    def _name(self, kind: Kind, words: str, prompt: Prompt) -> None:
        self._removed.pop(kind, None)
        known = next((one.domain for one in prompt.options if one.words == words), "")
        self.bench.strengths.name(self.conference, words, kind=kind, domain=known or self._domain[kind])

    def _withdraw(self, *findings: Finding) -> None:
        for finding in findings:
            self.bench.strengths.withdraw(finding)
            self._removed[finding.kind] = finding

    def _restore(self, finding: Finding) -> None:
        self.bench.strengths.restore(finding)
        self._removed.pop(finding.kind, None)

    def _item(self, column: str, finding: Finding, hint: str) -> Block:
        here, there = finding.domain, Domain.BEYOND if finding.domain is Domain.ACADEMIC else Domain.ACADEMIC
        label = _domains()[here]
        name = f"{column}.{finding.id}"
        top = _blocks.group(
            _blocks.quote(finding.words, look="plain"),
            _blocks.button(
                f"{name}.domain",
                label,
                lambda: self.bench.strengths.reword(finding, domain=there),
                look="tag",
                says=_("{words}: {here}. Move to: {there}").format(
                    words=finding.words, here=label, there=_domains()[there]
                ),
            ),
            _blocks.button(
                f"{name}.remove",
                _("Remove"),
                lambda: self._withdraw(finding),
                look="link",
                focus=f"{column}.undo",
                says=_("Remove “{words}”").format(words=finding.words),
            ),
            look="row",
        )
        shows = _blocks.text(
            f"{name}.shows",
            _("What shows it?") if finding.kind is Kind.STRENGTH else _("Where do you see it?"),
            finding.tied_to,
            lambda words: self.bench.strengths.reword(finding, tied_to=words),
            size="aside",
        )
        return _blocks.group(top, shows, look="item", name=name, label=finding.words)

    def _undo(self, column: str, finding: Finding) -> Block:
        return _blocks.group(
            _blocks.note(_("Removed: {words}").format(words=finding.words), look="quiet"),
            _blocks.button(f"{column}.undo", _("Put it back"), lambda: self._restore(finding), look="link"),
            look="row",
            name=f"{column}.removed",
        )


class StrengthsForm(Form):
    """The strengths and needs of a conference.

    >>> StrengthsForm(bench, conference)  # doctest: +SKIP
    """

    def __init__(self, bench: Workbench, conference: Conference | str, **traits: Any) -> None:
        self.conference = conference_of(bench, conference)
        self._sheet = StrengthsSheet(bench, self.conference)
        super().__init__(bench, view=f"strengths {self.conference.id}", band=self.conference.band, **traits)

    def blocks(self) -> Iterable[Block]:
        asked = prompts_that(self.bench.conferences.protocol(self.conference), StrengthsSheet.saves)
        if asked:
            yield _blocks.heading(asked[0][0].title, lead=asked[0][0].lead)
        yield _blocks.group(*(block for place in asked for block in self._sheet.ask(*place)), look="columns")


def _domains() -> dict[str, str]:
    return {Domain.ACADEMIC: _("In a subject"), Domain.BEYOND: _("In everything else")}
