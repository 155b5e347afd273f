"""OneRoster packages, 1.1 and 1.2: files that only make sense together."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from workbench.importing import Kind, Tally, open_tables, packages
from workbench.importing.records import Place
from workbench.importing.vendors import oneroster as module

from ..reading import Reading
from .packages import (
    ONEROSTER,
    PASSWORD,
    USERS_1_1,
    USERS_1_2,
    Rows,
    enrolled,
    frame,
    pine_school,
    pupil,
    read_package,
    table,
    taught,
    teacher,
    write_oneroster,
)
from .test_imports import SAMPLES, needs_samples

YEAR = "2026-2027"
MEMBERS = [
    ["605001", "Pine School", "4B", YEAR, "e14", "Ode, Mara"],
    ["605002", "Pine School", "4B", YEAR, "e14", "Ode, Mara"],
    ["605001", "Pine School", "Choir", YEAR, "e20", "Birch, Tom"],
]


def test_a_package_gives_learners_schools_classes_and_their_educators(tmp_path: Path) -> None:
    read = read_package(write_oneroster(tmp_path / "p", pine_school()))
    assert {one.importer.name for one in read.values()} == {"oneroster"}
    assert frame(read, Kind.LEARNERS) == [
        ["605001", "Rivera", "Luz", "", dt.date(2016, 3, 21)],
        ["605002", "Ode", "Ana", "", None],
    ]
    assert frame(read, Kind.ENROLMENTS) == [
        ["605001", "Pine School", YEAR, "4"],
        ["605002", "Pine School", YEAR, "4"],
    ]
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS
    assert frame(read, Kind.IDENTIFIERS) == [
        ["605001", "sourced", "u1"],
        ["605001", "state", "9001"],
        ["605001", "email", "luz@pine.example"],
        ["605001", "username", "lrivera"],
        ["605001", "ldap", "luz"],
        ["605002", "sourced", "u2"],
    ]
    assert not [problem for one in read.values() for problem in one.problems]


def test_one_point_two_has_roles_in_a_file_of_their_own(tmp_path: Path) -> None:
    told = pine_school()
    users = [{name: value for name, value in row.items() if name in USERS_1_2} for row in told["users"]]
    roles = [
        {"sourcedId": "r1", "userSourcedId": "t1", "roleType": "primary", "role": "teacher", "orgSourcedId": "o1"},
        {"sourcedId": "r2", "userSourcedId": "t2", "roleType": "primary", "role": "teacher", "orgSourcedId": "o1"},
        {"sourcedId": "r3", "userSourcedId": "u1", "roleType": "primary", "role": "student", "orgSourcedId": "o1"},
        {"sourcedId": "r4", "userSourcedId": "u2", "roleType": "primary", "role": "student", "orgSourcedId": "o1"},
    ]
    profiles = [{"sourcedId": "p1", "userSourcedId": "u1", "profileType": "SYSTEM", "password": PASSWORD}]
    package = pine_school(users=users, roles=roles, userProfiles=profiles)
    read = read_package(write_oneroster(tmp_path / "p", package, header=USERS_1_2))
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS
    assert [row[:3] for row in frame(read, Kind.ENROLMENTS)] == [
        ["605001", "Pine School", YEAR],
        ["605002", "Pine School", YEAR],
    ]
    assert read["userProfiles"].tally == Tally(rows=1, skipped=1)


@pytest.mark.parametrize(
    ("identifier", "user_ids", "code", "further"),
    [
        ("605001", "{SIS:77}", "605001", {"sourced": "u1", "number": "77"}),
        ("", "{LDAP:luz}, {LocalId:77}", "77", {"sourced": "u1", "ldap": "luz"}),
        ("", "{sasid:9001}", "u1", {"sourced": "u1", "state": "9001"}),
        ("", "", "u1", {"sourced": "u1"}),
        ("605001.0", "", "605001", {"sourced": "u1"}),
    ],
)
def test_whom_a_row_is_about_is_the_schools_own_id_first(
    tmp_path: Path, identifier: str, user_ids: str, code: str, further: dict[str, str]
) -> None:
    users = [pupil("u1", "Rivera", "Luz", identifier, userIds=user_ids)]
    read = read_package(written(tmp_path, users=users))
    assert [row[0] for row in frame(read, Kind.LEARNERS)] == [code]
    assert {kind: value for _code, kind, value in frame(read, Kind.IDENTIFIERS)} == further


def test_a_shortened_id_leaves_the_row_out_rather_than_making_another_learner(tmp_path: Path) -> None:
    read = read_package(written(tmp_path, users=[pupil("u1", "Rivera", "Luz", "6.05E+05")]))
    assert [(problem.row, problem.column) for problem in read["users"].left_out] == [(2, "identifier")]
    assert frame(read, Kind.LEARNERS) == frame(read, Kind.MEMBERSHIPS) == []


def test_passwords_reach_nothing_even_in_a_row_that_slipped_by_a_cell(tmp_path: Path) -> None:
    told = pine_school()
    folder = written(tmp_path)
    lines = table(USERS_1_1, told["users"]).splitlines()
    slipped = table(USERS_1_1, [pupil("u3", "Tran", "Bo", "605003")]).splitlines()[1].replace("605003,,", "605003,")
    (folder / "users.csv").write_text("\r\n".join([*lines, slipped]), encoding="utf-8")
    read = read_package(folder)
    assert PASSWORD in slipped
    assert [row[0] for row in frame(read, Kind.LEARNERS)] == ["605001", "605002", "605003"]
    with open_tables(folder) as tables:
        left = [(found.place.before, found.place.after, list(read.values())) for found in tables if read]
    said = [str(problem) + str(problem.value) for one in read.values() for problem in one.problems]
    cells = [str(cell) for kind in Kind for row in frame(read, kind) for cell in row]
    assert said
    assert cells
    assert not [text for text in (*said, *cells, str(left)) if PASSWORD in text]


def test_parents_and_others_are_passed_over_for_a_reason(tmp_path: Path) -> None:
    others = [
        pupil("u8", "Rivera", "Eva", role="parent"),
        pupil("u9", "Kim", "Jo", role="administrator"),
        pupil("u7", "Low", "Al", role=""),
    ]
    read = read_package(written(tmp_path, users=[*pine_school()["users"], *others]))
    assert read["users"].tally == Tally(rows=7, events=4, skipped=3)
    assert set(read["users"].batches[0].skipped) == {module.PARENT, module.NEITHER, module.UNSAID}
    assert len(frame(read, Kind.LEARNERS)) == 2


def test_a_teacher_enrolled_as_a_learner_is_a_problem_and_not_a_learner(tmp_path: Path) -> None:
    rows = [*pine_school()["enrollments"], enrolled("e9", "kch", "t1")]
    read = read_package(written(tmp_path, enrollments=rows))
    assert [problem.row for problem in read["enrollments"].left_out] == [7]
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS


@pytest.mark.parametrize(
    ("cell", "grade", "problems"),
    [
        ("KG", "K", 0),
        ("PK", "PK", 0),
        ("PR", "PK", 0),
        ("UG", "", 0),
        ("4", "4", 0),
        ("03, 04", "4", 1),
        ("Blue", "", 1),
    ],
)
def test_grades_are_codes_of_which_one_cell_may_hold_several(
    tmp_path: Path, cell: str, grade: str, problems: int
) -> None:
    read = read_package(written(tmp_path, users=[pupil("u1", "Rivera", "Luz", "605001", grades=cell)]))
    assert [row[3] for row in frame(read, Kind.ENROLMENTS)] == [grade]
    assert len([problem for problem in read["users"].problems if problem.row]) == problems
    assert not read["users"].left_out


def test_classes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    told = pine_school()
    alike = [{**row, "title": "Homeroom"} for row in told["classes"]]
    read = read_package(written(tmp_path / "1", classes=alike))
    assert {row[2] for row in frame(read, Kind.MEMBERSHIPS)} == {"Homeroom (Ode)", "Homeroom (Birch)"}
    coded = [{**row, "classCode": code} for row, code in zip(alike, ("H-1", "H-2"), strict=True)]
    read = read_package(written(tmp_path / "2", classes=coded))
    assert {row[2] for row in frame(read, Kind.MEMBERSHIPS)} == {"Homeroom (H-1)", "Homeroom (H-2)"}


def test_a_class_without_a_title_is_called_by_its_course_and_courses_may_be_missing(tmp_path: Path) -> None:
    classes = [{**row, "title": ""} for row in pine_school()["classes"]][:1]
    read = read_package(written(tmp_path / "1", classes=classes))
    assert {row[2] for row in frame(read, Kind.MEMBERSHIPS)} == {"Grade 4"}
    folder = written(tmp_path / "2")
    (folder / "courses.csv").unlink()
    assert frame(read_package(folder), Kind.MEMBERSHIPS) == MEMBERS


def test_an_end_before_the_years_is_a_departure_and_an_end_with_it_is_none(tmp_path: Path) -> None:
    rows = [
        taught("e1", "k4b", "t1"),
        enrolled("e3", "k4b", "u1", beginDate="2026-08-24", endDate="2026-11-06"),
        enrolled("e4", "k4b", "u2", beginDate="2026-08-24", endDate="2027-06-11"),
    ]
    read = read_package(written(tmp_path / "1", enrollments=rows))
    gone = ["605001", "Pine School", "4B", YEAR, "", dt.date(2026, 11, 6)]
    assert frame(read, Kind.DEPARTURES) == [gone]
    assert [row[0] for row in frame(read, Kind.MEMBERSHIPS)] == ["605001", "605002"]

    back = [*rows, enrolled("e6", "k4b", "u1", beginDate="2027-01-11")]
    assert frame(read_package(written(tmp_path / "2", enrollments=back)), Kind.DEPARTURES) == []


def test_a_class_of_one_semester_ends_with_it(tmp_path: Path) -> None:
    classes = [
        {**row, "termSourcedIds": "s1"} if row["sourcedId"] == "kch" else row for row in pine_school()["classes"]
    ]
    read = read_package(written(tmp_path, classes=classes))
    assert frame(read, Kind.DEPARTURES) == [["605001", "Pine School", "Choir", YEAR, "", dt.date(2027, 1, 22)]]


@pytest.mark.parametrize("status", ["tobedeleted", "ToBeDeleted", "inactive"])
def test_what_is_to_be_deleted_is_a_departure(tmp_path: Path, status: str) -> None:
    told = pine_school()
    enrolments = [{**row, "status": status} if row["sourcedId"] in ("e2", "e5") else row for row in told["enrollments"]]
    users = [{**row, "status": status} if row["sourcedId"] == "u2" else row for row in told["users"]]
    read = read_package(written(tmp_path, mode="delta", users=users, enrollments=enrolments))
    assert sorted(map(str, frame(read, Kind.DEPARTURES))) == sorted(
        map(
            str,
            [
                ["", "Pine School", "Choir", YEAR, "e20", None],
                ["605002", "Pine School", "4B", YEAR, "", None],
                ["605001", "Pine School", "Choir", YEAR, "", None],
                ["605002", "", "", YEAR, "", None],
            ],
        )
    )
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS[:1]


def test_a_delta_is_read_by_what_earlier_packages_said(tmp_path: Path) -> None:
    with open_tables(written(tmp_path)) as tables:
        for found in tables:
            Reading(found)
        left = next(iter(tables)).place.after
    delta = write_oneroster(tmp_path / "d", {"enrollments": [enrolled("e6", "kch", "u2")]}, mode="delta")
    alone = read_package(delta)["enrollments"]
    assert [(problem.row, problem.reason) for problem in alone.left_out] == [(2, packages.NOT_IN_PACKAGE)]
    with open_tables(delta) as tables:
        for found in tables:
            found.place.before = left
        read = {found.file: Reading(found) for found in tables}
    assert frame(read, Kind.MEMBERSHIPS) == [["605002", "Pine School", "Choir", YEAR, "e20", "Birch, Tom"]]


def test_only_a_bulk_file_that_was_read_whole_says_that_it_is_all_there_is(tmp_path: Path) -> None:
    def complete(folder: Path) -> set[Kind]:
        return {kind for one in read_package(folder).values() for batch in one.batches for kind in batch.complete}

    assert complete(written(tmp_path / "1")) == {Kind.ENROLMENTS, Kind.MEMBERSHIPS}
    assert complete(written(tmp_path / "2", mode="delta")) == set()
    torn = [*pine_school()["enrollments"], enrolled("e9", "k4b", "")]
    assert complete(written(tmp_path / "3", enrollments=torn)) == {Kind.ENROLMENTS}
    for at, row in enumerate((enrolled("e9", "nowhere", "u1"), enrolled("e9", "k4b", "nobody"))):
        assert complete(written(tmp_path / f"4{at}", enrollments=[*pine_school()["enrollments"], row])) == set()
    left = enrolled("e9", "nowhere", "nobody", status="tobedeleted")
    assert Kind.ENROLMENTS in complete(written(tmp_path / "5", enrollments=[*pine_school()["enrollments"], left]))


def test_a_faulty_package_gives_what_can_be_read(tmp_path: Path) -> None:
    """As one that is passed around: typing errors and empty cells in the header, rows too short, a file twice."""
    header = [
        {"middleName": "prefferedMiddleName", "dateLastModified": "dataLastModified"}.get(n, n) for n in USERS_1_1
    ]
    rows = pine_school()["users"]
    lines = table(USERS_1_1, rows).splitlines()
    folder = written(tmp_path)
    (folder / "users.csv").write_text("\n".join([",".join([*header, "", ""]), *lines[1:]]))
    roles = table(
        ONEROSTER["roles"], [{"sourcedId": "r", "userSourcedId": "u1", "role": "student", "orgSourcedId": "o1"}]
    )
    (folder / "roles.csv").write_text(roles)
    (folder / "userprofiles.csv").write_text(roles)
    read = read_package(folder)
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS
    assert [row[0] for row in frame(read, Kind.LEARNERS)] == ["605001", "605002"]


def test_two_users_of_one_id_in_a_file_are_a_problem(tmp_path: Path) -> None:
    rows = [*pine_school()["users"], pupil("u1", "Tran", "Bo", "605003")]
    read = read_package(written(tmp_path, users=rows))
    assert [problem.row for problem in read["users"].left_out] == [6]
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS


def test_an_identifier_may_hold_a_space_and_any_text_may_name_a_row_to_the_others(tmp_path: Path) -> None:
    users = [*pine_school()["users"][:2], pupil("the first one", "Rivera", "Luz", "S 605")]
    enrolments = [taught("e1", "k4b", "t1"), enrolled("e2", "k4b", "the first one")]
    read = read_package(write_oneroster(tmp_path / "p", pine_school(users=users, enrollments=enrolments)))
    assert [row[:3] for row in frame(read, Kind.LEARNERS)] == [["S 605", "Rivera", "Luz"]]
    assert [row[0] for row in frame(read, Kind.MEMBERSHIPS)] == ["S 605"]
    assert not [problem for one in read.values() for problem in one.problems]


def test_classes_that_name_no_session_belong_to_the_packages_own_year(tmp_path: Path) -> None:
    told = pine_school()
    sessions = [
        {**row, "schoolYear": "2024", "startDate": "2023-08-21", "endDate": "2024-06-07"}
        for row in told["academicSessions"]
    ]
    classes = [{**row, "termSourcedIds": ""} for row in told["classes"]]
    read = read_package(write_oneroster(tmp_path / "p", pine_school(academicSessions=sessions, classes=classes)))
    assert {row[3] for row in frame(read, Kind.MEMBERSHIPS)} == {"2023-2024"}
    assert {row[2] for row in frame(read, Kind.ENROLMENTS)} == {"2023-2024"}


def test_two_children_with_one_identifier_are_never_merged(tmp_path: Path) -> None:
    told = pine_school()
    users = [{**row, "identifier": "605001"} if row["sourcedId"] == "u2" else row for row in told["users"]]
    read = read_package(write_oneroster(tmp_path / "p", pine_school(users=users)))
    assert [row[:3] for row in frame(read, Kind.LEARNERS)] == [["605001", "Rivera", "Luz"]]
    assert [row[2] for row in frame(read, Kind.MEMBERSHIPS)] == ["4B", "Choir"]
    left_out = {(problem.file, problem.reason) for one in read.values() for problem in one.left_out}
    assert left_out == {("users.csv", packages.SHARED_ID), ("enrollments.csv", packages.SHARED_ID)}


def test_a_zip_of_two_packages_keeps_them_apart(tmp_path: Path) -> None:
    one = written(tmp_path / "1")
    other = written(tmp_path / "2", users=[teacher("t1", "Ash", "Io", "x1"), pupil("u1", "Tran", "Bo", "705001")])
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as out:
        for name, folder in (("a", one), ("b", other)):
            for path in folder.iterdir():
                out.write(path, f"{name}/{path.name}")
    with open_tables(tmp_path / "both.zip") as tables:
        read = {found.file: Reading(found) for found in tables}
    assert [row[0] for row in frame(read, Kind.LEARNERS)] == ["605001", "605002", "705001"]


def test_files_chosen_one_by_one_belong_together(tmp_path: Path) -> None:
    loose = Place()
    opened = [open_tables(path, loose) for path in sorted(written(tmp_path).iterdir())]
    read = {found.file: Reading(found) for tables in opened for found in tables}
    assert frame(read, Kind.MEMBERSHIPS) == MEMBERS


@needs_samples
def test_every_row_of_the_real_packages_is_accounted_for() -> None:
    def tallies(name: str) -> dict[str, Tally]:
        return {file: one.tally for file, one in read_package(SAMPLES / "oneroster" / name).items()}

    assert tallies("v1p1_minimal") == {
        "academicSessions": Tally(rows=5, events=5),
        "classes": Tally(rows=2, events=2),
        "enrollments": Tally(rows=6, events=4, left_out=2),
        "manifest": Tally(rows=17, events=17),
        "orgs": Tally(rows=1, events=1),
        "users": Tally(rows=6, events=5, skipped=1),
    }
    ones = ("academicSessions", "classes", "courses", "demographics", "enrollments", "orgs", "roles", "users")
    assert tallies("v1p2_small") == {
        **{name: Tally(rows=1, events=1) for name in ones},
        "manifest": Tally(rows=25, events=25),
        "userProfiles": Tally(rows=1, skipped=1),
    }


def written(folder: Path, *, mode: str = "bulk", **changes: Rows) -> Path:
    return write_oneroster(folder / "package", pine_school(**changes), mode=mode)
