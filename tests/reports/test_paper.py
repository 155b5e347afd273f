"""Reports on paper: whole for everybody's words, read aloud as they are read, the same bytes for the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from workbench import Workbench
from workbench.ground import drawing
from workbench.ground.errors import BadInput
from workbench.reporting import LearnerReport, Page, Section
from workbench.reporting.blocks import Listing, Said, Text, Topic
from workbench.reporting.charts import Stage, path, with_outlines
from workbench.reporting.paper import LOST, Sheet, pdf
from workbench.sample import cast

from ..conftest import TODAY, clock
from .test_batch import own_report, shown
from .test_reporting import a_year, report

MARKUP = "#*_$\\@<>[]{}()`~=+-/'\"%&;:|^,.!?"


@pytest.fixture(scope="module")
def bench(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor="teacher:t17") as opened:
        yield opened


@pytest.fixture(scope="module")
def office(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor="admin:office") as opened:
        yield opened


def sheet(made: LearnerReport) -> Sheet:
    return Sheet.of(made.page, made.sections(), drawing.draw)


def of(*blocks: Any, title: str = "Luz: my report", head: str = "What I said", language: str = "en") -> Sheet:
    """A sheet of one section."""
    section = Section("own", head, blocks, language=language)
    return Sheet.of(Page(title, "Luz Marín", language), [section], drawing.draw)


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def root_of(content: bytes) -> Any:
    return read(content).trailer["/Root"]


def words(content: bytes) -> str:
    """What a reader copies out of a PDF."""
    return "\n".join(page.extract_text() for page in read(content).pages)


def tags(content: bytes) -> list[tuple[str, str]]:
    """What a screen reader meets, in order: each tag with its alternative text."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, ArrayObject):
            for one in node:
                walk(one)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append((str(node["/S"]), str(node.get("/Alt", ""))))
            walk(node.get("/K"))

    walk(root_of(content)["/StructTreeRoot"])
    return found


def test_a_report_on_paper_has_all_that_a_screen_reader_asks_for(bench: Workbench) -> None:
    made = pdf([sheet(report(bench, cast.LUZ))])
    root = root_of(made)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert read(made).metadata.title == "Luz Marín: my report"  # type: ignore[union-attr]
    found = tags(made)
    names = [name for name, _alt in found]
    assert names.count("/H1") == 1
    assert names.count("/H2") == 7
    assert [alt[:34] for name, alt in found if name == "/Figure"] == [
        "Reading. Fall 2025: 187 to 193. No",
        "Mathematics. Fall 2025: 175 to 181",
        "Language. Fall 2025: 181 to 187. N",
        "Science. Fall 2025: 182 to 188. No",
    ]
    name, inner = read(made).outline
    assert name["/Title"] == "Luz Marín"  # type: ignore[call-overload]
    assert len(inner) == 7


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_two_pages_at_most_and_each_says_whose_it_is(bench: Workbench, office: Workbench, paper: str) -> None:
    luz, maximiliana, tobi = (
        report(bench, cast.LUZ),
        report(bench, cast.MAXIMILIANA, language="es"),
        report(office, cast.TOBI),
    )
    full = [LearnerReport(replace(one._known, evidence=(*one._known.evidence, *a_year()))) for one in (luz, tobi)]
    for made in (*full, maximiliana, report(bench, cast.WREN), report(bench, cast.THEO)):
        pages = [page.extract_text() for page in read(pdf([sheet(made)], paper=paper)).pages]
        assert len(pages) == 2
        for number, page in enumerate(pages, start=1):
            numbers = f"{number} de 2" if made.page.language == "es" else f"{number} of 2"
            head = " ".join(page.split("\n", 1)[0].split())
            assert head.startswith(made.page.by)
            assert head.endswith(numbers)
            assert "4B" in head or "2A" in head
    width = read(pdf([of(Text("x"))], paper=paper)).pages[0].mediabox.width
    assert round(width) == {"letter": 612, "a4": 595}[paper]


def test_a_very_long_answer_takes_more_paper_and_loses_nothing() -> None:
    long = " ".join(f"word{number}" for number in range(2500))
    made = pdf([of(Said(long))])
    assert 2 < len(read(made).pages) < 8
    found = words(made)
    assert all(f"word{number}" in found for number in range(2500))


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=MARKUP + "abc", min_size=1, max_size=25))
def test_what_somebody_typed_is_never_markup(typed: str) -> None:
    found = words(pdf([of(Said(f"a{typed}b", size="plain"), Topic(f"x{typed}y", ("",)))]))
    assert f"a{typed}b" in found
    assert f"x{typed}y" in found


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=12))
def test_no_letter_of_any_script_costs_a_report(typed: str) -> None:
    made = pdf([of(Said(f"before {typed} after"), Text(f"{typed}\u0327\u0301"), title=typed, head=typed)])
    assert "before" in words(made)


def test_names_of_other_scripts_stand_as_they_are_and_what_cannot_be_shown_is_said() -> None:
    shown_ = ("Мұхаммедғали", "Nguyễn", "ʻAkana", "Ελένη")
    found = words(pdf([of(*map(Said, shown_))]))
    for name in shown_:
        assert name in found
    assert LOST not in found
    for name in ("عبد الرحمن", "प्रिया", "สมชาย", "שרה"):
        assert LOST not in words(pdf([of(Said(name))]))
    lost = words(pdf([of(Said("We won 👩‍👧🎉 twice"))]))
    assert f"We won {LOST} twice" in lost
    assert f"{LOST} stands for a sign that paper cannot show" in lost
    assert "el papel no puede mostrar" in words(pdf([of(Said("🎉"), language="es")]))


def test_names_are_composed_so_that_a_search_finds_them() -> None:
    assert "Zoë Müller" in words(pdf([of(Said("Zoe\u0308 Mu\u0308ller"))]))


def test_the_same_values_are_the_same_bytes(bench: Workbench) -> None:
    luz, theo = sheet(report(bench, cast.LUZ)), sheet(report(bench, cast.THEO))
    first = pdf([luz])
    assert pdf([theo]) != first
    assert pdf([Sheet.of_json(luz.to_json())]) == first


def test_a_label_of_a_chart_is_there_once() -> None:
    stages = [
        Stage(("Fall", "2025"), 186, 189, 192, label="186 to 192"),
        Stage(("Fall", "2026"), 195, 198, 201, label="195 to 201", under=True),
    ]
    drawn = drawing.draw(path(stages, span=30))
    assert drawn.count("186 to 192") == 2
    outlined = with_outlines(drawn)
    assert outlined.count("186 to 192") == outlined.count("195 to 201") == 1
    assert outlined.count('paint-order="stroke"') == 2


def test_a_sheet_without_a_name_begins_with_its_title() -> None:
    made = pdf([of(Listing("I am strong in", (), "You name these."), Text("Here"))])
    assert [name for name, _alt in tags(made) if name in ("/H1", "/H2", "/H3")] == ["/H1", "/H2", "/H3"]


# In a run


def test_a_class_is_made_in_several_formats_and_gone_on_with(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        both = bench.reports.run("learner_report", of="9Z", formats=("html", "pdf"))
        assert not both.failures
        assert shown(both.folder) == ["Ames-Ada.html", "Ames-Ada.pdf", "Bell-Bo.html", "Bell-Bo.pdf", "index.html"]
        assert "Ada Ames · Class 9Z" in " ".join(words((both.folder / "Ames-Ada.pdf").read_bytes()).split())
        before = (both.folder / "Bell-Bo.pdf").read_bytes()
        again = bench.reports.run("learner_report", of="9Z", formats=("html", "pdf"))
        assert (again.made, len(again.up_to_date)) == ((), 4)
        assert bench.reports.run("learner_report", of="9Z").up_to_date == (again.up_to_date[0], again.up_to_date[2])

        bench.goals.choose(bench.learners.named("901"), "Read ten minutes", on=TODAY)
        page_alone = bench.reports.run("learner_report", of="9Z")
        assert [one.name for one in page_alone.made] == ["Ames-Ada.html"]
        assert [one.name for one in page_alone.set_aside] == ["Ames-Ada.pdf"]  # an old one never looks current

        other = bench.reports.run("learner_report", of="9Z", formats=("pdf",), paper="a4")
        assert [one.name for one in other.made] == ["Ames-Ada.pdf", "Bell-Bo.pdf"]
        back = bench.reports.run("learner_report", of="9Z", formats=("pdf",))
        assert len(back.made) == 2
        assert (back.folder / "Bell-Bo.pdf").read_bytes() == before
        with pytest.raises(BadInput, match="Paper: letter, a4"):
            bench.reports.run("learner_report", of="9Z", formats=("pdf",), paper="a3")


def headings(content: bytes) -> list[str]:
    """The names of the bookmarks of the first level."""
    return [str(one["/Title"]) for one in read(content).outline if not isinstance(one, list)]


def test_a_class_is_one_document_for_a_two_sided_printer(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        outcome = bench.reports.run("learner_report", of="9Z", one_file=True)
        (bound,) = outcome.bound
        assert shown(outcome.folder) == ["Ames-Ada.html", "Bell-Bo.html", "all-9Z.pdf", "index.html"]
        content = bound.read_bytes()
        assert bench.reports.bound("learner_report", of="9Z") == content
        assert headings(content) == ["Learner report: 9Z", "Ada Ames", "Bo Bell"]
        found = tags(content)
        assert [name for name, _alt in found].count("/H1") == 3
        assert [name for name, _alt in found].count(
            "/H2"
        ) == 14  # of each learner: merging would lose those of the second
        assert [name for name, _alt in found].count("/TH") == 5
        pages = [" ".join(page.extract_text().split()) for page in read(content).pages]
        assert len(pages) == 6
        assert "1 Ada Ames 2 Bo Bell" in pages[0]
        assert pages[1] == ""
        for page, head in zip(
            pages[2:], ("Ada Ames · Class 9Z 1 of 2", "Ada Ames · Class 9Z 2 of 2", "Bo Bell", "Bo Bell"), strict=True
        ):
            assert page.startswith(head)
        assert "Bo Bell · Class 9Z 2 of 2" in pages[5]

        again = bench.reports.run("learner_report", of="9Z", one_file=True)
        assert (again.made, again.bound) == ((), (bound,))
        assert bound.read_bytes() == content


def test_an_old_pdf_of_a_class_never_looks_current(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        (bound,) = bench.reports.run("learner_report", of="9Z", one_file=True).bound
        assert bench.reports.run("learner_report", of="9Z").set_aside == ()  # nothing was said since
        assert bound.exists()
        bench.goals.choose(bench.learners.named("901"), "Read ten minutes", on=TODAY)
        assert bench.reports.bound("learner_report", of="9Z") is None
        alone = bench.reports.run("learner_report", learner="901")
        assert [one.name for one in alone.set_aside] == ["all-9Z.pdf"]
        anew = bench.reports.run("learner_report", of="9Z", one_file=True)
        assert [one.name for one in anew.made] == ["Ames-Ada.html"]
        assert "Read ten minutes" in words(bound.read_bytes())
        with pytest.raises(BadInput, match="of a class or a school"):
            bench.reports.run("learner_report", learner="901", one_file=True)


def test_one_pdf_goes_to_those_alone_who_see_as_much_of_everybody(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        assert bench.reports.run("learner_report", of="9Z", one_file=True).bound
        before = len(bench._audit.of(bench.learners.named("901").id))
        assert bench.reports.bound("learner_report", of="9Z")
        assert len(bench._audit.of(bench.learners.named("901").id)) > before
    for actor in ("teacher:t05", "office:desk"):
        with Workbench.open(small, actor=actor, clock=clock) as other:
            assert other.reports.bound("learner_report", of="9Z") is None


def test_with_a_learner_go_the_pdfs_that_say_the_name(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        bench.goals.choose(bench.learners.named("902"), "Read with Ada Ames", on=TODAY)
        bench.reports.run("learner_report", of="9Z", formats=("pdf",), one_file=True)
        folder = small / "out" / "learner_report" / "9Z"
        (small / "out" / "learner_report" / "9Y").mkdir()
        other = folder.with_name("9Y") / "all-9Y.pdf"
        other.write_bytes(b"%PDF-1.7 of another class")
        bench.goals.choose(bench.learners.named("901"), "Read ten minutes", on=TODAY)
        bench.reports.run("learner_report", of="9Z")
    assert sorted(path.name for path in (folder / "earlier").glob("[!.]*")) == ["Ames-Ada.pdf", "all-9Z.pdf"]
    with Workbench.open(small, actor="admin:local", clock=clock) as bench:
        bench.records.forget(bench.learners.named("901"))
    left = {path.name for path in (small / "out").rglob("*.pdf")}
    assert left == {"all-9Y.pdf"}  # where nothing says the name; Bo’s said it


def test_who_could_not_be_made_is_named_on_top(small: Path) -> None:
    own_report(
        small,
        "from workbench import Workbench\nfrom workbench.reporting import LearnerReport\n"
        "report = LearnerReport.of(Workbench.here(), learner)\n"
        "assert Workbench.here().learners.get(learner).given_name != 'Bo'\nreport",
        "report.who()",
    )
    with Workbench.open(small, actor="teacher:t17", clock=clock) as bench:
        outcome = bench.reports.run("own", of="9Z", one_file=True)
        assert len(outcome.failures) == 1
        content = outcome.bound[0].read_bytes()
        assert headings(content)[1:] == ["Ada Ames"]
        assert "could not be made: Bo Bell" in words(content)
        assert bench.reports.bound("own", of="9Z") is None


def test_a_report_that_is_more_than_sections_says_so(small: Path) -> None:
    own_report(small, "print('a table')")
    with Workbench.open(small, actor="teacher:t17") as bench:
        outcome = bench.reports.run("own", learner="901", formats=("pdf",))
    assert not outcome.made
    assert "more than sections" in str(outcome.failures[0])


def test_paper_is_a_setting_of_the_workspace(small: Path) -> None:
    settings_ = small / "workbench.toml"
    settings_.write_text(re.sub('paper = "letter"', 'paper = "a4"', settings_.read_text()))
    with Workbench.open(small, actor="teacher:t17") as bench:
        (made,) = bench.reports.run("learner_report", learner="901", formats=("pdf",)).made
        assert round(read(made.read_bytes()).pages[0].mediabox.height) == 842
    settings_.write_text(re.sub('paper = "a4"', 'paper = "a3"', settings_.read_text()))
    with pytest.raises(BadInput, match="There is no paper “a3”"):
        Workbench.open(small, actor="teacher:t17")
