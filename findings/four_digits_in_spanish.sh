#!/usr/bin/env bash
# Babel groups the digits of 1234 in Spanish; the browser, by the same CLDR, does not.
#
# Versions: Babel 2.18.0 (Python), Number.prototype.toLocaleString of Node.js (any with full ICU)
# One would guess: a figure formatted for "es" on the server and the same figure formatted for "es" by a chart's or a
# page's script look alike.
# What happens: CLDR says for es, pt-PT, it and pl that digits are grouped from five on (minimumGroupingDigits 2). Browsers
# follow it and write 1234 and 12.345; Babel carries the patterns without that number and writes 1.234. Beside an English
# "1.234" for a bit more than one, minutes and words read look like a thousandth. es-MX and es-US group from four on in both.
# Output seen:
#     Babel: es 1.234 12.345 | es_MX 1,234 12,345
#     Intl:  es 1234 12.345 | es-MX 1,234 12,345
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    babel==2.18.0
"$work/venv/bin/python" - <<'END'
from babel.numbers import format_decimal

got = [[format_decimal(number, locale=locale) for number in (1234, 12345)] for locale in ("es", "es_MX", "it", "pt_PT")]
print("Babel:", got)
assert got[:3] == [["1.234", "12.345"], ["1,234", "12,345"], ["1.234", "12.345"]], got
assert len(got[3][0]) == 5, got
END
node - <<'END'
const got = ["es", "es-MX", "it", "pt-PT"].map((locale) => [1234, 12345].map((number) => number.toLocaleString(locale)));
console.log("Intl:", JSON.stringify(got));
const plain = [got[0], got[2], got[3]].every(([four, five]) => four === "1234" && five.length === 6);
if (!plain || got[1][0] !== "1,234") throw new Error(JSON.stringify(got));
END
echo "As recorded."
