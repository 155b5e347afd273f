"""A learner's pages hold that learner's own data: no other name, nobody else's words, no rank and no average."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import workbench
from widgets import ConferenceStepper, GoalBoard, PrepareForm, ProfileForm, YearBoard
from widgets.kit.form import Form
from workbench import Workbench
from workbench.ground import drawing
from workbench.ground.bands import BANDS
from workbench.learners.learners import Learner
from workbench.learners.settings import LANGUAGES
from workbench.reporting import FamilyLetter, LearnerReport, html
from workbench.reporting.paper import Sheet, pdf
from workbench.sample.demo import CLASS, HELD, OFFICE
from workbench.workspace import Workspace

from ..conftest import TODAY, clock
from ..forms.test_widgets import blocks, saved

#: What leads to another page of a form.
WAYS = re.compile(r"(to|go|star|profile/open)/|(skills|new|ask)$|goal/.*\.(met|not-yet|change|hang)$")
COMPARED = re.compile(
    r"\brank(s|ed|ing)?\b|percentile|\baverage|\bmedian\b|better than|worse than|than others|top \d|"
    r"\d(st|nd|rd|th) (of|in) |"
    r"percentil|promedio|\bmediana\b|mejor que|peor que|\bpuesto \d|en comparación con (otr|la clase)|que los demás",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, repr=False)
class Others:
    """What would tell of somebody else, for anybody's page."""

    people: tuple[Learner, ...]
    ours: str  # what the software itself says

    @classmethod
    def of(cls, bench: Workbench) -> Others:
        """Everybody in a school; what the software itself says is nobody's."""
        package = Path(workbench.__file__).parent
        texts = [*package.rglob("*.toml"), *package.rglob("*.po")]
        said = " ".join(one.read_text(encoding="utf-8") for one in texts)
        return cls(tuple(bench.learners.all()), said)

    def found(self, text: str, learner: Learner, own_words: set[str]) -> set[str]:
        """What a page of `learner` says of somebody else, or of a place among others."""
        for words in sorted(own_words, key=len, reverse=True):
            text = text.replace(words, " ")  # a learner may say a friend's name
        own = set(WORD.findall(f"{learner.name} {learner.middle_name} Rivera"))
        there = set(WORD.findall(text))
        found = {one.name for one in self.people if one.id != learner.id and one.name in text}
        found |= (there & self.single) - own
        heard = {one for held in HELD for one in (held.goal, held.purpose, held.notice, held.went_well)}
        found |= {one for one in heard if one in text and one not in self.ours}
        return found | {one[0] for one in COMPARED.finditer(text)}

    @cached_property
    def single(self) -> set[str]:
        """Given and family names that are no word of ours."""
        names = {word for one in self.people for word in WORD.findall(one.name) if len(word) > 2 and word[0].isupper()}
        return names - set(WORD.findall(self.ours))


def told(screen: Any) -> Iterator[str]:
    """Every sentence that a page is sent."""
    if isinstance(screen, str):
        yield screen
    for one in screen.values() if isinstance(screen, dict) else screen if isinstance(screen, list) else ():
        yield from told(one)


def pages(make: Callable[[], Form]) -> Iterator[str]:
    """What each page of a form sends: the first, and where its buttons lead."""

    def shown(form: Form) -> str:
        return "\n".join(told(form.get_state(["screen", "words"])))

    def ways(form: Form) -> list[str]:
        return [one["name"] for one in blocks(form) if one["kind"] == "button" and WAYS.match(one["name"])]

    form = make()
    yield shown(form)
    for name in ways(form):
        if name not in ways(form):
            form = make()
        if name not in ways(form):
            continue  # what was pressed before led on
        saved(form, name)
        yield shown(form)
        for further in ("on", "go/agreement"):
            if isinstance(form, ConferenceStepper) and further in {one["name"] for one in blocks(form)}:
                saved(form, further)
                yield shown(form)


def report(bench: Workbench, learner: Learner) -> str:
    """The words of a report and of the family letter, charts as their text."""
    drawn = " ".join(html(one, None) for one in LearnerReport.of(bench, learner, on=TODAY).sections())
    drawn += " ".join(html(one, None) for one in FamilyLetter.of(bench, learner, on=TODAY).sections())
    return html_module.unescape(re.sub(r"<[^>]+>", " ", drawn))


def paper(bench: Workbench, learner: Learner) -> str:
    """All that a report's PDF says: its pages, the texts behind its charts, its title and its bookmarks."""
    made = LearnerReport.of(bench, learner, on=TODAY)
    read = PdfReader(BytesIO(pdf([Sheet.of(made.page, made.sections(), drawing.draw)])))
    objects: list[Any] = [one for one in read.resolved_objects.values() if isinstance(one, dict)]
    behind = [str(one.get("/Alt", "")) for one in objects]
    said = [*(page.extract_text() for page in read.pages), *behind, str(read.metadata), str(read.outline)]
    return " ".join("\n".join(said).replace("-\n", "").split())


def own_words(bench: Workbench, learner: Learner) -> set[str]:
    """What a learner said."""
    held = bench.conferences.of(learner)
    goals = bench.goals.of_learner(learner)
    said = {words for one in held for each in bench.reflections.every(one) for words in (each.words, each.choice)}
    said |= {words for one in held for each in bench.strengths.of(one) for words in (each.words, each.tied_to)}
    said |= {words for one in goals for words in (one.words, one.purpose, one.learned, one.why_changed)}
    steps = [step for one in goals for step in bench.plans.of(one).steps]
    said |= {words for one in steps for words in (one.words, one.place, one.partner, one.material)}
    said |= {each.words for one in goals for each in bench.progress.of(one)}
    return {words for words in said if words}


def every_page(bench: Workbench, learner: Learner) -> Iterator[str]:
    yield from pages(lambda: PrepareForm.of(bench, learner, today=TODAY))
    yield from pages(lambda: ConferenceStepper.of(bench, learner, today=TODAY))
    yield from pages(lambda: GoalBoard(bench, learner, today=TODAY))
    yield from pages(lambda: ProfileForm(bench, learner, today=TODAY))
    yield from pages(lambda: YearBoard(bench, learner, today=TODAY))
    yield report(bench, learner)
    yield paper(bench, learner)


@pytest.fixture(scope="module")
def others(prepared: Path) -> Others:
    with Workbench.open(replace(Workspace.open(prepared), admins_hear=True), actor=OFFICE) as bench:
        return Others.of(bench)


@pytest.mark.parametrize("many", [12, pytest.param(99, marks=pytest.mark.soak)])  # each band in each language, twice
def test_no_page_of_anybody_names_another_learner_or_a_place_among_them(
    teacher: Workbench, others: Others, many: int
) -> None:
    assert len(others.people) > 400
    assert len(others.single) > 200  # of given and family names, those that are no word of ours
    found = {}
    for number, learner in enumerate(teacher.learners.in_class(CLASS)[:many]):
        teacher.settings.choose(learner, band=BANDS[number % 3], language=LANGUAGES[number % 2])
        seen = list(every_page(teacher, learner))
        assert len(seen) > 25
        assert sum(learner.name in one for one in seen) > 2
        told_of = others.found("\n".join(seen), learner, own_words(teacher, learner))
        if told_of:
            found[learner.name] = told_of
    assert found == {}


@pytest.mark.parametrize("each", [7, pytest.param(1, marks=pytest.mark.soak)])
def test_no_report_or_first_page_of_anybody_in_the_school_does(prepared: Path, others: Others, each: int) -> None:
    hears = replace(Workspace.open(prepared), admins_hear=True)
    with Workbench.open(hears, actor=OFFICE, clock=clock) as office:
        in_class = {one.id for one in office.learners.in_class(CLASS)}
        rest = [one for one in others.people if one.id not in in_class]
        assert len(rest) > 370
        found = {}
        for learner in rest[::each]:
            forms = (GoalBoard(office, learner, today=TODAY), ProfileForm(office, learner, today=TODAY))
            seen = [report(office, learner), *("\n".join(told(one.get_state(["screen"]))) for one in forms)]
            assert learner.call_name in "\n".join(seen)
            told_of = others.found("\n".join(seen), learner, own_words(office, learner))
            if told_of:
                found[learner.name] = told_of
        assert found == {}


@pytest.mark.parametrize(
    ("words", "caught"),
    [
        ("Omar Haddad read more", {"Omar Haddad", "Omar", "Haddad"}),
        ("As Haddad did", {"Haddad"}),
        ("You are 3rd of 28", {"3rd of "}),
        ("More than the class average", {"average"}),
        (HELD[1].purpose, {HELD[1].purpose}),
    ],
)
def test_one_that_did_would_be_found(teacher: Workbench, others: Others, words: str, caught: set[str]) -> None:
    protocols = teacher.workspace.folder / "protocols"
    protocols.mkdir(exist_ok=True)
    ours = Path(workbench.__file__).parent / "conferences" / "protocols" / "full.3-5.en.toml"
    text = ours.read_text(encoding="utf-8").replace("Here is what we look at every time.", words)
    assert words in text
    (protocols / ours.name).write_text(text, encoding="utf-8")
    mei = teacher.learners.named("Mei Chen")
    seen = "\n".join(pages(lambda: ConferenceStepper.of(teacher, mei, today=TODAY)))
    assert others.found(seen, mei, own_words(teacher, mei)) == caught
