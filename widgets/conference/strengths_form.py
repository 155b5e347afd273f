"""Name them: strengths and needs side by side, in a subject and in everything else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from widgets.kit.records import conference_of, prompts_that
from widgets.kit.undo import Undo
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.conferences.strengths import Domain, Finding, Kind
from workbench.conferences.suggestions import Suggestion, said_in, suggest
from workbench.evidence.evidence import Evidence
from workbench.ground.bands import YOUNGEST
from workbench.ground.choices import Option
from workbench.ground.words import _

MOST_WORDS = 8  # on a screen of the youngest


class StrengthsSheet:
    """The strengths and the needs of a conference, with suggestions from the learner's own evidence."""

    saves = ("strength", "need")

    def __init__(self, bench: Workbench, conference: Conference, today: date | None = None) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today or conference.held_on
        self._evidence: tuple[Evidence, ...] | None = None
        self._undo = {kind: Undo() for kind in Kind}

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """One of the two columns."""
        kind = Kind(prompt.saves)
        name = f"{move.id}/{prompt.id}"
        young = self.conference.band == YOUNGEST
        found = [one for one in self.bench.strengths.of(self.conference) if one.kind is kind]
        suggested = self._suggested(kind)
        room = MOST_WORDS - sum(len(words.split()) for words in (prompt.ask, *(one.label for one in prompt.options)))
        offered = [*prompt.options, *(_pictured(suggested, room) if young else ())]
        menu = _blocks.menu(
            name,
            prompt.ask,
            [one.words for one in found],
            offered,
            add=lambda words: self._name(kind, words, prompt),
            drop=lambda words: self._withdraw(*(one for one in found if one.words == words)),
            own=_("In your own words"),
        )
        if young:
            own = [one for one in found if one.words not in {option.words for option in offered}]
            return (_blocks.group(menu, *(_blocks.quote(one.words, look="plain") for one in own), look="list"),)
        column = [
            menu,
            *(self._item(name, one, prompt.hint) for one in found),
            *self._undo[kind].removed(f"{name}."),
            *self._still_missing(f"{name}.own", found, suggested, _wanting(found)),
        ]
        return (_blocks.group(*column, look=f"list {kind}", name=f"{name}.column"),)

    def _suggested(self, kind: Kind) -> list[Suggestion]:
        """What the learner's evidence suggests; it is read once a sitting."""
        if self._evidence is None:
            self._evidence = self.bench.evidence.of(self.conference.learner)
        return [one for one in suggest(self._evidence, self.conference.band, self.today) if one.kind is kind]

    def _still_missing(
        self, box: str, found: list[Finding], suggested: list[Suggestion], here: Domain
    ) -> Iterable[Block]:
        """Suggestions where nothing is named yet: first two, then one of the other domain that evidence shows."""
        missing = [one for one in Domain if one not in {each.domain for each in found}]
        of_here = [one for one in suggested if one.domain is here and here in missing][: 1 if found else 2]
        elsewhere = [one for one in suggested if one.domain is not here and one.domain in missing and one.facts][:1]
        told = [*of_here, *elsewhere] or [one for one in suggested if one.domain in missing][:1]
        label = _("From your tests and your days")
        if found and missing:
            label = _("Nothing yet: {where}").format(where=_domains()[missing[0]].lower())
        if told:
            yield _blocks.tips(box, label, [(one.words, one.why) for one in told])

    def _name(self, kind: Kind, words: str, prompt: Prompt) -> None:
        self._undo[kind].leave()
        known = next((one.domain for one in prompt.options if one.words == words), "")
        taken = said_in(self._suggested(kind), words)
        there = [one for one in self.bench.strengths.of(self.conference) if one.kind is kind]
        domain = known or (taken.domain if taken else _wanting(there))
        tied_to = taken.tied_to if taken else ""
        self.bench.strengths.name(self.conference, words, kind=kind, domain=domain, tied_to=tied_to)

    def _withdraw(self, *findings: Finding) -> None:
        for finding in findings:
            self.bench.strengths.withdraw(finding)
            self._undo[finding.kind].did(finding.words, partial(self.bench.strengths.restore, finding))

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


class StrengthsForm(Form):
    """The strengths and needs of a conference.

    >>> StrengthsForm(bench, conference)
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


def _pictured(suggested: Iterable[Suggestion], room: int) -> Iterable[Option]:
    """For the youngest: one from evidence whose words have `room`, as a picture beside the others."""
    told = [one for one in suggested if one.facts and len(one.what.split()) <= room]
    for one in told[:1]:
        yield Option(one.words, one.what, "star" if one.kind is Kind.STRENGTH else "grow", one.domain)


def _wanting(found: Iterable[Finding]) -> Domain:
    """Where words of one's own go, until somebody moves them: where nothing is named yet, a subject first."""
    named = {one.domain for one in found}
    return next((one for one in (Domain.ACADEMIC, Domain.BEYOND) if one not in named), Domain.ACADEMIC)


def _domains() -> dict[str, str]:
    return {Domain.ACADEMIC: _("In a subject"), Domain.BEYOND: _("In everything else")}
