"""The board of a learner's goals: long ones with the small ones that hang from them, and how each is going."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from widgets.goals.asking import AskPage
from widgets.goals.card import Acts, GoalCard, horizons
from widgets.goals.editor import ChangePage, NewPage
from widgets.goals.endings import MetPage, NotYetPage, meet, page_of
from widgets.goals.page import Board, GoalPage, Page
from widgets.goals.planning import PlanPage
from widgets.goals.skills import SkillsPage
from widgets.goals.week_sheet import WeekPage
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.form import Form, MovedOn
from widgets.kit.undo import Undo
from widgets.kit.watch import Watch
from widgets.learner.buddies import what_buddies_share
from widgets.learner.flag_form import FlagSheet
from widgets.learner.responses import said_back
from widgets.learner.ways import named
from workbench.bench import Workbench
from workbench.goals.goals import Goal, Horizon, State, long_above
from workbench.goals.progress import CheckIn
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner

OFTEN = 2.0  # seconds between two looks whether a flag was seen
#: The pages that answers may still come to when they are open no more, by what the names of these begin with.
_PAGES: dict[str, type[Page]] = {
    page.begins: page for page in (NewPage, ChangePage, PlanPage, NotYetPage, MetPage, SkillsPage, AskPage)
}


class GoalBoard(Form):
    """One learner's goals: chosen, followed, changed, met or not yet.

    `leave` is called by the link to another learner, which is there when it is given.

    >>> GoalBoard(bench, learner)
    """

    def __init__(
        self,
        bench: Workbench,
        learner: Learner | int,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        number = learner.id if isinstance(learner, Learner) else learner
        self.bench = bench
        self.learner = bench.learners.get(number)
        self.today = today or bench.today
        self.undo = Undo()
        settings = bench.settings.of(number)
        self.flags = FlagSheet(bench, self.learner, settings.band, lambda: self.today)
        self._all = AllGoals(self, leave)
        self.page: Page = self._all
        self._left: dict[str, Page] = {}  # pages as they were left, with what waits on them
        self._watch = Watch(self._look_out, self._apologise, every=OFTEN)
        super().__init__(
            bench,
            view=f"goals {number}",
            band=settings.band,
            spoken=bench.spoken or settings.language,
            **traits,
        )
        self._watch.start()

    def close(self) -> None:
        self._watch.stop()
        super().close()

    def go(self, page: Page) -> None:
        """Opens a page; what was done on another is not taken back there."""
        self.undo.leave()
        self.page = self._left[page.where] = page

    def to_board(self) -> None:
        """Goes back to the board, where what was done is told."""
        self.page = self._all

    def frame(self) -> dict[str, Any]:
        return {"key": self.page.key}

    def blocks(self) -> Iterable[Block]:
        """The board, or the page that is open."""
        return self.page.blocks()

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one sent again after a reload may belong to a page that is open no more."""
        new = NewPage.at(self, self.given_at) if name.startswith(f"{NewPage.begins}/") else None
        known = super().keep_for(name) if new is None or new.where == self.page.where else None
        if known:
            return known
        page = new or self._page_of(name)
        return self._late(page, name) if page else None

    def _page_of(self, name: str) -> Page | None:
        kind = _PAGES.get(name.partition("/")[0])
        return kind.of(self, name) if kind else None

    def _late(self, page: Page, name: str) -> Keep:
        """Keeps an answer on its page, drawn afresh as it was left."""
        left = self._left.setdefault(page.where, page)
        left.goal = page.goal  # a new one may have got its words elsewhere

        def keep(answer: Any) -> None:
            kept = _blocks.group(*left.blocks()).keeps().get(name)
            if kept is None:
                raise MovedOn
            kept(answer)

        return keep

    def _look_out(self) -> None:
        """Draws afresh when a flag was seen or answered."""
        if self.flags.changed():
            self.refresh()


class AllGoals(Page):
    """The board itself: the goals in strands, what buddies share, and stars for those that ended."""

    kind = "board"

    def __init__(self, board: Board, leave: Callable[[], object] | None) -> None:
        super().__init__(board)
        self._leave = leave

    def blocks(self) -> Iterable[Block]:
        board = self.board
        known = self.bench.goals.of_learner(board.learner)
        active = [one for one in known if one.state is State.ACTIVE]
        yield self._top(active)
        yield from board.undo.bar()
        yield from said_back(self.bench, board.learner, board.band, board.today)
        if active:
            yield Block("goal-board", "board", self._rows(active), None, tuple(self._strands(active, known)))
            week = _blocks.button("week", _("My week on paper"), lambda: board.go(WeekPage(board)), look="link")
            yield _blocks.group(week, look="row")
        else:
            words = _("Pick one thing to try soon. It can be small.")
            yield _blocks.empty(_("Your goals will be here"), "" if self.young else words, self._new())
        yield from what_buddies_share(self.bench, board.learner, board.today)
        before = [one for one in known if one.state in (State.MET, State.NOT_YET)]
        if before:
            yield self._stars(before)

    def _top(self, active: list[Goal]) -> Block:
        board = self.board
        way, symbol = named(self.bench, board.learner), self.bench.symbols.of(board.learner)
        lead = "" if way or self.young else board.learner.name
        title = _blocks.heading(_("My goals"), lead=lead, symbol=symbol.name if symbol else "")
        whose = _blocks.group(title, way, look="row who") if way else title
        leave = (_blocks.button("leave", _("Choose another learner"), self._leave, look="back"),) if self._leave else ()
        new = (self._new(),) if active else ()
        skills = _blocks.button("skills", _("My skills"), lambda: board.go(SkillsPage(board)))
        ask = _blocks.button("ask", board.flags.label, lambda: board.go(AskPage(board)))
        return _blocks.group(whose, _blocks.group(*leave, ask, skills, *new, look="row"), look="row goals-top")

    def _new(self) -> Block:
        return _blocks.button("new", _("New goal"), lambda: self.board.go(NewPage(self.board)), look="primary")

    def _rows(self, active: list[Goal]) -> dict[str, Any]:
        """The rows that have a card, far to near."""
        there = {one.horizon for one in active}
        titles = horizons().items()
        return {"rows": [{"id": str(one), "title": words} for one, words in titles if one in there], "bare": self.young}

    def _strands(self, active: list[Goal], known: Iterable[Goal]) -> Iterable[Block]:
        """A strand for each long goal with the small ones under it, and one for those that stand by themselves."""
        known = tuple(known)
        card = GoalCard(self.bench, self.board.band, self.board.today, self.evidence, self._acts())
        above = {one.id: _active(long_above(one, known)) for one in active}
        heads = [one for one in active if one.horizon is Horizon.LONG]
        by_itself = [one for one in active if one.horizon is not Horizon.LONG and above[one.id] is None]
        for head in (*heads, *([None] if by_itself else [])):
            mine = [one for one in active if head and above[one.id] == head.id] if head else by_itself
            cells = [([head], Horizon.LONG)] if head else []
            cells += [([one for one in mine if one.horizon is row], row) for row in (Horizon.SHORT, Horizon.TODAY)]
            yield Block(
                "strand",
                f"strand/{head.id if head else ''}",
                {"hangs": head is not None and bool(mine), "label": head.words if head else ""},
                None,
                tuple(
                    Block("cell", shown={"row": row.value}, inside=tuple(card.draw(one) for one in some))
                    for some, row in cells
                    if some
                ),
            )

    def _acts(self) -> Acts:
        return Acts(
            change=partial(self._open, ChangePage),
            met=partial(meet, self.board),
            not_yet=partial(self._open, NotYetPage),
            hang=self._hang,
            plan=partial(self._open, PlanPage),
            drop_look=self._drop_look,
        )

    def _stars(self, before: list[Goal]) -> Block:
        """What was met, as quiet stars, and what was not yet; each opens."""
        rows, buttons = [], []
        for one in reversed(before):
            name = f"star/{one.id}"
            met = one.state is State.MET
            says = (_("Met: {words}") if met else _("Not yet: {words}")).format(words=one.words)
            rows.append({"name": name, "met": met, "words": one.words, "learned": _line(one.learned), "says": says})
            buttons.append(_blocks.button(name, one.words, partial(self._look_at, one)))
        count = sum(one.state is State.MET for one in before)
        label = ngettext("{count} goal met", "{count} goals met", count).format(count=count) if count else _("Tried")
        return Block("stars", "stars", {"label": label, "rows": rows, "bare": self.young}, None, tuple(buttons))

    def _open(self, page: type[GoalPage], goal: Goal) -> None:
        self.board.go(page(self.board, goal.id))

    def _look_at(self, goal: Goal) -> None:
        self.board.go(page_of(self.board, goal))

    def _hang(self, goal: Goal) -> None:
        self.board.go(NewPage(self.board, parent=goal.id, area=goal.area))

    def _drop_look(self, look: CheckIn) -> None:
        self.bench.progress.withdraw(look)
        self.board.undo.did(_("The check-in was taken back."), lambda: self.bench.progress.undo(look))


def _active(goal: Goal | None) -> str | None:
    """The id of a goal that is still on the board."""
    return goal.id if goal is not None and goal.state is State.ACTIVE else None


def _line(learned: str) -> str:
    return " · ".join(line for line in learned.split("\n") if line)
