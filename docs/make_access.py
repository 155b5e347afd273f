"""Writes docs/access.md from the table of rights: python docs/make_access.py"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbench.access.actors import Action, Role
from workbench.access.rules import DUTIES, RIGHTS, Right

PAGE = Path(__file__).with_name("access.md")
MEANS = {
    Action.MEET: "know who they are: name, class, the language and look of their pages",
    Action.READ: "read what the school’s data say of them",
    Action.FOLLOW: "follow their conferences’ dates, goals, plans, and how it goes",
    Action.HEAR: "read what else they said, made and chose",
    Action.SHARED: "read what the learner shares with the family",
    Action.NOTES: "read what educators keep to themselves",
    Action.WRITE: "write in their pages",
    Action.REPLY: "answer the school for the family, or type in what a family answered",
    Action.GUIDE: "guide: settings, notes, bookings, buddies, answers to flags, passing a worry on",
    Action.REPORT: "make reports, of what they may read",
    Action.IMPORT: "say whose rows are whose; bring exports in",
    Action.ROSTERS: "what they bring in is believed of every learner",
    Action.TAKE_BACK: "take an import back, or bring it back",
    Action.CLASSES: "open pages of whole classes, for those they may meet",
    Action.ARRANGE: "change what a class agreed on",
    Action.WORRIES: "read worries",
    Action.PEOPLE: "say who may come in, and as what",
    Action.AUDIT: "look after the audit, and see who looked at any learner",
    Action.DISCLOSE: "print who looked at a learner, for a family that asks",
    Action.RECORDS: "hand out all that is kept of a learner, and forget a learner",
}
_HEAD = """\
# Who may do what

Made from `workbench/access/rules.py` by `python docs/make_access.py`; a test holds the two together, and another tries
every method of every facet as every role in every relation.

Somebody is one role at a time, and stands in a relation to a learner at a date: by the rosters of now, by a tie that an
admin gave for some time, or by being there. What is not marked is refused, or, where it is one thing among others on a
page for somebody who may meet the learner, left out. Every look, every change and every refusal is written down with
its reason. On a device that was handed over the rights are the learner's, and of the learner's own pages.
"""


def table(rights: Iterable[Right], actions: Iterable[Action]) -> list[str]:
    known = list(actions)
    lines = ["| role | relation | " + " | ".join(known) + " | reason |", "|---|---|" + ":-:|" * len(known) + "---|"]
    for one in rights:
        marks = " | ".join("×" if each in one.may else " " for each in known)
        lines.append(f"| {one.role} | {one.relation} | {marks} | {one.reason} |")
    return lines


def page() -> str:
    """The whole page."""
    of_learners = [one for one in Action if any(one in right.may for right in RIGHTS)]
    of_school = [one for one in Action if any(one in right.may for right in DUTIES)]
    lines = [_HEAD, "## With a learner’s data", "", *table(RIGHTS, of_learners), ""]
    lines += ["## For the school, a class or an import", "", *table(DUTIES, of_school), ""]
    lines += ["## What the words mean", ""]
    lines += [f"- **{one}**: {MEANS[one]}" for one in Action]
    lines += ["", "Roles: " + ", ".join(Role) + ".", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
