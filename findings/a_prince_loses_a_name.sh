#!/usr/bin/env bash
# nameparser puts a learner called Prince under the wrong name, even where a comma says which is which.
#
# Versions: nameparser 2.6.0
# One would guess: "Last, First" leaves nothing to guess: the words before the comma are the family name, those after
# it the given.
# What happens: a given name that is also a title (Prince, King, Queen, Princess, Master) becomes the title, and the
# family name from before the comma becomes the *first* name. With an initial after it the initial is the first name.
# Other titles (Baron, Saint) leave no first name at all, and Duke is a name: it depends on the word.
# Output seen:
#     Okafor, Prince      title=Prince first=Okafor last=
#     Okafor, Prince E.   title=Prince first=E. last=Okafor
#     Nelson, King        title=King first=Nelson last=
#     Abbott, Baron       title=Baron first= last=Abbott
#     Okafor, Duke        title= first=Duke last=Okafor
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    nameparser==2.6.0
"$work/venv/bin/python" - <<'END'
from nameparser import HumanName

expected = {
    "Okafor, Prince": ("Prince", "Okafor", ""),
    "Okafor, Prince E.": ("Prince", "E.", "Okafor"),
    "Nelson, King": ("King", "Nelson", ""),
    "Abbott, Baron": ("Baron", "", "Abbott"),
    "Okafor, Duke": ("", "Duke", "Okafor"),
}
for written, parts in expected.items():
    name = HumanName(written)
    print(f"{written:<19} title={name.title} first={name.first} last={name.last}")
    assert (name.title, name.first, name.last) == parts, name.as_dict()
END
echo "As recorded."
