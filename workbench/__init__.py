"""Learner-Led Workbench: exports become conferences that learners lead."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.bench import Workbench

__all__ = ["Workbench", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Workbench":  # the store takes half a second to import; `workbench --help` need not wait
        return import_module("workbench.bench").Workbench
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")
