"""Who is due and why, a week of conferences, and a day that did not happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import Workbench
from workbench.classes.agreements import ClassSettings
from workbench.classes.flags import Kind as FlagKind
from workbench.classes.schedule import Standing, Why, a_day_holds, in_order, plan, put_off, weigh
from workbench.conferences.bookings import Booking, Kind, State
from workbench.ground import words
from workbench.ground.calendar import Event, calendar
from workbench.ground.errors import NotAllowed
from workbench.learners.learners import SchoolClass
from workbench.sample import cast
from workbench.sample.demo import ACTOR
from workbench.workspace import Workspace

from ..conftest import TODAY, clock
from ..store.test_store import write
from .test_flags import CLASSES

MONDAY = date(2026, 11, 23)
USUAL = ClassSettings(("Read again",))
WEEK = [MONDAY + timedelta(days=one) for one in range(5)]


def ago(days: int) -> date:
    return MONDAY - timedelta(days=days)


# Who is due, and why


def test_who_asked_comes_first_then_who_waited_longest_a_goal_and_new_scores_each_said_in_words() -> None:
    due = in_order(
        [
            Standing(1, ago(2), ago(2)),
            Standing(2, ago(2), ago(2), tested_on=ago(1)),
            Standing(3, ago(2), ago(2), goal_due_on=MONDAY + timedelta(days=2)),
            Standing(4, ago(2), ago(2), flags=(FlagKind.CONFERENCE,)),
            Standing(5, ago(24), ago(24)),
            Standing(6),
        ],
        MONDAY,
    )
    assert [one.learner for one in due] == [4, 6, 5, 3, 2, 1]
    assert [one.reasons for one in due] == [
        "asked for a conference · 2 days since we talked",
        "we have not talked yet",
        "24 days since we talked",
        "2 days since we talked · goal due Wednesday",
        "2 days since we talked · new scores",
        "2 days since we talked",
    ]


def test_a_flag_that_says_now_goes_before_whoever_waited_longest_and_is_told_first() -> None:
    due = in_order(
        [
            Standing(1),
            Standing(2, ago(60), ago(60), flags=(FlagKind.SHOW,), goal_due_on=MONDAY),
            Standing(3, ago(1), ago(1), flags=(FlagKind.HELP, FlagKind.SHOW), now=True),
            Standing(4, ago(9), ago(9), flags=(FlagKind.CONFERENCE,), now=True),
        ],
        MONDAY,
    )
    assert [one.learner for one in due] == [4, 3, 2, 1]
    assert due[1].reasons == "asked for help, now · has something to show · 1 day since we talked"


def test_whoever_is_stuck_or_ready_is_before_all_who_only_wait() -> None:
    due = in_order(
        [
            Standing(1),
            Standing(2, ago(1), ago(1), ready_on=ago(1)),
            Standing(3, ago(1), ago(1), stuck=True),
            Standing(4, ago(3), ago(3), flags=(FlagKind.BUDDY,), stuck=True),
        ],
        MONDAY,
    )
    assert [one.learner for one in due] == [4, 3, 2, 1]
    assert [one.reasons for one in due] == [
        "asked for a buddy · is stuck with a goal · 3 days since we talked",
        "is stuck with a goal · 1 day since we talked",
        "is ready, since yesterday · 1 day since we talked",
        "we have not talked yet",
    ]


def test_what_a_learner_says_of_a_goal_and_of_being_ready_shows_at_once_and_goes_when_it_is_over(
    teacher: Workbench,
) -> None:
    which = teacher.learners.class_named("4B")
    mei, theo = (teacher.learners.named(name) for name in ("Mei Chen", "Theo Papadakis"))

    def reasons() -> dict[int, list[Why]]:
        return {one.learner: [why for why, _said in one.why] for one in teacher.schedule.due(which, on=TODAY)}

    goal = teacher.goals.choose(mei, "Read ten pages", on=TODAY, due_on=TODAY + timedelta(days=9))
    teacher.progress.check_in(goal, on=TODAY, feeling="stuck")
    teacher.conferences.ready(teacher.conferences.prepare(theo, on=TODAY), on=TODAY)
    assert Why.STUCK in reasons()[mei.id]
    assert Why.READY in reasons()[theo.id]
    assert {one.learner for one in teacher.schedule.due(which, on=TODAY)[:2]} == {mei.id, theo.id}
    teacher.progress.check_in(goal, on=TODAY, feeling="going")
    teacher.conferences.ready(teacher.conferences.prepare(theo, on=TODAY), on=None)
    assert Why.STUCK not in reasons()[mei.id]
    assert Why.READY not in reasons()[theo.id]


def test_a_quick_check_counts_as_talk_but_a_full_conference_is_due_again_later() -> None:
    checked = weigh(Standing(1, talked_on=ago(1), formal_on=ago(10)), MONDAY)
    assert (checked.weight, checked.reasons) == (1, "1 day since we talked")
    long_ago = weigh(Standing(1, talked_on=ago(1), formal_on=ago(30)), MONDAY)
    assert (long_ago.weight, long_ago.reasons) == (16, "30 days since a full conference")
    assert long_ago.weight < weigh(Standing(2, talked_on=ago(20), formal_on=ago(20)), MONDAY).weight


def test_who_talked_today_has_no_reason_and_a_goal_of_yesterday_still_is_one() -> None:
    assert weigh(Standing(1, MONDAY, MONDAY), MONDAY).why == ()
    missed = weigh(Standing(1, MONDAY, MONDAY, goal_due_on=ago(1)), MONDAY)
    assert missed.why == ((Why.GOAL, "goal was due yesterday"),)
    assert weigh(Standing(1, MONDAY, MONDAY, goal_due_on=MONDAY + timedelta(days=4)), MONDAY).why == ()


def test_a_test_from_before_we_talked_is_nothing_new() -> None:
    assert weigh(Standing(1, ago(2), ago(2), tested_on=ago(2)), MONDAY).weight == 2
    assert weigh(Standing(1, tested_on=ago(2)), MONDAY).why == ((Why.UNSEEN, "we have not talked yet"),)


# A week


def due(count: int) -> list[object]:
    return in_order([Standing(one, ago(40 - one), ago(40 - one)) for one in range(1, count + 1)], MONDAY)  # type: ignore[return-value]


def test_a_week_holds_six_spread_over_its_days_with_the_catch_up_day_free() -> None:
    week = plan(due(28), [], USUAL, MONDAY, MONDAY)  # type: ignore[arg-type]
    assert [day.on for day in week] == WEEK
    assert [day.suggested for day in week] == [(1, 5), (2, 6), (3,), (4,), ()]
    assert [day.catch_up for day in week] == [False, False, False, False, True]


def test_who_is_booked_is_not_suggested_again_and_days_that_passed_are_left_alone() -> None:
    booked = [
        Booking("a", 1, WEEK[2]),
        Booking("b", 2, MONDAY + timedelta(days=9)),
        Booking("c", 3, MONDAY, state=State.HELD),
    ]
    week = plan(due(28), booked, USUAL, MONDAY, WEEK[1])  # type: ignore[arg-type]
    suggested = [one for day in week for one in day.suggested]
    assert len(suggested) == 4
    assert not {1, 2, 3} & set(suggested)
    assert week[0].suggested == ()
    assert [one.id for one in week[2].bookings] == ["a"]


def test_a_quick_check_takes_no_room_in_a_week() -> None:
    booked = [Booking(str(one), 20 + one, MONDAY, kind=Kind.QUICK) for one in range(4)]
    week = plan(due(10), booked, USUAL, MONDAY, MONDAY)  # type: ignore[arg-type]
    assert sum(len(day.suggested) for day in week) == 6
    assert week[0].suggested != ()


@given(
    days=st.sets(st.integers(0, 4), min_size=1, max_size=4),
    catch_up=st.none() | st.integers(0, 4),
    a_week=st.integers(1, 12),
    start=st.integers(0, 6),
    taken=st.lists(st.integers(0, 13), max_size=12),
)
def test_whatever_a_class_agreed_on_no_day_holds_more_than_its_share_and_nobody_comes_twice(
    days: set[int], catch_up: int | None, a_week: int, start: int, taken: list[int]
) -> None:
    agreed = ClassSettings((), tuple(sorted(days)), None if catch_up in days else catch_up, a_week)
    booked = [Booking(f"b{n}", 100 + n, MONDAY + timedelta(days=off)) for n, off in enumerate(taken)]
    today = MONDAY + timedelta(days=start)
    week = plan(due(28), booked, agreed, MONDAY, today)  # type: ignore[arg-type]
    suggested = [one for day in week for one in day.suggested]
    assert len(suggested) == len(set(suggested)) <= a_week
    for day in week:
        if day.suggested:
            assert day.on >= today
            assert not day.catch_up
            assert len(day.bookings) + len(day.suggested) <= a_day_holds(agreed, day.on)
    moved = [one for one in booked if one.on == MONDAY]
    later = put_off(moved, [one for one in booked if one not in moved], agreed, MONDAY)
    assert len(later) == len(moved)
    assert all(day > MONDAY for day in later)
    for on in set(later):
        before = sum(one.on == on for one in booked)
        assert before + later.count(on) <= max(a_day_holds(agreed, on), before)


def test_a_day_that_did_not_happen_goes_to_the_catch_up_day_while_it_has_room_then_to_next_week() -> None:
    tuesday = [Booking(str(one), one, WEEK[1]) for one in range(3)]
    friday = [Booking(f"f{one}", 10 + one, WEEK[4]) for one in range(2)]
    assert put_off(tuesday, [], USUAL, WEEK[1]) == [WEEK[4]] * 3
    next_monday = MONDAY + timedelta(days=7)
    assert put_off(tuesday, friday, USUAL, WEEK[1]) == [WEEK[4], WEEK[4], next_monday]
    assert put_off(friday, [], USUAL, WEEK[4]) == [next_monday, next_monday]


# In the store, on SQLite and on PostgreSQL


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=MONDAY)
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as opened:
        yield opened


@pytest.fixture
def class_4b(bench: Workbench) -> SchoolClass:
    return bench.learners.class_named("4B")


def test_a_week_is_booked_moved_on_when_a_day_does_not_happen_and_both_are_undone(
    bench: Workbench, class_4b: SchoolClass
) -> None:
    booked = bench.schedule.book_week(class_4b, of=MONDAY)
    assert [(one.on, one.state) for one in booked] == [(WEEK[0], State.PLANNED), (WEEK[1], State.PLANNED)]
    assert bench.schedule.book_week(class_4b, of=MONDAY) == ()
    moved = bench.schedule.did_not_happen(class_4b, WEEK[1])
    assert [(one.on, one.state) for one in moved] == [(WEEK[4], State.MOVED)]
    bench.schedule.undo(moved)
    assert [one.on for one in bench.bookings.of_class(class_4b.id)] == [WEEK[0], WEEK[1]]
    assert bench.schedule.absent(class_4b, booked[0]).on == WEEK[4]
    bench.bookings.call_off(booked[1])
    assert [one.on for one in bench.bookings.of_class(class_4b.id)] == [WEEK[4]]
    bench.schedule.undo(booked)
    assert [one.on for one in bench.bookings.of_class(class_4b.id)] == [WEEK[0], WEEK[1]]


def test_finishing_with_a_next_date_notes_this_one_as_held_and_books_the_next(bench: Workbench) -> None:
    luz = bench.learners.named("001")
    meant = bench.bookings.book(luz, WEEK[3])
    conference = bench.conferences.start(luz, on=WEEK[1])
    goal = bench.goals.choose(conference, "Read ten minutes", on=WEEK[1])
    bench.plans.shape(goal, next_conference_on=WEEK[1] + timedelta(days=28))
    bench.conferences.finish(conference, on=WEEK[1])
    held, later = bench.bookings.of(luz)
    assert (held.id, held.state, held.conference) == (meant.id, State.HELD, conference.id)
    assert (later.on, later.kind, later.open) == (WEEK[1] + timedelta(days=28), Kind.FORMAL, True)
    bench.conferences.reopen(conference)
    bench.conferences.finish(conference, on=WEEK[1], next_on=WEEK[1] + timedelta(days=21))
    assert [one.on for one in bench.bookings.of(luz) if one.open] == [WEEK[1] + timedelta(days=21)]
    assert len(bench.bookings.of(luz)) == 2


def test_a_conference_of_two_buddies_is_no_talk_with_an_adult(bench: Workbench, class_4b: SchoolClass) -> None:
    luz = bench.learners.named("001")
    meant = bench.bookings.book(luz, WEEK[1])
    buddy = bench.conferences.start(luz, on=MONDAY, protocol="buddy")
    if any(prompt.saves == "goal" for prompt in bench.conferences.protocol(buddy).prompts):
        bench.goals.choose(buddy, "Read ten minutes", on=MONDAY)
    bench.conferences.finish(buddy, on=MONDAY)
    assert bench.bookings.of(luz) == (meant,)
    (due,) = [one for one in bench.schedule.due(class_4b, on=MONDAY) if one.learner == luz.id]
    assert (due.reasons, due.booked_on) == ("we have not talked yet", WEEK[1])


def test_a_quick_check_that_agrees_on_a_day_books_a_quick_check(bench: Workbench) -> None:
    luz = bench.learners.named("001")
    full = bench.conferences.start(luz, on=MONDAY)
    goal = bench.goals.choose(full, "Read ten minutes", on=MONDAY)
    bench.plans.shape(goal, next_conference_on=MONDAY + timedelta(days=28))
    bench.conferences.finish(full, on=MONDAY)
    quick = bench.conferences.start(luz, on=WEEK[3], protocol="quick")
    small = bench.goals.choose(quick, "Read five minutes", on=WEEK[3])
    bench.plans.shape(small, next_conference_on=WEEK[3] + timedelta(days=7))
    bench.conferences.finish(quick, on=WEEK[3])
    assert [(one.on, one.kind) for one in bench.bookings.of(luz)] == [
        (WEEK[3] + timedelta(days=7), Kind.QUICK),
        (MONDAY + timedelta(days=28), Kind.FORMAL),
    ]


def test_a_conference_out_of_turn_leaves_the_booking_weeks_ahead_alone(bench: Workbench) -> None:
    luz = bench.learners.named("001")
    far = bench.bookings.book(luz, MONDAY + timedelta(days=21))
    conference = bench.conferences.start(luz, on=MONDAY)
    bench.goals.choose(conference, "Read ten minutes", on=MONDAY)
    bench.conferences.finish(conference, on=MONDAY)
    assert bench.bookings.of(luz) == (far,)


def test_the_due_list_of_a_class_knows_talks_flags_goals_and_is_for_its_educators(
    workspace: Workspace, bench: Workbench, class_4b: SchoolClass
) -> None:
    luz, omar = bench.learners.named("001"), bench.learners.named("002")
    for one, days in ((luz, 10), (omar, 3)):
        conference = bench.conferences.start(one, on=ago(days))
        bench.goals.choose(
            conference, "Read", on=ago(days), due_on=WEEK[1] if one is omar else MONDAY + timedelta(days=30)
        )
        bench.conferences.finish(conference, on=ago(days))
    bench.flags.raise_(omar, "conference")
    due = bench.schedule.due(class_4b, on=MONDAY)
    assert [one.reasons for one in due] == [
        "asked for a conference · 3 days since we talked · goal due tomorrow",
        "10 days since we talked",
    ]
    assert due[0].talked_on == ago(3)
    bench.flags.raise_(luz, "show", urgency="soon")
    bench.flags.raise_(luz, "help", urgency="now")
    assert bench.schedule.due(class_4b, on=MONDAY)[0].reasons == (
        "asked for help, now · has something to show · 10 days since we talked"
    )
    with Workbench.open(workspace, actor="teacher:t05", clock=clock) as other:
        assert other.schedule.due(class_4b, on=MONDAY) == ()
        assert [day.suggested for day in other.schedule.week(class_4b, of=MONDAY)] == [()] * 5
        assert other.schedule.book_week(class_4b, of=MONDAY) == ()
        assert "BEGIN:VEVENT" not in other.schedule.calendar(class_4b, of=MONDAY, stamp=clock())
        booked = bench.bookings.book(luz, MONDAY)
        assert other.schedule.did_not_happen(class_4b, MONDAY) == ()
        with pytest.raises(NotAllowed):
            other.schedule.absent(class_4b, booked)
        with pytest.raises(NotAllowed):
            other.schedule.undo([booked])
        with pytest.raises(NotAllowed):
            other.schedule.mark_read(conference, on=MONDAY)
        with pytest.raises(NotAllowed):
            other.schedule.mark_unread(conference)


def test_a_week_booked_by_mistake_is_taken_back(bench: Workbench, class_4b: SchoolClass) -> None:
    bench.schedule.undo(bench.schedule.book_week(class_4b, of=MONDAY))
    assert bench.bookings.of_class(class_4b.id) == ()


def test_a_learner_books_nothing(workspace: Workspace, bench: Workbench) -> None:
    luz = bench.learners.named("001")
    with Workbench.open(workspace, actor="learner:001", clock=clock) as own, pytest.raises(NotAllowed):
        own.bookings.book(luz, MONDAY)


def test_answers_are_to_read_until_they_are_read_and_again_when_words_were_added_the_same_day(
    bench: Workbench, class_4b: SchoolClass
) -> None:
    luz = bench.learners.named("001")
    conference = bench.conferences.start(luz, on=MONDAY)
    assert bench.schedule.to_read(class_4b) == ()

    def say(what: str) -> None:
        bench.reflections.say(conference, move="reflect", prompt="went-well", asked="What went well?", words=what)

    say("I read every night")
    (unread,) = bench.schedule.to_read(class_4b)
    assert unread.conference == conference.id
    bench.schedule.mark_read(conference, on=MONDAY)
    assert bench.schedule.to_read(class_4b) == ()
    say("I read every night with my sister")
    assert len(bench.schedule.to_read(class_4b)) == 1
    bench.schedule.mark_read(conference, on=MONDAY)
    assert bench.schedule.to_read(class_4b) == ()
    bench.schedule.mark_unread(conference)
    assert len(bench.schedule.to_read(class_4b)) == 1


def test_who_has_not_spoken_is_named_until_a_word_of_theirs_is_there(bench: Workbench, class_4b: SchoolClass) -> None:
    today = clock().date()
    luz = bench.learners.named("001")
    assert [one.code for one in bench.schedule.silent(class_4b, on=today)] == ["002", "001"]
    conference = bench.conferences.start(luz, on=today)
    bench.reflections.say(conference, move="reflect", prompt="felt", asked="How?", choice="proud")
    bench.reflections.say(
        conference, move="reflect", prompt="kept-trying", asked="When?", words="She did", said_by="family"
    )
    assert luz in bench.schedule.silent(class_4b, on=today)
    bench.reflections.say(
        conference, move="reflect", prompt="went-well", asked="What?", words="I read", typed_by="educator"
    )
    assert luz not in bench.schedule.silent(class_4b, on=today)
    assert luz in bench.schedule.silent(class_4b, on=today + timedelta(days=15))


def test_new_scores_count_from_the_demo_school_s_own_tests(teacher: Workbench) -> None:
    class_4b = teacher.learners.class_named("4B")
    due = teacher.schedule.due(class_4b, on=date(2026, 11, 21))
    assert len(due) == cast.CLASS_SIZE
    first, *_rest, last = due
    assert first.reasons == "we have not talked yet"
    assert last.learner == teacher.learners.named(cast.MAXIMILIANA).id
    omar = next(one for one in due if one.learner == teacher.learners.named(cast.OMAR).id)
    assert "since we talked" in omar.reasons
    assert teacher.actor == teacher.actor.parse(ACTOR)


# The calendar


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_week_is_exported_without_names_unless_asked_and_the_same_entry_moves_with_its_booking(
    bench: Workbench, class_4b: SchoolClass
) -> None:
    luz = bench.learners.named("001")
    booked = bench.bookings.book(luz, WEEK[1])
    bench.bookings.book(bench.learners.named("002"), WEEK[2], "quick")
    bench.bookings.book(luz, MONDAY + timedelta(days=8), "quick")
    stamp = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    plain = bench.schedule.calendar(class_4b, of=WEEK[3], stamp=stamp)
    assert plain.count("BEGIN:VEVENT") == 2
    assert "Luz" not in plain
    assert "L. M." not in plain
    lines = unfolded(plain)
    assert {"SUMMARY:Conference", "SUMMARY:Quick check", "DTSTAMP:20261122T093000Z"} <= set(lines)
    assert {"DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"} <= set(lines)
    assert "SUMMARY:Conference: L. M." in unfolded(
        bench.schedule.calendar(class_4b, of=MONDAY, stamp=stamp, names="initials")
    )
    assert "SUMMARY:Conference: Luz" in bench.schedule.calendar(class_4b, of=MONDAY, stamp=stamp, names="given")
    bench.bookings.move(booked, WEEK[3])
    moved = bench.schedule.calendar(class_4b, of=MONDAY, stamp=stamp)
    uid = f"UID:{booked.id}@learner-led-workbench"
    assert uid in lines
    assert uid in unfolded(moved)
    assert "DTSTART;VALUE=DATE:20261126" in moved


@given(st.text(max_size=200))
def test_a_calendar_holds_any_text_in_lines_of_75_octets_and_nothing_breaks_out_of_its_field(text: str) -> None:
    words.speak("en")
    text = text.encode("utf-8", "ignore").decode()
    made = calendar([Event("u@x", MONDAY, text)], stamp=datetime(2026, 11, 22, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert made.endswith("END:VCALENDAR\r\n")
    (summary,) = [line for line in unfolded(made) if line.startswith("SUMMARY:")]
    said = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], summary.removeprefix("SUMMARY:"))
    assert said == "\n".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", line) for line in text.splitlines())
    assert unfolded(made).count("BEGIN:VEVENT") == 1
