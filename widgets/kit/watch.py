"""Looking out for what others do, while a page is open and nobody presses anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from widgets.kit.base import Tell, error_boundary
from workbench.ground.errors import NotReady


class Watch:
    """Calls `look` every `every` seconds on the kernel's own loop, between its messages; ends with `stop`.

    Outside a kernel there is no loop and nothing is called. A store that is busy is asked again the next time; at
    anything else the watch ends and says so through `tell`.
    """

    def __init__(self, look: Callable[[], object], tell: Tell, *, every: float) -> None:
        self._look = look
        self._tell = tell
        self._every = every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins, where there is a loop."""
        with suppress(RuntimeError):
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Ends it; done twice, nothing happens."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _run(self) -> None:
        going = True
        while going:
            await asyncio.sleep(self._every)
            going = False
            with error_boundary(self._tell), suppress(NotReady):
                self._look()
                going = True
