"""People at pages, without a browser: who opens an app, answers as its own script does, and sees what is kept.

async with Sitting.open(await Visitor.let_in(server.entry), "conference", learner) as page:
    told = await page.answer((await box(page))["name"], "What I noticed")
    assert told["kind"] == "saved"

They know nothing of what is inside: only addresses, cookies, and the messages that widgets and their kernel exchange.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode
from uuid import uuid4

import psutil
from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

if TYPE_CHECKING:
    from widgets import ConferenceStepper

#: Seconds that anything may take.
PATIENCE = 120.0


class Refused(Exception):
    """The server did not open a page; holds its answer."""

    def __init__(self, answer: HTTPResponse) -> None:
        super().__init__(f"{answer.code}")
        self.answer = answer
        self.text: str = (answer.body or b"").decode("utf-8", "replace")


@dataclass
class Visitor:
    """A browser without a screen, at a server's address."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    kernel: str = ""  # of the page that is open
    states: dict[str, Any] = field(default_factory=dict)  # of its widgets, as it was opened

    @classmethod
    async def let_in(cls, entry: str) -> Self:
        """One that was let in by the address that the server told."""
        address, _slash, key = entry.partition("/#key=")
        visitor = cls(address)
        await visitor.ask("/")
        await visitor.ask("/enter", {"key": key})
        return visitor

    async def ask(self, path: str, fields: Mapping[str, Any] | None = None) -> HTTPResponse:
        """The answer, which may send elsewhere; keeps its cookies."""
        body = urlencode({"_xsrf": self.cookies.get("_xsrf", ""), **fields}) if fields is not None else None
        client = SimpleAsyncHTTPClient(force_instance=True, max_clients=1)
        try:
            answer = await client.fetch(
                HTTPRequest(
                    self.address + path, "GET" if body is None else "POST",
                    {"Cookie": self.worn, "Accept": "text/html"}, body,
                    follow_redirects=False, request_timeout=PATIENCE, connect_timeout=PATIENCE,
                ),
                raise_error=False,
            )  # fmt: skip
        finally:
            client.close()
        for one in answer.headers.get_list("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(one).items()}
        return answer

    async def handle(self, app: str, learner: int = 0) -> str:
        """The address of an app, of a learner if it is about one. Raises Refused."""
        answer = await self.ask("/open", {"app": app, **({"learner": learner} if learner else {})})
        if "Location" not in answer.headers:
            raise Refused(answer)
        return str(answer.headers["Location"])

    async def render(self, path: str) -> str:
        """The page's text, as it is without its line; its kernel is the visitor's from then on. Raises Refused."""
        answer = await self.ask(path)
        page = (answer.body or b"").decode()
        kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page)
        if kernel is None:
            raise Refused(answer)
        self.kernel = kernel[1]
        return page

    async def open(self, path: str, *, widgets: bool = True, shows: str = "Look at my progress") -> Any:
        """Opens a page with widgets that show certain words, or with charts.

        Returns its line once the kernel has answered and told the widgets' state. Raises Refused.
        """
        page = await self.render(path)
        line = await self.connect()
        await line.write_message(message("kernel_info_request", {}))
        control = {"comm_id": "0" * 32, "target_name": "jupyter.widget.control", "data": {}}
        await line.write_message(message("comm_open", control))
        await line.write_message(message("comm_msg", control | {"data": {"method": "request_states"}}))
        waiting = {"kernel_info_reply", "comm_msg"} if widgets else {"kernel_info_reply"}
        assert widgets or "svg" in page
        async with asyncio.timeout(PATIENCE):
            while waiting:
                said = await line.read_message()
                if said is None:
                    raise ConnectionError("the page's line was closed")
                told = json.loads(said)
                kind = told["header"]["msg_type"]
                if kind != "comm_msg" or told["content"]["data"].get("method") == "update_states":
                    if kind == "comm_msg" and widgets:
                        assert shows in said
                        self.states = told["content"]["data"]["states"]
                    waiting.discard(kind)
        return line

    async def connect(self) -> WebSocketClientConnection:
        """The line to the page's kernel."""
        address = f"ws{self.address[4:]}/api/kernels/{self.kernel}/channels?session_id=1"
        headers = {"Cookie": self.worn, "Origin": self.address}
        return await websocket_connect(HTTPRequest(address, headers=headers, request_timeout=PATIENCE))

    async def say(self, line: Any, widget: str, content: Mapping[str, Any]) -> None:
        """Sends a message of a widget's own."""
        told = {"comm_id": widget, "data": {"method": "custom", "content": content}}
        await line.write_message(message("comm_msg", told))

    async def leave(self) -> None:
        """Closes the page, as a browser tells that it does."""
        await self.ask(f"/voila/api/shutdown/{self.kernel}", {})

    @property
    def worn(self) -> str:
        """Its cookies, as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def message(kind: str, content: dict[str, Any]) -> str:
    """What a page sends to its kernel."""
    header = {"msg_id": kind, "msg_type": kind, "session": "1", "date": "2026-11-21T10:00:00Z", "username": ""}
    told = {"channel": "shell", "header": header | {"version": "5.3"}, "parent_header": {}, "content": content}
    return json.dumps(told | {"metadata": {"version": "1.0.0"}})


class Sitting:
    """Somebody in front of an open page."""

    def __init__(self, visitor: Visitor, line: Any, states: Mapping[str, Any]) -> None:
        self.visitor = visitor
        self._line = line
        self._models: dict[str, dict[str, Any]] = {one: dict(told["state"]) for one, told in states.items()}
        self._heard = asyncio.Event()
        self._settled: dict[str, dict[str, Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def open(cls, visitor: Visitor, app: str = "conference", learner: int = 0) -> AsyncIterator[Self]:
        """A page of the visitor's; closed again it ends its kernel, as a tab does. Raises Refused."""
        line = await visitor.open(await visitor.handle(app, learner), shows='"screen"')
        sitting = cls(visitor, line, visitor.states)
        try:
            yield sitting
        finally:
            sitting._reading.cancel()
            line.close()
            await visitor.leave()

    async def _read(self) -> None:
        try:
            while (said := await self._line.read_message()) is not None:
                if isinstance(said, str):
                    self._hear(json.loads(said))
        finally:
            self._heard.set()

    def _hear(self, told: dict[str, Any]) -> None:
        content, kind = told["content"], told["header"]["msg_type"]
        if kind == "comm_close":
            self._models.pop(content["comm_id"], None)
        elif kind == "comm_open":
            self._models[content["comm_id"]] = dict(content["data"].get("state", {}))
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self._models.setdefault(content["comm_id"], {}).update(content["data"]["state"])
        elif kind == "comm_msg" and content["data"].get("method") == "custom":
            custom = content["data"]["content"]
            if custom.get("kind") in ("saved", "refused"):
                self._settled[custom["id"]] = custom
        self._heard.set()

    async def until(self, what: Callable[[], Any]) -> Any:
        """What a look at the page finds, as soon as it finds something. Raises ConnectionError, TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not (found := what()):
                if self._reading.done():
                    raise ConnectionError("the page's line was closed")
                self._heard.clear()
                await self._heard.wait()
        return found

    def forms(self) -> list[tuple[str, dict[str, Any]]]:
        """The forms there are, oldest first: number and screen."""
        return [(one, state["screen"]) for one, state in self._models.items() if state.get("screen")]

    def stepper(self) -> tuple[str, dict[str, Any]] | None:
        """The conference, if one is open."""
        return next((one for one in reversed(self.forms()) if one[1].get("stepper")), None)

    async def send(self, name: str, value: Any, *, form: str = "", mark: str = "") -> str:
        """Gives an answer; True presses a button. Returns the mark by which the form says what became of it."""
        mark = mark or str(uuid4())
        asked = {"kind": "answer", "id": mark, "name": name, "value": value, "press": value is True}
        try:
            await self.visitor.say(self._line, form or self.stepper()[0], asked)  # type: ignore[index]
        except Exception as error:  # tornado has its own for a line that is closed
            raise ConnectionError("the page's line was closed") from error
        return mark

    async def answer(self, name: str, value: Any, *, form: str = "") -> dict[str, Any]:
        """Answers, and waits until the answer is kept or refused: returns which, with the `seconds` it took."""
        begun = time.perf_counter()
        mark = await self.send(name, value, form=form)
        told = await self.until(lambda: self._settled.pop(mark, None))
        return {**told, "seconds": time.perf_counter() - begun}


class Script:
    """The same for a widget in this process: what `hold` needs, without a page."""

    def __init__(self, widget: ConferenceStepper) -> None:
        self._widget = widget

    def stepper(self) -> tuple[str, dict[str, Any]]:
        return "", self._widget.screen

    async def until(self, what: Callable[[], Any]) -> Any:
        found = what()
        assert found
        return found

    async def answer(self, name: str, value: Any, *, form: str = "") -> dict[str, Any]:
        from workbench.ground.errors import BadInput

        keep = self._widget.keep_for(name)
        assert keep is not None, name
        kind = "saved"
        try:
            keep(value)
        except BadInput:
            kind = "refused"
        self._widget.refresh()
        return {"kind": kind}


def blocks(screen: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The blocks of a screen, those inside others too."""
    for block in screen.get("blocks", screen.get("inside", ())):
        yield block
        yield from blocks(block)


def given(block: Mapping[str, Any], number: int) -> Any:
    """What somebody would answer; None where there is nothing to answer, or something else would be opened."""
    options = [one["value"] if isinstance(one, dict) else one for one in block.get("options", ())]
    match block["kind"]:
        case "text":
            return f"I read {number} pages and I want to find out more."
        case "choice" | "faces" if options:
            return options[number % len(options)]
        case "menu" if options:
            return {"words": options[number % len(options)], "picked": True}
        case "day":
            return (date.fromisoformat(block["least"]) + timedelta(days=7)).isoformat() if block.get("least") else None
        case "adder":
            return f"One more thing, the {number}th"
    return None


async def hold(sitting: Sitting | Script, number: int) -> int:
    """Holds a whole conference: answers all there is at each move, and goes on until it is finished. Counts answers."""
    answers = 0
    await sitting.until(sitting.stepper)
    while True:
        form, screen = sitting.stepper()  # type: ignore[misc]
        here = screen["key"]
        for block in list(blocks(screen)):
            value = given(block, number) if block.get("name") else None
            if value is not None:
                await sitting.answer(block["name"], value, form=form)
                answers += 1
        buttons = [block for block in blocks(sitting.stepper()[1]) if block["kind"] == "button"]  # type: ignore[index]
        onward = [one["name"] for one in buttons if one["name"] == "finish"]
        onward += [one["name"] for one in buttons if one["name"].startswith("go/") and one["look"] == "primary"]
        done = await sitting.answer(onward[0], True, form=form)
        assert done["kind"] == "saved", done
        if onward[0] == "finish":
            return answers
        await sitting.until(lambda here=here: sitting.stepper()[1]["key"] != here)  # type: ignore[index,misc]


async def box(sitting: Sitting) -> Mapping[str, Any]:
    """The first box for words from where the conference is, going on to where there is one."""
    await sitting.until(sitting.stepper)
    while True:
        _form, screen = sitting.stepper()  # type: ignore[misc]
        every = list(blocks(screen))
        found = next((one for one in every if one["kind"] == "text" and one["name"]), None)
        if found is not None:
            return found
        onward = next(one["name"] for one in every if one["name"].startswith("go/") and one.get("look") == "primary")
        await sitting.answer(onward, True)
        await sitting.until(lambda before=screen["key"]: sitting.stepper()[1]["key"] != before)  # type: ignore[index,misc]


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it, those that a zygote forked too."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def kernels_of(pid: int) -> list[psutil.Process]:
    """The processes of a server's pages: what its zygote forked."""
    return [one for zygote in zygotes_of(pid) for one in zygote.children()]


def zygotes_of(pid: int) -> list[psutil.Process]:
    return [one for one in psutil.Process(pid).children() if _runs(one, "workbench.kernels.forking")]


def drawers_of(pid: int) -> list[psutil.Process]:
    return [one for one in psutil.Process(pid).children() if _runs(one, "workbench.ground.drawing")]


def _runs(process: psutil.Process, module: str) -> bool:
    try:
        return module in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
