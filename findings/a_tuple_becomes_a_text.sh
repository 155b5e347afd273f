#!/usr/bin/env bash
# A tuple given to papermill arrives in the notebook as a text, and the notebook's own record says list.
#
# Versions: papermill 2.7.0
# One would guess: a tuple arrives as a tuple, or as a list, as in JSON.
# What happens: the cell that is put in holds the tuple's repr in quotes, so a loop over two terms runs over 18
# letters and signs; the metadata of the same notebook says that a list of two was given. A list, also one of numbers,
# is right in both.
# Output seen:
#     cell: terms = "('fall', 'winter')"
#     metadata: ["fall", "winter"]
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    papermill==2.7.0
"$work/venv/bin/python" - <<'END'
import json
import tempfile
from pathlib import Path

import nbformat
import papermill

kernel = {"name": "python3", "display_name": "Python", "language": "python"}
notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
notebook.cells = [nbformat.v4.new_code_cell("terms = ()\nscores = []", metadata={"tags": ["parameters"]})]
with tempfile.TemporaryDirectory() as folder:
    source, made = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
    nbformat.write(notebook, source)
    given = {"terms": ("fall", "winter"), "scores": [3, 4]}
    papermill.execute_notebook(source, made, parameters=given, prepare_only=True, progress_bar=False)
    read = json.loads(made.read_text())
cell = "".join(read["cells"][1]["source"]).splitlines()
recorded = read["metadata"]["papermill"]["parameters"]
print("cell:", cell[1])
print("metadata:", json.dumps(recorded["terms"]))
assert cell[1:3] == ["terms = \"('fall', 'winter')\"", "scores = [3, 4]"], cell
assert recorded == {"terms": ["fall", "winter"], "scores": [3, 4]}, recorded
END
echo "As recorded."
