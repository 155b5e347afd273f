"""The school on its network, for the files that come to it by its doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.serving import Reach

from ..browser import VoilaServer
from ..conftest import copy_of
from .network import School, free_port, networked, staffed


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = copy_of(pristine, tmp_path_factory.mktemp("network") / "demo")
    port = free_port()
    networked(folder, port)
    staffed(folder)
    with Workbench.open(folder, actor="admin:office") as bench:
        bench.accounts.tie("coach:c1", school=bench.learners.class_named("4B").school, until=date.max)
    with VoilaServer(folder, port=port, reach=Reach.OTHERS) as server:
        yield School(server, folder, port)
