"""Draws sections on paper: PDF by typst, tagged (PDF/UA-1), the same bytes for the same values.

    sheet = Sheet.of(page, sections, draw)
    pdf([sheet], paper="letter")

A sheet holds values alone, its charts drawn: `reports/paper.typ` draws them, and nobody's words are read as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.ground import design, resources
from workbench.ground.drawing import Draw
from workbench.ground.words import _, speaking
from workbench.reporting import charts
from workbench.reporting.blocks import Chart, Name, to_plain
from workbench.reporting.section import Page, Section

if TYPE_CHECKING:
    import typst

_PAPERS = {"letter": "us-letter", "a4": "a4"}  # as typst calls them
#: Stands for what no font here can show.
LOST = "□"
_QUOTES = {"es": ("«", "»")}
_NOT_WORDS = ("Cc", "Cs")  # controls, and halves of letters
_TRIAL = b"#set document(title: [a], date: none)\n#text(sys.inputs.letter)"
_LOST = re.compile(f"{LOST}(?:[\u200d\ufe00-\ufe0f]*{LOST})*[\u200d\ufe00-\ufe0f]*")  # one sign is often several


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One report as paper needs it, as plain values: the running `head`, how pages are numbered, the drawn sections."""

    title: str
    head: str
    numbers: str
    language: str
    band: str
    quotes: tuple[str, str]
    sections: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, page: Page, sections: Sequence[Section], draw: Draw) -> Sheet:
        """The sheet of a page and its sections; charts are drawn by `draw`."""
        sections = [one for one in sections if one.title or one.blocks]
        with speaking(page.language):
            if not _named(sections):
                sections = [Section("who", "", (Name(page.title),), page.band, page.language), *sections]
            name = sections[0].blocks[0]
            facts = name.facts[:1] if isinstance(name, Name) else ()
            return cls(
                title=page.title,
                head=" · ".join((page.by or page.title, *facts)),
                numbers=_("{page} of {pages}"),
                language=page.language,
                band=page.band,
                quotes=_QUOTES.get(page.language, ("“", "”")),
                sections=tuple(_drawn(to_plain(one), draw) for one in sections),
            )

    def to_json(self) -> dict[str, Any]:
        """The sheet as plain JSON."""
        return asdict(self)

    @classmethod
    def of_json(cls, plain: Mapping[str, Any]) -> Sheet:
        """The sheet that `to_json` told."""
        return cls(**{**plain, "quotes": tuple(plain["quotes"]), "sections": tuple(plain["sections"])})

    def __repr__(self) -> str:
        return "<Sheet>"


@dataclass(frozen=True, slots=True, repr=False)
class Cover:
    """The sheet on top of many: `names` as rows, a box to tick in each of `columns` after the first, then `notes`."""

    title: str
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    language: str = "en"

    def to_json(self) -> dict[str, Any]:
        """The cover as plain JSON."""
        return asdict(self)

    @classmethod
    def of_json(cls, plain: Mapping[str, Any]) -> Cover:
        """The cover that `to_json` told."""
        told: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in plain.items()}
        return cls(**told)

    def __repr__(self) -> str:
        return "<Cover>"


def pdf(sheets: Sequence[Sheet], *, paper: str = "letter", cover: Cover | None = None) -> bytes:
    """The sheets as one PDF, each beginning on an odd page, beneath a cover if there is one.

    What no font here can show becomes a □, and the sheet says so.
    """
    import typst

    for shown in (_shows, _plain):
        plain = [_printable(sheet, shown) for sheet in sheets]
        top = _cleaned(cover.to_json(), shown) if cover is not None else None
        told = {
            "title": (top or plain[0])["title"].strip() or "–",
            "language": (top or plain[0])["language"],
            "paper": _PAPERS[paper],
            "fonts": [design.FONT, *design.SCRIPTS],
            "colours": design.COLOURS,
            "cover": top,
            "sheets": plain,
        }
        try:
            return _compiled(json.dumps(told))
        except typst.TypstError:  # letters that are there one by one, and not together
            if shown is _plain:
                raise
    raise AssertionError


def _compiled(told: str) -> bytes:
    made = _compiler().compile(format="pdf", pdf_standards=["ua-1"], sys_inputs={"told": told})
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _printable(sheet: Sheet, shows: Callable[[str], bool]) -> dict[str, Any]:
    """The sheet's values with letters that paper can show, and a line at its end where some could not be."""
    plain: dict[str, Any] = _cleaned(sheet.to_json(), shows)
    if json.dumps(plain, ensure_ascii=False).count(LOST) > json.dumps(sheet.to_json(), ensure_ascii=False).count(LOST):
        with speaking(sheet.language):
            words = _("{sign} stands for a sign that paper cannot show; the page on a screen has it.").format(sign=LOST)
        blocks = [{"is": "text", "text": words, "tone": "quiet"}]
        plain["sections"].append({"kind": "footer", "title": "", "blocks": blocks})
    return plain


def _cleaned(value: Any, shows: Callable[[str], bool]) -> Any:
    if isinstance(value, str):
        return _shown(value, shows)
    if isinstance(value, dict):
        return {name: one if name in ("is", "svg") else _cleaned(one, shows) for name, one in value.items()}
    return [_cleaned(one, shows) for one in value] if isinstance(value, list | tuple) else value


def _shown(words: str, shows: Callable[[str], bool]) -> str:
    """Words composed (NFC) and without what is no letter; what cannot be shown as its plain letters, else as `LOST`."""
    composed = "\n".join(unicodedata.normalize("NFC", words).splitlines())
    seen = []
    for letter in composed:
        if letter == "\n" or shows(letter):
            seen.append(letter)
        elif unicodedata.category(letter) not in _NOT_WORDS:
            plain = unicodedata.normalize("NFKD", letter)
            seen.append(plain if plain != letter and all(map(shows, plain)) else LOST)
    return _LOST.sub(LOST, "".join(seen))


def _plain(letter: str) -> bool:
    return (letter.isprintable() and design.has(letter)) or letter == LOST


@cache
def _shows(letter: str) -> bool:
    """Whether some font here has the letter, as typst finds it."""
    import typst

    if _plain(letter):
        return True
    if unicodedata.category(letter) in _NOT_WORDS:
        return False
    try:
        _trial().compile(_TRIAL, format="pdf", pdf_standards=["ua-1"], sys_inputs={"letter": letter})
    except typst.TypstError:
        return False
    return True


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=list(map(str, design.paper_fonts())))


@cache
def _compiler() -> typst.Compiler:
    import typst

    source = resources.reports() / "paper.typ"
    return typst.Compiler(source, root=source.parent, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _trial() -> typst.Compiler:
    import typst

    return typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)


def _named(sections: Sequence[Section]) -> bool:
    """Whether they begin with a name, as the heading of all."""
    first = sections[0] if sections else None
    return first is not None and first.kind == "who" and not first.title and isinstance(first.blocks[0], Name)


def _drawn(plain: Any, draw: Draw) -> Any:
    """A section's plain values, each chart as its drawing and what it says."""
    if isinstance(plain, list):
        return [_drawn(one, draw) for one in plain]
    if not isinstance(plain, dict):
        return plain
    if plain.get("is") == Chart.kind:
        alt = " ".join(filter(None, (plain["sentence"], plain["numbers"]))) or _("A picture without a description")
        return {"is": Chart.kind, "svg": charts.with_outlines(draw(plain["spec"])), "alt": alt}
    return {name: _drawn(one, draw) for name, one in plain.items()}
