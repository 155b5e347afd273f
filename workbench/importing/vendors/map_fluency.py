"""Reads NWEA MAP Reading Fluency: one row for each learner, test and kind of result.

What screens for dyslexia (its outcomes, and rapid naming, which only serves them) is left unread.
"""

from __future__ import annotations

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Mapping, Of, Who
from workbench.importing.reading.values import Columns, header_key, lexile, number, number_between, percent, term, tidy
from workbench.importing.records import NO_ANSWERS, Answers

_PROGRESS = "Progress monitoring"
_score, _words = number_between(0, 1_000), number_between(0, 500)
_percent_of = number_between(0, 100)


def _accuracy(text: str) -> float:
    value = percent(text)
    return value if value != value else _percent_of(f"{value:g}")


def _language(text: str) -> str:
    return "" if text.casefold() == "english" else tidy(text)


def _test(text: str) -> str:
    """The kind of result, with the language where it is not English: "Oral Reading; Spanish"."""
    kind, _, language = tidy(text).partition("; ")
    return kind if language.casefold() in ("", "english") else f"{kind} ({language})"


def _answers(column: str, aspect: str) -> Fact:
    """Correct answers of those attempted."""
    level = Detail("level", f"{column}performancelevel")
    return Fact(f"{column}correct", "reading", aspect, "answers", of=f"{column}attempted", details=(level, _LANGUAGE))


def _domain(column: str, aspect: str) -> Fact:
    details = (
        Detail("level", f"{column}performancelevel"),
        Detail("next", f"{column}zpdname"),
        Detail("next_level", f"{column}zpdlevel", number),
        _LANGUAGE,
    )
    return Fact(
        f"{column}domainscore",
        "reading",
        aspect,
        "domain score",
        _score,
        percentile=f"{column}testpercentile",
        details=details,
    )


_LANGUAGE = Detail("language", "testlanguage", _language)
_KIND = Detail("test_type", "assignedtesttype")


class Fluency(ByMapping):
    """The export of MAP Reading Fluency, with or without learners' names."""

    name = "nwea_map_fluency"
    title = N_("NWEA MAP Reading Fluency results")
    looks_for = "StudentID, TestCompletionDate, ResultType, PhonologicalAwarenessDomainScore"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return {"studentid", "testcompletiondate", "resulttype", "phonologicalawarenessdomainscore"} <= keys

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        fluency = columns.first("oralreadingwcpm", "oralreadingwcpmscaled") or ""
        monitored = "progressmonitoring"
        fluency_now = columns.first(f"{monitored}oralreadingwcpm", f"{monitored}oralreadingwcpmscaled") or ""
        of_text = Detail("text_measure", f"{monitored}lexiletextmeasurerange")
        facts = (
            _domain("phonologicalawareness", "phonological awareness"),
            _domain("phonicswordrecognition", "phonics and word recognition"),
            _domain("languagecomprehension", "language comprehension"),
            _answers("printconcept", "print concepts"),
            _answers("listeningcomprehension", "listening comprehension"),
            _answers("picturevocab", "picture vocabulary"),
            _answers("sentencereadingfluency", "sentence reading fluency"),
            Fact(
                fluency,
                "reading",
                "oral reading fluency",
                "words a minute",
                _words,
                details=(
                    Detail("level", "oralreadingrateperformancelevel"),
                    Detail("comprehension", "literalcomprehensionperformancelevel"),
                    _KIND,
                    _LANGUAGE,
                ),
            ),
            Fact(
                "oralreadingaccuracyscore",
                "reading",
                "accuracy",
                "percent",
                _accuracy,
                details=(Detail("level", "oralreadingaccuracyperformancelevel"), _LANGUAGE),
            ),
            Fact("lexileoralreadingmeasure", "reading", "lexile", "L", lexile, details=(_LANGUAGE,)),
            Fact(
                fluency_now,
                "reading",
                "oral reading fluency",
                "words a minute",
                _words,
                _PROGRESS,
                details=(of_text, _LANGUAGE),
            ),
            Fact(
                f"{monitored}oralreadingaccuracyscore",
                "reading",
                "accuracy",
                "percent",
                _accuracy,
                _PROGRESS,
                details=(of_text, _LANGUAGE),
            ),
            Fact(
                f"{monitored}oralreadingcomprehensioncorrect",
                "reading",
                "reading comprehension",
                "answers",
                test=_PROGRESS,
                of=f"{monitored}oralreadingcomprehensionattempted",
                details=(_LANGUAGE,),
            ),
            *(
                Fact(
                    f"{monitored}foundationalskills{column}domainscore",
                    "reading",
                    aspect,
                    "domain score",
                    _score,
                    _PROGRESS,
                )
                for column, aspect in (
                    ("phonologicalawareness", "phonological awareness"),
                    ("phonicswordrecognition", "phonics and word recognition"),
                )
            ),
        )
        return Mapping(
            source="nwea_map_fluency",
            who=Who(
                ids=(("", "studentid"), ("state", "studentstateid")),
                given_name="studentfirstname",
                family_name="studentlastname",
                birth_date="studentdateofbirth",
                school="schoolname",
                grade="grade",
            ),
            day="testcompletiondate",
            term=Of("termname", term),
            test=Of(("resulttype", "testlanguage"), _test, by="; "),
            nothing=("No Score", "No Expectation", "Insufficient Data"),
            facts=facts,
        )
