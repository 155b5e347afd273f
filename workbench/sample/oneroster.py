"""The school's roster as its student information system would hand it over: a OneRoster 1.2 package."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from workbench.sample.school import School, teacher_of
from workbench.sample.terms import SCHOOL_YEAR

_COMMON = ("sourcedId", "status", "dateLastModified")
_COLUMNS = {
    "orgs": (*_COMMON, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (*_COMMON, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "classes": (
        *_COMMON, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
        "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
    "users": (
        *_COMMON, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email",
        "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "preferredGivenName",
        "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
    ),
    "roles": (
        *_COMMON, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
    ),
    "demographics": (*_COMMON, "birthDate", "sex"),
    "enrollments": (
        *_COMMON, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
}  # fmt: skip
_SCHOOL, _YEAR = "org-school", "session-year"
Row = Mapping[str, str]


def package(school: School) -> tuple[tuple[str, bytes], ...]:
    """The package's files, by name: the homerooms of this school year, all learners and their educators."""
    rows = {
        "orgs": _orgs(school),
        "academicSessions": _sessions(),
        "classes": _classes(school),
        "users": _users(school),
        "roles": _roles(school),
        "demographics": _demographics(school),
        "enrollments": _enrollments(school),
    }
    properties = {"manifest.version": "1.0", "oneroster.version": "1.2"} | {f"file.{name}": "bulk" for name in rows}
    properties |= {"file.courses": "absent", "source.systemName": "Harlow Student Information"}
    manifest = [{"propertyName": name, "value": value} for name, value in properties.items()]
    tables = {name: _table(_COLUMNS[name], found) for name, found in rows.items()}
    files = {"manifest": _table(("propertyName", "value"), manifest)} | tables
    return tuple((f"{name}.csv", content) for name, content in files.items())


def _table(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, tuple(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _orgs(school: School) -> Iterator[Row]:
    yield {
        "sourcedId": "org-district",
        "name": school.district,
        "type": "district",
        "identifier": school.district_state_id,
    }
    yield {
        "sourcedId": _SCHOOL, "name": school.name, "type": "school", "identifier": school.state_id,
        "parentSourcedId": "org-district",
    }  # fmt: skip


def _sessions() -> Iterator[Row]:
    yield {
        "sourcedId": _YEAR, "title": f"{SCHOOL_YEAR}-{SCHOOL_YEAR + 1}", "type": "schoolYear",
        "startDate": f"{SCHOOL_YEAR}-08-24", "endDate": f"{SCHOOL_YEAR + 1}-06-11", "schoolYear": str(SCHOOL_YEAR + 1),
    }  # fmt: skip


def _classes(school: School) -> Iterator[Row]:
    for one in school.classes:
        yield {
            "sourcedId": f"class-{one.name}", "title": one.name, "classType": "homeroom", "schoolSourcedId": _SCHOOL,
            "grades": _grade(one.grade), "termSourcedIds": _YEAR,
        }  # fmt: skip


def _users(school: School) -> Iterator[Row]:
    for educator in school.educators:
        yield {
            "sourcedId": f"user-{educator.code}", "enabledUser": "true", "givenName": educator.given_name,
            "familyName": educator.family_name, "identifier": educator.code, "username": educator.code,
        }  # fmt: skip
    for learner in school.learners:
        yield {
            "sourcedId": f"user-{learner.student_id}", "enabledUser": "true", "givenName": learner.given_name,
            "familyName": learner.family_name, "middleName": learner.middle_initial, "identifier": learner.student_id,
            "userIds": f"{{State:{learner.state_id}}}", "username": learner.username, "grades": _grade(learner.grade),
            "email": f"{learner.username}@learners.example",
        }  # fmt: skip


def _roles(school: School) -> Iterator[Row]:
    roles = {educator.code: _role(educator.role) for educator in school.educators}
    roles |= {learner.student_id: "student" for learner in school.learners}
    for code, role in roles.items():
        yield {
            "sourcedId": f"role-{code}", "userSourcedId": f"user-{code}", "roleType": "primary", "role": role,
            "orgSourcedId": _SCHOOL,
        }  # fmt: skip


def _demographics(school: School) -> Iterator[Row]:
    for learner in school.learners:
        yield {"sourcedId": f"user-{learner.student_id}", "birthDate": learner.birth_date.isoformat()}


def _enrollments(school: School) -> Iterator[Row]:
    for one in school.classes:
        everybody = [(teacher_of(one.name), "teacher"), *((code, "student") for code in one.student_ids)]
        for code, role in everybody:
            yield {
                "sourcedId": f"enrollment-{one.name}-{code}", "classSourcedId": f"class-{one.name}",
                "schoolSourcedId": _SCHOOL, "userSourcedId": f"user-{code}", "role": role,
            }  # fmt: skip


def _role(role: str) -> str:
    return {"principal": "principal", "office": "administrator", "coach": "aide"}.get(role, "teacher")


def _grade(grade: int) -> str:
    """A code of the Common Education Data Standards."""
    return f"{grade:02d}" if grade else "KG"
