"""Reports for a class or a school: made with one press, then read, printed or kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextvars import copy_context
from datetime import date
from typing import Any, NamedTuple

from widgets.kit import blocks as _blocks
from widgets.kit.base import error_boundary
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from workbench.access.actors import Action
from workbench.batch import Interrupted, Outcome
from workbench.batch.plan import Made
from workbench.bench import Workbench
from workbench.ground import days
from workbench.ground.words import _, ngettext, speaking
from workbench.learners.learners import SchoolClass, class_labels

_BETWEEN = 0.3  # seconds between two drawings of the bar
_SURE_AFTER = 3  # reports after which the time that is left can be told
_FAILURES_SHOWN = 12
_LAST = 60.0  # seconds that one report may take to its end when the page is closed


class Whom(NamedTuple):
    """Of whom reports are made: a class, or a school by name."""

    of: SchoolClass | None
    school: str = ""


class ReportsBoard(Form):
    """Which report, of whom; what there is of it, and what is still to be made.

    A report that is there can be opened while it holds for whoever asks: made today, with nothing said since.

    >>> ReportsBoard(bench)
    """

    says_saved = False

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self._today = today
        self._report = self._whom = self._said = ""
        self._outcome: Outcome | None = None
        self._thread: threading.Thread | None = None
        self._bar: dict[str, Any] | None = None
        self._began = self._drawn_at = 0.0
        self._first = 0  # reports that were there when the run began
        self._stopping = False
        super().__init__(bench, view="reports", **traits)

    @property
    def today(self) -> date:
        """The day: the page may stay open overnight."""
        return self._today or self.bench.today

    def wait(self, seconds: float | None = None) -> None:
        """Waits until the run has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stops a run, too: what is made stays, and the next goes on from there."""
        self._stopping = True
        self.wait(_LAST)
        super().close()

    def blocks(self) -> Iterable[Block]:
        if not self.bench.gate.could(Action.REPORT):
            yield _blocks.empty(_("This page went away."), _("Go to the home page and open it again."))
            return
        lead = _("A page or two for each learner, to read, print or keep.")
        yield _blocks.heading(_("Reports"), lead=lead)
        offered, names = self._offered(), self._names()
        if not offered:
            words = _("Bring in a class list or the school’s exports first: open Data.")
            yield _blocks.empty(_("No class yet"), words)
            return
        self._whom = self._whom if self._whom in offered else next(iter(offered))
        self._report = self._report if self._report in names else next(iter(names))
        if self._bar is not None:
            stop = _blocks.button("stop", _("Stop"), self._stop, look="secondary")
            yield _blocks.group(Block("progress", shown=self._bar), _blocks.group(stop, look="row"), look="card")
            return
        whom = {key: self._called(one) for key, one in offered.items()}
        chosen = [_blocks.select("whom", _("Of whom"), self._whom, whom, self._take_whom)]
        if len(names) > 1:
            chosen.insert(0, _blocks.select("report", _("Report"), self._report, names, self._take_report))
        yield _blocks.group(*chosen, look="card", name="which")
        yield from self._there(offered[self._whom])

    # Which

    def _names(self) -> dict[str, str]:
        """What each report is called, the learner's first."""
        found = sorted(self.bench.reports.names(), key=lambda name: (name != "learner_report", name))
        return {name: self.bench.reports.title(name) for name in found}

    def _offered(self) -> dict[str, Whom]:
        """Own classes, else all that one sees, and for those who see whole schools each of them."""
        gate = self.bench.gate
        whole = gate.sees_everybody or gate.by_tie
        classes = self.bench.learners.classes() if whole else self.bench.learners.my_classes()
        found = {f"class/{one.id}": Whom(one) for one in classes}
        if whole:
            found |= {f"school/{one}": Whom(None, one) for one in dict.fromkeys(one.school for one in classes)}
        return found

    def _called(self, whom: Whom) -> str:
        if whom.of is None:
            return _("Everybody of {school}").format(school=whom.school)
        labels: Mapping[str, str] = class_labels(one.of for one in self._offered().values() if one.of)
        return _("Class {name}").format(name=labels.get(str(whom.of.id), whom.of.name))

    def _take_whom(self, key: str) -> None:
        self._whom, self._outcome, self._said = key, None, ""

    def _take_report(self, name: str) -> None:
        self._report, self._outcome, self._said = name, None, ""

    # What there is

    def _there(self, whom: Whom) -> Iterable[Block]:
        made = self.bench.reports.made(self._report, **self._named(whom))
        if self._said:
            yield _blocks.note(self._said, look="done")
        if self._outcome is not None:
            yield from self._failed(self._outcome, made)
        if not made:
            words = _("There is nobody here you may make reports of. Choose a class that you teach.")
            yield _blocks.empty(_("Nobody to report of"), words)
            return
        ready = [one for one in made if one.current]
        parts: list[Block] = [_blocks.heading(self._state(len(ready), len(made)), level=3, told="state")]
        acts = []
        if len(ready) < len(made):
            words = _("Make the reports")
            if ready:
                left = len(made) - len(ready)
                words = ngettext("Make {count} more", "Make {count} more", left).format(count=left)
            acts.append(_blocks.button("make", words, self.make, look="primary"))
        if ready:
            look = "primary" if len(ready) == len(made) else "secondary"
            acts.append(self._open(whom, "read", _("Open all to print"), look=look))
            acts.append(self._open(whom, "keep", _("Download all in one file"), look="secondary"))
        if ready and whom.of is not None:
            if self.bench.reports.bound(self._report, of=whom.of) is not None:
                acts.append(self._open(whom, "paper", _("Download the PDF for the printer"), look="secondary"))
            else:
                acts.append(_blocks.button("bind", _("Make one PDF for the printer"), self.bind, look="secondary"))
        parts.append(_blocks.group(*acts, look="row"))
        yield _blocks.group(*parts, look="card", name="state")
        if any(one.at for one in made):
            yield from self._each(whom, made)

    def _each(self, whom: Whom, made: Sequence[Made]) -> Iterable[Block]:
        lines = [self._line(whom, one) for one in made]
        yield _blocks.group(_blocks.heading(_("Each learner"), level=3), *lines, look="card", name="each")
        folder = made[0].file.parent if whom.of is not None else made[0].file.parent.parent
        where = folder.relative_to(self.bench.workspace.folder).as_posix()
        yield _blocks.note(_("The files are in your workspace’s folder: {folder}").format(folder=where), look="quiet")

    def _state(self, ready: int, total: int) -> str:
        if not ready:
            return ngettext("{count} report can be made", "{count} reports can be made", total).format(count=total)
        if ready == total:
            return ngettext("The report is ready", "All {count} reports are ready", total).format(count=total)
        return _("{ready} of {total} reports are ready").format(ready=ready, total=total)

    def _line(self, whom: Whom, one: Made) -> Block:
        if one.current:
            said, acts = _("It is ready"), [self._open(whom, "read", _("Open"), look="link", one=one)]
        elif one.at is None:
            said, acts = _("Not made yet"), []
        else:
            day = days.lately(one.at.astimezone().date(), self.today)
            said, acts = _("Made {day}; it would come out otherwise now").format(day=day), []
        return _blocks.group(_blocks.facts([(one.name, said)]), *acts, look="row item", name=f"of/{one.learner}")

    def _open(self, whom: Whom, what: str, label: str, *, look: str, one: Made | None = None) -> Block:
        shown = {
            "what": what,
            "report": self._report,
            "class": whom.of.id if whom.of else "",
            "school": whom.school,
            "learner": one.learner if one else "",
            "label": label,
            "look": look,
            "says": _("Open the report of {name}").format(name=one.name) if one else "",
        }
        return Block("made", f"{what}/{one.learner if one else 'all'}", shown)

    def _failed(self, outcome: Outcome, made: Iterable[Made]) -> Iterable[Block]:
        if outcome.slow:
            yield _blocks.note(outcome.slow, look="quiet")
        if not outcome.failures:
            return
        count = len(outcome.failures)
        said = ngettext("{count} report could not be made", "{count} reports could not be made", count)
        names = {one.file.with_suffix(""): one.name for one in made}
        lines = [(names.get(one.file, ""), one.sentence) for one in outcome.failures[:_FAILURES_SHOWN]]
        parts = [_blocks.heading(said.format(count=count), level=3), _blocks.facts(lines)]
        if count > _FAILURES_SHOWN:
            parts.append(_blocks.note(_("… and {count} more.").format(count=count - _FAILURES_SHOWN), look="quiet"))
        yield _blocks.group(*parts, look="card")

    # Making them

    def bind(self) -> None:
        """Makes a class's reports one PDF for the printer, with those that are not ready."""
        self.make(one_file=True)

    def make(self, *, one_file: bool = False) -> None:
        """Makes what is not ready, beside the page, which tells how far it is and can stop it."""
        if self._bar is not None:
            return
        whom, name = self._offered()[self._whom], self._report
        self._outcome, self._said, self._stopping = None, "", False
        self._began, self._first = time.monotonic(), -1
        self._bar = {"label": _("Getting ready …"), "done": 0, "total": None}

        def failed(sentence: str, next_step: str) -> None:
            self._bar = None
            self.refresh()
            self._apologise(sentence, next_step)

        def run() -> None:
            with speaking(self.spoken), error_boundary(failed):
                try:
                    self._outcome = self.bench.reports.run(
                        name, **self._named(whom), one_file=one_file, progress=self._tell
                    )
                    self._said = self._told_made(self._outcome)
                except Interrupted as stopped:
                    self._said = _(
                        "Stopped: {finished} of {total} are made. The others can be made at any time."
                    ).format(finished=stopped.finished, total=stopped.total)
                self._bar = None
                self.refresh()

        self._thread = threading.Thread(target=copy_context().run, args=(run,), daemon=True)
        self._thread.start()

    def _told_made(self, outcome: Outcome) -> str:
        count = len(outcome.made)
        told = ngettext("Made {count} report.", "Made {count} reports.", count).format(count=count)
        if not outcome.bound:
            return told
        bound = _("The PDF for the printer is ready.")
        return f"{told} {bound}" if count else bound

    def _stop(self) -> None:
        self._stopping = True

    def _tell(self, done: int, total: int) -> None:
        if self._stopping:
            raise KeyboardInterrupt
        self._first = done if self._first < 0 else self._first
        label = _("{done} of {total} reports").format(done=done, total=total)
        self._bar = {"label": f"{label} {self._left(done, total)}".strip(), "done": done, "total": total}
        if done == total or time.monotonic() - self._drawn_at > _BETWEEN:
            self._drawn_at = time.monotonic()
            self.refresh()

    def _left(self, done: int, total: int) -> str:
        """How long it will take, once that can be told."""
        made = done - self._first
        if made < _SURE_AFTER or done >= total:
            return ""
        return days.left((time.monotonic() - self._began) * (total - done) / made)

    def _named(self, whom: Whom) -> dict[str, Any]:
        return {"of": whom.of} if whom.of is not None else {"school": whom.school}
