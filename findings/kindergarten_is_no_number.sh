#!/usr/bin/env bash
# Altair takes a column of K, 1 and 2, as a spreadsheet gives it, for numbers, and kindergarten is not drawn.
#
# Versions: altair 6.3.0, pandas 3.1.1, vl-convert-python 1.9.0.post1
# One would guess: a column with a text in it is nominal, as a column of texts is; or a warning says that a value has
# no place.
# What happens: text and whole numbers together are quantitative. The bar of K is left out without a word, and the
# axis runs from 0.9 to 2.1. With text and fractions (K, 1.5) the same column is nominal, and all are drawn.
# Output seen:
#     K, 1, 2: quantitative, bars ['1', '2']
#     K, 1.5, 2.5: nominal, bars ['1.5', '2.5', 'K']
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    altair==6.3.0 pandas==3.1.1 vl-convert-python==1.9.0.post1
"$work/venv/bin/python" - <<'END'
import re

import altair as alt
import pandas as pd
import vl_convert


def drawn(grades):
    table = pd.DataFrame({"grade": grades, "learners": [7, 9, 8]})
    chart = alt.Chart(table).mark_bar().encode(x="grade", y="learners").to_dict()
    bars = re.findall(r'aria-label="grade: ([^;]+); learners', vl_convert.vegalite_to_svg(chart))
    return chart["encoding"]["x"]["type"], sorted(bars)


whole, half = drawn(["K", 1, 2]), drawn(["K", 1.5, 2.5])
print(f"K, 1, 2: {whole[0]}, bars {whole[1]}\nK, 1.5, 2.5: {half[0]}, bars {half[1]}")
assert whole == ("quantitative", ["1", "2"]), whole
assert half == ("nominal", ["1.5", "2.5", "K"]), half
END
echo "As recorded."
