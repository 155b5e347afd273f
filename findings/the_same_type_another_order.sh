#!/usr/bin/env bash
# In Altair, writing out the type that it infers anyway puts grades into another order.
#
# Versions: altair 6.3.0, pandas 3.1.1
# One would guess: "grade" and "grade:O" mean the same for an ordered categorical, since ordinal is what Altair infers
# for it.
# What happens: only where Altair infers the type does it take the order of the categories along; with ":O" the order
# is that of the alphabet, and K comes after 2. alt.X("grade", type="ordinal"), which also states the type, keeps the
# order.
# Output seen:
#     grade: ordinal, sort ['K', '1', '2']
#     grade:O: ordinal, sort None
#     type="ordinal": ordinal, sort ['K', '1', '2']
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    altair==6.3.0 pandas==3.1.1
"$work/venv/bin/python" - <<'END'
import altair as alt
import pandas as pd

grades = pd.Categorical(["K", "1", "2"], categories=["K", "1", "2"], ordered=True)
table = pd.DataFrame({"grade": grades, "learners": [7, 9, 8]})


def axis(x):
    encoding = alt.Chart(table).mark_bar().encode(x=x, y="learners").to_dict()["encoding"]["x"]
    return encoding["type"], encoding.get("sort")


seen = {"grade": axis("grade"), "grade:O": axis("grade:O"), 'type="ordinal"': axis(alt.X("grade", type="ordinal"))}
for written, (kind, order) in seen.items():
    print(f"{written}: {kind}, sort {order}")
order = ["K", "1", "2"]
assert list(seen.values()) == [("ordinal", order), ("ordinal", None), ("ordinal", order)], seen
END
echo "As recorded."
