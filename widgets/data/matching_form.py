"""Whose is it: evidence under a code that no roster has, and who may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.evidence.matching import Decision, Proposal, Reason, StandIn
from workbench.evidence.measures.words import spoken
from workbench.ground import days
from workbench.ground.words import _, ngettext

SHOWN = 12
DECIDED_SHOWN = 6
#: Reasons good enough to be confirmed many at once, where one learner alone has them.
GOOD = (Reason.NAME_AND_BIRTH, Reason.NAME_AND_CLASS, Reason.SAME_ID)
NOBODY, SOMEBODY_ELSE = "nobody", "else"


class MatchingForm(Form):
    """Evidence that waits until somebody says whose it is. Nothing is chosen here before a person did.

    >>> MatchingForm(bench).follow(loader)
    """

    says_saved = False

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self.today = today or bench.today
        self._looking_for: int | None = None
        self._everything = False
        super().__init__(bench, view="matching", **traits)

    def confirm(self, stand_in: StandIn, learner: int) -> None:
        """Says whom a stand-in means."""
        self.bench.matching.confirm({stand_in.id: learner})
        self._looking_for = None
        self.tell_news()

    def confirm_good(self) -> None:
        """Confirms every stand-in with one learner alone for a good reason."""
        good = _good(self.bench.matching.waiting())
        self.bench.matching.confirm({one.id: proposal.learner for one, proposal in good})
        self.tell_news()

    def nobody(self, stand_in: StandIn) -> None:
        """Says that a stand-in is nobody of this school."""
        self.bench.matching.nobody(stand_in)
        self.tell_news()

    def take_back(self, decision: Decision) -> None:
        """Takes back what was said."""
        self.bench.matching.take_back(decision)
        self.tell_news()

    def blocks(self) -> Iterable[Block]:
        if not self.bench.gate.may_here(Action.IMPORT):
            return
        waiting = self.bench.matching.waiting()
        if not waiting and not self.bench.matching.decided():
            return
        title = _blocks.heading(_("Whose is it?"), lead=_lead(len(waiting)))
        yield _blocks.group(title, *self._waiting(waiting), *self._decided(), look="card", name="matching")

    def _waiting(self, waiting: tuple[StandIn, ...]) -> Iterable[Block]:
        good = _good(waiting)
        if len(good) > 1:
            words = ngettext("Confirm the {count} clear one", "Confirm the {count} clear ones", len(good))
            told = _(
                "Each has one learner alone with the same name and birth date, the same name and class, or this id."
            )
            press = _blocks.button(
                "confirm good", words.format(count=len(good)), self.confirm_good, look="primary", focus="matching"
            )
            yield _blocks.group(press, _blocks.note(told, look="quiet"), look="row")
        shown = waiting if self._everything else waiting[:SHOWN]
        for one in shown:
            yield self._one(one)
        if len(shown) < len(waiting):
            more = _("Show all {count}").format(count=len(waiting))
            yield _blocks.button("all", more, self._show_all, look="link")

    def _show_all(self) -> None:
        self._everything = True

    def _one(self, one: StandIn) -> Block:
        said = one.mention.name or one.code.partition(":")[2] or one.code
        beside = [_code(one), one.mention.class_name, _grade(one.mention.grade)]
        if one.mention.birth_date:
            beside.append(days.short(one.mention.birth_date))
        sources = ", ".join(spoken().sources.get(source, source) for source in one.sources)
        pieces = ngettext("{count} fact from {sources}", "{count} facts from {sources}", one.pieces)
        told = _blocks.group(
            _blocks.facts([(said, " · ".join(filter(None, beside)))]),
            _blocks.note(pieces.format(count=f"{one.pieces:,}", sources=sources), look="quiet"),
            look="part",
        )
        name = f"match/{one.id}"
        options = {str(each.learner.id): f"{each.learner.name} – {each.reason.words}" for each in one.proposals}
        others = {NOBODY: _("Nobody of this school"), SOMEBODY_ELSE: _("Somebody else …")}
        if self._looking_for == one.id:
            return _blocks.group(told, self._everybody(one, name), look="columns item", name=name)
        label = _("This is") if options else _("Nobody on a roster has this name. It is")
        pick = _blocks.choice(name, label, "", options | others, partial(self._said, one))
        return _blocks.group(told, pick, look="columns item", name=f"{name}/all")

    def _said(self, one: StandIn, answer: str) -> None:
        if answer == NOBODY:
            self.nobody(one)
        elif answer == SOMEBODY_ELSE:
            self._looking_for = one.id
        elif answer:
            self.confirm(one, int(answer))

    def _everybody(self, one: StandIn, name: str) -> Block:
        learners = {str(each.id): f"{each.family_name}, {each.given_name}" for each in self.bench.learners.all()}
        choose = _blocks.select(
            f"{name}/who", _("Choose the learner"), "", {"": _("Choose …"), **learners}, partial(self._said, one)
        )
        return _blocks.group(choose, _blocks.button(f"{name}/no", _("Back"), self._look_away, look="link"))

    def _look_away(self) -> None:
        self._looking_for = None

    def _decided(self) -> Iterable[Block]:
        decided = self.bench.matching.decided()[:DECIDED_SHOWN]
        if not decided:
            return
        names = {each.id: each.name for each in self.bench.learners.all()}
        lines = []
        for one in decided:
            whom = names.get(one.learner, "") if one.learner is not None else _("nobody of this school")
            words = _blocks.facts(
                [(_("{code} is {name}").format(code=one.code.partition(":")[2] or one.code, name=whom), "")]
            )
            undo = _blocks.button(f"back/{one.stand_in}", _("Undo"), partial(self.take_back, one), look="link")
            lines.append(_blocks.group(words, undo, look="row item", name=f"decided/{one.stand_in}"))
        yield _blocks.group(_blocks.heading(_("Confirmed"), level=3), *lines, look="part")


def _good(waiting: Iterable[StandIn]) -> list[tuple[StandIn, Proposal]]:
    """Those with a good reason that no other learner shares."""
    found = []
    for one in waiting:
        best = [each for each in one.proposals if each.reason is one.proposals[0].reason]
        if len(best) == 1 and best[0].reason in GOOD:
            found.append((one, best[0]))
    return found


def _lead(count: int) -> str:
    if not count:
        return _("Everybody in these files is known.")
    return ngettext(
        "Results under {count} name or code that no roster has wait until you say whose they are.",
        "Results under {count} names or codes that no roster has wait until you say whose they are.",
        count,
    ).format(count=count)


def _code(one: StandIn) -> str:
    kind, sep, value = one.code.partition(":")
    if not sep or kind == "named":
        return "" if sep else one.code
    return value


def _grade(grade: str) -> str:
    return _("grade {grade}").format(grade=grade) if grade else ""
