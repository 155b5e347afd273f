"""Tells the columns of a roster, which say who people are, from those of results, which say what they did.

A roster moves children between classes and schools, so a file is taken for one only when nearly all its columns are a
roster's: a table of results names learners and classes as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from workbench.ground.words import _
from workbench.importing.reading.values import header_key, is_nothing
from workbench.importing.records import Choice, Question, Table

#: Columns that say who somebody is, and no more: results say that as well.
_WHO = """
    id idnumber studentid studentnumber studentkey studentdcid learnerid learnernumber pupilid pupilnumber localid
    localstudentid studentlocalid sisid stuid stateid statestudentid studentstateid statenumber stateidnumber ssid sasid
    suid uic districtstudentid studentdistrictid permid permnumber personid uniqueid externalid sourcedid number no seat
    name studentname learnername fullname student learner pupil child first given last family firstname givenname
    studentfirstname learnerfirstname preferredname preferredfirstname nickname knownas lastname familyname surname
    studentlastname learnerlastname preferredlastname middlename middleinitial mi studentmi studentmiddlename middle
    suffix generation pronouns
"""
_WORDS = """
    class classname classroom homeroom homeroomname section sectionname sectionid sectionnumber group groupname house
    track team pod room roomnumber period course coursename coursenumber coursecode subject subjectname
    teacher teachername homeroomteacher educator educatorname instructor classteacher teacherid teachernumber
    teachercode educatorid staffid teacheruid teacheremail teacherfirstname teacherlastname coteacher counselor
    counsellor casemanager advisor adviser
    grade gradelevel studentgrade currentgrade yearlevel nweastandardgrade graduationyear gradyear cohort classof
    school schoolname schoolid schoolcode schoolnumber schoolstateid building campus homeschool district districtname
    districtid districtcode districtstateid organization site
    term termname year schoolyear academicyear session semester
    birthdate dateofbirth dob birthday studentdateofbirth born age
    gender sex race ethnicity ethnicgroup studentgender studentethnicgroup studentethnicgroupname federalrace
    nweastandardethnicgroup hispaniclatino hispanic race1 race2 race3 race4 race5
    email emailaddress studentemail studentemailaddress learneremail schoolemail username loginname login
    studentusername networkid password
    homelanguage language nativelanguage primarylanguage firstlanguage languageathome
    ell ellstatus el elstatus esl eslstatus lep lepstatus limitedenglishproficiency limitedenglishproficient
    englishlearner mll multilingual frl frlstatus freereducedlunch lunchstatus lunch iep iepstatus sped
    specialed specialeducation disability section504 504 plan504 gt gifted giftedandtalented title1 titlei migrant
    homeless foster military program programs
    street city state zip zipcode postalcode address address1 address2 homeaddress phone homephone mobile cell
    parent parents parent1 parent2 guardian guardians guardian1 guardian2 mother father family
    emergency emergencycontact bus busnumber busroute route stop transportation dismissal locker lockernumber
    entrydate enrolldate enrolmentdate enrollmentdate startdate enddate withdrawaldate exitdate leavedate
    enrollmentstatus enrolmentstatus status active enrolled
    unweightedgpa weightedgpa photo photorelease notes note comment comments allergies medical health
"""
_WHO_ALONE = frozenset(_WHO.split())
_PEOPLE = _WHO_ALONE | frozenset(_WORDS.split())
_PERSONAL = re.compile(
    r"^(?:student|learner|pupil)?(?:parent|guardian|mother|father|contact|emergency|home|mailing|student|ext)\w*"
    r"(?:name|phone|email|address|street|city|state|zip|type|relationship|id|language|status)\w*$"
)

#: Words that only the columns of results, of use, of attendance or of sign-ups have.
_RESULTS = re.compile(
    r"score|percent|placement|lexile|quantile|benchmark|diagnostic|standarderror|^test|rit$|norm|growth|attempt|correct"
    r"|minute|^mins$|^time|totaltime|timespent|hours|^lexia|points|^pts$|total|average|^avg|^mean|median|rank|accuracy"
    r"|wpm|wcpm|wordsper|wordsread|lessons?|quiz|stars|badges|tokens|coins|completed|passed|failed|mastered|earned|streak"
    r"|absen|tardi|tardy|dayspresent|attendance|incident|infraction|referral|suspension|offen[cs]e|consequence|detention"
    r"|checkedout|checkout|duedate|overdue|^fines?$|barcode|isbn|^books?|booktitle|^title$|paid|payment|amount|^fee|^owed"
    r"|sport|jersey|tryout|club|signup|waiver|permissionslip|performance|proficiency?level|achievement|mastery|standardsmet"
    r"|assessment|examname|^exam|^result|scaled?score|stanine|percentile|^nce$|^sgp$"
    r"|(?:^|read|math|ela|lang|data|science|writing)(?:ss|lev)$"
    r"|^(?:date|day|week|month|when|time)(?:of|taken|tested|out|in)?$"  # what is dated row by row is a log, not a list
    r"|^(?:week|unit|quiz|test|trial|lesson|q|s|day|round|attempt|assignment|hw|homework|project|marking|mp|essay|interim|cba|task|checkpoint)\d+$"
    r"|^(?:math|maths|mathematics|reading|science|spelling|writing|ela|english|history|socialstudies|art|music|pe|health"
    r"|vocabulary|phonics|fluency|comprehension|handwriting|citizenship|effort|conduct|behaviou?r)(?:grade|mark)?$"
)
#: Words that such columns have more often than not.
_MAYBE_RESULTS = re.compile(
    r"(?<!reading)(?<!language)(?<!english)(?<!ell)(?<!elp)level$|tier|category|band$|activity|status$"
    r"|^(?:boy|moy|eoy|fall|winter|spring)\d*$"
)
#: How a district's own columns begin in Clever's and OneRoster's files.
_EXTENSIONS = ("ext__", "ext.", "metadata.")
_CHUNK = 5_000
_SHOWN = 8
#: The question whether a table that may hold results is a roster all the same, and the answer that it is.
LIST = "class list"
_SURE = 3  # so many known columns for each that is not, and nobody is asked
_KNOWN, _STRANGE = 3, 2  # so many known ones for so many that are not, and it may be a roster


def unknown_columns(header: Sequence[str], known: Collection[str] = ()) -> tuple[str, ...]:
    """The columns that are no roster's; `known` are further keys (`header_key`) that the asking importer reads."""
    return tuple(name for name in header if name.strip() and not _is_of_people(name, known))


def is_roster(header: Sequence[str], known: Collection[str] = (), *, marked: bool = False) -> bool:
    """Whether most columns are a roster's, and none of the others one of results.

    Beside columns of somebody's own there must be some that say more than who it is, such as the class. `marked`: the
    vendor's own names tell the file, so that as many may be somebody's own. Whether there are `too_many` to be sure is
    asked about once it is known which are filled.
    """
    strange = unknown_columns(header, known)
    if not strange:
        return True
    if any(_RESULTS.search(_plain(name)) for name in strange):
        return False
    there = [name for name in header if name.strip() and name not in strange]
    says_more = any(_plain(name) not in _WHO_ALONE for name in there)
    if not says_more:
        return False
    return len(strange) <= max(1, len(there) if marked else len(there) * _STRANGE // _KNOWN)


def too_many(header: Sequence[str], strange: Sequence[str]) -> bool:
    """Whether so many columns are no roster's that somebody should say that it is one all the same."""
    there = sum(bool(name.strip()) for name in header) - len(unknown_columns(header))
    return len(strange) > max(1, there // _SURE)


def filled(table: Table, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that hold something."""
    found: set[str] = set()
    for chunk in table.chunks(_CHUNK) if columns else ():
        cells = chunk.to_numpy()
        at = {name: table.header.index(name) for name in columns if name not in found}
        found |= {name for name, column in at.items() if not all(is_nothing(text.strip()) for text in cells[:, column])}
        if len(found) == len(set(columns)):
            break
    table.take_problems()
    return tuple(name for name in columns if name in found)


def is_known_word(name: str) -> bool:
    """Whether a column name is one of rosters or of results."""
    return _is_of_people(name, ()) or bool(_RESULTS.search(_plain(name)))


def may_tell_of_results(columns: Sequence[str]) -> bool:
    """Whether the name of one says so."""
    return any(_MAYBE_RESULTS.search(_plain(name)) for name in columns)


def is_it_a_list(table: Table, columns: Sequence[str], *, mapped: bool) -> Question:
    """The question whether the table is a roster, though it has these columns; `mapped` as in `Question`."""
    words = _("Is this a class list? Then {columns} is not read, and who is in it is put into its classes.")
    return Question(
        table.file,
        LIST,
        words.format(columns=", ".join(f"“{name}”" for name in columns)),
        (Choice(LIST, _("Yes, it says who is in which class")),),
        table.header[:_SHOWN],
        mapped,
    )


def _is_of_people(name: str, known: Collection[str]) -> bool:
    key = _plain(name)
    if name.casefold().startswith(_EXTENSIONS):
        return True
    return header_key(name) in known or key in known or key in _PEOPLE or bool(_PERSONAL.match(key))


def _plain(name: str) -> str:
    """A column name by its letters and figures alone."""
    return re.sub(r"[\W_]+", "", name.casefold())
