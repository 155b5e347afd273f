"""How each learner's pages are made: in which language, for which readers, read aloud or not; and what is spoken at
home, for letters. For educators alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from babel import Locale

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside, listed
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.ground.bands import BANDS, YOUNGEST
from workbench.ground.names import sort_key
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner
from workbench.learners.settings import AS_DEVICE, AT_HOME, LANGUAGES, UNKNOWN, Settings, language_name

ALOUD, SILENT = "aloud", "silent"
_DEVICE = "device"  # stands for `AS_DEVICE`, and for `UNKNOWN`, where nothing chosen is another thing


class PagesPart:
    """The settings of a class's learners, a row each. They are private: nothing on a learner's page tells them."""

    def __init__(self, bench: Workbench, did: Did) -> None:
        self.bench = bench
        self._did = did

    def block(self, members: Mapping[int, Learner], symbols: Mapping[int, str]) -> Block:
        lead = _(
            "Only educators see this list, and no page says it. What is open already changes when it is opened anew."
        )
        rows = (self._everybody(members), *(self._row(one, symbols.get(one.id, "")) for one in members.values()))
        title = _blocks.heading(_("How each one’s pages are made"), lead=lead)
        return _blocks.group(title, listed(rows, look="due"), look="card", name="pages")

    def _everybody(self, members: Mapping[int, Learner]) -> Block:
        """The first row: what stands in each column, and the way to set it for all at once."""
        spoken = {one or _DEVICE: words for one, words in _languages().items()}
        columns = (
            ("band", _("Grades"), _bands()),
            ("language", _("Language"), spoken),
            ("read_aloud", _("Reading aloud"), _aloud()),
            ("home_language", _("At home"), {one or _DEVICE: words for one, words in _at_home().items()}),
        )
        acts = tuple(
            _blocks.select(
                f"pages/all/{name}",
                _("{column} for everybody").format(column=column),
                "",
                {"": column, **options},
                partial(self._keep_all, members, name),
            )
            for name, column, options in columns
        )
        return Block("person", "pages/all", {"who": _("Everybody"), "why": []}, None, acts)

    def _keep_all(self, members: Mapping[int, Learner], which: str, picked: str) -> None:
        if not picked:
            return
        choose: Callable[[Learner, str], Settings] = {
            "band": self._band,
            "language": self._language,
            "read_aloud": self._aloud,
            "home_language": self._home,
        }[which]
        value: str | bool = picked == ALOUD if which == "read_aloud" else picked.replace(_DEVICE, AS_DEVICE)
        others = [one for one in members.values() if getattr(self.bench.settings.of(one), which) != value]
        for one in others:
            choose(one, picked.replace(_DEVICE, AS_DEVICE))
        if others:
            said = ngettext("The pages of {count} are made anew.", "The pages of {count} are made anew.", len(others))
            if which == "home_language":
                said = ngettext("{count} letter home follows.", "{count} letters home follow.", len(others))
            self._did(said.format(count=len(others)), partial(self._undo_all, others))

    def _undo_all(self, changed: Iterable[Learner]) -> None:
        for one in changed:
            self.bench.settings.undo(one)

    def _row(self, learner: Learner, symbol: str) -> Block:
        now, name = self.bench.settings.of(learner), f"pages/{learner.id}"
        bands, spoken, aloud = _bands(), _languages(), _aloud()
        acts = (
            self._select(f"{name}/band", _("Form of the pages of {name}"), learner, now.band, bands, self._band),
            self._select(
                f"{name}/language", _("Language of the pages of {name}"), learner, now.language, spoken, self._language
            ),
            self._select(
                f"{name}/aloud",
                _("Reading aloud for {name}"),
                learner,
                ALOUD if now.read_aloud else SILENT,
                aloud,
                self._aloud,
            ),
            self._select(
                f"{name}/home", _("Language at home of {name}"), learner, now.home_language, _at_home(), self._home
            ),
        )
        return Block("person", name, {"who": learner.name, "why": [], **beside(symbol)}, None, acts)

    def _select(
        self,
        name: str,
        label: str,
        learner: Learner,
        value: str,
        options: Mapping[str, str],
        choose: Callable[[Learner, str], Settings],
    ) -> Block:
        keep = partial(self._keep, learner, value, choose)
        return _blocks.select(name, label.format(name=learner.name), value, options, keep)

    def _keep(self, learner: Learner, before: str, choose: Callable[[Learner, str], Settings], value: str) -> None:
        if value == before:
            return
        choose(learner, value)
        said = _("The pages of {name} are made anew.")
        if choose == self._home:
            said = _("Letters to the family of {name} follow.")
        self._did(said.format(name=learner.call_name), partial(self.bench.settings.undo, learner))

    def _band(self, learner: Learner, band: str) -> Settings:
        return self.bench.settings.choose(learner, band=band)

    def _language(self, learner: Learner, language: str) -> Settings:
        return self.bench.settings.choose(learner, language=language)

    def _aloud(self, learner: Learner, said: str) -> Settings:
        return self.bench.settings.choose(learner, read_aloud=said == ALOUD)

    def _home(self, learner: Learner, language: str) -> Settings:
        return self.bench.settings.choose(learner, home_language=language)


def _bands() -> dict[str, str]:
    return {one: _("{band}, pictures").format(band=one) if one == YOUNGEST else one for one in BANDS}


def _languages() -> dict[str, str]:
    named = {one: str(Locale(one).get_display_name(one)).capitalize() for one in LANGUAGES}
    return {AS_DEVICE: _("As on the device")} | named


def _at_home() -> dict[str, str]:
    names = {one: language_name(one) for one in AT_HOME}
    rest = sorted((one for one in names if one not in LANGUAGES), key=lambda one: sort_key(names[one]))
    return {UNKNOWN: _("At home: ?")} | {one: names[one] for one in (*LANGUAGES, *rest)}


def _aloud() -> dict[str, str]:
    return {SILENT: _("Not read aloud"), ALOUD: _("Read aloud")}
