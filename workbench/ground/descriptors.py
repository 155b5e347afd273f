"""How many files and sockets this process may have open: all it can have, and its helpers as many as before."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource

_before: tuple[int, int] | None = None


def raise_limit() -> None:
    """Lets this process have as many as the system grants it."""
    global _before
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if _before is None:
            _before = (soft, hard)
        for wanted in (hard, 10240):  # macOS calls its limit none, and takes no more than that
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return


def as_before(process: int) -> None:
    """Gives a process that was just started what this one began with: its own code may count on that."""
    if sys.platform == "linux" and _before is not None:
        with suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_NOFILE, _before)


def limit() -> int:
    """How many this process may have."""
    if sys.platform != "win32":
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 8192


def used() -> int:
    """How many it has; 0 where the system does not tell."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return len(os.listdir(folder)) - 1  # noqa: PTH208 - that of the look itself is not counted
    return 0
