"""Our own pages, drawn from the templates in `pages/`."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale
from markupsafe import Markup
from tornado.web import RequestHandler

from workbench.access.actors import ROLES
from workbench.ground import days, design, forms
from workbench.ground.words import _, language, ngettext
from workbench.learners import symbols
from workbench.learners.settings import LANGUAGES
from workbench.serving.apps import App
from workbench.serving.front import BUNDLE, Front
from workbench.serving.identity import session_of
from workbench.serving.reach import Reach
from workbench.serving.site import Site

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
        self._site = site
        self._by_link = not site.listens
        self._env.globals.update(_=_, ngettext=ngettext, symbol=_symbol, symbols=symbols.NAMES, **frame(site))

    def home(self, handler: RequestHandler, **values: Any) -> str:
        return self._draw("home.html", handler, **values)

    def sign_in(
        self, handler: RequestHandler, *, wrong: bool = False, why: str = "", name: str = "", token: str = ""
    ) -> str:
        """The page for a browser that was not let in yet, shown at whatever address was asked for.

        `why`: what was wrong with what it brought; `token`: of an invitation that is used still.
        """
        by_hub = self._site.reach is Reach.HUB
        by_name = not by_hub and handler.settings["entrance"].has_accounts
        said = {"wrong": wrong, "why": why, "typed": name, "token": token, "by_name": by_name, "by_hub": by_hub}
        return self._draw("sign_in.html", handler, **said, by_link=self._by_link)

    def me(self, handler: RequestHandler, **values: Any) -> str:
        """What an account's owner sees of their sign-ins."""
        return self._draw("me.html", handler, **values, said=_moment, role_names=ROLES)

    def codes(self, handler: RequestHandler, **values: Any) -> str:
        """The codes of a class, and where new ones are made."""
        return self._draw("codes.html", handler, **values, until=_day, reached=not self._by_link)

    def code_sheet(self, handler: RequestHandler, **values: Any) -> str:
        """Codes that were just made."""
        return self._draw("code_sheet.html", handler, **values, until=_day)

    def family(self, handler: RequestHandler, **values: Any) -> str:
        """What a learner shows their family, and where they answer."""
        return self._draw("family.html", handler, **values)

    def hand_over(self, handler: RequestHandler, **values: Any) -> str:
        """The page on which an educator hands a device over."""
        return self._draw("hand_over.html", handler, **values)

    def pictures(self, handler: RequestHandler, **values: Any) -> str:
        """The pictures of the class that a device was handed to."""
        return self._draw("pictures.html", handler, **values)

    def mine(self, handler: RequestHandler, **values: Any) -> str:
        """What the learner who touched a picture can do."""
        return self._draw("mine.html", handler, **values)

    def my_picture(self, handler: RequestHandler, **values: Any) -> str:
        """The symbols to choose from, or the question whether the one just chosen is theirs."""
        return self._draw("my_picture.html", handler, **values)

    def problem(self, handler: RequestHandler, sentence: str, step: str) -> str:
        return self._draw("problem.html", handler, sentence=sentence, step=step)

    def app(self, handler: RequestHandler, app: App, handle: str, front: Front, kernel: str) -> str:
        """An app's page up to where the notebook's outputs begin."""
        title = app.title or json.loads(app.notebook.read_text(encoding="utf-8"))["metadata"].get("title", "")
        return self._draw(
            "app.html",
            handler,
            title=_(title) if title else "",
            view=handle,
            front=front,
            bundle=BUNDLE,
            config=front.config | {"kernelId": kernel},
            forms_at=self._site.address + forms.FORMS_AT,
            script=self._site.address + forms.address("js"),
            style=self._site.address + forms.address("css"),
            cut=False,
        )

    def scripts(self, front: Front) -> Markup:
        """Voilà's scripts and styles, for a page that shows more than forms."""
        return Markup(self._draw("whole.html", front=front, bundle=BUNDLE))  # noqa: S704 - from a template that escapes

    def broken(self, *, cut: bool = False) -> str:
        """What stands where a notebook failed; `cut`: and nothing comes after it."""
        return self._draw("broken.html", cut=cut)

    def _draw(self, name: str, handler: RequestHandler | None = None, **values: Any) -> str:
        posts = {"xsrf": handler.xsrf_form_html()} if handler else {}
        handed = getattr(handler, "handed", False)
        called, session = getattr(handler, "called", ""), session_of(handler) if handler else None
        account = session is not None and session.account is not None
        posted = handler is not None and handler.request.method == "POST"
        return self._env.get_template(name).render(
            language=language(), handed=handed, posted=posted, educator=called, account=account, **posts, **values
        )


def _day(at: datetime) -> str:
    return days.full(at.astimezone().date())


def _moment(at: datetime) -> str:
    here = at.astimezone()
    return days.moment(here, here.date())


def _symbol(name: str, says: str = "") -> Markup:
    return Markup(symbols.drawn(name, says=says))  # noqa: S704 - a drawing of ours, its name escaped


class Broken:
    """What stands where a cell failed, in the language of the page it stands on."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def __str__(self) -> str:
        return self._pages.broken()


def frame(site: Site) -> dict[str, Any]:
    """What the frame around each page needs."""
    spoken = {one: str(Locale(one).get_display_name(one)).capitalize() for one in LANGUAGES}
    return {
        "at": site.at,
        "asset": lambda name: site.at(asset(name)),
        "tokens": site.at(f"{TOKENS_AT}?v={_mark(tokens())}"),
        "languages": spoken,
        "view": "",
    }


@cache
def asset(name: str) -> str:
    """The address of a file in `static/`, which changes when the file does."""
    return f"{STATIC_AT}{name}?v={_mark((STATIC / name).read_bytes())}"


@cache
def tokens() -> bytes:
    """The design's tokens and fonts as a style sheet, which stands beside the fonts."""
    return (design.variables() + design.font_faces("fonts/")).encode()


def _mark(content: bytes) -> str:
    return blake2b(content, digest_size=6).hexdigest()
