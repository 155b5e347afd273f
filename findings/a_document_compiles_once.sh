#!/usr/bin/env bash
# typst's Compiler, given a document as bytes, compiles it once; the second time it looks for a file.
#
# Versions: typst 0.15.2 (Python)
# One would guess: a Compiler that took a document when it was made compiles it as often as it is asked, each time with
# other inputs, as its parameter `sys_inputs` invites one to: a letter for each of many people.
# What happens: the document is kept for the first time alone. After that the Compiler asks the disk for a file
# __typst_py_bytes__.typ, which never was there. The same document as a file, or as bytes handed over each time, is compiled
# as often as one likes; but once bytes were handed over, a Compiler made from a file does not find that file any more.
# Output seen:
#     from bytes: file not found
#     from a file: two documents
#     from a file, after bytes: file not found
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    typst==0.15.2
cd "$work"
"$work/venv/bin/python" - <<'END'
from pathlib import Path

import typst

SOURCE = b"#sys.inputs.name"


def twice(compiler, between=None):
    try:
        compiler.compile(format="pdf", sys_inputs={"name": "Ana"})
        if between is not None:
            compiler.compile(between, format="pdf")
        compiler.compile(format="pdf", sys_inputs={"name": "Inés"})
    except typst.TypstError as error:
        return str(error.message).partition(" (")[0]
    return "two documents"


Path("letter.typ").write_bytes(SOURCE)
got = [
    twice(typst.Compiler(SOURCE)),
    twice(typst.Compiler("letter.typ")),
    twice(typst.Compiler("letter.typ"), between=b"another"),
]
for name, one in zip(("from bytes", "from a file", "from a file, after bytes"), got):
    print(f"{name}: {one}")
assert got == ["file not found", "two documents", "file not found"], got
END
echo "As recorded."
