"""Synthetic NWEA files with the true headers: rows from keyword overrides.

csv_text(CURRENT, [result(StudentID="0042", TestRITScore=201), …])
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..reading import Reading, read_text

CURRENT = (
    "TermName DistrictName District_StateID SchoolName School_StateID StudentID Student_StateID Subject "
    "Course GrowthMeasureYN NormsReferenceData WISelectedAYFall WISelectedAYWinter WISelectedAYSpring "
    "WIPreviousAYFall WIPreviousAYWinter WIPreviousAYSpring TestType TestName TestID TestStartDate "
    "TestStartTime TestDurationMinutes TestRITScore TestStandardError TestPercentile AchievementQuintile "
    "PercentCorrect RapidGuessingPercentage FallToFallProjectedGrowth FallToFallObservedGrowth "
    "FallToFallObservedGrowthSE FallToFallMetProjectedGrowth FallToFallConditionalGrowthIndex "
    "FallToFallConditionalGrowthPercentile FallToFallGrowthQuintile FallToWinterProjectedGrowth "
    "FallToWinterObservedGrowth FallToWinterObservedGrowthSE FallToWinterMetProjectedGrowth "
    "FallToWinterConditionalGrowthIndex FallToWinterConditionalGrowthPercentile "
    "FallToWinterGrowthQuintile FallToSpringProjectedGrowth FallToSpringObservedGrowth "
    "FallToSpringObservedGrowthSE FallToSpringMetProjectedGrowth FallToSpringConditionalGrowthIndex "
    "FallToSpringConditionalGrowthPercentile FallToSpringGrowthQuintile WinterToWinterProjectedGrowth "
    "WinterToWinterObservedGrowth WinterToWinterObservedGrowthSE WinterToWinterMetProjectedGrowth "
    "WinterToWinterConditionalGrowthIndex WinterToWinterConditionalGrowthPercentile "
    "WinterToWinterGrowthQuintile WinterToSpringProjectedGrowth WinterToSpringObservedGrowth "
    "WinterToSpringObservedGrowthSE WinterToSpringMetProjectedGrowth WinterToSpringConditionalGrowthIndex "
    "WinterToSpringConditionalGrowthPercentile WinterToSpringGrowthQuintile SpringToSpringProjectedGrowth "
    "SpringToSpringObservedGrowth SpringToSpringObservedGrowthSE SpringToSpringMetProjectedGrowth "
    "SpringToSpringConditionalGrowthIndex SpringToSpringConditionalGrowthPercentile "
    "SpringToSpringGrowthQuintile LexileScore LexileMin LexileMax QuantileScore QuantileMin QuantileMax "
    "Goal1Name Goal1RitScore Goal1StdErr Goal1Range Goal1Adjective Goal2Name Goal2RitScore Goal2StdErr "
    "Goal2Range Goal2Adjective Goal3Name Goal3RitScore Goal3StdErr Goal3Range Goal3Adjective Goal4Name "
    "Goal4RitScore Goal4StdErr Goal4Range Goal4Adjective Goal5Name Goal5RitScore Goal5StdErr Goal5Range "
    "Goal5Adjective Goal6Name Goal6RitScore Goal6StdErr Goal6Range Goal6Adjective Goal7Name Goal7RitScore "
    "Goal7StdErr Goal7Range Goal7Adjective Goal8Name Goal8RitScore Goal8StdErr Goal8Range Goal8Adjective "
    "TypicalFallToFallGrowth TypicalFallToWinterGrowth TypicalFallToSpringGrowth "
    "TypicalWinterToWinterGrowth TypicalWinterToSpringGrowth TypicalSpringToSpringGrowth "
    "ProjectedProficiencyStudy1 ProjectedProficiencyLevel1 ProjectedProficiencyStudy2 "
    "ProjectedProficiencyLevel2 ProjectedProficiencyStudy3 ProjectedProficiencyLevel3 "
    "ProjectedProficiencyStudy4 ProjectedProficiencyLevel4 ProjectedProficiencyStudy5 "
    "ProjectedProficiencyLevel5 ProjectedProficiencyStudy6 ProjectedProficiencyLevel6 "
    "ProjectedProficiencyStudy7 ProjectedProficiencyLevel7 ProjectedProficiencyStudy8 "
    "ProjectedProficiencyLevel8 ProjectedProficiencyStudy9 ProjectedProficiencyLevel9 "
    "ProjectedProficiencyStudy10 ProjectedProficiencyLevel10 "
).split()

COMBINED = (
    "TermName DistrictName District_StateID SchoolName School_StateID StudentLastName StudentFirstName "
    "StudentMI StudentID Student_StateID StudentDateOfBirth StudentEthnicGroup NWEAStandard_EthnicGroup "
    "StudentGender Grade NWEAStandard_Grade Subject Course NormsReferenceData WISelectedAYFall "
    "WISelectedAYWinter WISelectedAYSpring WIPreviousAYFall WIPreviousAYWinter WIPreviousAYSpring "
    "TestType TestName TestStartDate TestStartTime TestDurationMinutes TestRITScore TestStandardError "
    "TestPercentile AchievementQuintile PercentCorrect RapidGuessingPercentage FallToFallProjectedGrowth "
    "FallToFallObservedGrowth FallToFallObservedGrowthSE FallToFallMetProjectedGrowth "
    "FallToFallConditionalGrowthIndex FallToFallConditionalGrowthPercentile FallToFallGrowthQuintile "
    "FallToWinterProjectedGrowth FallToWinterObservedGrowth FallToWinterObservedGrowthSE "
    "FallToWinterMetProjectedGrowth FallToWinterConditionalGrowthIndex "
    "FallToWinterConditionalGrowthPercentile FallToWinterGrowthQuintile FallToSpringProjectedGrowth "
    "FallToSpringObservedGrowth FallToSpringObservedGrowthSE FallToSpringMetProjectedGrowth "
    "FallToSpringConditionalGrowthIndex FallToSpringConditionalGrowthPercentile "
    "FallToSpringGrowthQuintile WinterToWinterProjectedGrowth WinterToWinterObservedGrowth "
    "WinterToWinterObservedGrowthSE WinterToWinterMetProjectedGrowth WinterToWinterConditionalGrowthIndex "
    "WinterToWinterConditionalGrowthPercentile WinterToWinterGrowthQuintile WinterToSpringProjectedGrowth "
    "WinterToSpringObservedGrowth WinterToSpringObservedGrowthSE WinterToSpringMetProjectedGrowth "
    "WinterToSpringConditionalGrowthIndex WinterToSpringConditionalGrowthPercentile "
    "WinterToSpringGrowthQuintile SpringToSpringProjectedGrowth SpringToSpringObservedGrowth "
    "SpringToSpringObservedGrowthSE SpringToSpringMetProjectedGrowth SpringToSpringConditionalGrowthIndex "
    "SpringToSpringConditionalGrowthPercentile SpringToSpringGrowthQuintile LexileScore LexileMin "
    "LexileMax QuantileScore QuantileMin QuantileMax Goal1Name Goal1RitScore Goal1StdErr Goal1Range "
    "Goal1Adjective Goal2Name Goal2RitScore Goal2StdErr Goal2Range Goal2Adjective Goal3Name Goal3RitScore "
    "Goal3StdErr Goal3Range Goal3Adjective Goal4Name Goal4RitScore Goal4StdErr Goal4Range Goal4Adjective "
    "Goal5Name Goal5RitScore Goal5StdErr Goal5Range Goal5Adjective Goal6Name Goal6RitScore Goal6StdErr "
    "Goal6Range Goal6Adjective Goal7Name Goal7RitScore Goal7StdErr Goal7Range Goal7Adjective Goal8Name "
    "Goal8RitScore Goal8StdErr Goal8Range Goal8Adjective AccommodationCategories Accommodations "
    "TypicalFallToFallGrowth TypicalFallToWinterGrowth TypicalFallToSpringGrowth "
    "TypicalWinterToWinterGrowth TypicalWinterToSpringGrowth TypicalSpringToSpringGrowth "
    "ProjectedProficiencyStudy1 ProjectedProficiencyLevel1 ProjectedProficiencyStudy2 "
    "ProjectedProficiencyLevel2 ProjectedProficiencyStudy3 ProjectedProficiencyLevel3 "
    "ProjectedProficiencyStudy4 ProjectedProficiencyLevel4 ProjectedProficiencyStudy5 "
    "ProjectedProficiencyLevel5 ProjectedProficiencyStudy6 ProjectedProficiencyLevel6 "
    "ProjectedProficiencyStudy7 ProjectedProficiencyLevel7 ProjectedProficiencyStudy8 "
    "ProjectedProficiencyLevel8 ProjectedProficiencyStudy9 ProjectedProficiencyLevel9 "
    "ProjectedProficiencyStudy10 ProjectedProficiencyLevel10 "
).split()

OF_2013 = (
    "TermName StudentID SchoolName MeasurementScale Discipline GrowthMeasureYN TestType TestName TestID "
    "TestStartDate TestDurationMinutes TestRITScore TestStandardError TestPercentile "
    "TypicalFallToFallGrowth TypicalSpringToSpringGrowth TypicalFallToSpringGrowth "
    "TypicalFallToWinterGrowth RITtoReadingScore RITtoReadingMin RITtoReadingMax Goal1Name Goal1RitScore "
    "Goal1StdErr Goal1Range Goal1Adjective Goal2Name Goal2RitScore Goal2StdErr Goal2Range Goal2Adjective "
    "Goal3Name Goal3RitScore Goal3StdErr Goal3Range Goal3Adjective Goal4Name Goal4RitScore Goal4StdErr "
    "Goal4Range Goal4Adjective Goal5Name Goal5RitScore Goal5StdErr Goal5Range Goal5Adjective Goal6Name "
    "Goal6RitScore Goal6StdErr Goal6Range Goal6Adjective Goal7Name Goal7RitScore Goal7StdErr Goal7Range "
    "Goal7Adjective Goal8Name Goal8RitScore Goal8StdErr Goal8Range Goal8Adjective TestStartTime "
    "PercentCorrect ProjectedProficiency "
).split()

ROSTER_OF_2012 = (
    "TermName DistrictName SchoolName StudentLastName StudentFirstName StudentMI StudentID "
    "StudentDateOfBirth StudentEthnicGroup StudentGender Grade"
).split()
ROSTER = [
    *ROSTER_OF_2012,
    "District_StateID",
    "School_StateID",
    "Student_StateID",
    "NWEAStandard_EthnicGroup",
    "NWEAStandard_Grade",
]
CLASSES = "TermName DistrictName SchoolName StudentID ClassName TeacherName TeacherID".split()

Row = dict[str, str]


def result(**cells: object) -> Row:
    """A fall reading test in the current layouts; also fits the Combined file."""
    row = {
        "TermName": "Fall 2025-2026",
        "DistrictName": "Pine District",
        "SchoolName": "Pine School",
        "StudentID": "S1",
        "Subject": "Language Arts",
        "Course": "Reading",
        "GrowthMeasureYN": "TRUE",
        "NormsReferenceData": "2025",
        "WISelectedAYFall": "4",
        "TestType": "Survey With Goals",
        "TestName": "Growth: Reading 2-5 CCSS 2010 V4",
        "TestID": "900000001",
        "TestStartDate": "09/16/2025",
        "TestStartTime": "08:54:50",
        "TestDurationMinutes": "42",
        "TestRITScore": "201",
        "TestStandardError": "3.2",
        "TestPercentile": "57",
        "AchievementQuintile": "Avg",
        "PercentCorrect": "54",
        "RapidGuessingPercentage": "0.0000",
        "Goal1Name": "Literary Text",
        "Goal1RitScore": "199",
        "Goal1StdErr": "6.1",
        "Goal1Range": "193-205",
        "Goal1Adjective": "LoAvg",
        "Goal2Name": "Informational Text",
        "Goal2RitScore": "205",
        "Goal2StdErr": "5.9",
        "Goal2Range": "199-211",
        "Goal2Adjective": "Avg",
        "LexileScore": "640L",
        "LexileMin": "540L",
        "LexileMax": "690L",
        "TypicalFallToSpringGrowth": "8",
        "StudentLastName": "Rivera",
        "StudentFirstName": "Luz",
        "StudentDateOfBirth": "03/02/2016",
        "Grade": "4",
    }
    return row | _texts(cells)


def result_of_2013(**cells: object) -> Row:
    """A fall mathematics test in the 64-column layout."""
    row = {
        "TermName": "Fall 2013-2014",
        "StudentID": "F1",
        "SchoolName": "Pine School",
        "MeasurementScale": "Mathematics",
        "Discipline": "Mathematics",
        "GrowthMeasureYN": "TRUE",
        "TestType": "Survey With Goals",
        "TestName": "MAP: Math 2-5 Common Core 2010 V2",
        "TestID": "100000001",
        "TestStartDate": "09/16/2013",
        "TestStartTime": "09:00:00",
        "TestDurationMinutes": "60",
        "TestRITScore": "209",
        "TestStandardError": "2.7",
        "TestPercentile": "25",
        "TypicalFallToSpringGrowth": "6.0",
        "Goal1Name": "Geometry",
        "Goal1RitScore": "208",
        "Goal1StdErr": "4.8",
        "Goal1Range": "203-213",
        "Goal1Adjective": "LoAvg",
        "PercentCorrect": "53",
        "ProjectedProficiency": "Partially Proficient",
    }
    return row | _texts(cells)


def enrolled(**cells: object) -> Row:
    """A row of StudentsBySchool."""
    row = {
        "TermName": "Fall 2025-2026",
        "DistrictName": "Pine District",
        "SchoolName": "Pine School",
        "StudentLastName": "Rivera",
        "StudentFirstName": "Luz",
        "StudentMI": "M",
        "StudentID": "S1",
        "StudentDateOfBirth": "03/02/2016",
        "StudentGender": "F",
        "Grade": "4",
    }
    return row | _texts(cells)


def _texts(cells: Mapping[str, object]) -> Row:
    return {name: str(value) for name, value in cells.items()}


def csv_text(header: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ",", end: str = "\n") -> str:
    """A file as NWEA writes it: the header bare, every other cell in quotation marks."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerow(header)
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=end)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header])
    return out.getvalue()


def read_results(folder: Path, *rows: Row, header: Sequence[str] = CURRENT) -> Reading:
    """Read a results file of these rows."""
    return read_text(folder, csv_text(header, rows))
