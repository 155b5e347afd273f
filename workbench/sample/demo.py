"""The demo workspace: the invented school's exports brought in, and some conferences held.

Everything goes through the doors a school uses: the exports are imported, the conferences
are held by 4B's teacher, day by day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from workbench.bench import Workbench
from workbench.conferences.strengths import Domain, Kind
from workbench.evidence.matching import Reason
from workbench.ground.days import school_day
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _
from workbench.sample import School, cast, write_exports
from workbench.workspace import SETTINGS, Workspace

CLASS = cast.CLASS
ACTOR = f"teacher:{cast.TEACHER}"
OFFICE = "admin:office"
ACTOR_NAME = "Ms Rivera"
WORRIES = "teacher:c01"
SEED = 4


@dataclass(frozen=True, slots=True)
class Held:
    """One invented conference: whose, how many days ago, and what was said."""

    learner: str
    days_ago: int
    notice: str
    lead: str
    felt: str
    went_well: str
    kept_trying: str
    strengths: tuple[tuple[Domain, str, str], ...]
    needs: tuple[tuple[Domain, str, str], ...]
    goal: str
    purpose: str
    ways: tuple[tuple[str, str, str, str, int], ...]  # what, where, with whom, with what, days from then
    show: str
    celebrate: str
    due_in: int
    check_ins: tuple[tuple[int, str, str], ...] = field(default=())  # days from then, feeling, words
    next_in: int = 28


HELD = (
    Held(
        learner=cast.LUZ,
        days_ago=9,
        notice="My reading line goes up every time, and fractions is the lowest part of my math.",
        lead="I lead the whole talk",
        felt="proud",
        went_well="I finished the volcano story and read it to my sister. It worked because I made a list first.",
        kept_trying="I got stuck on one fourth and one third. I drew the pizza and then I saw which one is bigger.",
        strengths=(
            (Domain.ACADEMIC, "I read every day", "I read 20 minutes with my sister, it is on my myON page"),
            (Domain.BEYOND, "I help my group", "I showed Omar how to start the poster"),
        ),
        needs=(
            (Domain.ACADEMIC, "I want to understand fractions", "Number and operations is my lowest part"),
            (Domain.BEYOND, "It is hard to ask for help", "I waited the whole lesson on Tuesday"),
        ),
        goal="Solve five fraction problems and explain two to a partner",
        purpose="We are making half recipes for the class bakery and I want to do the measuring.",
        ways=(
            ("Practice with a partner", "math corner", "Mei", "fraction tiles", 3),
            ("Make a model or a drawing", "at home", "my sister", "paper and scissors", 6),
            ("Teach it to somebody", "class", "Omar", "", 11),
        ),
        show="Teach a partner",
        celebrate="Tell my family",
        due_in=13,
        check_ins=(
            (2, "going", "I did two problems with Mei. The tiles help."),
            (5, "slow", "One third plus one sixth is hard."),
            (8, "great", "I explained one to Omar and he got it!"),
        ),
    ),
    Held(
        learner=cast.OMAR,
        days_ago=24,
        notice="I am surprised that I read 3 books, I thought it was one.",
        lead="I tell about my work",
        felt="unsure",
        went_well="I asked two questions in science and Ms Rivera wrote one on the board.",
        kept_trying="In the long text I lost my place, so I used the ruler.",
        strengths=((Domain.BEYOND, "I ask good questions", "My question about magma is on the wall"),),
        needs=((Domain.ACADEMIC, "I lose my place in long texts", "I stop after one page"),),
        goal="Read ten minutes before bed",
        purpose="I want to read the soccer book by myself.",
        ways=(("Read or practice at home", "my bed", "Dad", "the soccer book", 7),),
        show="Explain it to the class",
        celebrate="Choose a book or a game",
        due_in=27,
        check_ins=((4, "going", "Four nights."), (11, "slow", "We had guests so I forgot.")),
    ),
    Held(
        learner=cast.THEO,
        days_ago=15,
        notice="My reading number went down. I was tired that day, but my story work got longer.",
        lead="I explain my progress",
        felt="tired",
        went_well="My story is two pages now.",
        kept_trying="I wanted to stop at the hard words but I made a word list.",
        strengths=((Domain.ACADEMIC, "I stay with a hard problem", "My word list has 31 words"),),
        needs=((Domain.ACADEMIC, "I want to slow down and check", "I did not go back to the text"),),
        goal="Go back to the text before I answer, three times this week",
        purpose="I know more than I show when I hurry.",
        ways=(
            ("Use a program I know", "class", "", "Lexia", 4),
            ("Practice with a partner", "library", "Freya", "", 6),
        ),
        show="Take a short check",
        celebrate="A quiet note",
        due_in=19,
        check_ins=((6, "going", "I did it twice."),),
    ),
    Held(
        learner=cast.MAXIMILIANA,
        days_ago=6,
        notice="I can see that math and reading are about the same as in spring.",
        lead="I choose my goal",
        felt="calm",
        went_well="I made the poster about rivers with Linh, and everybody could read it from the back.",
        kept_trying="I kept trying by asking for one more example.",
        strengths=((Domain.BEYOND, "I check my work", "I found three mistakes myself"),),
        needs=((Domain.ACADEMIC, "I need help to start", "The first sentence takes me all the time"),),
        goal="Write the first sentence in two minutes, every day until Friday",
        purpose="Then I have time for the part I like.",
        ways=(("Work with the teacher in a small group", "round table", "Ms Rivera", "sentence cards", 2),),
        show="Show my work",
        celebrate="Share it with the class",
        due_in=10,
    ),
)


def prepare(
    folder: Path,
    *,
    today: date,
    upgrade: Callable[[Workspace], object] = lambda workspace: None,
    say: Callable[[str], None] = lambda text: None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Workspace:
    """The demo workspace in `folder`, made where it is missing and completed where it was left.

    Conferences are held on days before `today`; a workspace that was there is first given to `upgrade`.
    Raises BadInput when `folder` holds something else.
    """
    school = School.build(seed=SEED)
    if (folder / SETTINGS).exists():
        workspace = Workspace.open(folder)
        if workspace.school != school.name:
            raise BadInput(
                _("{folder} is the workspace of a school, not of the demo.").format(folder=folder),
                _("Name another folder for the demo."),
            )
        say(_("The demo workspace is in {folder}.").format(folder=folder))
        upgrade(workspace)
    else:
        workspace = Workspace.create(folder, name=school.name, actor=ACTOR, actor_name=ACTOR_NAME, worries=WORRIES)
        say(_("Made a demo workspace in {folder}.").format(folder=folder))
    exports = workspace.folder / "exports"
    try:
        write_exports(school, exports)
    except OSError as error:
        raise NotReady(
            _("The demo school’s exports cannot be written to {folder}: {why}.").format(
                folder=exports, why=(error.strerror or _("the disk refused")).lower()
            ),
            _("Name another folder for the demo, on a disk with room that you may write to."),
        ) from None
    with Workbench.open(workspace, actor=ACTOR) as bench:
        outcome = bench.imports.run(readable(exports), on=today, progress=progress)
        tally = outcome.tally
        say(
            _("Imported {rows} rows from {files} files; {left_out} left out.").format(
                rows=f"{tally.rows:,}", files=len(outcome.files), left_out=tally.left_out
            )
            if outcome.import_id
            else _("The exports were imported before; nothing changed.")
        )
    count = _match(workspace)
    if count:
        say(_("Matched {count} user names with learners.").format(count=count))
    count = sum(_hold(workspace, one, today) for one in HELD)
    if count:
        say(_("Held {count} conferences.").format(count=count))
    return workspace


def readable(exports: Path) -> list[Path]:
    """The demo school's exports that the workbench reads."""
    return [exports / name for name in ("nwea", "rosters", "lexia", "myon", "attendance.csv", "habits.csv")]


def _match(workspace: Workspace) -> int:
    """Says whose the user names of Lexia are, as the office would: where one learner alone fits, and how many."""
    with Workbench.open(workspace, actor=OFFICE) as bench:
        sure = {}
        for one in bench.matching.waiting():
            best = [each for each in one.proposals if each.reason == one.proposals[0].reason]
            if len(best) == 1 and best[0].reason <= Reason.SAME_ID:
                sure[one.id] = best[0].learner
        bench.matching.confirm(sure)
    return len(sure)


def _hold(workspace: Workspace, held: Held, today: date) -> bool:
    """Holds one conference as if on its day; False when it was held before."""
    on = school_day(today - timedelta(days=held.days_ago))
    clock = _Clock(on)
    with Workbench.open(workspace, actor=ACTOR, clock=clock) as bench:
        learner = bench.learners.named(held.learner)
        if any(one.finished for one in bench.conferences.of(learner)):
            return False
        conference = bench.conferences.start(learner, on=on)
        protocol = bench.conferences.protocol(conference)
        asked = {(move.id, prompt.id): prompt.ask for move in protocol.moves for prompt in move.prompts}
        tests = [fact for fact in bench.evidence.of(learner) if fact.source == "nwea_map" and fact.aspect == ""]
        bench.conferences.show(conference, (fact.key for fact in tests if fact.taken_on <= on))
        said = {
            ("look", "notice"): {"words": held.notice},
            ("part", "lead"): {"choice": held.lead},
            ("reflect", "felt"): {"choice": held.felt},
            ("reflect", "went-well"): {"words": held.went_well},
            ("reflect", "kept-trying"): {"words": held.kept_trying},
        }
        for (move, prompt), answer in said.items():
            bench.reflections.say(conference, move=move, prompt=prompt, asked=asked[move, prompt], **answer)
        for kind, findings in ((Kind.STRENGTH, held.strengths), (Kind.NEED, held.needs)):
            for domain, words, tied_to in findings:
                bench.strengths.name(conference, words, kind=kind, domain=domain, tied_to=tied_to)
        goal = bench.goals.choose(
            conference, held.goal, on=on, purpose=held.purpose, due_on=school_day(on + timedelta(days=held.due_in))
        )
        for words, place, partner, material, days in held.ways:
            due_on = school_day(on + timedelta(days=days))
            bench.plans.add_step(goal, words, place=place, partner=partner, material=material, due_on=due_on)
        bench.plans.shape(
            goal,
            show=held.show,
            celebrate=held.celebrate,
            next_conference_on=school_day(on + timedelta(days=held.next_in)),
        )
        bench.conferences.go_to(conference, protocol.moves[-1].id)
        bench.conferences.finish(conference, on=on)
        for clock.day, feeling, words in said_since(held, on, today):
            bench.progress.check_in(goal, on=clock.day, feeling=feeling, words=words)
    return True


def said_since(held: Held, on: date, today: date) -> list[tuple[date, str, str]]:
    """The check-ins after a conference of the day `on`, of days before `today`: none is later than this very hour."""
    found = [(school_day(on + timedelta(days=days)), feeling, words) for days, feeling, words in held.check_ins]
    return [one for one in found if one[0] < today]


class _Clock:
    """Tells ten in the morning of a day of our choice."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        return datetime.combine(self.day, time(10), UTC)
