"""Which layout a store has, and bringing it to the newest."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.errors import NotReady
from workbench.store.engine import said, writing
from workbench.words import _

NEWEST = "0011"
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
    if engine.dialect.name == "sqlite" and not _sqlite_file_exists(engine):
        raise NotReady(
            _("There is no database in this workspace."),
            _("Make one with “workbench init”, or check --workspace and --db."),
        )
    found = version(engine)
    if found is None:
        raise NotReady(_("The database is empty."), _("Set it up with “workbench upgrade”."))
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


def _sqlite_file_exists(engine: Engine) -> bool:
    path = engine.url.database
    return not path or Path(path).exists()
