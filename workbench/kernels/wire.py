"""Jupyter messages over one socket between two processes: which channel, then the message's parts.

channel (1 byte) │ number of parts │ their lengths │ the parts
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

Part = bytes | bytearray | memoryview
Message = tuple[bytes, list[bytes]]

#: Channels; a message on END asks the kernel to end in good order.
SHELL, IOPUB, END = b"s", b"p", b"e"
#: Where several kernels share a process the first part of each message is a kernel's name, and there are two more: one
#: is begun, one is gone.
OPEN, GONE = b"o", b"g"
#: Seconds that a message waits for others.
HELD = 0.02
_HEAD = struct.Struct("!cI")


def packed(channel: bytes, parts: Sequence[Part]) -> list[Part]:
    """A message as pieces to be written one after the other."""
    lengths = [memoryview(part).nbytes for part in parts]
    return [_HEAD.pack(channel, len(parts)) + struct.pack(f"!{len(parts)}Q", *lengths), *parts]


class Unpacker:
    """Puts messages together from what a socket gives."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete with these bytes."""
        self._data += data
        while (found := self._next()) is not None:
            yield found

    def _next(self) -> Message | None:
        if len(self._data) < _HEAD.size:
            return None
        channel, count = _HEAD.unpack_from(self._data)
        at = _HEAD.size + 8 * count
        if len(self._data) < at:
            return None
        lengths = struct.unpack_from(f"!{count}Q", self._data, _HEAD.size)
        if len(self._data) < at + sum(lengths):
            return None
        parts = []
        for length in lengths:
            parts.append(bytes(memoryview(self._data)[at : at + length]))
            at += length
        del self._data[:at]
        return channel, parts


class Line:
    """A kernel's end of the socket. Every thread may send, and so may a process that the kernel forks.

    What is said during a cell is sent when the cell is done, or after `HELD` seconds: each message
    alone would have two processes wake each other.
    """

    def __init__(self) -> None:
        self.socket: socket.socket | None = None

    def open(self, end: socket.socket) -> None:
        """Begins to send, as this process, into `end`."""
        self.socket = end
        self._owner = os.getpid()
        self._turn = multiprocessing.get_context("fork").Lock()
        self._held: list[bytes] = []
        self._waiting = threading.Event()
        threading.Thread(target=self._release_in_time, name="release", daemon=True).start()

    def send(self, data: bytes) -> None:
        with self._turn:
            self._held.append(data)
        if os.getpid() == self._owner:
            self._waiting.set()
        else:
            self._held[:-1] = []  # what was there at the fork is its owner's to send
            self.release()

    def release(self) -> None:
        """Sends what is held."""
        with self._turn:
            if self._held and self.socket is not None:
                self.socket.sendall(b"".join(self._held))
            self._held.clear()

    def _release_in_time(self) -> None:
        while self._waiting.wait():
            time.sleep(HELD)
            self._waiting.clear()
            with suppress(OSError):
                self.release()


class Outlet:
    """Where a kernel puts the messages of one channel; takes the place of a ZeroMQ socket.

    `kernel` is its name, where others share the line.
    """

    closed = False

    def __init__(self, line: Line, channel: bytes, kernel: bytes | None = None) -> None:
        self._line = line
        self._channel = channel
        self._first = () if kernel is None else (kernel,)

    def send_multipart(self, parts: Sequence[Part], *_args: object, **_options: object) -> None:
        self._line.send(b"".join(packed(self._channel, [*self._first, *parts])))

    def flush(self, *_options: object) -> None:
        """Called by the kernel when it has answered a request."""
        self._line.release()

    def close(self) -> None:
        """Nothing: the line is closed by whoever has it."""
