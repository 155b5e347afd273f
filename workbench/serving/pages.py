"""Our own pages, drawn from the templates in `pages/`."""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import jinja2
from tornado.web import RequestHandler

from workbench import design
from workbench.serving.front import BUNDLE, Front
from workbench.serving.site import App, Site
from workbench.words import _, language, ngettext

HERE = Path(__file__).parent
STATIC = HERE / "static"
#: Where styles, scripts and fonts of ours are, below the server's root.
STATIC_AT = "/workbench/static/"
FONTS_AT = "/workbench/fonts/"
TOKENS_AT = "/workbench/tokens.css"


class Pages:
    """Draws the pages of one server."""

    def __init__(self, site: Site) -> None:
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.globals.update(_=_, ngettext=ngettext, **frame(site))

    def home(self, handler: RequestHandler, **values: Any) -> str:
        return self._draw("home.html", xsrf=handler.xsrf_form_html(), **values)

    def sign_in(self, handler: RequestHandler, *, wrong: bool = False) -> str:
        """The page for a browser that was not let in yet, shown at whatever address was asked for."""
        return self._draw("sign_in.html", xsrf=handler.xsrf_form_html(), wrong=wrong)

    def problem(self, handler: RequestHandler, sentence: str, step: str) -> str:
        return self._draw("problem.html", sentence=sentence, step=step)

    def app(self, app: App, front: Front, kernel: str) -> str:
        """An app's page up to where the notebook's outputs begin."""
        title = json.loads(app.notebook.read_text(encoding="utf-8"))["metadata"].get("title", "")
        return self._draw(
            "app.html", title=title, front=front, bundle=BUNDLE, config=front.config | {"kernelId": kernel}
        )

    def broken(self, *, cut: bool = False) -> str:
        """What stands where a notebook failed; `cut`: and nothing comes after it."""
        return self._draw("broken.html", cut=cut)

    def _draw(self, name: str, **values: Any) -> str:
        return self._env.get_template(name).render(language=language(), **values)


def frame(site: Site) -> dict[str, Any]:
    """What the frame around each page needs."""
    return {"asset": asset, "tokens": f"{TOKENS_AT}?v={_mark(tokens())}", "educator": site.educator}


@cache
def asset(name: str) -> str:
    """The address of a file in `static/`, which changes when the file does."""
    return f"{STATIC_AT}{name}?v={_mark((STATIC / name).read_bytes())}"


@cache
def tokens() -> bytes:
    """The design's tokens and fonts as a style sheet."""
    return (design.variables() + design.font_faces(FONTS_AT)).encode()


def _mark(content: bytes) -> str:
    return blake2b(content, digest_size=6).hexdigest()
