"""How a browser comes in and goes out: the printed link, name and password, an invitation; and one's sign-ins."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from workbench.doors.accounts import Account
from workbench.doors.entrance import Entrance, Session
from workbench.ground.errors import BadInput, NotAllowed
from workbench.ground.words import _
from workbench.serving.handlers import Ours
from workbench.serving.hub import Hub
from workbench.serving.identity import session_of
from workbench.serving.reach import Reach


class Entering(Ours):
    for_learners = True

    @property
    def entrance(self) -> Entrance:
        return self.settings["entrance"]  # type: ignore[no-any-return]

    @property
    def hub(self) -> Hub:
        return self.settings["hub"]  # type: ignore[no-any-return]


class Enter(Entering):
    """Lets a browser of this computer in that brings the printed key; says to any other whether it is in already.

    The key also takes back a browser that was handed over.
    """

    @allow_unauthenticated
    async def post(self) -> None:
        # A person may have pasted the whole address.
        key = self.get_body_argument("key", "").strip().rpartition("#key=")[2]
        fits = bool(key) and self.identity.fits(key)
        if fits:
            if self.handed:
                await self.clean()
            await self.identity.let_in(self)
        if "text/html" in self.request.headers.get("Accept", ""):
            self.lead("/" if fits else "/?wrong=1")
        else:
            self.tell(entered=fits or bool(self.current_user))


class SignIn(Entering):
    """Lets staff in by name and password."""

    @allow_unauthenticated
    async def post(self) -> None:
        name, password = self.get_body_argument("name", ""), self.get_body_argument("password", "", strip=False)
        try:
            account = await asyncio.to_thread(self.entrance.sign_in, name, password)
        except NotAllowed as error:
            self.again(f"{error.sentence} {error.next_step}", name)
            return
        if account is None:
            self.again(_("Name and password do not belong together."), name)
            return
        await self.identity.sign_in(self, account)
        self.lead("/")

    def again(self, why: str, name: str) -> None:
        self.set_status(HTTPStatus.FORBIDDEN)
        self.show(self.pages.sign_in(self, why=why, name=name))


class ToHub(Entering):
    """Leads to the district's JupyterHub, which knows staff."""

    for_learners = False

    @allow_unauthenticated
    def get(self) -> None:
        self.redirect(self.hub.asked(self))


class FromHub(Entering):
    """Lets staff in as the account that is called as they are at the Hub."""

    for_learners = False

    @allow_unauthenticated
    async def get(self) -> None:
        name = await self.hub.answered(self, self.get_query_argument("state", ""), self.get_query_argument("code", ""))
        account = await asyncio.to_thread(self.entrance.named, name) if name else None
        if account is not None:
            await self.identity.sign_in(self, account)
            self.lead("/")
            return
        self.set_status(HTTPStatus.FORBIDDEN)
        if name:
            sentence = _("You are signed in as {name}, and nobody of that name may come in here.").format(name=name)
            step = _("Ask whoever looks after the workbench to add you by this name.")
        else:
            sentence, step = _("It was not told who you are."), _("Go back and sign in once more.")
        self.show(self.pages.problem(self, sentence, step))


class Password(Entering):
    """Sets the password of an account that was invited, and lets the browser in."""

    @allow_unauthenticated
    async def post(self) -> None:
        token, password = self.get_body_argument("token", ""), self.get_body_argument("password", "", strip=False)
        try:
            account = await asyncio.to_thread(self.entrance.choose_password, token, password)
        except BadInput as error:
            self.set_status(HTTPStatus.BAD_REQUEST)
            self.show(self.pages.sign_in(self, why=f"{error.sentence} {error.next_step}", token=token))
            return
        if account is None:
            self.set_status(HTTPStatus.FORBIDDEN)
            self.show(self.pages.sign_in(self, why=_("This invitation is used up or too old. Ask for another.")))
            return
        await self.identity.sign_in(self, account)
        self.lead("/")


class Me(Entering):
    """Whoever is signed in: as what, and where else."""

    for_learners = False

    @web.authenticated
    async def get(self) -> None:
        account, sessions = await self._mine()
        here = session_of(self)
        self.show(self.pages.me(self, owner=account, here=here, sessions=sessions))

    @web.authenticated
    async def post(self) -> None:
        """Acts as another of one's roles, or signs a browser out, or all others."""
        account, sessions = await self._mine()
        wanted = self.get_body_argument("as", "")
        if wanted:
            role = next((one for one in account.roles if str(one) == wanted), None)
            if role is None:
                raise NotAllowed(_("This is none of your roles."), _("Go back and choose one that is."))
            await self.clean()
            await self.identity.sign_in(self, account, role)
            self.lead("/")
            return
        out = self.get_body_argument("out", "")
        for one in sessions:
            if (out == "others" and one.id != self.session) or out == one.id:
                await self.clean(one.id)
                await asyncio.to_thread(self.entrance.end, one.id)
        self.lead("/me")

    async def _mine(self) -> tuple[Account, list[Session]]:
        session = session_of(self)
        account = (
            await asyncio.to_thread(self.entrance.account, session.account) if session and session.account else None
        )
        if account is None:
            raise web.HTTPError(404)
        return account, await asyncio.to_thread(self.entrance.of, account.id)


class SignOut(Entering):
    """Signs this browser out: nothing it opened is reached any more."""

    for_learners = False

    @web.authenticated
    async def post(self) -> None:
        await self.clean()
        await self.identity.end(self)
        if self.site.reach is Reach.HUB:
            self.redirect(self.hub.out)
        else:
            self.lead("/")
