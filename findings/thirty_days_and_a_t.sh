#!/usr/bin/env bash
# The xAPI library's duration of whole days is none by ISO 8601, and the validator of another vendor does not see it.
#
# Versions: @xapi/xapi 3.0.3, @learninglocker/xapi-validation 3.0.0, temporal-polyfill 1.0.8
# One would guess: calculateISO8601Duration gives an ISO 8601 duration; if it ever did not, the statement's validator
# would say so.
# What happens: a difference of exactly so many days ends in a T with nothing after it. A validator made for xAPI
# finds no fault in it; a parser of durations refuses it. With one minute more all agree.
# Output seen:
#     30 days: P30DT, validator [], parser RangeError
#     30 days and a minute: P30DT1M, validator [], parser P30DT1M
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts @xapi/xapi@3.0.3 @learninglocker/xapi-validation@3.0.0 temporal-polyfill@1.0.8 >/dev/null
cat >finding.cjs <<'END'
const assert = require("node:assert");
const { calculateISO8601Duration } = require("@xapi/xapi");
const faults = require("@learninglocker/xapi-validation").default;
const { Temporal } = require("temporal-polyfill");

const begin = new Date("2026-11-01T08:00:00Z");
const look = (end) => {
  const duration = calculateISO8601Duration(begin, new Date(end));
  const found = faults({
    actor: { mbox: "mailto:luz@elm.example" },
    verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
    object: { id: "http://elm.example/goals/7" },
    result: { duration },
  });
  let parsed;
  try { parsed = Temporal.Duration.from(duration).toString(); } catch (error) { parsed = error.name; }
  return `${duration}, validator ${JSON.stringify(found)}, parser ${parsed}`;
};
const whole = look("2026-12-01T08:00:00Z");
const more = look("2026-12-01T08:01:00Z");
console.log(`30 days: ${whole}\n30 days and a minute: ${more}`);
assert.equal(whole, "P30DT, validator [], parser RangeError");
assert.equal(more, "P30DT1M, validator [], parser P30DT1M");
END
node finding.cjs
echo "As recorded."
