"""Who a request comes from: the one local educator, in a browser that was let in.

The address printed at the start carries a key in its fragment, which browsers do not send
and nobody logs. The sign-in page hands the key over by POST and gets a signed cookie; from
then on the plain address works in that browser, also after a restart.
"""

from __future__ import annotations

import re
import secrets
import time
from errno import ENOSPC
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

from workbench.access.actors import Actor
from workbench.ground import durable

KEY_FILE = "serving.key"
_KEY_BYTES = 64
DAYS = 30
FRESH = 1  # days until a cookie is given anew
#: Headers that only the server sets; they say who asks, in which browser, which kernel is to be the page's, the
#: page's language, and the one learner a device was handed to.
ACTOR_HEADER = "X-Workbench-Actor"
SESSION_HEADER = "X-Workbench-Session"
KERNEL_HEADER = "X-Workbench-Kernel"
LANGUAGE_HEADER = "X-Workbench-Language"
ONLY_HEADER = "X-Workbench-Only"
HEADERS = (ACTOR_HEADER, SESSION_HEADER, KERNEL_HEADER, LANGUAGE_HEADER, ONLY_HEADER)
TRIES = 5  # wrong numbers in a row
REST = 60.0  # seconds until a number is looked at again after that


def cookie_secret(folder: Path, actor: Actor) -> bytes:
    """What this workspace signs the cookies of one actor with; kept in a file that only its owner reads."""
    path = folder / KEY_FILE
    if path.exists() and is_key(path):
        path.chmod(0o600)
        kept = path.read_bytes()
    else:  # a damaged one, or a part of one, could be guessed
        kept = secrets.token_hex(_KEY_BYTES // 2).encode()
        try:
            durable.write(path, kept)
        except OSError as error:
            if error.errno != ENOSPC:
                raise  # on a full disk it signs until this server ends
    return blake2b(str(actor).encode(), key=kept[:_KEY_BYTES]).hexdigest().encode()


def is_key(path: Path) -> bool:
    """Whether a file holds what cookies may be signed with."""
    return re.fullmatch(rb"[0-9a-f]{64}", path.read_bytes()) is not None


def handed_to(session: str) -> int | None:
    """The id of the class whose pictures a browser was handed over with; None for an educator's own."""
    parts = session.split(".")
    return int(parts[1]) if len(parts) == 3 else None


class LocalEducator(IdentityProvider):
    """Knows browsers that were let in; everybody else is nobody. Lives as long as the server.

    `key` is what the printed address carries, new at each start.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key = secrets.token_urlsafe(24)
        self._wrong: dict[str, tuple[int, float]] = {}  # by browser: wrong numbers in a row, and when the last was

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
        """Whether `key` is the one that lets a browser in."""
        return secrets.compare_digest(key.encode(), self.key.encode())

    def let_in(self, handler: RequestHandler, *, anew: bool = False) -> None:
        """Gives the browser its cookie, or prolongs one that is a day old; `anew`: in place of that one, which ends.

        A young one is left alone: an answer that is still on its way when a device is handed over brings none back.
        """
        session = self.session(handler)
        if session and anew:
            self._end(handler, session)
        elif session and handler.get_signed_cookie(self._cookie(handler), max_age_days=FRESH):
            return
        self._give(handler, session if session and not anew else secrets.token_urlsafe(24))

    def hand_over(self, handler: RequestHandler, class_id: int, number: str) -> None:
        """Gives the browser, in place of the educator's cookie, one for the pictures of a class and no more.

        It is the educator's again for `number`. The new one says it all, so that a restart changes nothing; the
        educator's opens nothing any more, wherever a copy of it may be.
        """
        self._end(handler, self.session(handler))
        token = secrets.token_urlsafe(24)
        self._give(handler, f"{token}.{class_id}.{self._seal(handler, token, number)}")

    def take_back(self, handler: RequestHandler, number: str) -> bool:
        """Makes a handed-over browser the educator's again when `number` is the right one.

        After some wrong ones no number is right for a while.
        """
        session = self.session(handler)
        token, _dot, rest = session.partition(".")
        many, last = self._wrong.get(token, (0, 0.0))
        if many >= TRIES and time.monotonic() - last < REST:
            return False
        if not rest or not secrets.compare_digest(rest.partition(".")[2], self._seal(handler, token, number)):
            now = time.monotonic()
            self._wrong = {one: tried for one, tried in self._wrong.items() if now - tried[1] < REST}
            self._wrong[token] = (many % TRIES + 1, now)
            return False
        self._wrong.pop(token, None)
        self.let_in(handler, anew=True)
        return True

    @staticmethod
    def _end(handler: RequestHandler, session: str) -> None:
        now = time.time()
        handler.settings["handles"].end(session, now=now, until=now + DAYS * 24 * 3600)

    def _give(self, handler: RequestHandler, session: str) -> None:
        handler.set_signed_cookie(
            self._cookie(handler), session, expires_days=DAYS, httponly=True, samesite="Strict", path="/"
        )

    def session(self, handler: RequestHandler) -> str:
        """The browser's random name, or "" when it was not let in, or is no more."""
        given = handler.get_signed_cookie(self._cookie(handler), max_age_days=DAYS)
        session = given.decode("ascii", "replace") if given else ""
        return "" if handler.settings["handles"].ended(session) else session

    def get_user(self, handler: RequestHandler) -> User | None:
        headers = handler.request.headers
        for name in [name for name in headers if name.lower().replace("_", "-").startswith("x-workbench-")]:
            del headers[name]
        session = self.session(handler)
        if not session:
            return None
        site = handler.settings["site"]
        headers[ACTOR_HEADER] = str(site.actor)
        headers[SESSION_HEADER] = session
        return User(username=session, name=site.educator or str(site.actor.role))

    @staticmethod
    def _seal(handler: RequestHandler, token: str, number: str) -> str:
        secret: bytes = handler.settings["cookie_secret"]
        return blake2b(f"{token} {number}".encode(), key=secret[:64], digest_size=16).hexdigest()

    @staticmethod
    def _cookie(handler: RequestHandler) -> str:
        # Cookies do not know ports: two servers on one machine need two names.
        return f"workbench-{handler.settings['port']}"
