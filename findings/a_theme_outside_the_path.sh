#!/usr/bin/env bash
# Voilà below a path tells its page to fetch themes from outside of it, where nothing is.
#
# Versions: voila 0.5.13, jupyterlab_server 2.28.1
# One would guess: with --base_url=/school/ every address that a page is told begins with /school/, as a proxy that hands on
# this path alone needs it; the page's own configuration does so for its static files and its extensions.
# What happens: "themesUrl" is /voila/api/themes, without the path, whichever it is. The theme is served below the path; at
# the address that the page was told there is a 404, and behind such a proxy whatever else stands there.
# Output seen:
#     fullStaticUrl: /school/voila/static
#     fullLabextensionsUrl: /school/voila/labextensions
#     themesUrl: /voila/api/themes
#     the theme where the page was told to look: 404
#     the theme below the path: 200
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'kill "${server:-0}" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    voila==0.5.13 jupyterlab_server==2.28.1 ipykernel==7.1.0
cd "$work"
export HOME="$work" PATH="$work/venv/bin:$PATH" JUPYTER_DATA_DIR="$work/venv/share/jupyter"
cat >page.ipynb <<'END'
{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": ["1 + 1"]}],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4, "nbformat_minor": 5}
END
port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
voila page.ipynb --no-browser --port="$port" --base_url=/school/ >log 2>&1 &
server=$!
"$work/venv/bin/python" - "$port" <<'END'
import re
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

host = f"http://127.0.0.1:{sys.argv[1]}"
THEME = "/@jupyterlab/theme-light-extension/index.css"


def status(path):
    try:
        return urlopen(host + path).status
    except HTTPError as error:
        return error.code


for _second in range(60):
    try:
        page = urlopen(f"{host}/school/").read().decode()
        break
    except URLError:
        time.sleep(1)
told = {name: re.search(rf'"{name}": "([^"]*)"', page)[1] for name in ("fullStaticUrl", "fullLabextensionsUrl", "themesUrl")}
for name, address in told.items():
    print(f"    {name}: {address}")
outside, below = status(told["themesUrl"] + THEME), status("/school" + told["themesUrl"] + THEME)
print(f"    the theme where the page was told to look: {outside}")
print(f"    the theme below the path: {below}")
assert told["fullStaticUrl"].startswith("/school/"), told
assert told["themesUrl"] == "/voila/api/themes", told
assert (outside, below) == (404, 200), (outside, below)
END
echo "As recorded."
