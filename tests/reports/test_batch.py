"""Reports for many: whole or absent, for the right learners, each on its own."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench import Workbench
from workbench.batch import Outcome
from workbench.batch.parameters import checked, declared
from workbench.batch.plan import file_name, jobs
from workbench.batch.run import Failure
from workbench.ground.errors import BadInput, NotAllowed, NotFound
from workbench.kernels.zygote import FORK
from workbench.learners.learners import Learner
from workbench.reporting import SECTION, LearnerReport
from workbench.reporting.blocks import Name
from workbench.sample import cast
from workbench.sample.demo import ACTOR

from ..conftest import TODAY, clock
from .conftest import ROSTER


def own_report(small: Path, *cells: str, parameters: str = "learner = 0\nsnapshot = 0") -> None:
    """Puts a report of the school's own, called `own`, into the workspace."""
    parts = [new_code_cell(parameters, metadata={"tags": ["parameters"]}), *map(new_code_cell, cells)]
    notebook = new_notebook(cells=parts)
    notebook.metadata["kernelspec"] = {"name": "workbench", "display_name": "Workbench (Python)", "language": "python"}
    (small / "reports").mkdir(exist_ok=True)
    nbformat.write(notebook, small / "reports" / "own.ipynb")


def shown(folder: Path) -> list[str]:
    """What a person sees in a folder."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# From the notebook to the page


def test_a_class_becomes_a_page_for_each_learner_and_one_that_leads_to_them(bench: Workbench, small: Path) -> None:
    told: list[tuple[int, int]] = []
    outcome = bench.reports.run("learner_report", of="9Z", jobs=2, progress=lambda *done: told.append(done))
    assert outcome.folder == small / "out" / "learner_report" / "9Z"
    assert [path.name for path in outcome.made] == ["Ames-Ada.html", "Bell-Bo.html"]
    assert outcome.failures == ()
    assert told == [(0, 2), (1, 2), (2, 2)]
    for path, name, other in ((outcome.made[0], "Ada Ames", "Bell"), (outcome.made[1], "Bo Bell", "Ames")):
        page = path.read_text(encoding="utf-8")
        assert f"<title>{name}: my report</title>" in page
        assert f"<h1>{name}</h1>" in page
        assert other not in page
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(outcome.folder.stat().st_mode) == 0o700
    assert outcome.index is not None
    index = outcome.index.read_text(encoding="utf-8")
    assert "Class 9Z: 2 reports" in index
    assert '<a href="Ames-Ada.html">Ada Ames</a>' in index
    assert shown(outcome.folder) == ["Ames-Ada.html", "Bell-Bo.html", "index.html"]


def test_a_full_report_comes_out_of_the_notebook_with_its_charts(demo: Path) -> None:
    with Workbench.open(demo, actor=ACTOR, clock=clock) as bench:
        outcome = bench.reports.run("learner_report", learner=cast.LUZ, to=demo / "usb", formats=("html", "ipynb"))
    assert [path.name for path in outcome.made] == ["Marin-Luz.html", "Marin-Luz.ipynb"]
    page = outcome.made[0].read_text(encoding="utf-8")
    assert page.count("<figure><svg") == 4
    assert "Solve five fraction problems" in page
    assert "default-src 'none'" in page
    notebook = nbformat.read(outcome.made[1], as_version=4)
    sections = [
        out.data for cell in notebook.cells for out in cell.get("outputs", ()) if SECTION in out.get("data", {})
    ]
    assert len(sections) == 9
    assert "<figure><svg" in sections[1]["text/html"]
    assert str(demo) not in nbformat.writes(notebook)


def test_one_learners_failure_is_a_sentence_and_the_others_go_on(bench: Workbench, small: Path) -> None:
    own_report(
        small,
        "from workbench import Workbench\none = Workbench.here().learners.get(learner)",
        "if one.given_name == 'Ada':\n    raise ValueError('secret about ' + one.name)\none.given_name",
    )
    outcome = bench.reports.run("own", of="9Z", jobs=1)
    assert [path.name for path in outcome.made] == ["Bell-Bo.html"]
    (failure,) = outcome.failures
    assert (failure.position, failure.total, failure.cell) == (1, 2, 3)
    assert "ValueError" in str(failure)
    assert "Ada" not in str(failure) + repr(failure) + repr(outcome)
    assert "secret" not in str(failure)
    assert not (outcome.folder / "Ames-Ada.html").exists()


def test_our_own_sentences_reach_whoever_asked(bench: Workbench, small: Path) -> None:
    own_report(small, "from workbench import Workbench\nWorkbench.here().learners.class_named('9X')")
    outcome = bench.reports.run("own", learner="901")
    assert "There is no class “9X” here." in str(outcome.failures[0])


def test_a_report_of_ones_own_shows_tables_text_and_markdown_and_no_code(bench: Workbench, small: Path) -> None:
    own_report(
        small,
        "import pandas as pd\npd.DataFrame({'a<b': ['<script>alert(1)</script>'], 'n': [3]})",
        "print('plain <b>text</b>')",
        "from IPython.display import HTML, SVG, display\n"
        'display(HTML(\'<p onclick="x()">kept</p><script>gone()</script><img src="https://evil.example/x">\'))\n'
        'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"></svg>\'))',
    )
    path = small / "reports" / "own.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(1, new_markdown_cell("# A *title*\n\n<script>no()</script>"))
    notebook.cells.insert(2, new_markdown_cell("for teachers", metadata={"tags": ["hide"]}))
    nbformat.write(notebook, path)
    page = bench.reports.run("own", learner="901").made[0].read_text(encoding="utf-8")
    assert "<em>title</em>" in page
    assert "¶" not in page
    assert "for teachers" not in page
    assert "<td>3</td>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "plain &lt;b&gt;text&lt;/b&gt;" in page
    assert "kept" in page
    assert "data:image/svg+xml;base64," in page
    for gone in ("<script", "onclick", "evil.example", "pd.DataFrame", "import pandas"):
        assert gone not in page


CHART = """
import altair as alt
scores = alt.Data(values=[{"term": "Fall", "value": 190}, {"term": "Spring", "value": 197}])
chart = alt.Chart(scores, title="Two terms <of> one").mark_point().encode(x="term:N", y="value:Q")
"""


def test_a_chart_of_a_report_of_ones_own_is_drawn_whichever_renderer_shows_it(bench: Workbench, small: Path) -> None:
    for renderer in ("", 'alt.renderers.enable("html")', 'alt.renderers.enable("svg")', 'alt.renderers.enable("png")'):
        own_report(small, CHART, renderer, "chart")
        page = bench.reports.run("own", learner="901").made[0].read_text(encoding="utf-8")
        assert "<figure><svg" in page or "data:image/" in page, renderer
        assert "<script" not in page
        assert "cdn" not in page
    own_report(small, CHART, "chart")
    page = bench.reports.run("own", learner="901").made[0].read_text(encoding="utf-8")
    assert "Two terms &lt;of&gt; one</title>" in page


def test_what_needs_a_script_or_another_host_fails_its_report_and_does_not_vanish(
    bench: Workbench, small: Path
) -> None:
    own_report(small, "from IPython.display import HTML\nHTML('<div id=a></div><script>draw()</script>')")
    (failure,) = bench.reports.run("own", learner="901").failures
    assert "An output of this report needs a script, and a page runs none." in str(failure)
    own_report(small, CHART, 'alt.Chart("http://evil.example/x.csv").mark_point().encode(x="a:Q")')
    (failure,) = bench.reports.run("own", learner="901").failures
    assert "A chart of this report cannot be drawn." in str(failure)
    own_report(small, CHART, 'chart.mark_image().encode(url=alt.value("http://evil.example/x.png"))')
    page = bench.reports.run("own", learner="901").made[0].read_text(encoding="utf-8")
    assert "data:image/svg+xml;base64," in page  # where nothing is asked for
    assert "<image" not in page


# For whom


def test_reports_are_made_for_ones_own_learners_only(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t05", clock=clock) as bench:
        with pytest.raises(BadInput, match="nobody here"):
            bench.reports.run("learner_report", of="9Z")
        with pytest.raises(NotAllowed):
            bench.reports.run("learner_report", learner="901")
        assert [one.code for one in bench.reports.learners(of="9Y")] == ["903"]
    with Workbench.open(small, actor="learner:901", clock=clock) as bench, pytest.raises(NotAllowed):
        bench.reports.run("learner_report", learner="901")
    assert not (small / "out" / "learner_report").exists()


def test_a_part_of_a_class_or_school_is_said_to_be_one(small: Path) -> None:
    more = ROSTER.replace("9Z,Ms Rivera,t17", "9Z Math,Mr Feld,t05").replace("902,Bell", "904,Dean").split("903")[0]
    (small / "exports" / "math.csv").write_text(more)
    with Workbench.open(small, actor="admin:office", clock=clock) as office:
        assert not office.imports.run(small / "exports" / "math.csv", on=TODAY).problems
        (school,) = {one.school for one in office.learners.classes()}
        assert office.learners.how_many() == office.learners.how_many(school=school) == 4
        assert office.learners.how_many(of="9Z") == 2
        folders = _folders(office, small, school)
        headed = _headed(office)
        assert office.reports.run("learner_report", of="9Z").left_out == 0
    with Workbench.open(small, actor="teacher:t05", clock=clock) as other:
        assert other.reports.run("learner_report", of="9Z").left_out == 1  # Ada joins for math, Bo does not
        assert folders.items() >= _folders(other, small, school).items()
        assert _headed(other) == headed == "Class 9Z"  # whose class it is does not depend on who asks
        assert other.reports.run("learner_report", learner="901").left_out == 0


def _folders(bench: Workbench, small: Path, school: str) -> dict[int, str]:
    found = bench.reports.learners(school=school)
    plan = bench.reports._plan(found, small / "out", None, {"learner": 0}, {}, 0, flat=False)
    return {job.parameters["learner"]: job.target.parent.name for job in plan}


def _headed(bench: Workbench) -> str:
    (name,) = LearnerReport.of(bench, bench.learners.named("901"), on=TODAY).who().blocks
    assert isinstance(name, Name)
    return name.facts[0]


def test_each_report_is_written_in_the_audit(bench: Workbench) -> None:
    (one,) = bench.reports.learners(learner="901")
    assert "report" in {row["action"] for row in bench._audit.of(one.id)}


def test_a_school_is_made_class_by_class(small: Path) -> None:
    with Workbench.open(small, actor="admin:office", clock=clock) as bench:
        (school,) = {one.school for one in bench.learners.classes()}
        found = bench.reports.learners(school=school)
        places = bench.reports._plan(found, small / "out", None, {"learner": 0}, {}, 0, flat=False)
    assert sorted(str(job.target.relative_to(small / "out")) for job in places) == [
        *("9Y/Cole-Cy", "9Z/Ames-Ada", "9Z/Bell-Bo")
    ]


@pytest.mark.parametrize("whom", [{}, {"of": "9Z", "learner": "901"}])
def test_one_says_for_whom_exactly_once(bench: Workbench, whom: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="Say for whom"):
        bench.reports.run("learner_report", **whom)


def test_unknown_names_lead_to_the_nearest(bench: Workbench) -> None:
    with pytest.raises(NotFound, match="learner_report"):
        bench.reports.run("learner_reprot", of="9Z")
    with pytest.raises(NotFound, match="9Z"):
        bench.reports.run("learner_report", of="9z2")
    with pytest.raises(BadInput, match="Formats: html, pdf, ipynb"):
        bench.reports.run("learner_report", of="9Z", formats=("docx",))
    assert bench.reports.names() == ("family_letter", "learner_report")


# Parameters


def test_parameters_are_checked_by_name_before_anything_runs(bench: Workbench, small: Path) -> None:
    own_report(small, "1", parameters="learnr = 0")
    with pytest.raises(NotFound, match="learnr"):
        bench.reports.run("own", of="9Z")
    assert not (small / "out" / "own").exists()


def test_a_parameter_that_would_become_code_is_refused(tmp_path: Path) -> None:
    known = {"learner": 0}
    with pytest.raises(NotFound):
        checked(known, {"learner = 1\nimport os": 1})
    for value in (
        Path("x"),
        {1, 2},
        (1, 2),
        float("nan"),
        b"x",
        [Path("x")],
        {"a": {1: 2}},
        type("T", (str,), {})("x"),
    ):
        with pytest.raises(BadInput, match="no plain"):
            checked(known, {"learner": value})
    for value in (1, "x", None, True, [1, {"a": 2.5}]):
        assert checked({"any": None}, {"any": value}) == {"any": value}


def test_a_number_is_wanted_where_the_default_is_one() -> None:
    assert checked({"snapshot": 0}, {"snapshot": 3}) == {"snapshot": 3}
    for value in ("three", True, None, [3]):
        with pytest.raises(BadInput, match="snapshot is a number"):
            checked({"snapshot": 0}, {"snapshot": value})


def test_numbers_of_tables_are_refused_rather_than_changed_into_texts() -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(BadInput, match=r"int\(…\)"):
        checked({"learner": 0}, {"learner": numpy.int64(5)})


def test_a_parameters_cell_is_read_without_running_it(tmp_path: Path) -> None:
    notebook = new_notebook(
        cells=[new_code_cell("a = 1\nb: str = 'x'\nc = open('/nowhere')", metadata={"tags": ["parameters"]})]
    )
    nbformat.write(notebook, tmp_path / "x.ipynb")
    assert declared(tmp_path / "x.ipynb") == {"a": 1, "b": "x", "c": None}
    (tmp_path / "y.ipynb").write_text("not a notebook")
    with pytest.raises(BadInput, match=r"y\.ipynb"):
        declared(tmp_path / "y.ipynb")


# Files


def test_file_names_are_plain_and_stay_inside_their_folder() -> None:
    assert file_name("Lindqvist-O'Rourke", "Zoë") == "Lindqvist-O-Rourke-Zoe"
    assert file_name("../../etc", "{x.__class__}") == "etc-x-__class__"
    assert file_name("陳", "美") == "陳-美"
    assert file_name("", "") == ""


def test_learners_of_one_name_get_a_file_each(tmp_path: Path) -> None:
    same = [Learner(number, f"00{number}", "Ana", "Lee") for number in (1, 2)]
    nameless = Learner(3, "003", "", "")
    made = jobs([(tmp_path, one) for one in (*same, nameless)], {"learner": 0}, 7)
    assert [job.target.name for job in made] == ["Lee-Ana-001", "Lee-Ana-002", "003"]
    assert made[0].parameters == {"learner": 1}
    assert "snapshot" in jobs([(tmp_path, nameless)], {"learner": 0, "snapshot": 0}, 7)[0].parameters


def test_outcomes_show_no_data() -> None:
    failure = Failure(3, 28, Path("4B/Marin-Luz"), None, "It stopped.")
    assert str(failure) == "Report 3 of 28: It stopped."
    assert "Luz" not in repr(failure) + repr(Outcome(Path("x"), (Path("Luz"),), (failure,), None))


def test_a_report_comes_out_the_same_without_a_fork(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workbench.open(prepared, actor=ACTOR, clock=clock) as bench:
        pages = []
        for fork in ("1", "0"):
            monkeypatch.setenv(FORK, fork)
            outcome = bench.reports.run("learner_report", learner=cast.LUZ, to=tmp_path / fork)
            assert not outcome.failures
            pages.append(outcome.made[0].read_text(encoding="utf-8"))
    assert pages[0] == pages[1]


# For the coming conferences


def test_reports_are_made_for_those_alone_who_have_a_conference_in_the_coming_days(
    bench: Workbench, small: Path
) -> None:
    nobody = bench.reports.run("learner_report", of="9Z", due=30)
    assert (nobody.files, nobody.failures, nobody.index) == ((), (), None)
    ada, bo = bench.learners.in_class("9Z")
    bench.bookings.book(ada, TODAY + timedelta(days=3))
    bench.bookings.book(bo, TODAY + timedelta(days=5))
    assert bench.reports.run("learner_report", of="9Z", due=2).files == ()
    assert [path.name for path in bench.reports.run("learner_report", of="9Z", due=3).files] == ["Ames-Ada.html"]
    both = bench.reports.run("learner_report", of="9Z", due=5)
    assert [path.name for path in both.up_to_date] == ["Ames-Ada.html"]
    assert [path.name for path in both.made] == ["Bell-Bo.html"]
