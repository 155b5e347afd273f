"""The entrance: who a browser is, before anybody's rights are known. The server asks it at each request.

A session is a row of the store, so several servers on one PostgreSQL know it, a restart changes nothing, and whoever
ends it ends it at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workbench.access.actors import Actor
from workbench.doors.accounts import Account, account_of, tidy
from workbench.doors.passes import MOST_USES, Kind, hashed
from workbench.doors.passwords import fits, sealed
from workbench.facet import moment
from workbench.ground.errors import DiskFull, NotAllowed, NotReady
from workbench.ground.words import _
from workbench.store import Store

TRIES = 5  # wrong guesses in a row
REST = timedelta(seconds=60)  # in which none is right after that; doubled by each further one
LONGEST_REST = timedelta(minutes=15)
NOTED = timedelta(minutes=5)  # how exactly it is kept when a browser was seen last


@dataclass(frozen=True, slots=True)
class Stay:
    """For how long a browser stays known: unused, and at most."""

    unused: timedelta
    longest: timedelta


OWN = Stay(timedelta(days=30), timedelta(days=365))  # the computer that serves
STAFF = Stay(timedelta(hours=4), timedelta(hours=12))
LEARNER = Stay(timedelta(minutes=45), timedelta(hours=8))
FAMILY = Stay(timedelta(hours=2), timedelta(hours=24))
_BY_PASS = {Kind.LEARNER: LEARNER, Kind.FAMILY: FAMILY}


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """A browser that was let in. `class_id`: the class whose pictures it shows; `learner`: the one it is of.

    `id` is the hash of its cookie, `by` the pass it came in by and `kind` that pass's; `called` what an account's pages
    call its person, `name` what the account is called; `bound`: the hash of the sign-in elsewhere that it goes with.
    """

    id: str
    actor: Actor
    account: int | None
    by: str | None
    class_id: int | None
    learner: int | None
    device: str
    begun: datetime
    seen: datetime
    until: datetime
    bound: str = ""
    name: str = ""
    called: str = ""
    roles: tuple[Actor, ...] = ()
    kind: Kind | None = None

    def __repr__(self) -> str:
        return "<Session>"


class Entrance:
    """Lets browsers in. Lives as long as its store, from any thread.

    `clock` tells when passes work, as whoever made them meant it; `wall` how long a browser has been known.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], wall: Callable[[], datetime] | None = None) -> None:
        self._people = store.people
        self._clock = clock
        self._wall = wall or clock
        self._unkept: dict[str, Mapping[str, Any]] = {}  # sessions that a full disk had no room for
        self._ended: set[str] = set()  # and those whose end it had none for

    @property
    def has_accounts(self) -> bool:
        return bool(self._people.all("accounts", disabled=False))

    def sign_in(self, name: str, password: str) -> Account | None:
        """The account that name and password are of; None when they are nobody's.

        Raises NotAllowed while there were so many wrong ones that none is looked at.
        """
        row = self._people.one("accounts", name=tidy(name))
        if row is not None:
            self._rested(row)
        right = fits(password, row["secret"] if row else "")
        if row is None or row["disabled"] or not right:
            if row is not None and not right:
                self._people.count_wrong("accounts", row["id"], self._wall())
            return None
        if row["wrong"]:
            self._people.change("accounts", {"wrong": 0, "wrong_at": None}, id=row["id"])
        return account_of(row)

    def account(self, number: int) -> Account | None:
        """An account that may come in."""
        row = self._people.one("accounts", id=number, disabled=False)
        return account_of(row) if row else None

    def named(self, name: str) -> Account | None:
        """The account that may come in and is called exactly so."""
        row = self._people.one("accounts", name=name, disabled=False)
        return account_of(row) if row else None

    def begin(
        self,
        actor: Actor,
        *,
        account: int | None = None,
        class_id: int | None = None,
        learner: int | None = None,
        device: str = "",
        number: str = "",
        bound: str = "",
        by: Mapping[str, Any] | None = None,
    ) -> str:
        """Begins a session; returns the secret for its cookie.

        `number`: that with which a device is taken back; `bound`: a sign-in elsewhere that it
        does not outlast; `by`: the pass it came in by, which it does not outlast.
        """
        token, now = secrets.token_urlsafe(32), self._wall()
        row = {
            "id": hashed(token),
            "actor": str(actor),
            "account_id": account,
            "pass_id": by["id"] if by else None,
            "class_id": class_id,
            "learner_id": learner,
            "seal": hashed(f"{token} {number or bound}") if number or bound else "",
            "device": device,
            "begun": now,
            "seen": now,
            "until": now + _stay(account, class_id, Kind(by["kind"]) if by else None).longest,
            "wrong": 0,
        }
        try:
            self._people.add("sessions", row)
        except DiskFull:  # what is there can be read still
            self._unkept[hashed(token)] = {**row, "ended": None, "wrong_at": None}
        return token

    def find(self, token: str, bound: str = "") -> Session | None:
        """The session of a cookie that is let in still; notes that it was seen.

        One that is bound to a sign-in elsewhere ends where a browser comes without it.
        """
        found, now = self._living(hashed(token)), self._wall()
        if found is not None and found.bound and found.bound != hashed(f"{token} {bound}"):
            self.end(found.id)
            return None
        if found is not None and now - found.seen > NOTED:
            with suppress(NotReady):  # a full disk
                self._people.change("sessions", {"seen": now}, id=found.id)
        return found

    def gone(self, sessions: Iterable[str]) -> set[str]:
        """Those of some sessions that are let in no more, whichever server or command ended them."""
        return {one for one in sessions if self._living(one) is None}

    def end(self, session: str) -> None:
        """Ends a session by its id."""
        self._unkept.pop(session, None)
        try:
            self._people.change("sessions", {"ended": self._wall()}, id=session, ended=None)
        except DiskFull:
            self._ended.add(session)

    def of(self, account: int) -> list[Session]:
        """The sessions of an account that did not end."""
        every = map(_session, self._people.all("sessions", account_id=account, ended=None))
        return [one for one in every if one.until > self._wall()]

    def takes_back(self, token: str, number: str) -> bool:
        """Whether `number` is the one with which the device of a session is taken back.

        Raises NotAllowed while there were so many wrong ones that none is looked at.
        """
        row = self._people.one("sessions", id=hashed(token), ended=None)
        if row is None or not row["seal"] or row["class_id"] is None:
            return False
        self._rested(row)
        if secrets.compare_digest(row["seal"], hashed(f"{token} {number}")):
            return True
        self._people.count_wrong("sessions", row["id"], self._wall())
        return False

    def admitted(self, token: str, kind: Kind, *, use: bool = True) -> Mapping[str, Any] | None:
        """The pass of a secret, if it works at this moment; `use`: counts it."""
        row, now = self._people.one("passes", id=hashed(token), kind=str(kind)), self._clock()
        if row is None or not self._works(row):
            return None
        if use and not self._people.use(row["id"], now, most=MOST_USES[kind]):
            return None
        return None if MOST_USES[kind] and row["uses"] >= MOST_USES[kind] else row

    def choose_password(self, token: str, password: str) -> Account | None:
        """Sets the password of the account an invitation is for, which is used up; None when it does not work.

        Raises BadInput for a password that will not do.
        """
        row = self.admitted(token, Kind.INVITATION, use=False)
        account = self._people.one("accounts", id=row["account_id"], disabled=False) if row else None
        if row is None or account is None:
            return None
        kept = sealed(password, account["name"], account["called"])
        if self.admitted(token, Kind.INVITATION) is None:
            return None
        now = self._clock()
        self._people.change("passes", {"ended_at": now, "ended_by": account["name"]}, id=row["id"])
        self._people.change("accounts", {"secret": kept, "wrong": 0, "wrong_at": None}, id=account["id"])
        self._people.change("sessions", {"ended": now}, account_id=account["id"], ended=None)
        return account_of(account)

    def _living(self, key: str) -> Session | None:
        row = self._people.one("sessions", id=key) or self._unkept.get(key)
        if row is None or row["ended"] is not None or key in self._ended:
            return None
        account = self._people.one("accounts", id=row["account_id"]) if row["account_id"] is not None else None
        if account is not None and account["disabled"]:
            return None
        came_by = self._people.one("passes", id=row["pass_id"]) if row["pass_id"] is not None else None
        if row["pass_id"] is not None and not self._works(came_by):
            return None
        found, now = _session(row, account, came_by), self._wall()
        stay = _stay(found.account, found.class_id, found.kind)
        return None if found.until <= now or found.seen + stay.unused <= now else found

    def _works(self, row: Mapping[str, Any] | None) -> bool:
        """Whether a pass works at this moment."""
        now = self._clock()
        return (
            row is not None
            and row["ended_at"] is None
            and moment(row["since"]) <= now < moment(row["until"])
            and row["from_hour"] <= now.astimezone().hour < row["to_hour"]
        )

    def _rested(self, row: Mapping[str, Any]) -> None:
        """Returns when a guess is looked at; raises NotAllowed in the rest after too many wrong ones."""
        if row["wrong"] < TRIES or row["wrong_at"] is None:
            return
        rest = min(REST * 2 ** min(row["wrong"] - TRIES, 10), LONGEST_REST)
        if self._wall() - moment(row["wrong_at"]) < rest:
            raise NotAllowed(
                _("There were many wrong ones."),
                _("Wait {minutes} minutes, then try again.").format(minutes=max(1, round(rest / timedelta(minutes=1)))),
            )


def _stay(account: int | None, class_id: int | None, kind: Kind | None) -> Stay:
    if kind in _BY_PASS:
        return _BY_PASS[kind]
    return STAFF if account is not None and class_id is None else OWN


def _session(
    row: Mapping[str, Any], account: Mapping[str, Any] | None = None, came_by: Mapping[str, Any] | None = None
) -> Session:
    known = account_of(account) if account else None
    return Session(
        row["id"],
        Actor.parse(row["actor"]),
        row["account_id"],
        row["pass_id"],
        row["class_id"],
        row["learner_id"],
        row["device"],
        moment(row["begun"]),
        moment(row["seen"]),
        moment(row["until"]),
        bound=row["seal"] if row["class_id"] is None else "",
        name=known.name if known else "",
        called=known.called or known.name if known else "",
        roles=known.roles if known else (),
        kind=Kind(came_by["kind"]) if came_by else None,
    )
