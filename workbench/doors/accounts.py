"""Accounts of staff: who may sign in, as what, and what they are to whom for how long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workbench.access.actors import Action, Actor
from workbench.access.gate import asks_inside, learner_of, no_learner
from workbench.access.rules import LINKED, why_dutiful, works_here
from workbench.doors.passes import Kind, Pass, end, made
from workbench.facet import Facet
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _
from workbench.learners.learners import Learner, SchoolClass

_NAME = re.compile(r"[\w.@+-]{2,80}")
INVITED = timedelta(days=3)


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Somebody who signs in. `roles`: whom they may act as, the first at first; `ready`: they chose a password."""

    id: int
    name: str
    called: str
    roles: tuple[Actor, ...]
    ready: bool
    disabled: bool

    def __repr__(self) -> str:
        return "<Account>"


@dataclass(frozen=True, slots=True, repr=False)
class Tie:
    """A relation somebody was given: to a learner, a class or a school, from a day to a day."""

    id: int
    actor: Actor
    since: date
    until: date
    learner: int | None = None
    class_id: int | None = None
    school: str = ""

    def __repr__(self) -> str:
        return "<Tie>"


class Accounts(Facet):
    """`bench.accounts`: who may sign in, for an admin. Every method raises NotAllowed for others."""

    __slots__ = ()

    @no_learner
    def all(self) -> tuple[Account, ...]:
        """Every account, oldest first."""
        self._permit("Accounts.all")
        return tuple(map(account_of, self.store.people.all("accounts")))

    @no_learner
    def named(self, name: str) -> Account:
        """The account of a name; raises NotFound."""
        self._permit("Accounts.named")
        row = self.store.people.one("accounts", name=tidy(name))
        if row is None:
            raise NotFound(_("Nobody signs in as {name}.").format(name=name), _("See them all: workbench users list"))
        return account_of(row)

    @no_learner
    def add(self, name: str, *roles: Actor | str, called: str = "") -> Account:
        """A new account, which has no password yet: see `invite`. Raises BadInput for a name that is taken or odd."""
        self._permit("Accounts.add")
        known = tidy(name)
        if not _NAME.fullmatch(known):
            raise BadInput(
                _("A name to sign in with has letters, digits and . _ - + @, at least two, and no blanks."),
                _("For example “rivera” or an e-mail address."),
            )
        if self.store.people.one("accounts", name=known) is not None:
            raise BadInput(_("{name} is taken.").format(name=known), _("Choose another, or see: workbench users list"))
        values = {"name": known, "called": called.strip(), "roles": _roles(roles), "secret": "", "disabled": False}
        key = self.store.people.add("accounts", {**values, "wrong": 0, "at": self.clock(), "by": self.by})
        return account_of(self.store.people.all("accounts", id=key)[0])

    @no_learner
    def invite(self, account: Account) -> Pass:
        """A link by which whoever has it chooses the password, once; links of before end."""
        self._permit("Accounts.invite")
        end(self.desk, account_id=account.id)
        return made(self.desk, Kind.INVITATION, until=self.clock() + INVITED, account_id=account.id)

    @no_learner
    def act_as(self, account: Account, *roles: Actor | str) -> Account:
        """Says whom an account may act as; its sessions end."""
        self._permit("Accounts.act_as")
        return self._altered(account, roles=_roles(roles))

    @no_learner
    def disable(self, account: Account, *, disabled: bool = True) -> Account:
        """Lets nobody in by an account, nor by a code its owner made, at once; or again by the account."""
        self._permit("Accounts.disable")
        if disabled and [one.id for one in self._admins()] == [account.id]:
            raise BadInput(_("This is the last account of an admin."), _("Make another one first: workbench users add"))
        if disabled:
            end(self.desk, by=[str(role) for role in account.roles])
        return self._altered(account, disabled=disabled)

    @no_learner
    def sign_out(self, account: Account) -> int:
        """Ends every session of an account; returns how many there were."""
        self._permit("Accounts.sign_out")
        return self._end_sessions(account)

    @asks_inside
    def tie(
        self,
        actor: Actor | str,
        *,
        learner: Learner | int | None = None,
        class_: SchoolClass | int | None = None,
        school: str = "",
        since: date | None = None,
        until: date,
    ) -> Tie:
        """Gives a coach, substitute, family member or supporter a relation, to one learner, class or school.

        Raises BadInput for another role, and for what a relation of the role is not to.
        """
        who = actor if isinstance(actor, Actor) else Actor.parse(actor)
        given = [learner is not None, class_ is not None, bool(school)]
        if who.role not in LINKED or sum(given) != 1:
            raise BadInput(
                _("A relation is given to a {roles}: to one learner, one class or one school.").format(
                    roles=", ".join(LINKED)
                ),
                _("Teachers have theirs by the rosters, the office and admins by their role."),
            )
        number = None if learner is None else learner_of(self.store, learner)
        self._permit("Accounts.tie")
        if number is not None:
            self.gate.permit(Action.MEET, number, "Accounts.tie")
        which = class_.id if isinstance(class_, SchoolClass) else class_
        begins = since or self.desk.today
        if until < begins:
            raise BadInput(_("The last day is before the first."), _("Say a later day."))
        values = {"actor": str(who), "learner_id": number, "class_id": which, "school": school or None}
        key = self.store.people.tie({**values, "since": begins, "until": until}, at=self.clock(), by=self.by)
        return Tie(key, who, begins, until, number, which, school)

    @asks_inside
    def untie(self, tie: Tie | int) -> None:
        """Ends a relation that was given."""
        self._permit("Accounts.untie")
        self.store.people.untie(tie if isinstance(tie, int) else tie.id, at=self.clock(), by=self.by)

    @asks_inside
    def ties(self) -> tuple[Tie, ...]:
        """The relations that were given and did not end, of today and later."""
        self._permit("Accounts.ties")
        rows = self.store.people.all("ties", ended_at=None)
        return tuple(_tie(row) for row in rows if row["until"] >= self.desk.today)

    def _permit(self, what: str) -> None:
        self.gate.permit_here(Action.PEOPLE, what)

    def _admins(self) -> list[Account]:
        every = map(account_of, self.store.people.all("accounts", disabled=False))
        return [one for one in every if any(is_admin(role) for role in one.roles)]

    def _altered(self, account: Account, **values: Any) -> Account:
        self.store.people.change("accounts", values, id=account.id)
        self._end_sessions(account)
        return account_of(self.store.people.all("accounts", id=account.id)[0])

    def _end_sessions(self, account: Account) -> int:
        return self.store.people.change("sessions", {"ended": self.clock()}, account_id=account.id, ended=None)


def is_admin(actor: Actor) -> bool:
    return why_dutiful(actor, Action.PEOPLE).allowed


def tidy(name: str) -> str:
    """A name to sign in with, however it was typed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def account_of(row: Mapping[str, Any]) -> Account:
    roles = tuple(map(Actor.parse, row["roles"].split()))
    return Account(row["id"], row["name"], row["called"], roles, bool(row["secret"]), row["disabled"])


def _roles(given: Iterable[Actor | str]) -> str:
    roles = [one if isinstance(one, Actor) else Actor.parse(one) for one in given]
    for one in roles:
        if not works_here(one.role) or any(letter.isspace() for letter in one.code):
            raise BadInput(
                _("{actor} is nobody who signs in.").format(actor=one),
                _("Learners come in by a code."),
            )
    if not roles:
        raise BadInput(_("An account acts as somebody."), _("For example --role teacher:t17"))
    return " ".join(map(str, dict.fromkeys(roles)))


def _tie(row: Mapping[str, Any]) -> Tie:
    actor, since, until = Actor.parse(row["actor"]), row["since"], row["until"]
    return Tie(row["id"], actor, since, until, row["learner_id"], row["class_id"], row["school"] or "")
