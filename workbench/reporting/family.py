"""The family letter: one page in the language spoken at home, of what the learner shows and what tests said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbench.access.actors import Action
from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, Line, change
from workbench.evidence.telling import compared_with, said_range, said_term, tests
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.errors import BadInput
from workbench.ground.words import _, speaking
from workbench.ground.words import language as spoken_now
from workbench.learners.learners import Learner
from workbench.learners.replies import asked
from workbench.learners.settings import LANGUAGES, UNKNOWN, language_name
from workbench.reporting.blocks import Block, Item, Listing, Name, Picked, Said, Text
from workbench.reporting.learner import class_of, example
from workbench.reporting.section import Page, Section, in_its_language

if TYPE_CHECKING:
    from workbench.bench import Workbench

#: The kind of the section that asks for an interpreter; a class's PDF names on top whose letters have it.
INTERPRETER = "interpreter"
MOST_SHOWN = 6  # things that a learner shows, so that the letter stays a page


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """Everything a letter is made of, read once. `shown`: question ("" nothing was asked), words, and if picked;
    None where whoever makes the letter is not told."""

    learner: Learner
    facts: tuple[str, ...]
    band: str
    language: str
    interpreter: str
    on: date
    shown: tuple[tuple[str, str, bool], ...] | None = ()
    evidence: tuple[Evidence, ...] = ()


class FamilyLetter:
    """A letter to one learner's family: a method for each section. It says of the learner what the learner shows them.

    letter = FamilyLetter.of(bench, learner)
    letter.shown()
    """

    def __init__(self, told: Told) -> None:
        self._told = told

    @classmethod
    def of(
        cls,
        bench: Workbench,
        learner: Learner | int = 0,
        *,
        snapshot: int = 0,
        language: str = "",
        on: date | None = None,
    ) -> FamilyLetter:
        """The letter to a learner's family, as things stood at change `snapshot` (0: now).

        It is in `language`, else in that spoken at home, else in the learner's own. Where at home one is spoken that
        there are no words in here, it asks for an interpreter: nothing is translated by a machine, nor by the child.
        Learner 0 is an example. Raises NotFound for an unknown learner, NotAllowed for one the actor may not see,
        BadInput for a language there is none of.
        """
        if language and language not in LANGUAGES:
            raise BadInput(_("There are no letters in “{language}”.").format(language=language), ", ".join(LANGUAGES))
        seen = bench.at(snapshot) if snapshot else bench
        shown = seen.learners.get(learner) if learner else example(seen)
        settings = bench.settings.of(shown)
        home = settings.home_language
        spoken = language or (home if home in LANGUAGES else "") or bench.spoken or settings.language or spoken_now()
        with speaking(spoken):
            interpreter = "" if language or home in (UNKNOWN, *LANGUAGES) else language_name(home)
            return cls(_read(seen, shown, settings.band, interpreter, on or bench.today))

    @property
    def language(self) -> str:
        """The language it is in."""
        return self._told.language

    # The sections, in their order

    @in_its_language
    def who(self) -> Section:
        """To whom, from whom, and when."""
        name = _("For the family of {name}").format(name=self._told.learner.name)
        return self._section("who", "", Name(name, self._told.facts))

    @in_its_language
    def interpreter(self) -> Section:
        """That the letter is to be read to the family by an interpreter, where there are no words in their language."""
        if not self._told.interpreter:
            return self._section(INTERPRETER, "")
        title = _("Needs an interpreter: {language}").format(language=self._told.interpreter)
        words = _("Please call us: we find somebody who speaks your language. It costs nothing.")
        return self._section(INTERPRETER, title, Text(words))

    @in_its_language
    def shown(self) -> Section:
        """What the learner wants their family to know, in the learner's words; not in an office's letter, which is not
        told them."""
        if self._told.shown is None:
            return self._section("shown", "")
        title = _("What {name} wants you to know").format(name=self._name)
        blocks: list[Block] = [
            Picked(words, question) if picked else Said(words, question)
            for question, words, picked in self._told.shown[:MOST_SHOWN]
        ]
        if not blocks:
            words = _("{name} has not chosen yet what to show you. Ask what it could be.").format(name=self._name)
            blocks = [Text(words)]
        return self._section("shown", title, *blocks)

    @in_its_language
    def numbers(self) -> Section:
        """What tests said, a sentence for each, and what such a number is not."""
        known = tests(self._told.evidence)
        if not known or self._told.band == YOUNGEST:
            words = _("Come and look at {name}’s work with us: it says more than a number.").format(name=self._name)
            return self._section("numbers", _("How learning goes"), Text(words))
        sentences = [Item(_sentence(line)) for line in known]
        meant = _(
            "Each pair of numbers is where {name} is on one test day, never exact. It does not say how clever or how"
            " kind somebody is, and nobody is compared here with others."
        )
        blocks = (Listing("", tuple(sentences)), Text(meant.format(name=self._name), "quiet"))
        return self._section("numbers", _("How learning goes"), *blocks)

    @in_its_language
    def at_home(self) -> Section:
        """What helps at home, with nothing to buy and no evening to be free."""
        if self._told.band == YOUNGEST:
            ideas = (
                _(
                    "Let {name} tell you a story, on the way or while you cook. Your own language is the best one for"
                    " it."
                ),
                _("Ask what was fun today, and what was hard. Listening is enough."),
                _("Count together what is there: steps, plates, buses."),
            )
        else:
            ideas = (
                _("Let {name} teach you one thing from today. Your own language is the best one for it."),
                _("Ask which goal {name} is working on, and why. Listening is enough."),
                _("Let {name} do the counting when you cook, shop or travel."),
            )
        items = tuple(Item(one.format(name=self._name)) for one in ideas)
        return self._section("home", _("What helps, in five minutes"), Listing("", items))

    @in_its_language
    def answer(self) -> Section:
        """Two questions, to be cut off and given back."""
        lead = _("Cut here and give it back with {name}, or call us, or come by.").format(name=self._name)
        whose = " · ".join((self._told.learner.name, *self._told.facts[:1]))
        questions = tuple(Text(one, "invite") for one in asked(self._name).values())
        return self._section("answer", _("Your turn"), Text(lead, "quiet"), Text(whose), *questions)

    def sections(self) -> tuple[Section, ...]:
        """Every section in the usual order."""
        return (self.who(), self.interpreter(), self.shown(), self.numbers(), self.at_home(), self.answer())

    @cached_property
    @in_its_language
    def page(self) -> Page:
        """The page these sections belong on."""
        name = self._told.learner.name
        return Page(_("{name}: letter to the family").format(name=name), name, self.language, "adult")

    @property
    def _name(self) -> str:
        return self._told.learner.call_name

    def _section(self, kind: str, title: str, *blocks: Block) -> Section:
        return Section(kind, title, blocks, "adult", self.language)

    def _repr_mimebundle_(self, **wanted: object) -> dict[str, Any]:
        return {**self.page._repr_mimebundle_(**wanted), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return "<FamilyLetter>"


def _read(bench: Workbench, learner: Learner, band: str, interpreter: str, today: date) -> Told:
    facts = class_of(bench, learner)
    told = bench.gate.all_that((Action.SHARED,), [learner.id])[learner.id]
    known = bench.profiles.inventories(spoken_now())
    shown = []
    for one in bench.profiles.for_family(learner):
        item = known.item(one.item) if one.item else None
        if words := " · ".join(part.strip() for part in (one.choice, one.words) if part.strip()):
            shown.append((item.ask if item else "", words, not one.words.strip()))
    return Told(
        learner=learner,
        facts=(*facts, *filter(None, [bench.workspace.school]), days.dated(today)),
        band=band,
        language=spoken_now(),
        interpreter=interpreter,
        on=today,
        shown=tuple(reversed(shown)) if told else None,
        evidence=tuple(bench.evidence.of(learner)),
    )


def _sentence(line: Line) -> str:
    now, before = line.points[-1], compared_with(line)
    said = {"subject": measures.of(now).learner, "range": said_range(now), "term": said_term(now.term)}
    if before is None or now.rushed:
        return _("{subject}: {range} on the test of {term}.").format(**said)
    how = {
        "higher": _("{subject}: {range} on the test of {term}, more than {before} in {earlier}."),
        "lower": _(
            "{subject}: {range} on the test of {term}, and {before} in {earlier}. That happens; we look at it together."
        ),
        "about the same": _("{subject}: {range} on the test of {term}, about the same as {before} in {earlier}."),
    }[change(before, now)]
    return how.format(**said, before=said_range(before), earlier=said_term(before.term))
