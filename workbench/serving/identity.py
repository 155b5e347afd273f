"""Who a request comes from: a browser that was let in, by one of the doors, as one actor.

What a browser holds is a random cookie, and who it is stands in the store (`doors.entrance`). The address printed at
the start carries a key in its fragment, which browsers do not send and nobody logs; the sign-in page hands it over.
Staff sign in by name and password, or come by an invitation's link, which works the same way.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

from workbench.access.actors import Actor
from workbench.access.rules import of_family, themselves
from workbench.doors.accounts import Account
from workbench.doors.entrance import Entrance, Session
from workbench.doors.passes import Kind, short
from workbench.ground.errors import NotAllowed
from workbench.serving.site import Site

#: Headers that only the server sets; they say who asks, in which browser, which kernel is to be the page's, the
#: page's language, the one learner a device was handed to, and what kind of device it is.
ACTOR_HEADER = "X-Workbench-Actor"
SESSION_HEADER = "X-Workbench-Session"
KERNEL_HEADER = "X-Workbench-Kernel"
LANGUAGE_HEADER = "X-Workbench-Language"
ONLY_HEADER = "X-Workbench-Only"
DEVICE_HEADER = "X-Workbench-Device"
HEADERS = (ACTOR_HEADER, SESSION_HEADER, KERNEL_HEADER, LANGUAGE_HEADER, ONLY_HEADER, DEVICE_HEADER)
DAYS = 365  # of the cookie on the computer that serves; how long it opens anything, the store says


class Doors(IdentityProvider):
    """Knows browsers that were let in; everybody else is nobody. Lives as long as the server.

    `key` is what the printed address carries, new at each start; it lets in whoever works at this computer.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key = secrets.token_urlsafe(24)

    @property
    def auth_enabled(self) -> bool:
        return True

    @property
    def login_available(self) -> bool:
        return False

    @property
    def logout_available(self) -> bool:
        return False

    def fits(self, key: str) -> bool:
        """Whether `key` is the one that lets a browser of this computer in."""
        return secrets.compare_digest(key.encode(), self.key.encode())

    async def let_in(self, handler: RequestHandler) -> None:
        """Lets a browser of this computer in, as whoever works here; what it was before ends."""
        await self._begin(handler, _site(handler).actor)

    async def sign_in(self, handler: RequestHandler, account: Account, actor: Actor | None = None) -> None:
        """Lets a browser in as an account, acting as the first of its roles, or as `actor`."""
        await self._begin(handler, actor or account.roles[0], account=account.id)

    async def hand_over(self, handler: RequestHandler, class_id: int, number: str) -> None:
        """Gives the browser, in place of the educator's cookie, one for the pictures of a class and no more.

        It is the educator's again for `number`. What the educator's opened is opened by no copy of it any more.
        """
        session = session_of(handler)
        assert session is not None  # noqa: S101 (asked by whoever calls)
        await self._begin(handler, session.actor, account=session.account, class_id=class_id, number=number)

    async def come(self, handler: RequestHandler, row: Mapping[str, Any]) -> None:
        """Lets a browser in by a pass: to a class's pictures, as by a device of whoever made it; as a learner; or as
        somebody of a learner's family.
        """
        if row["class_id"] is not None:
            maker = Actor.parse(row["by"])
            await self._begin(handler, maker, class_id=row["class_id"], by=row)
            return
        learner = row["learner_id"]
        if row["kind"] == Kind.FAMILY:
            await self._begin(handler, of_family(short(row["id"])), learner=learner, by=row)
            return
        code = await asyncio.to_thread(_site(handler).code_of, learner)
        await self._begin(handler, themselves(code), learner=learner, by=row)

    async def take_back(self, handler: RequestHandler, number: str) -> bool:
        """Makes a handed-over browser the educator's again when `number` is the right one.

        After some wrong ones no number is right for a while.
        """
        session, entrance = session_of(handler), _entrance(handler)
        try:
            fits = await asyncio.to_thread(entrance.takes_back, self._cookie_of(handler), number)
        except NotAllowed:
            return False
        if not fits or session is None:
            return False
        await self._begin(handler, session.actor, account=session.account)
        return True

    async def end(self, handler: RequestHandler) -> None:
        """Signs the browser out."""
        if session := session_of(handler):
            await asyncio.to_thread(_entrance(handler).end, session.id)
        handler.clear_cookie(_cookie(handler), path=_site(handler).at("/"))

    async def _begin(self, handler: RequestHandler, actor: Actor, **how: Any) -> None:
        entrance, former = _entrance(handler), session_of(handler)
        device = handler.request.headers.get("User-Agent", "")
        own = how.get("account") and not how.get("class_id")  # of somebody of the staff, in their own hands
        how["bound"] = _elsewhere(handler) if own else ""
        token = await asyncio.to_thread(lambda: entrance.begin(actor, device=kind_of(device), **how))
        if former is not None:
            await asyncio.to_thread(entrance.end, former.id)
        lasting = None if own else DAYS  # staff's goes with the browser
        handler.set_cookie(
            _cookie(handler),
            token,
            expires_days=lasting,
            httponly=True,
            samesite="Strict",
            secure=_site(handler).secure,
            path=_site(handler).at("/"),
        )

    @staticmethod
    def _is_here(site: Site, session: Session) -> bool:
        """Whether a session is one of this server: that of nobody's account is of whoever works at the computer now."""
        known = session.account is not None or session.by is not None
        return known or (session.actor == site.actor and not site.listens)

    def _cookie_of(self, handler: RequestHandler) -> str:
        return handler.get_cookie(_cookie(handler)) or ""

    async def get_user(self, handler: RequestHandler) -> User | None:
        headers = handler.request.headers
        for name in [name for name in headers if name.lower().replace("_", "-").startswith("x-workbench-")]:
            del headers[name]
        token = self._cookie_of(handler)
        session = await asyncio.to_thread(_entrance(handler).find, token, _elsewhere(handler)) if token else None
        if session is not None and not self._is_here(_site(handler), session):
            session = None
        handler._workbench_session = session  # type: ignore[attr-defined]
        if session is None:
            return None
        headers[ACTOR_HEADER] = str(session.actor)
        headers[SESSION_HEADER] = session.id
        headers[DEVICE_HEADER] = session.device
        return User(username=session.id, name=session.called or str(session.actor.role))


def session_of(handler: RequestHandler) -> Session | None:
    """The session of the browser that asks; None before it was let in."""
    return getattr(handler, "_workbench_session", None)


def kind_of(agent: str) -> str:
    """What a browser's sign-in is listed as: the device and the browser, and nothing that tells one from another."""
    devices = ("iPad", "iPhone", "CrOS", "Android", "Windows", "Macintosh", "Linux")
    browsers = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    device = next((one for one in devices if one in agent), "")
    browser = next((name for mark, name in browsers.items() if mark in agent), "")
    return " ".join(one for one in (device.replace("CrOS", "Chromebook").replace("Macintosh", "Mac"), browser) if one)


def _site(handler: RequestHandler) -> Site:
    return handler.settings["site"]  # type: ignore[no-any-return]


def _entrance(handler: RequestHandler) -> Entrance:
    return handler.settings["entrance"]  # type: ignore[no-any-return]


def _elsewhere(handler: RequestHandler) -> str:
    """The sign-in at a Hub that the browser's goes with, "" where there is none."""
    hub = handler.settings["hub"]
    return hub.session(handler) if hub is not None else ""


def _cookie(handler: RequestHandler) -> str:
    # Cookies do not know ports: two addresses of one machine need two names, and servers behind one address one.
    site = _site(handler)
    kind = "" if not site.secure else "__Secure-" if site.prefix else "__Host-"  # which is a whole host's
    return f"{kind}workbench-{urlsplit(site.address).port or 443}"
