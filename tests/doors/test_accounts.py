"""Accounts: who may sign in, for how long, and what a relation that was given gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.access.actors import Action, Actor
from workbench.doors import passwords
from workbench.doors.accounts import Account
from workbench.doors.entrance import LONGEST_REST, REST, STAFF, TRIES, Entrance
from workbench.doors.passes import Kind, hashed
from workbench.ground.errors import BadInput, NotAllowed, NotFound
from workbench.sample import cast
from workbench.store import Store
from workbench.workspace import Workspace

from ..conftest import TODAY, clock, new_database

ADMIN = "admin:office"
WORDS = "seven quiet turtles"


class Wall:
    """A clock on the wall that one can turn."""

    def __init__(self) -> None:
        self.now = clock()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    db = new_database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else ""
    return Workspace.create(tmp_path / "school", actor="teacher:t17", db=db)


@pytest.fixture
def admin(workspace: Workspace) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor=ADMIN, clock=clock) as bench:
        yield bench


@pytest.fixture
def entrance(workspace: Workspace, wall: Wall) -> Iterator[Entrance]:
    store = Store.open(workspace.url, clock)
    yield Entrance(store, clock, wall)
    store.close()


@pytest.fixture
def rivera(admin: Workbench, entrance: Entrance) -> Account:
    """Ms Rivera, who chose her password."""
    account = admin.accounts.add("Rivera", "teacher:t17", "coach:c1", called="Ms Rivera")
    chosen = entrance.choose_password(admin.accounts.invite(account).token, WORDS)
    assert chosen is not None
    return chosen


def test_whoever_was_invited_chooses_a_password_once_and_signs_in_with_it(admin: Workbench, entrance: Entrance) -> None:
    account = admin.accounts.add(" Rivera ", "teacher:t17", called="Ms Rivera")
    assert (account.name, account.ready, entrance.sign_in("rivera", "")) == ("rivera", False, None)
    first, second = admin.accounts.invite(account), admin.accounts.invite(account)
    assert entrance.choose_password(first.token, WORDS) is None  # a newer one took its place
    with pytest.raises(BadInput, match="letters or more"):
        entrance.choose_password(second.token, "short")
    assert entrance.choose_password(second.token, WORDS) is not None
    assert entrance.choose_password(second.token, "another one altogether") is None
    signed = entrance.sign_in("RIVERA", WORDS)
    assert signed is not None
    assert signed.roles == (Actor.parse("teacher:t17"),)
    assert entrance.sign_in("rivera", WORDS + "!") is None
    assert entrance.sign_in("nobody", WORDS) is None


def test_an_invitation_is_of_no_use_after_three_days(admin: Workbench, workspace: Workspace) -> None:
    invited = admin.accounts.invite(admin.accounts.add("rivera", "teacher:t17"))
    with Workbench.open(workspace, actor=ADMIN) as bench:
        late = Entrance(bench.desk.store, lambda: clock() + timedelta(days=4))
        assert late.choose_password(invited.token, WORDS) is None
        assert Entrance(bench.desk.store, clock).admitted(invited.token, Kind.CLASS) is None  # nor as another pass


@pytest.mark.parametrize("password", ["rivera1234", "aaaaaaaaaa", "password", "x" * 201, "Ms Rivera rules"])
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        passwords.sealed(password, "rivera", "Ms Rivera")


def test_what_is_kept_of_a_password_tells_it_to_nobody_and_differs_each_time() -> None:
    first, second = passwords.sealed(WORDS), passwords.sealed(WORDS)
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.fits(WORDS, first)
    assert not passwords.fits(WORDS, "")
    assert passwords.fits("café con leche", passwords.sealed("cafe\u0301 con leche"))


def test_guessing_is_slowed_down_and_a_restart_does_not_help(rivera: Account, workspace: Workspace, wall: Wall) -> None:
    def entrance() -> Entrance:
        return Entrance(store, clock, wall)

    store = Store.open(workspace.url, clock)
    try:
        for _time in range(TRIES):
            assert entrance().sign_in("rivera", "wrong words here") is None
        with pytest.raises(NotAllowed, match="many wrong"):
            entrance().sign_in("rivera", WORDS)
        wall.now += REST
        assert entrance().sign_in("rivera", "wrong words here") is None
        wall.now += REST  # twice as long now
        with pytest.raises(NotAllowed):
            entrance().sign_in("rivera", WORDS)
        wall.now += LONGEST_REST
        assert entrance().sign_in("rivera", WORDS) is not None
        assert entrance().sign_in("rivera", "wrong words here") is None  # it begins at none again
        assert entrance().sign_in("rivera", WORDS) is not None
    finally:
        store.close()


def test_a_session_ends_when_it_is_unused_too_old_signed_out_or_its_account_may_not(
    rivera: Account, admin: Workbench, entrance: Entrance, wall: Wall
) -> None:
    def begun() -> str:
        return entrance.begin(rivera.roles[0], account=rivera.id, device="iPad Safari")

    token = begun()
    found = entrance.find(token)
    assert found is not None
    assert (str(found.actor), found.called, found.device) == ("teacher:t17", "Ms Rivera", "iPad Safari")
    assert found.id == hashed(token) != token
    wall.now += STAFF.unused
    assert entrance.find(token) is None

    token = begun()
    for _hour in range(int(STAFF.longest / timedelta(hours=1)) - 1):
        wall.now += timedelta(hours=1)
        assert entrance.find(token) is not None
    wall.now += timedelta(hours=1)
    assert entrance.find(token) is None

    token, other = begun(), begun()
    entrance.end(hashed(token))
    assert entrance.find(token) is None
    assert [one.id for one in entrance.of(rivera.id)] == [hashed(other)]
    admin.accounts.sign_out(rivera)
    assert entrance.find(other) is None


def test_a_session_that_goes_with_a_sign_in_elsewhere_ends_where_a_browser_comes_without_it(
    entrance: Entrance, rivera: Account
) -> None:
    def begun(bound: str = "") -> str:
        return entrance.begin(rivera.roles[0], account=rivera.id, bound=bound)

    for other in ("", "another"):
        token = begun("at the Hub")
        found = entrance.find(token, "at the Hub")
        assert found is not None
        assert entrance.gone([found.id]) == set()
        assert entrance.find(token, other) is None
        assert entrance.find(token, "at the Hub") is None  # it does not come back
        assert entrance.gone([found.id]) == {found.id}
    assert entrance.find(begun(), "at the Hub") is not None  # one that goes with none
    assert not entrance.takes_back(begun("2468"), "2468")


def test_what_is_of_no_use_any_more_is_forgotten(
    rivera: Account, admin: Workbench, entrance: Entrance, wall: Wall
) -> None:
    people = admin.desk.store.people
    entrance.begin(rivera.roles[0], account=rivera.id)
    people.add(
        "views", {"handle": "h", "session": "s", "app": "data", "parameters": "{}", "language": "", "at": wall()}
    )
    people.trim(wall())
    assert len(people.all("sessions")) == len(people.all("views")) == len(people.all("passes")) == 1
    people.trim(wall() + timedelta(days=31))
    assert (len(people.all("sessions")), len(people.all("views"))) == (1, 0)
    people.trim(wall() + timedelta(days=400))
    assert people.all("sessions") == people.all("passes") == []
    assert people.all("accounts")


def test_an_account_that_is_disabled_is_out_at_once_and_the_last_admin_stays(
    rivera: Account, admin: Workbench, entrance: Entrance
) -> None:
    office = admin.accounts.add("office", ADMIN)
    with pytest.raises(BadInput, match="last account of an admin"):
        admin.accounts.disable(office)
    token = entrance.begin(rivera.roles[0], account=rivera.id)
    assert admin.accounts.disable(rivera).disabled
    assert entrance.find(token) is None
    assert entrance.sign_in("rivera", WORDS) is None
    assert not admin.accounts.disable(admin.accounts.named("rivera"), disabled=False).disabled
    assert entrance.sign_in("rivera", WORDS) is not None


@pytest.mark.parametrize("actor", ["teacher:t17", "office:o1", "coach:c1", "learner:0041207"])
def test_nobody_but_an_admin_says_who_may_come_in(demo: Path, actor: str) -> None:
    with Workbench.open(demo, actor=actor, clock=clock) as bench:
        for ask in (
            bench.accounts.all,
            bench.accounts.ties,
            lambda: bench.accounts.add("x1", ADMIN),
            lambda: bench.accounts.tie("coach:c1", school="Cedar Hill", until=TODAY),
            lambda: bench.accounts.untie(1),
            lambda: bench.accounts.named("x1"),
        ):
            with pytest.raises(NotAllowed):
                ask()


def test_a_name_that_is_taken_odd_or_acts_as_nobody_is_refused(admin: Workbench) -> None:
    admin.accounts.add("rivera", "teacher:t17")
    for name, role in (("RIVERA", "teacher:t1"), ("a b", "teacher:t1"), ("x", "teacher:t1"), ("luz", "learner:1")):
        with pytest.raises(BadInput):
            admin.accounts.add(name, role)
    with pytest.raises(BadInput):
        admin.accounts.add("nobody")
    with pytest.raises(NotFound):
        admin.accounts.named("omar")


class TestTies:
    """A relation that was given holds from its first day to its last, of whom it is given to."""

    @pytest.fixture
    def office(self, demo: Path) -> Iterator[Workbench]:
        with Workbench.open(demo, actor=ADMIN, clock=clock) as bench:
            yield bench

    @staticmethod
    def seen_by(demo: Path, actor: str, on: date = TODAY) -> set[str]:
        later = timedelta(days=(on - TODAY).days)
        with Workbench.open(demo, actor=actor, clock=lambda: clock() + later) as bench:
            return {one.code for one in bench.learners.all()}

    def test_a_coach_meets_the_learners_of_a_school_until_the_day(self, demo: Path, office: Workbench) -> None:
        school = office.learners.class_named("4B").school
        assert self.seen_by(demo, "coach:c1") == set()
        tie = office.accounts.tie("coach:c1", school=school, until=TODAY + timedelta(days=3))
        assert len(self.seen_by(demo, "coach:c1")) > 390
        assert self.seen_by(demo, "coach:c2") == set()
        assert self.seen_by(demo, "coach:c1", TODAY + timedelta(days=4)) == set()
        office.accounts.untie(tie)
        assert self.seen_by(demo, "coach:c1") == set()

    def test_a_substitute_meets_a_class_and_sees_goals_and_nothing_else(self, demo: Path, office: Workbench) -> None:
        which = office.learners.class_named("4B")
        office.accounts.tie("substitute:s1", class_=which, since=TODAY, until=TODAY)
        assert len(self.seen_by(demo, "substitute:s1")) == cast.CLASS_SIZE
        assert self.seen_by(demo, "substitute:s1", TODAY + timedelta(days=1)) == set()
        with Workbench.open(demo, actor="substitute:s1", clock=clock) as bench:
            luz = bench.learners.named(cast.LUZ)
            (goal, *_older) = bench.goals.of_learner(luz)
            assert goal.words
            assert not any((bench.evidence.of(luz), bench.reflections.of_learner(luz), bench.notes.of_learner(luz)))
            assert [one.name for one in bench.learners.my_classes()] == ["4B"]
            with pytest.raises(NotAllowed):
                bench.progress.check_in(goal, on=TODAY, feeling="great")

    def test_a_family_sees_one_child_and_what_the_child_shows(self, demo: Path, office: Workbench) -> None:
        with Workbench.open(demo, actor="teacher:t17", clock=clock) as own:
            luz = own.learners.named(cast.LUZ)
            shown = own.profiles.say(luz, "I sing in the kitchen", domain="thinking", kind="strength")
            own.profiles.show(shown, family_sees=True)
            own.profiles.say(luz, "I am afraid of dogs", domain="thinking", kind="need")
        office.accounts.tie("family:f1", learner=luz, until=TODAY)
        with Workbench.open(demo, actor="family:f1", clock=clock) as bench:
            assert [one.id for one in bench.learners.all()] == [luz.id]
            assert [one.words for one in bench.profiles.for_family(luz)] == ["I sing in the kitchen"]
            assert not any((bench.profiles.of(luz), bench.goals.of_learner(luz), bench.evidence.of(luz)))
            assert not bench.gate.could(Action.WRITE)

    def test_it_is_given_to_one_thing_and_to_those_who_need_it(self, office: Workbench) -> None:
        for wrong in ({}, {"school": "x", "class_": 1}, {"learner": 1, "school": "x"}):
            with pytest.raises(BadInput):
                office.accounts.tie("coach:c1", until=TODAY, **wrong)  # type: ignore[arg-type]
        with pytest.raises(BadInput, match="rosters"):
            office.accounts.tie("teacher:t17", school="x", until=TODAY)
        with pytest.raises(BadInput, match="before the first"):
            office.accounts.tie("coach:c1", school="x", since=TODAY, until=TODAY - timedelta(days=1))


def test_a_restore_lets_nobody_in_who_was_signed_out_since_the_backup(demo: Path, wall: Wall) -> None:
    from workbench.keeping import restoring
    from workbench.keeping.backups import Why, make

    found = Workspace.open(demo)
    with Workbench.open(found, actor="teacher:t17", clock=clock) as bench:
        entrance = Entrance(bench.desk.store, clock, wall)
        token = entrance.begin(Actor.parse("teacher:t17"))
        made = bench.codes.for_class(bench.learners.class_named("4B"), until=clock() + timedelta(days=3))
        backup = make(found, found.url, clock(), Why.DAILY)
        entrance.end(hashed(token))
        bench.codes.end_all(bench.learners.class_named("4B"))
    restoring.restore(demo, backup, restoring.Wanted(records=True), clock() + timedelta(hours=1))
    with Workbench.open(found, actor="teacher:t17", clock=clock) as bench:
        entrance = Entrance(bench.desk.store, clock, wall)
        assert entrance.find(token) is None
        assert entrance.admitted(made.token, Kind.CLASS) is None
