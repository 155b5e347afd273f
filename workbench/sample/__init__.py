"""A whole invented school, and the files its vendors would send.

`School.build(seed=4)` makes the people and their tests, `write_exports(school, folder)` the
files. The same seed gives the same files: nothing here looks at the clock, at hash order or at
another file. No person, school or district is real.
"""

from __future__ import annotations

from workbench.sample.exports import write_exports
from workbench.sample.school import School

__all__ = ["School", "write_exports"]
