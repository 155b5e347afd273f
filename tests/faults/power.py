"""A power cut: a process whose disk keeps what was synced and drops everything else, names in folders too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("disk.c")


class Cut:
    """Runs code on such a disk, cuts its power, and gives its folder as it is then."""

    def __init__(self, place: Path) -> None:
        self._disk = place / "disk"
        self._library = place / "disk.so"
        compiler = shutil.which("cc")
        if sys.platform != "linux" or compiler is None:
            pytest.skip("the disk of this test needs Linux and a C compiler (cc)")
        for inner in ("i", "f"):
            (self._disk / inner).mkdir(parents=True)
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", self._library, SOURCE], check=True)

    def run(self, code: str, *arguments: Path | str) -> list[str]:
        """The lines that `code` told, the last of which is “cut”, until the power went."""
        environ = {**os.environ, "LD_PRELOAD": str(self._library), "CUT_DISK": str(self._disk)}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            told: list[str] = []
            for line in child.stdout:
                if line.strip() == "cut":
                    child.kill()
                    return told
                told.append(line.strip())
        raise AssertionError(f"the process ended before the cut: {child.returncode}")

    def after(self, folder: Path, to: Path, before: Path) -> Path:
        """`folder` as the cut left it, in `to`; what nobody touched is as in `before`, its copy of an earlier time."""
        shutil.copytree(before, to)
        for real in [folder, *(inner for inner in folder.rglob("*") if inner.is_dir())]:
            place = to / real.relative_to(folder)
            place.mkdir(exist_ok=True)
            names = self._names(real)
            for path in real.iterdir():
                if path.is_file() and (path.name in names or (place / path.name).exists()):
                    self._as_synced(path, place / path.name)
            for name in ("workbench.sqlite-shm", "audit.sqlite-shm"):  # memory
                (place / name).unlink(missing_ok=True)
        return to

    def _names(self, folder: Path) -> set[str]:
        listed = self._disk / "f" / _key(folder)
        lines = listed.read_text().splitlines() if listed.exists() else []
        number = {name: int(inode) for inode, name in (line.split(" ", 1) for line in lines)}
        return {
            name
            for name, inode in number.items()
            if (folder / name).exists() and (folder / name).stat().st_ino == inode
        }

    def _as_synced(self, path: Path, to: Path) -> None:
        synced = self._disk / "i" / _key(path)
        if synced.exists():
            shutil.copy(synced, to)
        elif not to.exists():
            to.touch()  # a name without what was written


def _key(path: Path) -> str:
    found = path.stat()
    return f"{found.st_dev}-{found.st_ino}"
