#!/usr/bin/env bash
# The xAPI library tincan writes a statement that it then refuses to read.
#
# Versions: tincan 1.0.0
# One would guess: what to_json writes, from_json reads; a time without a zone is either refused or taken, both ways
# alike.
# What happens: a naive datetime object is accepted and written without a zone (xAPI asks for one); the same time as
# text is refused, and so is the library's own JSON when it comes back.
# Output seen:
#     object: "timestamp": "2026-11-30T08:00:00"
#     text: ValueError, no timezone was set
#     its own JSON: ValueError, no timezone was set
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    tincan==1.0.0
"$work/venv/bin/python" - <<'END'
import json
from datetime import datetime

from tincan import Activity, Agent, Statement, Verb


def statement(when):
    return Statement(actor=Agent(mbox="luz@elm.example"), verb=Verb(id="http://adlnet.gov/expapi/verbs/completed"),
                     object=Activity(id="http://elm.example/goals/7"), timestamp=when)


def refused(act):
    try:
        act()
    except ValueError as error:
        assert "no timezone was set" in str(error), error
        return "ValueError, no timezone was set"
    raise AssertionError("was accepted")


written = statement(datetime(2026, 11, 30, 8)).to_json()
stamp = json.loads(written)["timestamp"]
print(f'object: "timestamp": "{stamp}"')
print("text:", refused(lambda: statement("2026-11-30T08:00:00")))
print("its own JSON:", refused(lambda: Statement.from_json(written)))
assert stamp == "2026-11-30T08:00:00", stamp
END
echo "As recorded."
