"""The page of a learner's family, who came by a letter's code: what the learner shows them, and their answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tornado import web

from workbench.bench import Workbench
from workbench.doors.passes import Kind
from workbench.ground.errors import BadInput
from workbench.ground.words import _, language
from workbench.learners.replies import Question, Reply, asked
from workbench.serving.entering import Entering
from workbench.serving.identity import session_of

MOST = 4000  # letters of one answer


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What a learner shows their family: what was asked ("" nothing was) and what they said, by what it is about."""

    called: str
    symbol: str
    said: dict[str, list[tuple[str, str]]]
    own: tuple[Reply, ...]


class FamilyPage(Entering):
    """Shows what there is, keeps an answer, takes one back."""

    @property
    def learner(self) -> int:
        session = session_of(self)
        if session is None or session.kind is not Kind.FAMILY or session.learner is None:
            raise web.HTTPError(404)
        return session.learner

    @web.authenticated
    async def get(self) -> None:
        await self._answer(bool(self.get_query_argument("kept", "")))

    @web.authenticated
    async def post(self) -> None:
        learner, taken, back = self.learner, self.get_body_argument("take", ""), self.get_body_argument("back", "")
        if taken:
            await self.ask(lambda bench: bench.replies.withdraw(taken))
            await self._answer(taken=taken)
            return
        if back:
            await self.ask(lambda bench: bench.replies.undo(back))
        else:
            said = {one: words for one in Question if (words := self.get_body_argument(one.name, "").strip())}
            for_them = bool(self.get_body_argument("to_learner", ""))
            await self.ask(lambda bench: _keep(bench, learner, said, for_them))
        self.lead("/family?kept=1")

    async def _answer(self, kept: bool = False, taken: str = "") -> None:
        learner = self.learner
        shown = await self.ask(lambda bench: look(bench, learner))
        self.show(self.pages.family(self, shown=shown, kept=kept, taken=taken, questions=asked(shown.called)))


def _keep(bench: Workbench, learner: int, said: Mapping[Question, str], for_them: bool) -> None:
    if not said:
        raise BadInput(_("There are no words yet."), _("Go back and write a few, or close this page."))
    if max(map(len, said.values())) > MOST:
        raise BadInput(_("This is too long."), _("Go back and say it in fewer words, or call us."))
    for question, words in said.items():
        bench.replies.add(learner, question, words, to_learner=for_them)


def look(bench: Workbench, learner: int) -> Shown:
    """What `bench` shows a family of a learner."""
    known = bench.profiles.inventories(language())
    said: dict[str, list[tuple[str, str]]] = {}
    for one in bench.profiles.for_family(learner):
        item = known.item(one.item) if one.item else None
        if words := one.choice or one.words:
            said.setdefault(known.domains[one.domain], []).append((item.ask if item else "", words))
    symbol = bench.symbols.of(learner)
    called = bench.learners.get(learner).call_name
    return Shown(called, symbol.name if symbol else "", said, bench.replies.own(learner))
