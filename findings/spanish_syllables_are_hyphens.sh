#!/usr/bin/env bash
# textstat counts the syllables of Spanish by where a printer may break a line.
#
# Versions: textstat 0.7.13, pyphen 0.18.1
# One would guess: in Spanish, where spelling gives the syllables, the formulas made for Spanish (Fernández Huerta)
# get them right.
# What happens: a syllable is a place where pyphen would hyphenate, and no typesetter leaves one letter alone on a
# line or breaks between two vowels: tía, Leo, leer and uva have one. What a young child writes is counted at about
# half, and the score of a scale that ends at 100 is above 140. With the syllables it has (9 in 5 words) the score is
# 48 lower.
# Output seen:
#     tía 1 (2), Leo 1 (2), leer 1 (2), uva 1 (2), maestra 2 (3)
#     Tía Eva lee a Leo. 5 (9), Fernández Huerta 141.74
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    textstat==0.7.13 pyphen==0.18.1
"$work/venv/bin/python" - <<'END'
import textstat

textstat.set_lang("es")
words = {"tía": (1, 2), "Leo": (1, 2), "leer": (1, 2), "uva": (1, 2), "maestra": (2, 3)}
counted = {word: (textstat.syllable_count(word), true) for word, (_, true) in words.items()}
print(", ".join(f"{word} {got} ({true})" for word, (got, true) in counted.items()))
sentence = "Tía Eva lee a Leo."
syllables, score = textstat.syllable_count(sentence), textstat.fernandez_huerta(sentence)
print(f"{sentence} {syllables} (9), Fernández Huerta {score:.2f}")
assert counted == words, counted
assert (syllables, round(score, 2)) == (5, 141.74), (syllables, score)
END
echo "As recorded."
