"""What every widget stands on: loud about mistakes, quiet about data.

A widget is a view of one record. It saves each answer through its bench as it is given, can
be rebuilt from the store at any time with `refresh()`, and says what went wrong where the
person looks; the log learns only the kind of mistake and its place in the code.
"""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import anywidget

from workbench.ground.errors import WorkbenchError
from workbench.ground.words import _

log = logging.getLogger("workbench.widgets")

Tell = Callable[[str, str], None]


class Base(anywidget.AnyWidget):
    """An anywidget that refuses unknown keywords and shows no data in its `repr`."""

    _own_layout = False  # nor is there one before all is made

    def __init__(self, **traits: Any) -> None:
        refuse_unknown(type(self), traits)
        super().__init__(**traits)
        self._own_layout = "layout" not in traits

    def close(self) -> None:
        """Ends the widget, and the layout that was made for it: ipywidgets would keep that for good."""
        layout = self.layout if self._own_layout else None
        super().close()
        if layout is not None:
            layout.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def refuse_unknown(kind: type[Base], given: dict[str, Any]) -> None:
    """Raises TypeError for a keyword that is neither an argument nor a trait, naming those that come near."""
    arguments = {
        name
        for name, one in inspect.signature(kind.__init__).parameters.items()
        if one.kind is not one.VAR_KEYWORD and name != "self"
    }
    public = {name for name in kind.class_trait_names() if not name.startswith("_")}
    for name in given:
        if name not in public:
            near = get_close_matches(name, arguments | {"layout"}, n=3, cutoff=0.5) or sorted(arguments)
            raise TypeError(f"{kind.__name__} has no “{name}”. There is: {', '.join(near)}.")


@contextmanager
def error_boundary(tell: Tell) -> Iterator[None]:
    """Says what goes wrong inside as a sentence and a next step, and lets the page go on.

    Whatever is not ours to say is logged by kind and place alone: an exception's own words
    may hold a name or what a learner wrote.
    """
    try:
        yield
    except WorkbenchError as error:
        tell(error.sentence, error.next_step)
    except Exception as error:
        log.error("%s at %s", type(error).__name__, place_of(error))
        tell(
            _("Something went wrong on our side; what you typed is still here."),
            _("Reload the page to try again. If it stays so, tell whoever looks after the workbench."),
        )


def place_of(error: BaseException) -> str:
    """Where an exception came from, innermost last: files, lines and functions, nothing else."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{'/'.join(Path(f.filename).parts[-2:])}:{f.lineno} {f.name}" for f in frames)
