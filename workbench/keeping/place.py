"""Where a workspace's folder is: on a disk of this computer alone, or where other programs and computers write too.

SQLite counts on the locks and the order of one computer's own disk. A folder that OneDrive and its like keep in step is
copied file by file, and one file of a store without the others is a damaged store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

import psutil


class Mount(NamedTuple):
    """A disk or a share: where it is, of which kind, and how it is opened."""

    mountpoint: str
    fstype: str
    opts: str = ""


#: Names of folders that a program keeps in step with other computers, as it makes them.
_NAMES = (
    ("OneDrive", r"OneDrive(\s?-\s?.+)?"),
    ("Dropbox", r"Dropbox(\s?\(.+\))?|Dropbox-.+"),
    ("iCloud Drive", r"iCloud\s?Drive|Mobile Documents|com~apple~CloudDocs"),
    ("Google Drive", r"Google\s?Drive.*|My Drive|Mi unidad|Meine Ablage|Mon Drive|Il mio Drive|Mijn Drive"),
    ("Box", r"(?-i:Box|Box Sync|Box-Box)"),
    ("Nextcloud", r"Nextcloud.*|ownCloud.*"),
    ("pCloud", r"p\s?Cloud\s?Drive"),
    ("MEGA", r"(?-i:MEGA|MEGAsync.*)"),
    ("Proton Drive", r"Proton\s?Drive.*"),
    ("Syncthing", r"Syncthing"),
    ("Seafile", r"Seafile"),
    ("Sync.com", r"(?-i:Sync)"),
)
#: What such a program leaves in a folder that it keeps in step.
_MARKS = (
    ("Dropbox", (".dropbox", ".dropbox.cache")),
    ("OneDrive", (".849C9593-D756-4E56-8D6E-42412F2A707B",)),
    ("Google Drive", (".tmp.drivedownload", ".tmp.driveupload")),
    ("Nextcloud", (".owncloudsync.log", ".nextcloudsync.log", ".sync_journal.db", "._sync_journal.db")),
    ("Syncthing", (".stfolder",)),
    ("MEGA", (".debris", ".megaignore")),
    ("Seafile", (".seafile-data",)),
    ("Resilio Sync", (".sync",)),
)
_PROVIDERS = {"onedrive": "OneDrive", "dropbox": "Dropbox", "googledrive": "Google Drive", "box": "Box"}
_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_SHARED = frozenset(
    (*("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "smbnetfs", "afpfs", "afp", "ncpfs", "webdav"),
     *("davfs", "davfs2", "coda", "afs", "openafs", "auristorfs", "ceph", "glusterfs", "lustre", "beegfs", "gpfs"),
     *("ocfs2", "gfs2", "orangefs", "pvfs2", "moosefs", "sshfs", "macfuse", "osxfuse", "fusefs", "fuse"))
)  # fmt: skip
#: Shared by a virtual machine with the computer it runs on; as the root of one, its own disk.
_OF_A_MACHINE = frozenset(("9p", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "drvfs", "fuse.vmhgfs-fuse"))
#: Kinds of `fuse.…` that are a disk of this computer, otherwise written.
_OWN_FUSE = frozenset(
    f"fuse.{name}" for name in ("ntfs-3g", "ntfs", "exfat", "encfs", "gocryptfs", "cryfs", "mergerfs", "fuse-overlayfs",
                                "lxcfs", "portal", "bindfs", "zfs", "veracrypt", "squashfuse", "ecryptfs", "lowntfs-3g")
)  # fmt: skip


def synced_by(folder: Path, environ: Mapping[str, str], home: Path | None = None) -> str:
    """Which program keeps a folder in step with other computers, such as "OneDrive"; "" for none that is known."""
    for path in dict.fromkeys((folder.absolute(), folder.resolve())):
        named = next(filter(None, map(_named, path.parts)), "") or _provided(path)
        if named:
            return named
        for above in (path, *path.parents):
            for name, marks in _MARKS:
                if any((above / mark).exists() for mark in marks):
                    return name
        for name, root in _told(environ, home or Path.home()):
            if path.is_relative_to(root):
                return name
    return ""


def shared_by(folder: Path, mounts: Iterable[Mount] | None = None) -> str:
    """The kind of file system, such as "nfs4", where a folder is on another computer; "" for a disk of this one."""
    here = str(folder.absolute())
    if PureWindowsPath(here).drive.startswith("\\\\"):
        return "UNC"
    found = Mount("", "")
    for one in mounts if mounts is not None else mounted():
        inside = any(_inside(path, one.mountpoint) for path in {here, str(folder.resolve())})
        if inside and len(one.mountpoint) >= len(found.mountpoint):  # what was mounted later lies over the earlier
            found = one
    kind = found.fstype.casefold()
    if "remote" in found.opts.split(","):
        return found.fstype or "remote"
    of_a_machine = kind in _OF_A_MACHINE and found.mountpoint != "/"
    fuse = kind.startswith("fuse.") and kind not in _OWN_FUSE
    return found.fstype if kind in _SHARED or fuse or of_a_machine else ""


def mounted() -> list[Mount]:
    """What this computer has mounted, in order."""
    try:
        return [Mount(one.mountpoint, one.fstype, one.opts) for one in psutil.disk_partitions(all=True)]
    except (OSError, RuntimeError):
        return []


def _inside(path: str, mountpoint: str) -> bool:
    root = mountpoint.rstrip("/\\")
    return path == root or path.startswith((f"{root}/", f"{root}\\"))


def _named(part: str) -> str:
    return next((name for name, pattern in _NAMES if re.fullmatch(pattern, part, re.IGNORECASE)), "")


def _provided(path: Path) -> str:
    """The program of `Library/CloudStorage/PROGRAM-ACCOUNT`, where macOS keeps what others keep in step."""
    parts = path.parts
    if "CloudStorage" not in parts[:-1]:
        return ""
    provider = parts[parts.index("CloudStorage") + 1].partition("-")[0]
    return _PROVIDERS.get(provider.casefold(), provider)


def _told(environ: Mapping[str, str], home: Path) -> Iterator[tuple[str, Path]]:
    """The folders that OneDrive and Dropbox say are theirs."""
    for variable in _VARIABLES:
        if environ.get(variable):
            yield "OneDrive", Path(environ[variable])
    for place in (
        home / ".dropbox",
        *(Path(environ[name]) / "Dropbox" for name in ("APPDATA", "LOCALAPPDATA") if name in environ),
    ):
        try:
            accounts = json.loads((place / "info.json").read_text(encoding="utf-8"))
            roots = [Path(one["path"]) for one in accounts.values()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        yield from (("Dropbox", root) for root in roots)
