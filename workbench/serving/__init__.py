"""The apps, served by Voilà to people's browsers: configured in code, for one local educator or a school's accounts."""

from __future__ import annotations

import workbench.ground.quick  # noqa: F401 - before Voilà
from workbench.serving.app import serve
from workbench.serving.apps import App
from workbench.serving.reach import Reach, safe
from workbench.serving.site import Limits, Site

__all__ = ["App", "Limits", "Reach", "Site", "safe", "serve"]
