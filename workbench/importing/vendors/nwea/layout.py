"""The columns of NWEA MAP Growth files through the years, under one key each.

Keys are header names without case, spaces and underscores, so `FalltoFallObservedGrowth`
and `FallToFallObservedGrowth` are one. Layouts differ in names, not in meaning:

====================  ===========================================  ==============
idea                  since about 2019                              before
====================  ===========================================  ==============
the test's identity   Course ("Math K-12", "Reading")              MeasurementScale ("Mathematics", "Reading")
its field, wider      Subject ("Language Arts")                    Discipline
reading level         LexileScore, LexileMin, LexileMax            RITtoReadingScore, …Min, …Max
====================  ===========================================  ==============

Course tells which line of a learner's history a score belongs to. Subject does not: it
puts Reading and Language Usage together.
"""

from __future__ import annotations

import re

STUDENT = "studentid"
STATE_ID = "studentstateid"
TERM = "termname"
DATE = "teststartdate"
TIME = "teststarttime"
TEST = "testname"
TEST_ID = "testid"
TEST_TYPE = "testtype"
RIT = "testritscore"
ERROR = "teststandarderror"
PERCENTILE = "testpercentile"
QUINTILE = "achievementquintile"
NORMS = "normsreferencedata"
GROWTH_FLAG = "growthmeasureyn"
MINUTES = "testdurationminutes"
PERCENT_CORRECT = "percentcorrect"
RAPID_GUESSING = "rapidguessingpercentage"
SCHOOL = "schoolname"
COURSE = ("course", "measurementscale")
FAMILY_NAME = ("studentlastname", "lastname")
GIVEN_NAME = ("studentfirstname", "firstname")
MIDDLE_NAME = ("studentmi", "studentmiddlename", "middlename")
BIRTH_DATE = ("studentdateofbirth", "dateofbirth", "dob")
GRADE = ("nweastandardgrade", "grade")
ACCOMMODATIONS = ("accommodations", "accommodationcategories", "accommodationcategory")
LEXILE = (
    ("lexilescore", "rittoreadingscore"),
    ("lexilemin", "rittoreadingmin"),
    ("lexilemax", "rittoreadingmax"),
)
QUANTILE = (("quantilescore",), ("quantilemin",), ("quantilemax",))

#: What else of a result is the same in two rows of one event.
RESULT = (ERROR, MINUTES, PERCENT_CORRECT, "goal1ritscore", "goal2ritscore", "goal3ritscore")

#: What to call a pair of seasons in a growth block: column prefix, key in the details.
SEASON_PAIRS = tuple(
    (f"{first}to{second}", f"{first} to {second}")
    for first, second in (
        ("fall", "fall"),
        ("fall", "spring"),
        ("fall", "winter"),
        ("spring", "spring"),
        ("winter", "spring"),
        ("winter", "winter"),
    )
)
#: Weeks of instruction before the test: column, key in the details.
WEEKS = (
    ("wiselectedayfall", "fall"),
    ("wipreviousayfall", "previous fall"),
    ("wipreviousayspring", "previous spring"),
    ("wipreviousaywinter", "previous winter"),
    ("wiselectedayspring", "spring"),
    ("wiselectedaywinter", "winter"),
)
GOALS = 8
PROFICIENCIES = 10

_SAME_COURSE = {
    "math k-12": "mathematics",
    "math": "mathematics",
    "mathematics k-12": "mathematics",
    "reading k-12": "reading",
    "language": "language usage",
    "language usage k-12": "language usage",
    "science k-12": "science",
    "general science": "science",
    "science - general science": "science",
    "algebra i": "algebra 1",
    "algebra ii": "algebra 2",
    "math (spanish)": "mathematics (spanish)",
    "math k-12 (spanish)": "mathematics (spanish)",
    "reading k-12 (spanish)": "reading (spanish)",
}


def measure(course: str) -> str:
    """What a course or measurement scale measures, in our words; "" when it names none.

    Old and new names of one scale give one word; a course unknown here keeps its own
    name in lower case.
    """
    name = re.sub(r"\s+", " ", course.strip()).casefold()
    return _SAME_COURSE.get(name, name)
