"""The browser's half of an app's page: the scripts of Voilà and of its widgets, as one with a lasting address.

Voilà's own page asks for some ninety scripts, many only after others have come, and asks again at
each visit whether they have changed. Most are chunks that lay their modules down for the script
that begins the page, in whatever order they come; so here they are put together, with that one last. An address
holds a mark of everything that is served: a browser may keep what it got for good, and gets
nothing that was replaced. What a page rarely needs (formulas, their fonts) is served by itself.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

#: Where it is below the server's root; a mark and a name follow.
FRONT_AT = "/workbench/front/"
#: The name of the script that holds the others.
BUNDLE = "page.js"
#: The extension of JupyterLab that is our own.
OWN = "workbench"
_OWN_FOLDER = Path(__file__).parent / "labextension"
_ENTRY = "static/voila.js"
#: How a webpack runtime names the chunks that it may ask for.
_CHUNKS = re.compile(r"""\be\("?(\d+)"?\)""")
_PACKED = frozenset({".css", ".js", ".json", ".svg"})


class Front:
    """The scripts, styles and fonts of one server's app pages, as they were when it was made.

    `static` are folders of Voilà's, of which the first that has a file counts; `config` is Voilà's configuration of
    a page, `extensions` the folders of JupyterLab's extensions that it names, and `root` what addresses begin with.
    """

    def __init__(
        self, static: Iterable[str], config: Mapping[str, Any], extensions: Mapping[str, Path], root: str = ""
    ) -> None:
        self._root = root
        named = [*config["federated_extensions"], {"name": OWN, "load": "page.js", "extension": "./extension"}]
        self._files: dict[str, Path] = {}
        for folder in static:
            self._add("static", Path(folder))
        for one in named:
            self._add(f"labextensions/{one['name']}", extensions.get(one["name"], _OWN_FOLDER))
        self._entries = [str(PurePosixPath("labextensions", one["name"], one["load"])) for one in named]
        self.mark = self._marked()
        self._compressed: dict[str, bytes] = {}
        self._turn = Lock()
        self.config = {
            **config,
            "federated_extensions": named,
            "fullStaticUrl": self.at("static"),
            "fullLabextensionsUrl": self.at("labextensions"),
            "themesUrl": self.at("themes"),
        }

    def at(self, name: str) -> str:
        """The address of a file, which changes when any of them does."""
        return f"{self._root}{FRONT_AT}{self.mark}/{name}"

    @property
    def entries(self) -> list[str]:
        """The addresses of the scripts with which the extensions begin."""
        return [self.at(name) for name in self._entries]

    @cached_property
    def bundle(self) -> bytes:
        """All chunks that the scripts name, each in a function of its own, and Voilà's script."""
        parts = []
        for entry in (_ENTRY, *self._entries):
            folder = entry.rpartition("/")[0]
            chunks = set(_CHUNKS.findall(self._files[entry].read_text(encoding="utf-8")))
            for name, path in self._files.items():
                number = path.name.partition(".")[0]
                if number in chunks and path.suffix == ".js" and name == f"{folder}/{path.name}":
                    parts.append(b"(()=>{" + path.read_bytes() + b"\n})();\n")
        return b"".join([*parts, self._files[_ENTRY].read_bytes()])

    def content(self, mark: str, name: str) -> bytes | None:
        """What is at an address; None when there is nothing, or something else by now."""
        if mark != self.mark:
            return None
        if name == BUNDLE:
            return self.bundle
        path = self._files.get(name)
        return path.read_bytes() if path is not None else None

    def compressed(self, mark: str, name: str) -> bytes | None:
        """The same by gzip, made once; None where that gains nothing too."""
        if mark != self.mark or Path(name).suffix not in _PACKED:
            return None
        with self._turn:
            if name not in self._compressed and (content := self.content(mark, name)) is not None:
                self._compressed[name] = gzip.compress(content, 6, mtime=0)
            return self._compressed.get(name)

    def _add(self, at: str, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._files.setdefault(f"{at}/{path.relative_to(folder).as_posix()}", path)

    def _marked(self) -> str:
        mark = blake2b(digest_size=8)
        for name, path in sorted(self._files.items()):
            content = path.read_bytes()
            mark.update(f"{name}\0{len(content)}\0".encode() + content)
        return mark.hexdigest()


def kind_of(name: str) -> str:
    """The media type of a file by its name."""
    if name.endswith(".js"):
        return "text/javascript; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
