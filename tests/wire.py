"""What a page sends and receives, by Chromium's own developer tools."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import CDPSession, Page


class Wire:
    """Counts bytes from when it was made: `http` as they came, headers too; `frames` of websockets, as unpacked."""

    def __init__(self, page: Page) -> None:
        self.http = self.frames = 0
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._loaded)
        self.session.on("Network.webSocketFrameReceived", self._frame)
        self.session.on("Network.webSocketFrameSent", self._frame)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.http += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        self.frames += len(event["response"]["payloadData"].encode())

    def settle(self, page: Page, seconds: float = 2) -> None:
        """Waits until the page is whole, and nothing but its own beat has come or gone for so long."""
        while page.evaluate("document.readyState") != "complete":
            page.wait_for_timeout(100)
        seen, since = -1000, time.monotonic()
        while time.monotonic() - since < seconds:
            if self.http + self.frames > seen + 600:
                seen, since = self.http + self.frames, time.monotonic()
            page.wait_for_timeout(100)
