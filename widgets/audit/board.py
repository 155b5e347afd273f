"""Who looked at what: an admin sees all of it, and whether it is whole; a family's list is the office's, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, table
from widgets.kit.form import Form
from workbench.access.actors import Action
from workbench.access.rules import themselves
from workbench.bench import Workbench
from workbench.duties.plainly import for_family, in_words
from workbench.ground import days
from workbench.ground.errors import NotFound
from workbench.ground.words import _, ngettext
from workbench.keeping import heads
from workbench.learners.learners import Learner

MOST = 200
EVERYBODY = ""
ROWS, FAMILY = "rows", "family"


class AuditBoard(Form):
    """The newest of who looked at what, by learner, person and days; of one learner also as a list for the family.

    >>> AuditBoard(bench)
    """

    says_saved = False

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self.learner: Learner | None = None
        self._today = today
        self._said = self._unknown = ""
        self._by = EVERYBODY
        self._view = ROWS
        self._since: date | None = None
        self._until: date | None = None
        super().__init__(bench, view="audit", **traits)

    @property
    def today(self) -> date:
        """The day: the page may stay open overnight."""
        return self._today or self.bench.today

    def frame(self) -> dict[str, Any]:
        return {"key": f"audit {self.learner.id if self.learner else ''} {self._view}"}

    def blocks(self) -> Iterable[Block]:
        if not self.bench.gate.may_here(Action.DISCLOSE):
            yield _blocks.empty(_("This page went away."), _("Go to the home page and open it again."))
            return
        everything = self.bench.gate.may_here(Action.AUDIT)
        yield _blocks.heading(
            _("Who looked at what"), lead=_("Every look, change and refusal, and why it was allowed.")
        )
        if everything:
            yield self._whole()
        yield _blocks.group(*self._filters(everything), look="card", name="filters")
        if self._unknown:
            yield _blocks.note(self._unknown, look="amber")
        if self.learner and (self._view == FAMILY or not everything):
            yield self._family(self.learner)
        elif everything:
            yield from self._rows()
        else:
            words = _("Type the name or the school’s id of the child whose family asks.")
            yield _blocks.empty(_("Choose a learner"), words)

    def _whole(self) -> Block:
        seen = self.bench.looks.checked()
        look = "amber" if seen is None or seen.broken else "done"
        parts = [_blocks.note(heads.last(seen), look=look)]
        if seen is not None and seen.broken:
            parts.append(_blocks.note(heads.told(seen.broken)[1], look="quiet"))
        again = _blocks.group(_blocks.button("check", _("Look now"), self._check, look="secondary"), look="row")
        return _blocks.group(*parts, again, look="card")

    def _check(self) -> None:
        self.bench.looks.check()

    def _filters(self, everything: bool) -> Iterable[Block]:
        hint = _("The name, or the school’s id. Empty: anybody.") if everything else ""
        yield _blocks.text("learner", _("Learner"), self._said, self._choose, size="line", hint=hint)
        if not everything:
            return
        people = {EVERYBODY: _("Anybody")} | self._called(self.bench.looks.who())
        yield _blocks.select("by", _("Who looked"), self._by, people, self._by_whom)
        yield _blocks.group(
            _blocks.day("since", _("From"), self._since, self._from, today=self.today, past=True),
            _blocks.day("until", _("Until"), self._until, self._to, today=self.today, past=True),
            look="columns",
        )
        if self.learner:
            views = {ROWS: _("Everything"), FAMILY: _("A list for the family")}
            yield _blocks.choice("view", _("Show"), self._view, views, self._show, quiet=True)

    def _rows(self) -> Iterable[Block]:
        found = self.bench.looks.all(
            learner=self.learner, actor=self._by, since=self._since, until=self._until, most=MOST
        )
        if not found:
            words = _("Take a wider span of days, or everybody. What is old was summed up by year.")
            yield _blocks.empty(_("Nothing was noted that fits"), words)
            return
        names, people = self.bench.looks.names(found), self._people()
        head = [_("When"), _("Who"), _("What"), _("Learner"), _("Where"), _("Device"), _("Why they might")]
        yield table(_("The newest first"), head, [list(in_words(one, names, people)) for one in found])
        if len(found) == MOST:
            said = ngettext("The newest {count} is shown.", "The newest {count} are shown.", MOST)
            yield _blocks.note(said.format(count=MOST), look="quiet")

    def _family(self, learner: Learner) -> Block:
        title = _("Who looked at the records of {name}").format(name=learner.name)
        lead = _("{school}, {day}. What was looked at is named, never what it said.").format(
            school=self.bench.workspace.school, day=days.short(self.today)
        )
        people = {**self._people(), str(themselves(learner.code)): learner.name}
        found = for_family(self.bench.looks.of(learner), people)
        head = [_("Day"), _("Who"), _("What"), _("Where"), _("Why they might")]
        printing = _blocks.group(Block("print", shown={"label": _("Print")}), look="row")
        shown = table(_("The newest first"), head, found) if found else _blocks.note(_("Nobody looked."))
        return _blocks.group(printing, _blocks.group(_blocks.heading(title, lead=lead), shown, look="agreement"))

    def _people(self) -> Mapping[str, str]:
        """What educators are called, by how they sign."""
        return self.bench.looks.people()

    def _called(self, actors: Iterable[str]) -> dict[str, str]:
        people = self._people()
        return {one: people.get(one, one) for one in actors}

    def _choose(self, said: str) -> None:
        self._said, self._unknown, self.learner = said.strip(), "", None
        if self._said:
            try:
                self.learner = self.bench.looks.named(self._said)
            except NotFound as error:
                self._unknown = f"{error.sentence} {error.next_step}"

    def _by_whom(self, actor: str) -> None:
        self._by = actor

    def _from(self, day: date | None) -> None:
        self._since = day

    def _to(self, day: date | None) -> None:
        self._until = day

    def _show(self, view: str) -> None:
        self._view = view
