"""Draws sections as HTML. Every word is escaped; nothing asks another host."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from workbench.ground import design, resources
from workbench.ground.drawing import Draw
from workbench.reporting.blocks import Beside, Block, Chart, Listing, Name, Path, Picked, Said, Signatures, Text, Topic

if TYPE_CHECKING:
    from workbench.reporting.section import Page, Section

_LONG = 100  # characters, from which the largest words step down a size
_ID = re.compile(r'(?<=\sid=")([^"]+)(?=")')
_REFERENCE = re.compile(r"""(url\(["']?#|href="#)([^)"']+)""")
_NAMED_BY = re.compile(r'(?<=\saria-labelledby=")[^"]+(?=")')
_TAG = re.compile(r"<[^>]+>")
_SPOKEN = re.compile(r'\s(?:role|aria-[a-z]+|xmlns:xlink)="[^"]*"')
_LONG_NUMBER = re.compile(r"(\d\.\d{2})\d+")
_HEAD = re.compile(r"<svg[^>]*>")
_SIZE = re.compile(r'\b(width|height|viewBox)="([^"]+)"')


#: What scripts that draw formulas pass over (MathJax 3 in JupyterLab, 2 in nbconvert's pages): a learner's $ is money.
AS_TYPED = "mathjax_ignore tex2jax_ignore"


def html(section: Section, draw: Draw | None, *, place: str = "") -> str:
    """A section as HTML, nothing for one without title and blocks. Charts are drawn by `draw`; without, as words alone.

    `place` keeps ids apart where one section stands on a page twice.
    """
    if not section.title and not section.blocks:
        return ""
    pen = _Pen(draw, f"{place}{section.kind}")
    title = f"<h2>{escape(section.title)}</h2>" if section.title else ""
    body = "".join(pen.block(block) for block in section.blocks)
    return (
        f'<section class="report-section report-at-{escape(section.kind)} band-{escape(section.band)} {AS_TYPED}"'
        f' lang="{escape(section.language)}">{title}{body}</section>'
    )


def apart(body: str, prefix: str) -> str:
    """What a page's sections were drawn as, with ids that no other page's have beside it."""

    def own(names: re.Match[str]) -> str:
        return " ".join(f"{prefix}-{one}" for one in names[0].split())

    return _TAG.sub(lambda tag: _NAMED_BY.sub(own, _own_ids(tag[0], prefix)), body)


def heading(page: Page) -> str:
    """What a live page needs before its first section: the style, and the note for whoever looks."""
    note = f'<p class="report-note {AS_TYPED}" role="note">{escape(page.note)}</p>' if page.note else ""
    return f"<style>{style()}</style>{note}"


@cache
def style() -> str:
    """The CSS that report pages and live pages share, without the fonts."""
    return design.variables() + (resources.reports() / "report.css").read_text(encoding="utf-8")


class _Pen:
    """Draws one section's blocks, numbering its charts."""

    def __init__(self, draw: Draw | None, place: str) -> None:
        self._draw = draw
        self._place = place
        self._charts = count(1)

    def block(self, block: Block) -> str:
        drawings: dict[type, Callable[..., str]] = {
            Text: self._text,
            Said: self._said,
            Picked: self._picked,
            Listing: self._listing,
            Beside: self._beside,
            Path: self._path,
            Chart: self._chart,
            Topic: self._topic,
            Name: self._name,
            Signatures: self._signatures,
        }
        return drawings[type(block)](block)

    def _text(self, block: Text) -> str:
        return f'<p class="report-{escape(block.tone)}">{escape(block.text)}</p>'

    def _said(self, block: Said) -> str:
        asked = f'<p class="report-asked">{escape(block.asked)}</p>' if block.asked else ""
        words = _lines(block.words)
        if block.size == "quote":
            words = f"<q>{words}</q>"
        look = f"report-words report-words-{escape(block.size)}" + (" report-long" if len(block.words) > _LONG else "")
        return f'<div class="report-said">{asked}<p class="{look}">{words}</p></div>'

    def _picked(self, block: Picked) -> str:
        asked = f'<p class="report-asked">{escape(block.asked)}</p>' if block.asked else ""
        return f'<div class="report-said">{asked}<p class="report-picked">{escape(block.choice)}</p></div>'

    def _listing(self, block: Listing) -> str:
        notes = (f'<small class="report-quiet">{escape(one.note)}</small>' if one.note else "" for one in block.items)
        items = "".join(f"<li>{_lines(one.words)}{note}</li>" for one, note in zip(block.items, notes, strict=True))
        listed = f"<ul>{items}</ul>" if items else f'<p class="report-invite">{escape(block.empty)}</p>'
        title = f"<h3>{escape(block.title)}</h3>" if block.title else ""
        return f'<div class="report-listing">{title}{listed}</div>'

    def _beside(self, block: Beside) -> str:
        return f'<div class="report-beside">{"".join(self.block(one) for one in block.blocks)}</div>'

    def _path(self, block: Path) -> str:
        stops = []
        for stop in block.stops:
            when = escape(stop.when)
            when = f'<time datetime="{escape(stop.day)}">{when}</time>' if stop.day else f"<span>{when}</span>"
            words = f"<q>{_lines(stop.words)}</q>" if stop.quoted else _lines(stop.words)
            note = f'<small class="report-quiet">{escape(stop.note)}</small>' if stop.note else ""
            stops.append(f'<li class="report-stop-{escape(stop.mark)}">{when}<div>{words}{note}</div></li>')
        return f'<ol class="report-path">{"".join(stops)}</ol>'

    def _topic(self, block: Topic) -> str:
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in block.sentences)
        chart = self._chart(block.chart) if block.chart else ""
        return f'<div class="report-topic"><h3>{escape(block.title)}</h3>{chart}{said}</div>'

    def _chart(self, block: Chart) -> str:
        number = next(self._charts)
        if self._draw is None:
            return f'<p class="report-quiet">{escape(block.sentence)}. {escape(block.numbers)}</p>'
        digest = hashlib.sha256(json.dumps(block.spec, sort_keys=True, default=str).encode()).hexdigest()
        return figure(self._draw(block.spec), block.sentence, block.numbers, f"{self._place}-{digest[:8]}-{number}")

    def _name(self, block: Name) -> str:
        facts = " · ".join(map(escape, block.facts))
        return f'<h1>{escape(block.name)}</h1><p class="report-facts">{facts}</p>'

    def _signatures(self, block: Signatures) -> str:
        line, date = '<span class="report-line" aria-hidden="true"></span>', escape(block.date.lower())
        lines = "".join(f"<li>{line}{escape(person)}, {date}</li>" for person in block.people)
        return f'<ul class="report-signatures">{lines}</ul>'


def figure(svg: str, title: str, description: str, prefix: str) -> str:
    """A drawing as a figure with a text alternative; `prefix` makes its ids the page's own."""
    prefix = re.sub(r"[^\w-]", "", prefix)
    svg = _TAG.sub(lambda tag: _own_tag(tag[0], prefix), svg)
    head = _HEAD.match(svg)
    if head is None:
        raise ValueError("this is not an SVG")
    size = " ".join(f'{name}="{value}"' for name, value in _SIZE.findall(head[0]))
    names = f'<title id="{prefix}-title">{escape(title)}</title><desc id="{prefix}-desc">{escape(description)}</desc>'
    opened = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"'
        f' aria-labelledby="{prefix}-title {prefix}-desc">{names}'
    )
    return f"<figure>{opened}{svg[head.end() :]}</figure>"


def _own_tag(tag: str, prefix: str) -> str:
    """A drawing's tag with the page's ids, and without roles: the figure speaks for it as a whole."""
    return _LONG_NUMBER.sub(r"\1", _SPOKEN.sub("", _own_ids(tag, prefix)))


def _own_ids(tag: str, prefix: str) -> str:
    tag = _ID.sub(lambda found: f"{prefix}-{found[1]}", tag)
    return _REFERENCE.sub(lambda found: f"{found[1]}{prefix}-{found[2]}", tag)


def _lines(words: str) -> str:
    """A learner's words with their own line breaks."""
    return "<br>".join(escape(line) for line in words.splitlines())
