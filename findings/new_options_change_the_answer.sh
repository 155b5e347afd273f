#!/usr/bin/env bash
# Giving an ipywidgets selection one more option changes what was chosen.
#
# Versions: ipywidgets 8.1.9
# One would guess: when options are set anew and the chosen one is still among them, it stays chosen.
# What happens: every widget of one choice jumps to the *first* option, as if the person had chosen that, and
# observers are told so; only when the first option was the chosen one is nothing to see. SelectMultiple forgets all
# its choices instead.
# Output seen:
#     Dropdown read, Select read, RadioButtons read, ToggleButtons read, SelectionSlider read
#     SelectMultiple ()
#     observers of the Dropdown: [('write', 'read')]
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    ipywidgets==8.1.9
"$work/venv/bin/python" - <<'END'
import ipywidgets as w

before, after = ["read", "write"], ["read", "write", "count"]


def change(kind, value):
    widget, told = kind(options=before, value=value), []
    widget.observe(lambda change: told.append((change.old, change.new)), "value")
    widget.options = after
    return widget.value, told


one = {kind.__name__: change(kind, "write")
       for kind in (w.Dropdown, w.Select, w.RadioButtons, w.ToggleButtons, w.SelectionSlider)}
many = change(w.SelectMultiple, ["write"])
print(", ".join(f"{name} {value}" for name, (value, _) in one.items()))
print("SelectMultiple", many[0])
print("observers of the Dropdown:", one["Dropdown"][1])
assert {value for value, _ in one.values()} == {"read"}, one
assert one["Dropdown"][1] == [("write", "read")], one
assert many[0] == (), many
END
echo "As recorded."
