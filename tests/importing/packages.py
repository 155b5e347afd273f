"""Small rosters of several files, with the true headers: OneRoster 1.1 and 1.2, and Clever."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from workbench.importing import Kind, open_tables

from ..reading import Reading

Rows = Sequence[Mapping[str, object]]
PASSWORD = "Tr0ub4dor&3"

_COMMON = ("sourcedId", "status", "dateLastModified")
ONEROSTER = {
    "manifest": ("propertyName", "value"),
    "orgs": (*_COMMON, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (
        *_COMMON, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear",
    ),
    "courses": (
        *_COMMON, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes",
    ),
    "classes": (
        *_COMMON, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
        "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
    "enrollments": (
        *_COMMON, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
    "demographics": (*_COMMON, "birthDate", "sex", "countryOfBirthCode"),
    "roles": (
        *_COMMON, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
    ),
    "userProfiles": (
        *_COMMON, "userSourcedId", "profileType", "vendorId", "applicationId", "description", "credentialType",
        "username", "password",
    ),
}  # fmt: skip
USERS_1_1 = (
    *_COMMON, "enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName", "middleName",
    "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password",
)  # fmt: skip
USERS_1_2 = (
    *_COMMON, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email",
    "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "preferredGivenName",
    "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
)  # fmt: skip
CLEVER = {
    "schools": ("School_id", "School_name", "School_number", "State_id", "Low_grade", "High_grade"),
    "students": (
        "School_id", "Student_id", "Student_number", "State_id", "Last_name", "Middle_name", "First_name", "Grade",
        "Gender", "Graduation_year", "DOB", "Race", "Hispanic_Latino", "Home_language", "Ell_status", "Frl_status",
        "IEP_status", "Student_email", "Contact_relationship", "Contact_type", "Contact_name", "Contact_phone",
        "Contact_phone_type", "Contact_email", "Contact_sis_id", "Username", "Password", "ext__bus",
    ),
    "teachers": (
        "School_id", "Teacher_id", "Teacher_number", "State_teacher_id", "Teacher_email", "First_name", "Middle_name",
        "Last_name", "Title", "Username", "Password",
    ),
    "sections": (
        "School_id", "Section_id", "Teacher_id", "Teacher_2_id", "Name", "Section_number", "Grade", "Course_name",
        "Course_number", "Period", "Subject", "Term_name", "Term_start", "Term_end",
    ),
    "enrollments": ("School_id", "Section_id", "Student_id"),
    "staff": ("School_id", "Staff_id", "Staff_email", "First_name", "Last_name", "Department", "Title", "Password"),
}  # fmt: skip


def table(header: Iterable[str], rows: Rows) -> str:
    """CSV as OneRoster samples have it: a bare header, quotes where needed, CRLF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, tuple(header), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_oneroster(
    folder: Path, files: Mapping[str, Rows], *, header: tuple[str, ...] = USERS_1_1, mode: str = "bulk"
) -> Path:
    """A package of these files, by their names; the manifest says `mode` of each."""
    folder.mkdir(parents=True, exist_ok=True)
    headers = ONEROSTER | {"users": header}
    version = "1.2" if header is USERS_1_2 else "1.1"
    manifest = {"manifest.version": "1.0", "oneroster.version": version} | {f"file.{name}": mode for name in files}
    properties = [{"propertyName": name, "value": value} for name, value in manifest.items()]
    for name, rows in {"manifest": properties, **files}.items():
        (folder / f"{name}.csv").write_text(table(headers[name], rows), encoding="utf-8", newline="")
    return folder


def write_clever(folder: Path, **files: Rows) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(table(CLEVER[name], rows), encoding="utf-8", newline="")
    return folder


def read_package(folder: Path) -> dict[str, Reading]:
    """Each file of a package read, by its name without the ending."""
    with open_tables(folder) as tables:
        return {Path(found.file).stem: Reading(found) for found in tables}


def frame(readings: Mapping[str, Reading], kind: Kind) -> list[list[object]]:
    """All rows of a kind, without their row numbers."""
    return [row[1:] for one in readings.values() for row in one.frame(kind).to_numpy().tolist()]


# A school of two classes, as a package: Luz and Ana in 4B with Ms. Ode, Luz in Choir with Mr. Birch too.


def pine_school(**changes: Rows) -> dict[str, Rows]:
    """The files of a 1.1 package; `changes` replace some."""
    files: dict[str, Rows] = {
        "orgs": [{"sourcedId": "o1", "name": "Pine School", "type": "school"}],
        "academicSessions": [
            {"sourcedId": "y", "title": "2026-27", "type": "schoolYear", "startDate": "2026-08-24",
             "endDate": "2027-06-11", "schoolYear": "2027"},
            {"sourcedId": "s1", "title": "Semester 1", "type": "semester", "startDate": "2026-08-24",
             "endDate": "2027-01-22", "schoolYear": "2027"},
        ],
        "courses": [{"sourcedId": "c4", "title": "Grade 4", "courseCode": "G4", "orgSourcedId": "o1"}],
        "classes": [
            {"sourcedId": "k4b", "title": "4B", "courseSourcedId": "c4", "classType": "homeroom",
             "schoolSourcedId": "o1", "termSourcedIds": "y"},
            {"sourcedId": "kch", "title": "Choir", "courseSourcedId": "c4", "classType": "Scheduled",
             "schoolSourcedId": "o1", "termSourcedIds": "y"},
        ],
        "users": [
            teacher("t1", "Ode", "Mara", "e14"), teacher("t2", "Birch", "Tom", "e20"),
            pupil("u1", "Rivera", "Luz", "605001", grades="04", email="luz@pine.example", username="lrivera",
                  userIds="{LDAP:luz},{State:9001}"),
            pupil("u2", "Ode", "Ana", "605002", grades="04"),
        ],
        "demographics": [
            {"sourcedId": "u1", "birthDate": "2016-03-21"}, {"sourcedId": "t1", "birthDate": "1980-01-01"},
        ],
        "enrollments": [
            taught("e1", "k4b", "t1"), taught("e2", "kch", "t2"),
            enrolled("e3", "k4b", "u1"), enrolled("e4", "k4b", "u2"), enrolled("e5", "kch", "u1"),
        ],
    }  # fmt: skip
    return files | changes


def pupil(user: str, family: str, given: str, identifier: str = "", **more: str) -> dict[str, object]:
    return {
        "sourcedId": user, "enabledUser": "TRUE", "orgSourcedIds": "o1", "role": "student", "familyName": family,
        "givenName": given, "identifier": identifier, "password": PASSWORD, **more,
    }  # fmt: skip


def teacher(user: str, family: str, given: str, identifier: str = "", **more: str) -> dict[str, object]:
    return pupil(user, family, given, identifier, role="teacher", **more)


def enrolled(one: str, in_class: str, user: str, **more: str) -> dict[str, object]:
    return {
        "sourcedId": one, "classSourcedId": in_class, "schoolSourcedId": "o1", "userSourcedId": user, "role": "student",
        **more,
    }  # fmt: skip


def taught(one: str, in_class: str, user: str, **more: str) -> dict[str, object]:
    return enrolled(one, in_class, user, role="teacher", primary="true", **more)
