"""All that is kept of a learner can be written out, and goes for good when it is to: in every table there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench import Workbench, cli
from workbench.access.actors import FORGOTTEN
from workbench.batch.plan import file_name
from workbench.ground.errors import NotAllowed, NotFound
from workbench.keeping.running import serving
from workbench.store import connect, tables
from workbench.store.engine import reading, writing
from workbench.store.forgetting import BY_WORDS, OF_NOBODY, of_learners
from workbench.store.tables import metadata
from workbench.workspace import Workspace

WORD, OTHERS = "zephyrous", "ostrichlike"
NAME, CODE = "Quirina Vantongeren", "0099871"
BY_ROSTER = {"learners", "learner_sightings", "enrolment_sightings", "membership_sightings"}
LIST = (
    "Student ID,First name,Last name,Class,Teacher ID,Grade,Term,School\n"
    f"{CODE},Quirina,Vantongeren,4B,t17,4,Fall 2019-2020,Cedar Hill\n"
    "0055512,Otto,Brand,4B,t17,4,Fall 2026-2027,Cedar Hill\n"
)


def clock() -> datetime:
    return datetime(2026, 11, 21, 10, tzinfo=UTC)


def opened(workspace: Workspace, actor: str = "admin:local") -> Workbench:
    return Workbench.open(workspace, actor=actor, clock=clock)


@pytest.fixture
def school(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Two learners of whom every table that can tells something."""
    (tmp_path / "list.csv").write_text(LIST)
    with opened(workspace) as bench:
        bench.imports.run(tmp_path / "list.csv")
        for who, word in ((CODE, WORD), ("0055512", OTHERS)):
            learner = bench.learners.named(who)
            bench.goals.choose(learner, f"I read {word}", on=bench.today)
            with Workbench.open(workspace, actor=f"learner:{who}", clock=clock) as own:
                own.goals.choose(learner.id, f"Mine {word}", on=own.today)
            with writing(bench.desk.store._engine) as connection:
                for table in metadata.sorted_tables:
                    if table.name not in OF_NOBODY | BY_ROSTER:
                        fill(connection, table, learner.id, who, word)
    return workspace


def fill(connection: Connection, table: sa.Table, learner: int, code: str, word: str) -> None:
    """A row of the learner, each of its texts with a word of theirs."""
    known = {
        tables.records: sa.select(tables.records.c.record).where(tables.records.c.learner_id == learner),
        tables.changes: sa.select(sa.func.max(tables.changes.c.id)),
        tables.imports: sa.select(tables.imports.c.id),
        tables.classes: sa.select(tables.classes.c.id),
    }
    special = {
        "parameters": f'{{"learner": {learner}}}',
        "actor": f"learner:{code}",
        "said": {"people": {"p1": [code, "x"], code: "p1", "else": ["kept", "y"]}, "list": [[code], ["kept"]]},
        "importer": f"clever{learner}",
        "drawing": "[[[1,2],[3,4]]]",
        "row": 1000 + learner,
        "term": "Fall 2019-2020",
        "file": "list.csv",
        "value": 3.5 if table.name == "evidence_sightings" else f"{code} {word}",
    }
    row: dict[str, Any] = {}
    for column in table.columns:
        target = next(iter(column.foreign_keys)).column.table if column.foreign_keys else None
        if column in of_learners(table):
            row[column.name] = learner
        elif target in known:
            row[column.name] = connection.scalar(known[target])
        elif target is not None or (column.primary_key and column.autoincrement is True):
            continue
        elif column.name in special:
            row[column.name] = special[column.name]
        else:
            row[column.name] = of_type(column, f"{word} {table.name} {column.name} {code}")
    if table is tables.records:
        row["kind"] = "goals"
    connection.execute(sa.insert(table).values(**row))


def of_type(column: sa.Column[Any], text: str) -> Any:
    if isinstance(column.type, sa.JSON):
        return [text]
    plain = {str: text, date: date(2026, 3, 4), datetime: clock(), bool: False, float: 2.5, int: 1}
    return plain[column.type.python_type]


def everything(workspace: Workspace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table that the database really has."""
    engine = connect(workspace.url)
    found = sa.MetaData()
    with reading(engine) as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            for row in connection.execute(sa.select(table)):
                yield table.name, dict(row._mapping)
    engine.dispose()


def told_of(workspace: Workspace, *words: str) -> list[tuple[str, str, Any]]:
    return [
        (table, name, value)
        for table, row in everything(workspace)
        for name, value in row.items()
        if any(word in str(value) for word in words)
    ]


def test_every_table_is_known_to_hold_nothing_of_a_learner_or_is_emptied(school: Workspace) -> None:
    holding = {table.name for table in metadata.sorted_tables if of_learners(table) or "record" in table.c}
    assert holding | OF_NOBODY | BY_WORDS | {"learners"} == set(metadata.tables)
    assert not holding & OF_NOBODY
    engine = connect(school.url)
    names = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    assert names - set(metadata.tables) <= {"alembic_version", "audit", "audit_head"}
    filled = {table for table, *_more in told_of(school, WORD)} | {table for table, _row in everything(school)}
    assert filled >= holding


def test_nothing_of_a_forgotten_learner_is_in_any_table_or_byte_of_the_files(school: Workspace) -> None:
    def left_in_files() -> set[str]:
        some = [one for one in school.folder.rglob("*") if one.is_file() and one.parent.name != "backups"]
        words = (WORD, CODE, "Vantongeren")
        return {one.name for one in some if any(word.encode() in one.read_bytes() for word in words)}

    (school.out / "4B").mkdir(parents=True)
    for name in ("Quirina-Vantongeren.html", "index.html", "Otto-Brand.html"):
        (school.out / "4B" / name).write_text("nothing" if name.startswith(("Q", "O")) else f"<a>{NAME}</a>")
    others = len(told_of(school, OTHERS))
    assert len(told_of(school, WORD)) == others > 80
    with opened(school) as bench:
        learner = bench.learners.named(NAME)
        going = bench.records.going(learner)
        assert going.count > 25
        assert len(told_of(school, WORD)) == others  # nothing was changed
        went = bench.records.forget(learner)
        assert went.rows == going.rows
        with pytest.raises(NotFound):
            bench.learners.get(learner.id)
    assert told_of(school, WORD, CODE, "Vantongeren") == []
    assert len(told_of(school, OTHERS)) == others
    assert sorted(one.name for one in (school.out / "4B").iterdir()) == ["Otto-Brand.html"]
    engine = connect(school.url)
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            for column in of_learners(table):
                assert not connection.execute(sa.select(table).where(column == learner.id)).first(), table.name
        kept = (
            connection.execute(
                sa.select(tables.remembered.c.said).where(tables.remembered.c.importer == f"clever{learner.id}")
            )
            .scalars()
            .one()
        )
        assert kept["list"][-1] == ["kept"]
        assert kept["people"]["else"] == ["kept", "y"]
    engine.dispose()
    if school.url.startswith("sqlite"):
        assert left_in_files() == set()
    with opened(school) as bench:
        assert bench.looks.check().whole
        told = bench.looks.all()
        assert ("admin:local", "forget") in {(one.by, one.action) for one in told}
        assert FORGOTTEN in {one.by for one in told if one.learner == learner.id}  # that it was done stays
        assert bench.learners.named("0055512").call_name == "Otto"


def test_whom_a_later_file_names_again_begins_anew(school: Workspace, tmp_path: Path) -> None:
    with opened(school) as bench:
        number = bench.learners.named(CODE).id
        bench.records.forget(number)
    later = tmp_path / "later.csv"
    later.write_text(LIST.replace("2019-2020", "2026-2027"))
    with opened(school) as bench:
        assert bench.imports.run(later).counts.new
        again = bench.learners.named(CODE)
        assert again.id != number
        assert bench.goals.of_learner(again) == ()
        assert [one.learner for one in bench.looks.of(again) if one.action == "write"] == []


def test_the_export_holds_all_of_one_learner_and_nothing_of_another(school: Workspace, tmp_path: Path) -> None:
    with opened(school) as bench:
        folder = bench.records.export(bench.learners.named(CODE), tmp_path)
    page, kept = (folder / "records.html").read_text(), (folder / "records.json").read_text()
    records = json.loads(kept)["records"]
    assert NAME in page
    assert f"I read {WORD}" in page
    assert f"{WORD} notes words" in page
    assert set(records) >= set(tables.JOURNALS) - {"worries"}
    assert f"{WORD} worries" not in page + kept
    assert f"{WORD} sessions seal" not in kept
    assert OTHERS not in page + kept
    assert "Otto" not in page + kept
    assert {one.name for one in folder.iterdir()} == {"records.html", "records.json", "drawing-1.svg"}
    assert '<img src="drawing-1.svg"' in page
    assert (folder / "records.json").stat().st_mode & 0o777 == 0o600


def test_nobody_but_an_admin_exports_or_forgets(school: Workspace, tmp_path: Path) -> None:
    for actor in ("teacher:t17", "office:o1", f"learner:{CODE}", "coach:c1"):
        with opened(school, actor) as bench:
            number = bench.desk.store.roster.by_code(CODE)
            assert number is not None
            for method in (lambda n=number: bench.records.export(n, tmp_path), lambda n=number: bench.records.going(n),
                           lambda n=number: bench.records.forget(n), lambda: bench.records.clean(),
                           lambda: bench.records.left_before(2030)):  # fmt: skip
                with pytest.raises(NotAllowed):
                    method()
    assert told_of(school, WORD)


@pytest.fixture
def command(
    school: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["workbench", *arguments, "--workspace", str(school.folder)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run


def test_the_command_says_what_goes_asks_and_forgets_those_who_left(
    school: Workspace, command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    code, said = command("status")
    assert "1 learner left 5 years ago or earlier: workbench learner forget --left-before 2022" in said, said
    code, said = command("learner", "forget", CODE, "--dry-run")
    assert code == 0
    assert NAME in said
    assert "Nothing was changed." in said
    code, said = command("learner", "export", CODE, "--to", str(tmp_path / "out"))
    assert code == 0, said
    with serving(school.folder, 9999):
        code, said = command("learner", "forget", CODE, "--yes")
        refused = (code, "has this workspace open" in said) == (2, True)
        assert refused is school.url.startswith("sqlite"), said
    if school.url.startswith("sqlite"):
        code, said = command("learner", "forget", "--left-before", "2022", "--yes")
        assert (code, "Backups made until now" in said) == (0, True), said
        assert "1 learner was forgotten." in said
    assert told_of(school, WORD, CODE) == []
    assert "left 5 years ago" not in command("status")[1]
    code, said = command("learner", "forget", "--left-before", "2022", "--yes")
    assert code == 0
    assert "Nothing was changed." in said
    assert command("learner", "forget")[0] == 0


def test_a_short_id_takes_no_problem_and_no_report_of_others_along(workspace: Workspace, tmp_path: Path) -> None:
    listed = LIST.replace(CODE, "12") + ",Nobody,Knows,4B,t17,4,no term 12,Cedar Hill\n"
    (tmp_path / "list.csv").write_text(listed)
    with opened(workspace) as bench:
        assert bench.imports.run(tmp_path / "list.csv").problems
        before = {(one.file, one.row, one.column) for one in bench.imports.problems()}
        report = workspace.out / "learner_report" / "4B" / "Otto Brand.html"
        report.parent.mkdir(parents=True)
        report.write_text("Otto Brand read 12 pages on page 120012")
        own = report.with_name(f"{file_name(NAME)}.html")
        own.write_text("It was fun")
        bench.records.forget(bench.learners.named("12"))
        assert {(one.file, one.row, one.column) for one in bench.imports.problems()} == before
    assert report.exists()
    assert not own.exists()


def test_of_somebody_with_a_name_of_one_word_no_page_is_left(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST + "0041777,,Suharto,4B,t17,4,,Cedar Hill\n")
    with opened(workspace) as bench:
        bench.imports.run(tmp_path / "list.csv")
        suharto = bench.learners.named("0041777")
        folder = workspace.out / "family_letter" / "4B"
        (folder / "earlier").mkdir(parents=True)
        theirs = [
            "Suharto.html",
            "Suharto.pdf",
            ".Suharto.sheet",
            "earlier/Suharto-0041777.pdf",
            "index.html",
            "all-4B.pdf",
        ]
        for name in (*theirs, "Suharto-Ana.html"):
            (folder / name).write_text("It was fun")
        bench.records.forget(suharto)
    left = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert left == ["Suharto-Ana.html"]
