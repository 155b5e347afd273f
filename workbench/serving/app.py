"""The server: Voilà with our door, our pages, and nothing else of it that people could reach.

Reads no configuration file, serves no folder, and listens on this machine alone.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.paths import ENV_JUPYTER_PATH, jupyter_path
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.config import get_federated_extensions
from tornado import httpserver, ioloop, web
from traitlets.config import Config
from voila.app import Voila
from voila.paths import STATIC_ROOT, collect_static_paths
from voila.utils import get_page_config

from workbench import kernels
from workbench.access.actors import Actor
from workbench.doors.entrance import Entrance
from workbench.ground import descriptors
from workbench.ground.drawing import Drawer
from workbench.ground.errors import NotReady, WorkbenchError
from workbench.ground.forms import FORMS_AT
from workbench.ground.ports import ADDRESS, listen
from workbench.ground.scratch import Scratch
from workbench.ground.sealing import secret
from workbench.ground.words import _, language
from workbench.keeping.backups import Daily
from workbench.keeping.heads import DailyWalk
from workbench.keeping.health import Finding, at_start
from workbench.keeping.running import serving
from workbench.serving import codes, entering, family, files, made, tablet
from workbench.serving import handlers as ours
from workbench.serving.apps import App
from workbench.serving.apps import apps as shipped
from workbench.serving.door import Nowhere, behind_door
from workbench.serving.front import BUNDLE, FRONT_AT, Front
from workbench.serving.handles import Handles
from workbench.serving.hub import FROM_HUB, TO_HUB, Hub
from workbench.serving.identity import HEADERS, Doors
from workbench.serving.kernels import LAST, Kernels, OwnersOnly
from workbench.serving.logs import open_log
from workbench.serving.page_kernels import OwnKernels, PromptClient
from workbench.serving.pages import FONTS_AT, HERE, STATIC, STATIC_AT, TOKENS_AT, Broken, Pages
from workbench.serving.reach import Reach, Renewed, safe
from workbench.serving.site import Limits, Site
from workbench.store import Store
from workbench.workspace import Workspace, clear_incoming

TEMPLATE = "workbench"
RENEWED_WITHIN = 30  # seconds until a certificate that was renewed is used
WIDGET_EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
LARGEST_FILE = 256 * 2**20  # an export comes in as one message
LARGEST_FORM = 2**20
_KERNEL = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def serve(
    workspace: Workspace,
    *,
    actor: Actor,
    db: str = "",
    port: int = 8866,
    open_browser: bool = False,
    on_ready: Callable[[str], object] | None = None,
    on_slow: Callable[[str], object] | None = None,
    limits: Limits | None = None,
    apps: Mapping[str, App] | None = None,
    day: Callable[[], date] | None = None,
    on_notice: Callable[[Finding], object] | None = None,
    reach: Reach = Reach.HERE,
    told: Mapping[str, str] | None = None,
) -> None:
    """Serves the apps to `actor` until it is interrupted; port 0 takes any free one.

    `reach` says who may knock: whoever is at this computer, who is let in by the printed address, or others too, who
    have accounts; `told` is what a JupyterHub told that started it. `on_ready` is told the address that lets a browser
    in, `on_slow` why pages open slower than they could where they do, `on_notice` what is not well with the workspace,
    before and while it is served; nothing is printed. `day` tells what is taken for today; None is the day on the wall.
    Raises BadInput when the port is taken, NotReady when the workspace's store or audit cannot be used, and both for
    others who could not come in safely.
    """
    tell = on_notice or (lambda finding: None)
    safe(workspace, reach)
    sockets = listen(port, open_to_others=reach is Reach.OTHERS)
    descriptors.raise_limit()
    scratch = Scratch()
    try:
        here = f"http://{ADDRESS}:{sockets[0].getsockname()[1]}"
        address = here if reach is Reach.HERE else workspace.address
        site = Site(workspace, actor, db, scratch.path, apps or shipped(), limits or Limits(), day, address, reach)
        hub = Hub(site, told or {}) if reach is Reach.HUB else None
        clear_incoming(workspace.folder)
        secret(workspace.folder)  # there from the first start on, to be copied to other servers on the same store
        url = db or workspace.url
        with ExitStack() as held:
            held.enter_context(serving(workspace.folder, sockets[0].getsockname()[1]))
            for finding in at_start(workspace, url, site.clock()):
                tell(finding)
            site.bench().close()  # a store that cannot be used is said now, not on the first page
            drawer = held.enter_context(Drawer.open())
            try:
                server = WorkbenchVoila(
                    site, sockets, drawer.address, on_ready, on_slow, open_browser=open_browser, hub=hub
                )
            except PermissionError:
                raise NotReady(
                    _("The workbench may not write in {folder}.").format(folder=workspace.folder),
                    _("Give yourself write permission there: it keeps its log and the key to your sign-in in it."),
                ) from None
            held.enter_context(Daily(workspace, url, lambda error: tell(_no_backup(error))))
            held.enter_context(DailyWalk(workspace, url, lambda error: tell(Finding(False, *_said(error)))))
            server.initialize()
            server.start()
    finally:
        for each in sockets:
            each.close()
        scratch.close()
        _opener(workspace.folder).unlink(missing_ok=True)


def _wall() -> datetime:
    return datetime.now(UTC)


def _said(error: WorkbenchError) -> tuple[str, str]:
    return error.sentence, error.next_step


def _no_backup(error: WorkbenchError) -> Finding:
    return Finding(False, _("Today’s backup was not made. {why}").format(why=error.sentence), error.next_step)


class WorkbenchVoila(Voila):
    """One server. `serve` makes it, starts it, and clears up after it."""

    def __init__(
        self,
        site: Site,
        sockets: list[socket.socket],
        drawer: str,
        on_ready: Callable[[str], object] | None,
        on_slow: Callable[[str], object] | None,
        *,
        open_browser: bool,
        hub: Hub | None = None,
    ) -> None:
        self.site = site
        self._hub = hub
        self._sockets = sockets
        self._drawer = drawer
        self._on_ready = on_ready
        self._on_slow = on_slow
        super().__init__(config=_configuration(site), log=open_log(site.workspace.folder / "logs" / "serve.log"))
        self.ip = ADDRESS
        self.base_url = site.at("/")
        self.port = sockets[0].getsockname()[1]
        self.open_browser = open_browser
        self.config_file_paths: list[str] = []
        self.connection_dir = str(site.run / "connections")
        self.root_dir = str(_pages_folder(site))
        self._store = Store.open(site.db or site.workspace.url, site.clock)
        with suppress(NotReady):  # a full disk
            self._store.people.trim(_wall())

    def _configure_logging(self) -> None:
        """Ours is set up already; Voilà's would go to the terminal, with people's words in it."""

    def initialize(self, argv: list[str] | None = None) -> None:
        super().initialize([])

    def setup_template_dirs(self) -> None:
        voila = [*ENV_JUPYTER_PATH, *jupyter_path()]  # what is installed with us goes before a person's own
        self.template_paths = [str(HERE / "template" / "voila" / "templates" / TEMPLATE)]
        self.static_paths = [*collect_static_paths(["voila", "nbconvert"], "lab", True, voila), STATIC_ROOT]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        return settings | {
            "front": self._front(settings),
            "site": self.site,
            "port": self.port,
            "hub": self._hub,
            "entrance": Entrance(self._store, self.site.clock, _wall),
            "pages": Pages(self.site),
            "handles": Handles(self._store.people, _wall),
            "own_log": self.log,
            "log_function": self._note,
            "xsrf_cookie_kwargs": {"samesite": "Strict", "path": self.site.at("/")},
            "websocket_max_message_size": LARGEST_FILE,
            "websocket_compression_options": {},
            "compress_response": True,
            "default_handler_class": Nowhere,
            "serve_traceback": False,
        }

    def init_handlers(self) -> list[Any]:
        render = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        forever = {"path": str(STATIC)}
        found: list[tuple[Any, ...]] = [
            (r"/", ours.HomePage),
            (r"/meant", ours.Meant),
            (r"/voila/?", ours.ToHome),
            (r"/voila/tree(/.*)?", ours.ToHome),
            (r"/enter", entering.Enter),
            *self._ways_in(),
            (r"/me", entering.Me),
            (r"/codes", codes.CodesPage),
            (r"/come", codes.Come),
            (r"/sign-out", entering.SignOut),
            (r"/family", family.FamilyPage),
            (r"/learners", ours.Learners),
            (r"/find", ours.Find),
            (r"/open", ours.Open),
            (r"/made", made.MadeReports),
            (r"/alive", ours.Alive),
            (r"/tablet", tablet.HandOver),
            (r"/mine", tablet.Mine),
            (r"/next", tablet.NextPerson),
            (r"/take-back", tablet.TakeBack),
            (r"/language", ours.Language),
            (r"/favicon.ico()", web.StaticFileHandler, {"path": str(STATIC / "mark.svg")}),
            (STATIC_AT + r"(.*)", web.StaticFileHandler, forever),
            (FONTS_AT + r"(400|600|700)\.woff2", files.Fonts),
            (TOKENS_AT, files.Tokens),
            (FRONT_AT + r"([0-9a-f]+)/(.+)", files.FrontFile),
            (FORMS_AT + r"([0-9a-f]+)\.(js|css)", files.FormFile),
            (r"/voila/render/(.*)", ours.AppPage, render),
            (rf"/voila/api/shutdown/({_KERNEL})", ours.Close),
            (rf"/api/kernels/(?P<kernel_id>{_KERNEL})", KernelHandler),
            (rf"/api/kernels/(?P<kernel_id>{_KERNEL})/channels", ours.Channels),
        ]
        root = re.escape(self.site.prefix)
        if root:
            found.append((r"", ours.ToHome))
        return [(root + pattern, behind_door(handler), *rest) for pattern, handler, *rest in found]

    def _ways_in(self) -> list[tuple[str, Any]]:
        """Of staff: by the Hub where there is one, else by name and password."""
        if self.site.reach is Reach.HUB:
            return [(TO_HUB, entering.ToHub), (FROM_HUB, entering.FromHub)]
        return [(r"/sign-in", entering.SignIn), (r"/password", entering.Password)]

    def _front(self, settings: dict[str, Any]) -> Front:
        known = get_federated_extensions(self.labextensions_path)
        config = get_page_config(self.base_url, settings, self.log, self.voila_configuration)
        return Front(
            self.static_paths,
            {**config, "jupyterLabTheme": self.voila_configuration.theme},
            {name: Path(one["ext_path"]) for name, one in known.items()},
            self.site.prefix,
        )

    def start(self) -> None:
        Path(self.connection_dir).mkdir(mode=0o700, exist_ok=True)
        settings = self.init_settings()
        self.kernel_manager.drawer = self._drawer
        self.kernel_manager.gone = settings["entrance"].gone
        self.kernel_manager.prepare(self._say_slow)
        front: Front = settings["front"]
        threading.Thread(target=front.compressed, args=(front.mark, BUNDLE), daemon=True).start()
        self.app = web.Application(self.init_handlers(), **settings)
        self.listen()

    def listen(self) -> None:
        renewed: Renewed | None = None
        if self.site.reach is Reach.OTHERS:
            renewed = Renewed(self.site.workspace)
        server = Listening(self.app, max_body_size=LARGEST_FORM, ssl_options=renewed and renewed.context)
        server.add_sockets(self._sockets)
        self.ioloop = ioloop.IOLoop.current()
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, self._handle_signal_stop)
        if renewed is not None:
            ioloop.PeriodicCallback(renewed.look, RENEWED_WITHIN * 1000).start()
        key = f"/#key={self.identity_provider.key}" if self.site.reach is Reach.HERE else ""
        address = self.site.address + key
        self.ioloop.add_callback(self.kernel_manager.watch)
        self.ioloop.add_callback(self._tell, address)
        self.log.info("serving")
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            server.stop()
            self.stop()
            self._store.close()
            self.log.info("stopped")

    def _tell(self, address: str) -> None:
        if self._on_ready is not None:
            self._on_ready(address)
        if self.open_browser:
            threading.Thread(target=_open_browser, args=(address, self.site.workspace.folder), daemon=True).start()

    def _say_slow(self, complaint: str) -> None:
        kernels.remember(self.site.workspace.folder, complaint)
        if complaint:
            self.log.warning(complaint)
            if self._on_slow is not None:
                self._on_slow(complaint)

    def _note(self, handler: web.RequestHandler) -> None:
        """The access log: which handler answered how, never which address was asked for."""
        status = handler.get_status()
        if status < 400 and isinstance(handler, web.StaticFileHandler):
            return
        method = handler.request.method if handler.request.method in handler.SUPPORTED_METHODS else "?"
        took = 1000 * handler.request.request_time()
        self.log.info(f"{method} {type(handler).__name__} {status} {took:.0f} ms")


class Listening(httpserver.HTTPServer):
    """Turns away connections that would take the last descriptors: libraries end the process that has none."""

    def _handle_connection(self, connection: socket.socket, address: Any) -> None:
        if connection.fileno() >= descriptors.limit() - LAST:  # the lowest free number is always taken
            connection.close()
        else:
            super()._handle_connection(connection, address)


def _configuration(site: Site) -> Config:
    c = Config()
    v = c.VoilaConfiguration
    v.template = TEMPLATE
    v.theme = "light"
    v.allow_template_override = "NO"
    v.allow_theme_override = "NO"
    v.extension_allowlist = WIDGET_EXTENSIONS
    v.http_header_envs = list(HEADERS)
    v.multi_kernel_manager_class = Kernels
    v.kernel_spec_manager_class = OwnKernels
    v.prelaunch_hook = _with_parameters
    v.show_tracebacks = False
    v.strip_sources = True
    v.http_keep_alive_timeout = 5
    v.resources = {"broken": Broken(Pages(site))}
    c.Voila.identity_provider_class = Doors
    c.Voila.authorizer_class = OwnersOnly
    c.VoilaExecutor.cell_error_instruction = _("Reload the page. Nothing you saved is lost.")
    c.VoilaExporter.extra_template_basedirs = []  # the folder one happens to stand in
    c.VoilaExporter.language_code = language()
    c.NotebookNotary.db_file = ":memory:"
    c.KernelManager.client_class = f"{PromptClient.__module__}.{PromptClient.__qualname__}"
    if hasattr(socket, "AF_UNIX") and len(os.fsencode(site.run)) < 44:  # the path of a socket is short
        c.KernelManager.transport = "ipc"  # no port that other people of this machine could listen to
    c.KernelRestarter.restart_limit = 0  # a kernel begun anew under an open page would answer with nothing
    c.ZMQChannelsWebsocketConnection.limit_rate = False  # it drops messages without a word
    return c


def _with_parameters(handler: ours.AppPage, notebook: Any, cwd: str) -> Any:
    """The notebook with the parameters that its page's handle stands for."""
    told = "\n".join(f"{name} = {int(value)}" for name, value in handler.view.parameters.items())
    if told:  # as papermill puts them, which takes 24 MB of the server with what it imports
        given = nbformat.v4.new_code_cell(told, metadata={"tags": ["injected-parameters"]})
        named = [number for number, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ())]
        notebook.cells.insert(named[0] + 1 if named else 0, given)
    return notebook


def _pages_folder(site: Site) -> Path:
    """A folder with the apps' notebooks and nothing else."""
    folder = site.run / "pages"
    folder.mkdir(mode=0o700)
    for app in site.apps.values():
        page = folder / app.page
        try:
            page.symlink_to(app.notebook)
        except OSError:  # Windows without the right to make links
            shutil.copy(app.notebook, page)
    return folder


def _open_browser(address: str, folder: Path) -> None:
    """Opens the address from a file only its owner reads: arguments of programs are seen by all on a machine."""
    page = _opener(folder)
    redirect = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(address)}">'
    with os.fdopen(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(redirect)
    try:
        webbrowser.open(page.as_uri())
    except webbrowser.Error:
        page.unlink(missing_ok=True)


def _opener(folder: Path) -> Path:
    return folder / "logs" / "open.html"
