"""A district's JupyterHub as the way in: whoever it knows comes in as the account of the same name.

The workbench is one of the Hub's services, or somebody's own server there, and has a path of the Hub's own host.
The Hub is asked once, when somebody signs in; from then on the browser has a session of ours like any other. It ends
with the Hub's own, which browsers tell by a cookie that the Hub shows to all of its services.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from tornado import web
from tornado.httputil import url_concat

from workbench.ground.errors import NotReady
from workbench.ground.words import _
from workbench.serving.site import Site

if TYPE_CHECKING:
    from jupyterhub.services.auth import HubOAuth

#: What the Hub tells those whom it starts; the last is where it answers a sign-in.
TOLD = ("API_TOKEN", "API_URL", "CLIENT_ID", "BASE_URL", "OAUTH_ACCESS_SCOPES", "OAUTH_CALLBACK_URL")
#: Where a sign-in goes, and where the Hub answers it, below the server's root.
TO_HUB, FROM_HUB = "/hub", "/oauth_callback"
_SESSION, _LOGIN = "jupyterhub-session-id", "jupyterhub-hub-login"


class Hub:
    """The Hub that a server belongs to. Lives as long as the server.

    `told` is what the Hub told it, by names without `JUPYTERHUB_`. Raises NotReady where that is not enough.
    """

    def __init__(self, site: Site, told: Mapping[str, str]) -> None:
        self._site = site
        if missing := [f"JUPYTERHUB_{one}" for one in TOLD if not told.get(one)]:
            raise NotReady(
                _("No JupyterHub started this: {missing} are not set.").format(missing=", ".join(missing)),
                _("Name the workbench among the Hub’s services, as in docs/guides/school.md."),
            )
        if told.get("HOST") or told["OAUTH_CALLBACK_URL"] != site.at(FROM_HUB):
            raise NotReady(
                _("The Hub has this at {theirs}, and the workbench at {ours}.").format(
                    theirs=told.get("HOST", "") + told["OAUTH_CALLBACK_URL"].removesuffix(FROM_HUB), ours=site.prefix
                ),
                _("Write the address that browsers use, on the Hub’s host, into workbench.toml, under [serving]."),
            )
        self._base = told["BASE_URL"]
        self._oauth = _oauth(site, told)

    @property
    def out(self) -> str:
        """Where one signs out of the Hub."""
        return f"{self._oauth.hub_prefix}logout"

    def asked(self, handler: web.RequestHandler) -> str:
        """The address of the Hub's to sign in at; notes in the browser that it was asked."""
        verifier, challenge, method = self._oauth.generate_pkce_code_challenge()
        state = self._oauth.set_state_cookie(handler, code_verifier=verifier)
        more = {"state": state, "code_challenge": challenge, "code_challenge_method": method}
        return url_concat(self._oauth.login_url, more)

    async def answered(self, handler: web.RequestHandler, state: str, code: str) -> str:
        """The name of whom the Hub sent back; "" where this browser did not ask, or may not come in."""
        kept = handler.get_secure_cookie(self._oauth.get_state_cookie_name(state)) or b""
        verifier = self._oauth.get_code_verifier(state)
        self._oauth.clear_oauth_state(state)
        self._oauth.clear_oauth_state_cookies(handler)
        if not code or not verifier or not secrets.compare_digest(kept, state.encode()):
            return ""
        try:
            token = await self._oauth.token_for_code(code, code_verifier=verifier, sync=False)
            known = await self._oauth.user_for_token(token, use_cache=False, sync=False)
        except web.HTTPError:  # what the Hub says of it is for its own log
            return ""
        allowed = known and known["kind"] == "user" and self._oauth.check_scopes(self._oauth.access_scopes, known)
        return str(known["name"]) if allowed else ""

    def session(self, handler: web.RequestHandler) -> str:
        """The browser's sign-in at the Hub; another after the next one, "" after it ended."""
        return handler.get_cookie(_SESSION, "") or ""

    def leave(self, handler: web.RequestHandler, name: str) -> None:
        """Takes the Hub's cookies from a browser that is handed over, so that it is nobody's at the Hub either."""
        own = quote(name, safe="@~")
        handler.clear_cookie(_SESSION, path=self._base)
        handler.clear_cookie(_LOGIN, path=self._oauth.hub_prefix)
        handler.clear_cookie(f"jupyterhub-user-{own}", path=f"{self._base}user/{own}/")


def _oauth(site: Site, told: Mapping[str, str]) -> HubOAuth:
    try:
        from jupyterhub.services.auth import HubOAuth
    except ImportError:
        raise NotReady(
            _("JupyterHub is not installed beside the workbench."),
            _("Install it: pip install learner-led-workbench[jupyterhub]"),
        ) from None
    return HubOAuth(
        api_token=told["API_TOKEN"],
        api_url=told["API_URL"],
        hub_prefix=f"{told['BASE_URL']}hub/",
        base_url=site.at("/"),
        oauth_client_id=told["CLIENT_ID"],
        oauth_redirect_uri=told["OAUTH_CALLBACK_URL"],
        access_scopes=set(json.loads(told["OAUTH_ACCESS_SCOPES"])),
        cookie_options={"samesite": "Lax", "secure": site.secure},
    )
