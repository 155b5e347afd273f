"""The notebook of skills: what was taught, is practised, and is known, as "I can …", with what shows it."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.goals.page import Page
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.access.actors import Action
from workbench.goals import help as goal_help
from workbench.ground import days
from workbench.ground.words import _, language
from workbench.learners.skills import Skill, State


class SkillsPage(Page):
    """The learner's skills: a box for one more, then each, the newest first."""

    kind, begins = "skills", "skill"

    def blocks(self) -> Iterable[Block]:
        yield self.back()
        yield from self.board.undo.bar()
        yield _blocks.group(_blocks.heading(_("My skills")), *self._skills(), look="card", name="skills")
        yield self.done()

    def _skills(self) -> Iterable[Block]:
        yield Block("adder", "skill/new", {"label": _("I can …")}, self._add)
        skills = self.bench.skills.of(self.board.learner)
        if not skills and not self.young:
            words = _("Write what you were taught. Move it on when you practice it, and when you have got it.")
            yield _blocks.empty(_("Your skills will be here"), words)
        for skill in reversed(skills):
            yield self._draw(skill)

    def _draw(self, skill: Skill) -> Block:
        name, skills = f"skill/{skill.id}", self.bench.skills
        state = _blocks.choice(
            f"{name}/state",
            skill.words,
            skill.state,
            states(),
            lambda one: skills.revise(skill, state=one),
            quiet=True,
        )
        parts = [state]
        if not self.young:
            areas = {"": _("Not said yet"), **{one.id: one.name for one in goal_help.load(language()).areas}}
            shows = _blocks.text(
                f"{name}/shows",
                _("What shows it?"),
                skill.shows,
                lambda words: skills.revise(skill, shows=words),
                size="aside",
            )
            area = _blocks.select(
                f"{name}/area",
                _("Area"),
                skill.area,
                areas,
                lambda one: skills.revise(skill, area=one),
                size="beside",
            )
            parts.append(_blocks.group(shows, area, look="columns"))
        return _blocks.group(*parts, self._foot(name, skill), look="item skill", name=name, label=skill.words)

    def _foot(self, name: str, skill: Skill) -> Block:
        told: list[Block] = []
        if skill.confirmed_by:
            seen = _("My teacher saw it: {day}").format(day=days.small(skill.since))
            told.append(_blocks.note(seen, look="quiet"))
        elif self.bench.gate.may(Action.GUIDE, skill.learner):
            confirm = self.bench.skills.confirm
            says = _("The teacher saw it: {words}").format(words=skill.words)
            told.append(
                _blocks.button(
                    f"{name}/confirm", _("The teacher saw it"), lambda: confirm(skill), look="link", says=says
                )
            )
        off = _blocks.button(
            f"{name}/remove",
            _("Take it out"),
            lambda: self._remove(skill),
            look="link",
            focus="undo",
            says=_("Take out: {words}").format(words=skill.words),
        )
        return _blocks.group(*told, off, look="row")

    def _add(self, answer: object) -> None:
        words = answer if isinstance(answer, str) else ""
        known = {one.words.casefold() for one in self.bench.skills.of(self.board.learner)}
        if words.strip().casefold() not in known:  # sent again after a reload, it is written once
            self.bench.skills.add(self.board.learner, words)

    def _remove(self, skill: Skill) -> None:
        self.bench.skills.withdraw(skill)
        said = _("Taken out: {words}").format(words=skill.words)
        self.board.undo.did(said, lambda: self.bench.skills.undo(skill))


def states() -> dict[str, str]:
    """How far a skill is, in a learner's words."""
    return {State.TAUGHT: _("Taught"), State.PRACTISING: _("Practicing"), State.GOT_IT: _("Got it")}
