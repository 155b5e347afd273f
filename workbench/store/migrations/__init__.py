"""Which layout a store has, and bringing it to the newest."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.errors import NotReady
from workbench.store.engine import RESTORE, said, writing
from workbench.words import _

NEWEST = "0013"
_HERE = Path(__file__).parent


def version(engine: Engine) -> str | None:
    """The layout of the store behind `engine`; None when there is none."""
    with said(), engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return str(found) if found is not None else None


def check(engine: Engine) -> None:
    """Returns when the store has the newest layout; raises NotReady with what to do when not."""
    found = None if lost(engine) else version(engine)
    if found is None:
        raise gone(engine)
    if found < NEWEST:
        raise NotReady(
            _("This workspace was made by an older workbench."),
            _("Run “workbench upgrade” once: it makes a backup first."),
        )
    if found > NEWEST:
        raise NotReady(
            _("This workspace was made by a newer workbench."), _("Install the newer workbench, then open it again.")
        )


def upgrade(engine: Engine) -> None:
    """Brings the store to the newest layout, or makes it, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def lost(engine: Engine) -> bool:
    """Whether the file that should hold the store is missing, or holds nothing."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        return False
    try:
        return Path(path).stat().st_size == 0
    except OSError:
        return True


def gone(engine: Engine) -> NotReady:
    """What to say of a store that is not there, or in which nothing ever was."""
    if engine.dialect.name != "sqlite":
        return NotReady(_("The database is empty."), _("Set it up with “workbench upgrade”."))
    file = engine.url.database or ""
    if Path(file).exists():
        return NotReady(_("The file {file}, which should hold the records, is empty.").format(file=file), _(RESTORE))
    return NotReady(
        _("The file {file}, which should hold the records, is missing.").format(file=file),
        _(
            "If it was moved or renamed, put it back where it was. "
            "If not, run “workbench restore”: it shows the backups there are and puts one back."
        ),
    )
