"""Where the notebooks that ship with the workbench are."""

from __future__ import annotations

from pathlib import Path

#: The folder of the package.
PACKAGE = Path(__file__).parents[1]


def notebooks() -> Path:
    """The folder of the app notebooks."""
    return _shipped("notebooks", PACKAGE)


def reports() -> Path:
    """The folder of the report notebooks."""
    return _shipped("reports", PACKAGE)


def _shipped(name: str, package: Path) -> Path:
    """A top-level folder of the checkout that `package` stands in, else the copy inside an installed package.

    The checkout goes first: an editable install leaves a stale copy beside it.
    """
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return package / f"_{name}"
