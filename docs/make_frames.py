"""Writes docs/frames.md from the tables there are: python docs/make_frames.py"""

from __future__ import annotations

from pathlib import Path

from workbench.frames import Frames
from workbench.frames.columns import TABLES

PAGE = Path(__file__).with_name("frames.md")
_HEAD = """\
# Tables for analysts

Made from `workbench/frames/` by `python docs/make_frames.py`; a test holds the two together.

```python
bench.frames.scores("4B")
bench.frames.growth("4B", measure="reading", start="Fall 2025", end="Fall 2026")
bench.frames.columns("scores")
```

A table is of a class, a school, a learner or a list of learners; of nobody named, of all whom you may see. Each is a
pandas frame, tidy: one row is one thing, in the order of the learners' family names. A column has the same type in
every frame, also where no row is. Ordered categories sort as they should: terms by time, grades by age. A row carries
the learner's number; `names=True` adds the name, `words=True` the learner's words.

**Left out is said.** Whom you may not see is missing; `frame.attrs["left_out"]` tells how many, and a warning says so
where a class, a school or a list was asked for. A part of a class is not that class: compare nothing with it. Each
frame is noted in the audit as one look at all whom it shows.

**What may be compared.** [growth.md](growth.md) has the rules: terms a year apart, errors, norms, rushed tests, counts
over periods that do not overlap. Join tables by learner *and* measure.
"""


def page() -> str:
    """The whole document."""
    parts = [_HEAD]
    for table, columns in TABLES.items():
        said = (getattr(Frames, table).__doc__ or "").strip().partition("\n")[0]
        rows = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in columns]
        parts += [f"\n## {table}\n\n{said}\n\n| column | type | what it is |\n|---|---|---|\n", "\n".join(rows), "\n"]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
