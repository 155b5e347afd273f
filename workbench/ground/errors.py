"""What a person can do wrong, each said as a sentence with a next step.

Anything raised here is shown to people as it is, without a traceback. Whatever else is
raised is a mistake of ours, and keeps its traceback.

    WorkbenchError
    ├── NotAllowed          the actor may not do this; carries the reason
    ├── NotFound            no such learner, class, report …; carries the nearest names
    ├── NotReady            workspace missing, older, locked, read-only
    │   └── DiskFull        no room left: what was saved can be read
    ├── BadInput            a file, a value or a parameter that cannot be used
    └── BadData             a data file of ours or the school's with a wrong line
        └── BadProtocol     a protocol file with one
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from workbench.ground.words import _


class WorkbenchError(Exception):
    """A sentence for the person who asked, and the step that helps.

    `sentence` says what is wrong and where; `next_step` what to do now.
    """

    exit_code = 2

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence, next_step)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.next_step}".strip()


class NotAllowed(WorkbenchError):
    """The actor may not do this."""


class NotReady(WorkbenchError):
    """The workspace or its store cannot be used as it is."""


class DiskFull(NotReady):
    """There is no room left on the disk: what was saved can be read, and nothing can be saved."""


class BadInput(WorkbenchError):
    """A file, a value or a parameter that cannot be used; `about` names the field where it is to be mended, if any."""

    def __init__(self, sentence: str, next_step: str = "", *, about: str = "") -> None:
        super().__init__(sentence, next_step)
        self.about = about


class BadData(WorkbenchError):
    """A data file, such as the registry of measures, whose named line is wrong."""


class BadProtocol(BadData):
    """A protocol file whose named line is wrong."""


class NotFound(WorkbenchError):
    """No such thing; the sentence names the nearest ones there are."""

    @classmethod
    def among(cls, what: str, asked: str, names: Iterable[str], next_step: str = "") -> NotFound:
        """The error for an unknown name, with up to three of `names` that come close."""
        known = sorted(set(names))
        plain = {name.casefold(): name for name in known}
        near = [plain[name] for name in get_close_matches(asked.casefold(), plain, n=3, cutoff=0.5)]
        hint = _("Did you mean {names}?").format(names=", ".join(near)) if near else ""
        if not hint and known:
            some = ", ".join(known[:8]) + (" …" if len(known) > 8 else "")
            hint = _("There are: {names}.").format(names=some)
        return cls(
            _("There is no {what} “{asked}” here.").format(what=what, asked=asked),
            " ".join(s for s in (hint, next_step) if s),
        )
