#!/usr/bin/env bash
# A SCORM 2004 timestamp may have a time zone only if it has a fraction of a second.
#
# Versions: scorm-again 3.4.3, jsdom 29.1.1
# One would guess: 2026-11-30T08:00:00Z, the commonest form of ISO 8601, is a timestamp; so is what Python's
# isoformat() gives.
# What happens: the format nests the zone inside the fraction, and the run-time keeps to it: Z or an offset right
# after the seconds is error 406, with a fraction it is taken. JavaScript's toISOString() always has one, so a course
# tried in a browser works, and the times of a server do not.
# Output seen:
#     2026-11-30T08:00:00 taken
#     2026-11-30T08:00:00Z 406
#     2026-11-30T08:00:00-07:00 406
#     2026-11-30T08:00:00.0-07:00 taken
#     2026-11-30T08:00:00.000Z taken
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts scorm-again@3.4.3 jsdom@29.1.1 >/dev/null
cat >finding.cjs <<'END'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("", { url: "http://elm.example/" });
Object.assign(globalThis, { window, document: window.document });
require("scorm-again");
const api = new window.Scorm2004API({ autocommit: false, logLevel: 5 });
api.Initialize("");
const expected = {
  "2026-11-30T08:00:00": "taken",
  "2026-11-30T08:00:00Z": "406",
  "2026-11-30T08:00:00-07:00": "406",
  "2026-11-30T08:00:00.0-07:00": "taken",
  [new Date(Date.UTC(2026, 10, 30, 8)).toISOString()]: "taken",
};
for (const [time, outcome] of Object.entries(expected)) {
  const taken = api.SetValue("cmi.comments_from_learner.0.timestamp", time);
  const got = String(taken) === "true" ? "taken" : String(api.GetLastError());
  console.log(time, got);
  assert.equal(got, outcome);
}
END
node finding.cjs
echo "As recorded."
