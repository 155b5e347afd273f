"""A learner's profile: inventories to answer, what was said in six domains, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.undo import Undo
from workbench.bench import Workbench
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, language, ngettext
from workbench.learners.profiles import Domain, Entry, Inventories, Inventory, Item, Kind

TOLD = "told"  # the page of what was said, for those who begin to read


class ProfileSheet:
    """One learner's profile: `page` is an inventory's id, or "" where all of it stands.

    `within` another page, which has a first thing to do of its own.
    """

    def __init__(self, bench: Workbench, learner: int, band: str, today: date, *, within: bool = False) -> None:
        self.bench = bench
        self.learner = learner
        self.young = band == YOUNGEST
        self.today = today
        self.page = ""
        self._within = within
        self._at = 0  # the question that the youngest are at
        self._domain, self._kind = Domain.ACADEMICS, Kind.STRENGTH
        self._before = ""  # the entry whose earlier words are open
        self._undo = Undo()

    @property
    def key(self) -> str:
        """Where one is."""
        return f"{self.page} {self._at}"

    @property
    def due(self) -> bool:
        """Whether it is time to look at it again."""
        return self.bench.profiles.due(self.learner, on=self.today)

    def blocks(self) -> Iterable[Block]:
        """All of it, or the inventory that is open."""
        known = self.bench.profiles.inventories(language())
        said = self.bench.profiles.of(self.learner)
        inventory = next((one for one in known.inventories if one.id == self.page), None)
        if self.young and self.page == TOLD:
            yield from self._told_one_by_one(known, said)
        elif inventory is None and self.young:
            yield self._young_doors(known, said)
            yield from self._family()
        elif inventory is None:
            yield self._doors(known, said)
            if said or self._undo or not self._within:
                yield self._told(known, said)
            yield from self._family()
        elif self.young:
            yield from self._one_by_one(inventory, said)
        else:
            yield _blocks.button("profile/back", _("Back to my profile"), partial(self._open, ""), look="back")
            yield _blocks.group(
                _blocks.heading(inventory.title, lead=inventory.lead),
                _blocks.group(*(self._ask(one, said) for one in inventory.items), look="columns"),
                look="card",
                name=f"profile/{inventory.id}",
            )
            done = _blocks.button("profile/done", _("Done"), partial(self._open, ""), look="primary")
            yield _blocks.group(_blocks.note(""), done, look="foot")

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer to a question, whichever page is open now."""
        head, _slash, item = name.rpartition("/")
        asked = self.bench.profiles.inventories(language()).item(item) if head == "profile/ask" else None
        if asked is None:
            return None
        return self._ask(asked, self.bench.profiles.of(self.learner)).keeps().get(name)

    # Asking

    def _items(self, inventory: Inventory) -> tuple[Item, ...]:
        return tuple(one for one in inventory.items if one.young) if self.young else inventory.items

    def _doors(self, known: Inventories, said: tuple[Entry, ...]) -> Block:
        answered = {one.item for one in said}
        parts: list[Block] = [_blocks.heading(_("My profile"), lead=_("You decide who sees it."))]
        if said and self.due:
            still = _blocks.button("profile/still", _("Nothing has changed"), self._still)
            words = _("It is time to look at it again. What is new?")
            parts.append(_blocks.group(_blocks.note(words), still, look="row"))
        for one in self._offered(known, answered):
            items = self._items(one)
            count = sum(item.id in answered for item in items)
            told = ngettext("{count} of {all} answered", "{count} of {all} answered", len(items))
            words = told.format(count=count, all=len(items))
            look = "primary" if not (self._within or said) and one is known.inventories[0] else "secondary"
            label = _("Look again") if count == len(items) else _("Answer")
            says = _("{label}: {title}").format(label=label, title=one.title)
            button = _blocks.button(f"profile/open/{one.id}", label, partial(self._open, one.id), look=look, says=says)
            title = _blocks.heading(one.title, lead=f"{one.lead} {words}.", level=3)
            parts.append(_blocks.group(title, button, look="row item door", name=f"profile/door/{one.id}"))
        return _blocks.group(*parts, look="card", name="profile/doors")

    def _offered(self, known: Inventories, answered: Collection[str]) -> tuple[Inventory, ...]:
        """Every inventory; within another page the first that is not answered yet, since the rest has time."""
        if not self._within:
            return known.inventories
        to_do = [one for one in known.inventories if any(item.id not in answered for item in self._items(one))]
        return tuple(to_do[:1]) or known.inventories

    def _young_doors(self, known: Inventories, said: tuple[Entry, ...]) -> Block:
        """A picture for each inventory, and one for what was said."""
        answered = {one.item for one in said}
        doors = []
        for one in self._offered(known, answered):
            items = self._items(one)
            done = all(item.id in answered for item in items)
            label, press = one.young or one.title, partial(self._open, one.id)
            says = _("{label}: {title}").format(label=_("Look again") if done else _("Answer"), title=one.title)
            doors.append(
                _blocks.button(
                    f"profile/open/{one.id}", label, press, look="door", says=says, pressed=done,
                    picture=one.picture or "star",
                )
            )  # fmt: skip
        if any(one.words or one.choice for one in said):
            says, press = _("What I say of myself"), partial(self._open, TOLD)
            doors.append(_blocks.button("profile/open/told", _("all"), press, look="door", says=says, picture="look"))
        spoken = [_("My profile"), *(one.title for one in known.inventories)]
        title = _blocks.group(_blocks.heading(_("My profile")), _blocks.aloud(spoken), look="row")
        if said and self.due:
            doors.append(
                _blocks.button("profile/still", _("same"), self._still, look="door", says=_("Nothing has changed"),
                               picture="level")
            )  # fmt: skip
        return _blocks.group(title, _blocks.group(*doors, look="doors"), look="card", name="profile/doors")

    def _told_one_by_one(self, known: Inventories, said: tuple[Entry, ...]) -> Iterable[Block]:
        """For those who begin to read: one thing they said a screen, and who sees it."""
        told = [one for one in said if one.words or one.choice]
        parts: list[Block] = []
        if told:
            one = told[min(self._at, len(told) - 1)]
            item = known.item(one.item) if one.item else None
            head = _blocks.heading(item.young if item and item.young else _("I say"))
            picture = next((o.picture for o in item.options if o.words == _said(one)), "") if item else ""
            aloud = _blocks.aloud([item.ask if item else "", _said(one)])
            parts = [_blocks.group(head, aloud, look="row"), _blocks.told([(picture or "speech", "", _said(one))])]
            parts.append(_blocks.group(*self._young_switches(one), look="row"))
        else:
            parts.append(_blocks.heading(_("My profile")))
        parts += self._undo.removed("profile/")
        yield _blocks.group(*parts, look="card", name=f"profile/told {self._at}")
        place = min(self._at, max(len(told) - 1, 0))
        back = partial(self._open, TOLD, place - 1) if place else partial(self._open, "")
        last = place + 1 >= len(told)
        on = partial(self._open, "") if last else partial(self._open, TOLD, place + 1)
        yield _blocks.group(
            _blocks.button("profile/back", _("Back"), back, look="secondary"),
            _blocks.button("profile/on", _("Done") if last else _("Next"), on, look="primary"),
            look="foot",
        )

    def _young_switches(self, one: Entry) -> Iterable[Block]:
        """Who sees one thing that was said, as pictures, and the way to take it out."""
        name, show = f"profile/entry/{one.id}", self.bench.profiles.show
        for which, label, says, on, picture in (
            ("family_sees", _("family"), _("Family sees it"), one.family_sees, "family"),
            ("next_teacher_sees", _("teacher"), _("Next teacher sees it"), one.next_teacher_sees, "teacher"),
        ):
            press = partial(show, one, **{which: not on})
            yield _blocks.button(f"{name}/{which}", label, press, look="door", says=says, pressed=on, picture=picture)
        says = _("Remove “{words}”").format(words=_said(one))
        remove = partial(self._remove, one)
        yield _blocks.button(f"{name}/remove", _("Remove"), remove, look="link", focus="profile/undo", says=says)

    def _ask(self, item: Item, said: Iterable[Entry]) -> Block:
        name = f"profile/ask/{item.id}"
        now = next((one for one in said if one.item == item.id), None)
        value = (now.choice or now.words) if now else ""
        options = item.options if self.young else [one.words for one in item.options]
        known = {one.words for one in item.options}

        def keep(words: str) -> None:
            picked = words in known
            self.bench.profiles.answer(
                self.learner, item, choice=words if picked else "", words="" if picked else words
            )

        if not item.options:
            return _blocks.text(name, item.ask, value, keep)
        ask = item.young if self.young else item.ask
        return _blocks.choice(name, ask, value, options, keep, own=_("In your own words"))

    def _one_by_one(self, inventory: Inventory, said: Iterable[Entry]) -> Iterable[Block]:
        """One question a screen, for those who begin to read."""
        items = self._items(inventory)
        place = min(self._at, len(items) - 1)
        item = items[place]
        aloud = _blocks.aloud([item.ask, *(one.words for one in item.options)])
        title = _blocks.group(_blocks.heading(item.young), aloud, look="row")
        asked = _blocks.group(self._ask(item, said), look="one")
        yield _blocks.group(title, asked, look="card", name=f"profile/{item.id}")
        back = partial(self._open, inventory.id, place - 1) if place else partial(self._open, "")
        last = place + 1 == len(items)
        on = partial(self._open, "") if last else partial(self._open, inventory.id, place + 1)
        yield _blocks.group(
            _blocks.button("profile/back", _("Back"), back, look="secondary"),
            _blocks.button("profile/on", _("Done") if last else _("Next"), on, look="primary"),
            look="foot",
        )

    # What was said

    def _told(self, known: Inventories, said: tuple[Entry, ...]) -> Block:
        told = [one for one in said if one.words or one.choice]
        parts: list[Block] = [_blocks.heading(_("What I say of myself"))]
        if not told and not self._undo:
            words = _("Answer a question or two above. Your words come here, and stay yours.")
            parts.append(_blocks.empty(_("Nothing yet"), words))
        for domain in Domain:
            here = [one for one in told if one.domain is domain]
            if here:
                entries = (self._entry(known, one) for one in here)
                parts.append(_blocks.group(_blocks.heading(known.domains[domain], level=3), *entries, look="list"))
        parts += self._undo.removed("profile/")
        if not self.young:
            parts.append(self._own(known))
        return _blocks.group(*parts, look="card", name="profile/told")

    def _entry(self, known: Inventories, one: Entry) -> Block:
        name = f"profile/entry/{one.id}"
        item = known.item(one.item) if one.item else None
        show = self.bench.profiles.show

        def switch(which: str, label: str, on: bool) -> Block:
            says = _("{label}: {words}").format(label=label, words=_said(one))
            press = partial(show, one, **{which: not on})
            return _blocks.button(f"{name}/{which}", label, press, look="switch", says=says, pressed=on)

        told = [
            switch("family_sees", _("Family sees it"), one.family_sees),
            switch("next_teacher_sees", _("Next teacher sees it"), one.next_teacher_sees),
        ]
        before = self._earlier(one)
        if before and not self.young:
            label = _("Hide what I said before") if self._before == one.id else _("What I said before")
            open_ = partial(self._look_back, "" if self._before == one.id else one.id)
            told.append(_blocks.button(f"{name}/before", label, open_, look="link"))
        says = _("Remove “{words}”").format(words=_said(one))
        remove = partial(self._remove, one)
        told.append(_blocks.button(f"{name}/remove", _("Remove"), remove, look="link", focus="profile/undo", says=says))
        ask = [_blocks.note(item.young if self.young else item.ask, look="quiet")] if item else []
        rows = [*ask, _blocks.quote(_said(one), look="strong"), _blocks.group(*told, look="row")]
        if before and self._before == one.id:
            rows.append(_blocks.facts([(days.dated(each.on), _said(each)) for each in before], label="inline"))
        return _blocks.group(*rows, look="item", name=name, label=_said(one))

    def _earlier(self, one: Entry) -> list[Entry]:
        """What it was before, newest first; what was only looked at again is not said twice."""
        found: list[Entry] = []
        for each in self.bench.profiles.history(one):
            if _said(each) and (not found or _said(found[-1]) != _said(each)):
                found.append(each)
        return found[-2::-1]

    def _family(self) -> Iterable[Block]:
        """What the family wrote for the learner to read."""
        told = self.bench.replies.to_learner(self.learner)
        if told:
            title = _blocks.heading(_("From my family"))
            aloud = _blocks.aloud([one.words for one in reversed(told)])
            said = (
                _blocks.group(
                    _blocks.quote(one.words, look="strong"), _blocks.note(days.dated(one.on), look="quiet"), look="item"
                )
                for one in reversed(told)
            )
            yield _blocks.group(_blocks.group(title, aloud, look="row"), *said, look="card", name="profile/family")

    def _own(self, known: Inventories) -> Block:
        kinds: dict[str, str] = {
            Kind.STRENGTH: _("I am good at it"),
            Kind.INTEREST: _("I like it"),
            Kind.PREFERENCE: _("It works best for me"),
            Kind.NEED: _("I need it"),
        }
        domains: dict[str, str] = {one: known.domains[one] for one in Domain}
        return _blocks.group(
            _blocks.heading(_("Something else about me"), level=3),
            _blocks.group(
                _blocks.select("profile/domain", _("It is about"), self._domain, domains, self._about, size="beside"),
                _blocks.select("profile/kind", _("And"), self._kind, kinds, self._as, size="beside"),
                look="columns",
            ),
            _blocks.adder("profile/own", _("In your own words"), self._say),
            look="item",
            name="profile/more",
        )

    # What is done

    def _open(self, page: str, at: int = 0) -> None:
        self._undo.leave()
        self.page, self._at = page, at

    def _still(self) -> None:
        self.bench.profiles.confirm(self.learner)

    def _look_back(self, entry: str) -> None:
        self._before = entry

    def _about(self, domain: str) -> None:
        self._domain = Domain(domain)

    def _as(self, kind: str) -> None:
        self._kind = Kind(kind)

    def _say(self, words: str) -> None:
        said = {one.words.casefold() for one in self.bench.profiles.of(self.learner) if not one.item}
        if words.strip().casefold() not in said:  # sent again after a reload, it is said once
            self.bench.profiles.say(self.learner, words, domain=self._domain, kind=self._kind)

    def _remove(self, one: Entry) -> None:
        self.bench.profiles.withdraw(one)
        self._undo.did(_said(one), partial(self.bench.profiles.undo, one))


def at_a_glance(bench: Workbench, learner: int) -> Block:
    """What a learner says of themselves, to look at beside a conference: what the actor is told, by domain."""
    known = bench.profiles.inventories(language())
    said = [one for one in bench.profiles.of(learner) if one.words or one.choice]
    parts: list[Block] = [_blocks.heading(_("Profile"), level=3)]
    if not said:
        parts.append(_blocks.note(_("Nothing was told yet. Get ready asks for it."), look="quiet"))
    by_domain = []
    for domain in Domain:
        here = [(_said(one), _asked(known, one)) for one in said if one.domain is domain]
        if here:
            title = _blocks.note(known.domains[domain], look="quiet")
            by_domain.append(_blocks.group(title, _blocks.facts(here), look="part"))
    return _blocks.group(*parts, _blocks.group(*by_domain, look="parts"), name="profile.glance")


def _asked(known: Inventories, one: Entry) -> str:
    item = known.item(one.item) if one.item else None
    return item.ask if item else ""


def _said(one: Entry) -> str:
    return " · ".join(part for part in (one.choice, one.words) if part)
