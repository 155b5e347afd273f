"""An executed notebook as one page that stands by itself: drawn late, no script, no other host."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from workbench import __version__
from workbench.batch.plan import INDEX
from workbench.ground import design, resources
from workbench.ground.drawing import Draw
from workbench.ground.errors import BadInput
from workbench.ground.words import _, language
from workbench.kernels.charts import CHART, VEGA_LITE, described
from workbench.reporting import PAGE, SECTION, Page, Section, html, style
from workbench.reporting.html import apart, figure

#: Cells with one of these tags are for whoever edits the notebook, not for the page.
HIDDEN = frozenset({"hide", "remove_cell", "remove-cell"})
GENERATOR = "Learner-Led Workbench"
_ASIDE = re.compile(r"<(style|script)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_REACHES_OUT = re.compile(r"<(?:image|a)\b|url\(\s*['\"]?\s*\w+:", re.IGNORECASE)  # in an SVG
_HEAD = 8_000  # characters of a page in which its title and author stand
_TAGS = (
    "a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre small span strong"
    " sub sup table tbody td tfoot th thead tr u ul"
)
_ATTRIBUTES = {"a": ["href", "title"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"]}
_MAIN = re.compile(r"<main>(?P<main>.*)</main>", re.DOTALL)
_AUTHOR = re.compile(r'<meta name="author" content="([^"]*)">')


def look() -> str:
    """The CSS of a page with its fonts inside, the same for all: it takes a second, so it is made once."""
    return design.font_faces() + style()


def page(notebook: Any, name: str, draw: Draw, css: str) -> str:
    """The page of an executed notebook. Sections are drawn from their values, other outputs shown as they are."""
    head = _head(notebook, name)
    return _template("report.html.j2").render(
        page=head,
        generator=f"{GENERATOR} {__version__}",
        style=Markup(css),  # noqa: S704 (our own)
        parts=list(_parts(notebook, draw)),
    )


def index(folder: Path, title: str) -> str:
    """A page that leads to every report in a folder, by name."""
    found = []
    for path in sorted(folder.glob("*.html"), key=lambda one: one.name.casefold()):
        if path.name == INDEX:
            continue
        with path.open(encoding="utf-8") as text:
            author = _AUTHOR.search(text.read(_HEAD))
        found.append((path.name, Markup(author[1]).unescape() if author else path.stem.replace("-", " ")))  # noqa: S704
    return _template("index.html.j2").render(
        title=title,
        lang=language(),
        hint=_("Open one to read or print it."),
        style=Markup(look()),  # noqa: S704 (our own)
        found=found,
    )


def together(pages: Iterable[str], title: str, head: Markup | str = "", top: Markup | str = "") -> str:
    """Many reports as one page to print, each beginning on a sheet of its own; `head` and `top` are a server's."""
    parts = []
    for number, page in enumerate(pages):
        body = _MAIN.search(page)
        if body is None:
            raise ValueError("this is no report's page")
        parts.append(Markup(apart(body["main"], f"r{number}")))  # noqa: S704 (as it was drawn)
    return _template("together.html.j2").render(
        title=title,
        lang=language(),
        style=Markup(look()),  # noqa: S704 (our own)
        parts=parts,
        head=head,
        top=top,
    )


def draw_outputs(notebook: Any, draw: Draw) -> None:
    """Gives the sections in an executed notebook their drawn HTML, so that it can be read as it is."""
    for place, output in enumerate(_outputs(notebook)):
        data = output.get("data", {})
        if SECTION in data:
            data["text/html"] = html(Section.of_json(data[SECTION]), draw, place=f"s{place}-")


def sections(notebook: Any, name: str) -> tuple[Page, tuple[Section, ...]] | None:
    """The page and the sections of an executed notebook; None where it shows anything else, too."""
    found = []
    for cell in notebook.cells:
        if HIDDEN.intersection(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "markdown":
            return None
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if SECTION in data:
                found.append(Section.of_json(data[SECTION]))
            elif PAGE not in data and _shown(output, data):
                return None
    return _head(notebook, name), tuple(found)


def _head(notebook: Any, name: str) -> Page:
    for output in _outputs(notebook):
        told = output.get("data", {}).get(PAGE)
        if told is not None:
            return Page(**{key: str(told.get(key, "")) for key in ("title", "by", "language", "band")})
    return Page(str(notebook.metadata.get("title", name)), language=language(), band="adult")


def _parts(notebook: Any, draw: Draw) -> Iterator[Markup]:
    place = 0
    for cell in notebook.cells:
        if HIDDEN.intersection(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "markdown":
            yield _own(_sanitized(_markdown(cell.source)))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            place += 1
            chart = _chart(data)
            if SECTION in data:
                yield Markup(html(Section.of_json(data[SECTION]), draw, place=f"s{place}-"))  # noqa: S704 (escaped there)
            elif chart is not None:
                yield _own(_drawn(chart, draw, f"s{place}"))
            elif PAGE not in data:
                shown = _shown(output, data)
                if shown:
                    yield _own(shown)


def _outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def _shown(output: Any, data: Mapping[str, Any]) -> Markup:
    """An output that is no section: a table, a picture or text."""
    if output.output_type == "stream":
        return _text(output.text) if output.name == "stdout" else Markup()
    if "text/html" in data:
        return _of_html(data)
    if "image/svg+xml" in data:
        return _image("svg+xml", base64.b64encode(data["image/svg+xml"].encode()).decode())
    for kind in ("png", "jpeg"):
        if f"image/{kind}" in data:
            return _image(kind, data[f"image/{kind}"])
    if "text/markdown" in data:
        return _sanitized(_markdown(data["text/markdown"]))
    return _text(data["text/plain"]) if "text/plain" in data else Markup()


def _chart(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The Vega-Lite spec of an output, whichever renderer showed it; None of any other."""
    return next((data[kind] for kind in data if kind == CHART or kind.startswith(VEGA_LITE)), None)


def _drawn(chart: Mapping[str, Any], draw: Draw, prefix: str) -> Markup:
    try:
        svg = draw(chart)
    except ValueError:
        raise BadInput(
            _("A chart of this report cannot be drawn."),
            _("Give it its data as a table; no address is asked for any."),
        ) from None
    if _REACHES_OUT.search(svg):  # as a picture it can ask for nothing
        return _image("svg+xml", base64.b64encode(svg.encode()).decode(), described(chart))
    return Markup(figure(svg, described(chart), "", prefix))  # noqa: S704 (our drawer's, its words escaped)


def _of_html(data: Mapping[str, Any]) -> Markup:
    """An output in HTML. Raises BadInput where nothing is left of it without its script: it must not vanish unsaid."""
    shown = _sanitized(data["text/html"])
    if "<script" in data["text/html"].casefold() and not shown.striptags() and "<img" not in shown:
        raise BadInput(
            _("An output of this report needs a script, and a page runs none."),
            _("Show a table, a picture, or an Altair chart as it is."),
        )
    return shown


def _own(inner: Markup) -> Markup:
    return Markup('<section class="report-section report-at-own">{}</section>').format(inner)


def _text(text: str) -> Markup:
    from nbconvert.filters import strip_ansi

    plain = strip_ansi(text)
    return Markup("<pre>{}</pre>").format(plain) if plain.strip() else Markup()


def _image(kind: str, content: str, says: str = "") -> Markup:
    data = re.sub(r"\s", "", content)
    says = says or _("A picture without a description")
    return Markup('<img alt="{}" src="data:image/{};base64,{}">').format(says, kind, data)


def _markdown(source: str) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source))


def _sanitized(text: str) -> Markup:
    return Markup(_cleaner().sanitize_html_tags(_ASIDE.sub("", text)))  # noqa: S704 (that is what it is for)


@cache
def _cleaner() -> Any:
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    return SanitizeHTML(tags=_TAGS.split(), attributes=_ATTRIBUTES, strip=True)


@cache
def _template(name: str) -> Template:
    place = FileSystemLoader(resources.reports())
    return Environment(loader=place, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
