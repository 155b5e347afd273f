"""The variables of the environment by which a kernel, a batch or a person's shell is told where it is and who asks."""

from __future__ import annotations

#: Who is asking, such as "teacher:t17".
ACTOR = "WORKBENCH_ACTOR"
#: The folder of the workspace.
HOME = "WORKBENCH_HOME"
#: The address of the store, where it is not the workspace's own.
DATABASE = "WORKBENCH_DB"
#: The number of the one learner whom a device was handed to.
ONLY = "WORKBENCH_ONLY"
#: The day a served kernel is told to take for today; unset, it is the day on the wall.
DAY = "WORKBENCH_DAY"
#: The language a page was asked for in.
LANGUAGE = "WORKBENCH_LANGUAGE"
#: What the person of a page sits at, such as "iPad Safari".
DEVICE = "WORKBENCH_DEVICE"
