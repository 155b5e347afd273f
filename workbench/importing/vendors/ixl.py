"""Reads IXL: progress by student, and diagnostic levels. Neither file has a date, so its day is asked."""

from __future__ import annotations

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Asked, Detail, Fact, Mapping, Span, Who
from workbench.importing.reading.values import Columns, header_key, number, number_between
from workbench.importing.records import NO_ANSWERS, Answers

_SUBJECTS = {"math": "mathematics", "ela": "language arts"}
_WHO = Who(ids=(("", "studentid"),), given_name="firstname", family_name="lastname", grade="grade")
_NOTHING = ("In progress", "Not started", "Not yet", "Not available")
_MANY = number_between(0, 1_000_000, whole=True)
_level = number_between(0, 2_000)
_TITLE = "IXL diagnostic"


class Progress(ByMapping):
    """Progress by student: questions and skills of the year so far, and the diagnostic's level."""

    name = "ixl_progress"
    title = N_("IXL progress by student")
    looks_for = "Student ID, Math questions answered or ELA questions answered, Math skills proficient"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return any({f"{word}questionsanswered", f"{word}skillsproficient"} <= keys for word in _SUBJECTS)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        facts: list[Fact] = []
        for word, subject in _SUBJECTS.items():
            facts += (
                Fact(
                    f"{word}questionsanswered",
                    "questions answered",
                    subject,
                    "questions",
                    _MANY,
                    day=Span("", Asked()),
                    amount=True,
                ),
                Fact(f"{word}skillspracticed", "skills practised", subject, "skills", _MANY),
                Fact(f"{word}skillsproficient", "skills proficient", subject, "skills", _MANY),
                Fact(f"{word}skillsmastered", "skills mastered", subject, "skills", _MANY),
                Fact(
                    f"currentdiagnosticlevel-{word}",
                    subject,
                    unit="diagnostic level",
                    read=_level,
                    test=_TITLE,
                    details=(
                        Detail("start", f"startingdiagnosticlevel-{word}", number),
                        Detail("growth", f"diagnosticgrowth-{word}", number),
                    ),
                ),
            )
        return Mapping(source="ixl", who=_WHO, day=Asked(), nothing=_NOTHING, facts=tuple(facts))


class Levels(ByMapping):
    """Diagnostic levels: overall and by strand, those of mathematics before those of language arts."""

    name = "ixl_levels"
    title = N_("IXL diagnostic levels")
    looks_for = "Student ID, Overall math or Overall ELA, and levels such as Geometry level"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return bool({"overallmath", "overallela"} & keys) and any(key.endswith("level") for key in keys)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        facts: list[Fact] = []
        subject = ""
        for key in columns:
            if key in ("overallmath", "overallela"):
                subject = _SUBJECTS[key.removeprefix("overall")]
                facts.append(Fact(key, subject, unit="diagnostic level", read=_level))
            elif subject and key.endswith("level"):
                area = " ".join((columns.name(key) or "").split())[: -len("level")].rstrip()
                facts.append(Fact(key, subject, f"area: {area}", "diagnostic level", _level))
        return Mapping(source="ixl", who=_WHO, day=Asked(), test=_TITLE, nothing=_NOTHING, facts=tuple(facts))
