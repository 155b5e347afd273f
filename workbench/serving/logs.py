"""The server's log: what happened, never to whom.

Other people's code logs whole requests, cells and exceptions, which hold learners' ids and
words. So only the sentence of a log call is written; of what it is about, numbers and random
ids; of an exception, its kind and where it came from.
"""

from __future__ import annotations

import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_RANDOM_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: Where a sentence that was filled in before it came here may begin to speak of somebody.
_OPEN = re.compile(r"[\n\r'\"‘’“”<(\[{:=]")
_LEFT_OUT = "…"


class Discreet(logging.Formatter):
    """Formats a record without anything that could name a person."""

    def format(self, record: logging.LogRecord) -> str:
        said = f"{self.formatTime(record)} {record.levelname} {record.name}: {self.sentence(record)}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            places = [f"{Path(at.filename).name}:{at.lineno}" for at in traceback.extract_tb(trace)]
            said += f" [{kind.__name__} at {' < '.join(reversed(places[-8:]))}]"
        return said

    def sentence(self, record: logging.LogRecord) -> str:
        if not isinstance(record.msg, str):
            return type(record.msg).__name__
        arguments = record.args
        if not arguments:
            return _OPEN.split(record.msg, maxsplit=1)[0].rstrip()
        try:
            if isinstance(arguments, tuple):
                return (record.msg % tuple(map(_harmless, arguments))).splitlines()[0]
        except (TypeError, ValueError, IndexError):
            pass
        return record.msg.splitlines()[0]


def _harmless(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    return value if isinstance(value, str) and _RANDOM_ID.fullmatch(value) else _LEFT_OUT


class _Kept(RotatingFileHandler):
    """Says nothing where a full disk has no room for a line: what was to be told stands in no terminal either."""

    def handleError(self, record: logging.LogRecord) -> None: ...  # noqa: N802 (theirs)


def open_log(path: Path) -> logging.Logger:
    """Sends every log of this process to a rotating file, and nothing to the terminal; returns the server's own."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handler = _Kept(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    path.chmod(0o600)
    handler.setFormatter(Discreet())
    logging.captureWarnings(True)
    logging.getLogger().handlers = [handler]
    own = logging.getLogger("workbench.serving")
    own.setLevel(logging.INFO)
    return own
