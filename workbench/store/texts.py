"""Protocols as they were held: kept once each, by the hash of their text."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.ground.errors import NotFound
from workbench.ground.words import _
from workbench.store import tables
from workbench.store.engine import once_a_picture, reading, writing


class Texts:
    """Texts that records point to. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, text: str) -> str:
        """Keeps a text, once however often it is brought; returns its SHA-256 in hex."""
        name = sha256(text.encode()).hexdigest()
        table = tables.protocol_texts
        with writing(self._engine) as connection:
            if connection.scalar(sa.select(sa.literal(1)).where(table.c.sha256 == name)) is None:
                connection.execute(sa.insert(table).values(sha256=name, text=text))
        return name

    @once_a_picture
    def get(self, name: str) -> str:
        """The text of a hash; raises NotFound."""
        with reading(self._engine) as connection:
            text = connection.scalar(
                sa.select(tables.protocol_texts.c.text).where(tables.protocol_texts.c.sha256 == name)
            )
        if text is None:
            raise NotFound(_("The words this conference was held in are no longer there."), _("Put a backup back."))
        return str(text)
