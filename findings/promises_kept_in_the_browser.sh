#!/usr/bin/env bash
# Of three limits that ipywidgets lets one set, Python keeps one.
#
# Versions: ipywidgets 8.1.9
# One would guess: a limit is a limit, as with BoundedIntText: a value set in Python that breaks it is refused or
# corrected.
# What happens: TagsInput's allowed_tags raises TraitError, but its allow_duplicates=False takes duplicates, and a
# Combobox with ensure_option=True ("ensure value is in options") takes any text. Only the browser minds those two, so
# a value from a saved record passes.
# Output seen:
#     allowed_tags: TraitError
#     allow_duplicates=False: ['read', 'read']
#     ensure_option=True: sing
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    ipywidgets==8.1.9
"$work/venv/bin/python" - <<'END'
import ipywidgets as w
from traitlets import TraitError

tags = w.TagsInput(allowed_tags=["read", "write"], allow_duplicates=False)
try:
    tags.value = ["sing"]
except TraitError:
    print("allowed_tags: TraitError")
else:
    raise AssertionError(tags.value)
tags.value = ["read", "read"]
print("allow_duplicates=False:", tags.value)
box = w.Combobox(options=["read", "write"], ensure_option=True)
box.value = "sing"
print("ensure_option=True:", box.value)
assert list(tags.value) == ["read", "read"], tags.value
assert box.value == "sing", box.value
END
echo "As recorded."
