"""What a page is made of, as values: fields with what keeps their answers, and things to look at.

A block is drawn by `static/blocks.js`, which knows its `kind`; `keep` is called with the
answer when there is one. Everything in a block is data: the page shows it as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from workbench.goals.plans import three_in_a_row
from workbench.ground import days, strokes
from workbench.ground.choices import Option
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.symbols import shapes

#: What nobody types and a database may refuse.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
LONGEST = 5000  # letters in one answer; nobody types as many, a slip of the clipboard may

Keep = Callable[[Any], object]
#: What one chooses from: words, values with their words, or a protocol's options.
Options = Iterable[str | Option] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page. `name` tells answers apart; `shown` is what the page needs to draw it."""

    kind: str
    name: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    keep: Keep | None = None
    inside: tuple[Block, ...] = ()

    def drawn(self) -> dict[str, Any]:
        """The block as the page gets it."""
        parts = {"inside": [block.drawn() for block in self.inside]} if self.inside else {}
        return {"kind": self.kind, "name": self.name, **self.shown, **parts}

    def keeps(self) -> dict[str, Keep]:
        """What keeps the answers of this block and of those inside it, by name."""
        found = {self.name: self.keep} if self.keep else {}
        for block in self.inside:
            found |= block.keeps()
        return found

    def __repr__(self) -> str:
        return f"<Block {self.kind}>"


# Fields


def text(
    name: str,
    label: str,
    value: str,
    keep: Callable[[str], object],
    *,
    hint: str = "",
    starters: Iterable[str] = (),
    options: Iterable[str | Option] = (),
    size: str = "",
    needed: bool = False,
) -> Block:
    """A box that grows with its words. Starters begin a sentence, options are whole ones.

    `size`: "big" for what matters most, "line" for a word or two. `needed`: emptying it is not an answer.
    """
    shown = {
        "label": label,
        "value": value,
        "hint": hint,
        "starters": list(starters),
        "options": [one.words if isinstance(one, Option) else one for one in options],
        "size": size,
        "needed": needed,
    }
    return Block("text", name, shown, lambda answer: keep(_words(answer)))


def choice(
    name: str,
    label: str,
    value: str,
    options: Options,
    keep: Callable[[str], object],
    *,
    hint: str = "",
    faces: bool = False,
    own: str = "",
    quiet: bool = False,
) -> Block:
    """One of several. `own` labels a box for an answer that is not among them; `faces` draws them."""
    offered = _offered(options)
    known = [one["value"] for one in offered]

    def check(answer: Any) -> None:
        if answer not in known and not own:
            raise BadInput(_("This is not one of the choices."), _("Choose one that is shown."))
        keep(_words(answer))

    shown = {
        "label": label,
        "value": value,
        "hint": hint,
        "options": offered,
        "own": own,
        "quiet": quiet,
    }
    return Block("faces" if faces else "choice", name, shown, check)


def adder(name: str, label: str, add: Callable[[str], object]) -> Block:
    """A box for one more of several."""
    return Block("adder", name, {"label": label}, lambda answer: add(_words(answer)))


def tips(to: str, label: str, rows: Iterable[tuple[str, str]]) -> Block:
    """Words to take up, each with why; a touch puts them into the box of the adder called `to`, to word further."""
    told = [{"words": words, "why": why} for words, why in rows]
    return Block("tips", shown={"label": label, "to": to, "rows": told})


def day(
    name: str,
    label: str,
    value: date | None,
    keep: Callable[[date | None], object],
    *,
    today: date,
    offer: Mapping[date, str] | None = None,
    quiet: bool = False,
    past: bool = False,
    chips: bool = False,
) -> Block:
    """A day, said in words beside the field; `offer` names days to take with one touch, `past` allows earlier ones.

    `chips`: there is nothing but what is offered.
    """
    shown = {
        "label": label,
        "value": value.isoformat() if value else "",
        "said": days.said(value, today) if value else "",
        "least": "" if past else today.isoformat(),
        "offer": [{"value": one.isoformat(), "label": words} for one, words in (offer or {}).items()],
        "quiet": quiet,
        "chips": chips,
    }
    return Block("day", name, shown, lambda answer: keep(_day(answer)))


def menu(
    name: str,
    label: str,
    picked: Iterable[str],
    options: Options,
    *,
    add: Callable[[str], object],
    drop: Callable[[str], object],
    own: str,
    hint: str = "",
    board: bool = False,
) -> Block:
    """Several of a menu, and own ones. Picking or dropping what is so already changes nothing.

    `board`: three by three, as for tic-tac-toe; three in a row are shown.
    """
    there = list(picked)

    def pick(answer: Any) -> None:
        if not isinstance(answer, Mapping):
            raise BadInput(_("This is not one of the choices."), _("Choose one that is shown."))
        said, wanted = _words(answer.get("words")), bool(answer.get("picked"))
        if wanted != (said in there):
            (add if wanted else drop)(said)

    def add_own(answer: Any) -> None:
        said = _words(answer).strip()
        if said.casefold() not in {one.casefold() for one in there}:  # sent again after a reload, it is said once
            add(said)

    own_box = (Block("adder", f"{name}.own", {"label": own}, add_own),) if own else ()
    offered = [{**one, "picked": one["value"] in there} for one in _offered(options)]
    row = three_in_a_row([place for place, one in enumerate(offered) if one["picked"]]) if board else ()
    for place in row:
        offered[place]["row"] = True
    shown = {
        "label": label,
        "hint": hint,
        "options": offered,
        "board": board,
        "says": _("Three in a row!") if row else "",
    }
    return Block("menu", name, shown, pick, own_box)


def pad(name: str, label: str, value: str, keep: Callable[[str], object]) -> Block:
    """A sheet to draw on, folded away while it is empty; the answer is strokes as text (`workbench.ground.strokes`)."""
    return Block("pad", name, {"label": label, **_sheet(value)}, lambda answer: keep(_drawn(answer)))


def button(
    name: str,
    label: str,
    press: Callable[[], object],
    *,
    look: str = "",
    focus: str = "",
    says: str = "",
    pressed: bool | None = None,
    picture: str = "",
) -> Block:
    """Something to press. `look`: "primary", "link" …; `focus` names where one goes on, `says` is its whole name.

    `pressed` says how it stands, for one that is pressed in and out; `picture` stands before its words.
    """
    shown = {"label": label, "look": look, "focus": focus, "says": says, "pressed": pressed, "picture": picture}
    return Block("button", name, shown, lambda _answer: press())


def select(
    name: str, label: str, value: str, options: Mapping[str, str], keep: Callable[[str], object], *, size: str = ""
) -> Block:
    """One of many, folded away. `size`: "beside" with its label on one line."""
    block = choice(name, label, value, options, keep)
    return Block("select", name, {**block.shown, "size": size}, block.keep)


# Things to look at

#: Blocks that ask, and those that are not read with what they stand in.
_QUESTIONS = frozenset(("text", "choice", "faces", "menu", "day"))
_SILENT = frozenset(("aloud", "button", "adder", "pad", "select"))


def heading(
    words: str,
    *,
    number: str = "",
    lead: str = "",
    level: int = 2,
    told: str = "",
    symbol: str = "",
    unseen: bool = False,
) -> Block:
    """`told` names a heading that is read out when its words change; `symbol` is of the learner whose page it is.

    One that is `unseen` is there for those who listen, where pictures say the rest.
    """
    shown = {"words": words, "number": number, "lead": lead, "level": level, "told": told, "unseen": unseen}
    return Block("heading", shown={**shown, **beside(symbol)})


def note(words: str, *, look: str = "", symbol: str = "") -> Block:
    """A sentence. `look`: "quiet", "amber", "done"; `symbol`: of the learner whose name it is."""
    return Block("note", shown={"words": words, "look": look, **beside(symbol)})


def beside(symbol: str) -> dict[str, Any]:
    """What a block with a learner's name shows of their symbol; nothing where they have none."""
    return {"symbol": shapes(symbol)} if symbol else {}


def undo(name: str, words: str, button: Block) -> Block:
    """What was just done, told once, and the way back."""
    return Block("undo", name, {"words": words}, None, (button,))


def quote(words: str, *, look: str = "") -> Block:
    """What the learner really said, in quotation marks."""
    return Block("quote", shown={"words": words, "look": look})


def drawing(value: str) -> Block:
    """What was drawn, to look at."""
    return Block("drawing", shown=_sheet(value))


def aloud(words: Iterable[str]) -> Block:
    """Reads words with the browser's own voice."""
    return Block(
        "aloud",
        shown={"label": _("Read aloud"), "stop": _("Stop reading"), "say": list(dict.fromkeys(filter(None, words)))},
    )


def told(rows: Iterable[tuple[str, str, str]], *, label: str = "") -> Block:
    """Pictures that say a sentence when they are touched: each picture with the word under it and the sentence."""
    told = [{"picture": picture, "label": words, "says": says} for picture, words, says in rows]
    return Block("told", shown={"label": label, "rows": told})


def spoken(*blocks: Block) -> list[str]:
    """What blocks show, in the order in which one reads it: questions, what can be picked, and a learner's own words.

    Of an option that is a picture with a word, its whole sentence.
    """
    found: list[str] = []
    for block in blocks:
        shown = block.shown
        found += [str(shown[part]) for part in ("label", "words", "title", "lead", "hint") if shown.get(part)]
        found += [one if isinstance(one, str) else one.get("says", one["label"]) for one in shown.get("options", ())]
        found += [*shown.get("starters", ()), *(" ".join(pair) for pair in shown.get("pairs", ()))]
        if block.kind == "told":
            found += [row["says"] for row in shown["rows"]]
        if block.kind == "text":
            found.append(shown["value"])
        found += spoken(*(one for one in block.inside if one.kind not in _SILENT))
    return list(dict.fromkeys(found))


def read_out(block: Block) -> Block:
    """The block, with a button beside each of its questions that reads it aloud."""
    if block.kind in _QUESTIONS:
        return replace(block, shown={**block.shown, "aloud": aloud(spoken(block)).shown})
    return replace(block, inside=tuple(map(read_out, block.inside)))


def empty(title: str, words: str, *actions: Block) -> Block:
    """What will be here, and the one thing to do."""
    return Block("empty", shown={"title": title, "words": words}, inside=actions)


def group(*blocks: Block, look: str = "", name: str = "", label: str = "") -> Block:
    """Blocks that belong together. `look`: "columns", "row", "item", "card", "agreement" …"""
    return Block("group", name, {"look": look, "label": label}, None, blocks)


def facts(pairs: Iterable[tuple[str, str]], *, label: str = "") -> Block:
    """Names and values, one below the other."""
    return Block("facts", shown={"label": label, "pairs": [list(pair) for pair in pairs]})


def table(label: str, header: list[str], rows: list[list[str]], *, numbers: tuple[int, ...] = ()) -> Block:
    """A table; `numbers` are the columns of figures."""
    return Block("table", shown={"label": label, "header": header, "rows": rows, "numbers": list(numbers)})


def dates(items: Iterable[tuple[date, str, str]], *, today: date, label: str) -> Block:
    """A dated path: days with words, `look` one of "", "done", "check-in", "next"."""
    rows = [{"day": days.full(when), "words": words, "look": look, "past": when < today} for when, words, look in items]
    return Block("dates", shown={"label": label, "rows": rows})


def _offered(options: Options) -> list[dict[str, str]]:
    if isinstance(options, Mapping):
        return [{"value": one, "label": words} for one, words in options.items()]
    every = [one if isinstance(one, Option) else Option(one) for one in options]
    return [
        {
            "value": one.words,
            "label": one.label or one.words,
            **({"says": one.words} if one.label else {}),
            **({"picture": one.picture} if one.picture else {}),
        }
        for one in every
    ]


def _sheet(value: str) -> dict[str, Any]:
    drawn = strokes.read(value)
    return {"value": value, "path": strokes.path(drawn), "width": strokes.WIDTH, "height": strokes.HEIGHT}


def _drawn(answer: Any) -> str:
    if not isinstance(answer, str):
        raise BadInput(_("This is not a drawing."), _("Draw it again."))
    return strokes.written(strokes.read(answer))


def _words(answer: Any) -> str:
    if not isinstance(answer, str):
        raise BadInput(_("This answer is not made of words."), _("Type it again."))
    if len(answer) > LONGEST:
        raise BadInput(_("This is too long to keep."), _("Make it shorter; the first part is what matters."))
    return _UNSEEN.sub("", answer)


def _day(answer: Any) -> date | None:
    if answer in ("", None):
        return None
    try:
        return date.fromisoformat(answer)
    except (TypeError, ValueError):
        raise BadInput(_("This is not a day."), _("Choose one from the calendar.")) from None


def listed(some: Iterable[Block], *, look: str = "", label: str = "", numbered: bool = False) -> Block:
    """Blocks one below the other, told as a list."""
    return Block("list", "", {"look": look, "label": label, "numbered": numbered}, None, tuple(some))
