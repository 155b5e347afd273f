"""How each learner's pages are made: in which language, for which readers, read aloud or not. For educators alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from babel import Locale

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside, listed
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.ground.bands import BANDS, YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner
from workbench.learners.settings import AS_DEVICE, LANGUAGES, Settings

ALOUD, SILENT = "aloud", "silent"


class PagesPart:
    """The settings of a class's learners, a row each. They are private: nothing on a learner's page tells them."""

    def __init__(self, bench: Workbench, did: Did) -> None:
        self.bench = bench
        self._did = did

    def block(self, members: Mapping[int, Learner], symbols: Mapping[int, str]) -> Block:
        lead = _(
            "Only educators see this list, and no page says it. What is open already changes when it is opened anew."
        )
        rows = (self._row(one, symbols.get(one.id, "")) for one in members.values())
        title = _blocks.heading(_("How each one’s pages are made"), lead=lead)
        return _blocks.group(title, listed(rows, look="due"), look="card", name="pages")

    def _row(self, learner: Learner, symbol: str) -> Block:
        now, name = self.bench.settings.of(learner), f"pages/{learner.id}"
        bands = {one: _("{band}, pictures").format(band=one) if one == YOUNGEST else one for one in BANDS}
        spoken = {AS_DEVICE: _("As on the device")} | {
            one: str(Locale(one).get_display_name(one)).capitalize() for one in LANGUAGES
        }
        aloud = {SILENT: _("Not read aloud"), ALOUD: _("Read aloud")}
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
        said = _("The pages of {name} are made anew.").format(name=learner.call_name)
        self._did(said, partial(self.bench.settings.undo, learner))

    def _band(self, learner: Learner, band: str) -> Settings:
        return self.bench.settings.choose(learner, band=band)

    def _language(self, learner: Learner, language: str) -> Settings:
        return self.bench.settings.choose(learner, language=language)

    def _aloud(self, learner: Learner, said: str) -> Settings:
        return self.bench.settings.choose(learner, read_aloud=said == ALOUD)
