#!/usr/bin/env bash
# traitlets tells of a change that was none, and takes back only what one kind of error broke off.
#
# Versions: traitlets 5.16.1
# One would guess: hold_trait_notifications joins changes into one; a value that ends as it began is no change
# (setting the same value is none outside it). A block left by an exception is either undone or not, whatever the
# exception.
# What happens: 0 to 1 and back to 0 is told as a change from 0 to 0. A block left by TraitError is undone without a
# word; one left by any other exception is kept, and told.
# Output seen:
#     set to 0: []
#     1, then 0: [(0, 0)]
#     1, then TraitError: value 0, told []
#     1, then KeyError: value 1, told [(0, 1)]
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    traitlets==5.16.1
"$work/venv/bin/python" - <<'END'
from traitlets import HasTraits, Int, TraitError


class Score(HasTraits):
    points = Int(0)


def held(*values, error=None):
    score, told = Score(), []
    score.observe(lambda change: told.append((change.old, change.new)), "points")
    try:
        with score.hold_trait_notifications():
            for value in values:
                score.points = value
            if error:
                raise error
    except (TraitError, KeyError):
        pass
    return score.points, told


same, there_and_back = held(0), held(1, 0)
trait, key = held(1, error=TraitError()), held(1, error=KeyError())
print("set to 0:", same[1])
print("1, then 0:", there_and_back[1])
print(f"1, then TraitError: value {trait[0]}, told {trait[1]}")
print(f"1, then KeyError: value {key[0]}, told {key[1]}")
assert same == (0, []) and there_and_back == (0, [(0, 0)]), (same, there_and_back)
assert trait == (0, []) and key == (1, [(0, 1)]), (trait, key)
END
echo "As recorded."
