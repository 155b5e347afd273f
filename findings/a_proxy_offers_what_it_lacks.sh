#!/usr/bin/env bash
# The Python configurable-http-proxy passes on a browser's offer to compress a WebSocket, and refuses the answer it asked for.
#
# Versions: configurable-http-proxy 0.4.0 (Python), tornado 6.6.1
# One would guess: a proxy in front of a Jupyter server either talks compressed to it or does not offer to; what works
# straight works by the proxy.
# What happens: every browser offers permessage-deflate. The proxy hands the header on to the target as it is, while its own
# client does not compress; a target that accepts the offer (tornado's handlers do once get_compression_options says so) is
# an "unsupported extension" to that client, and the browser gets 503. Without the offer, or with a target that does not
# accept it, all is well, so that a test by a plain client passes.
# Output seen:
#     straight, nothing offered: heard
#     straight, compression offered: heard
#     by the proxy, nothing offered: heard
#     by the proxy, compression offered: 503
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    configurable-http-proxy==0.4.0 tornado==6.6.1
cd "$work"
export PATH="$work/venv/bin:$PATH"
"$work/venv/bin/python" - <<'END'
import asyncio
import socket
import subprocess

from tornado.httpclient import HTTPClientError
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect


class Echo(WebSocketHandler):
    def get_compression_options(self):
        return {}

    def on_message(self, message):
        self.write_message("heard")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def said(port, **offer):
    try:
        line = await websocket_connect(f"ws://127.0.0.1:{port}/", **offer)
    except HTTPClientError as error:
        return error.code
    await line.write_message("hello")
    heard = await line.read_message()
    line.close()
    return heard


async def main():
    target, proxy = free_port(), free_port()
    Application([("/", Echo)]).listen(target, "127.0.0.1")
    with open("log", "wb") as log:
        command = ["configurable-http-proxy", "--ip", "127.0.0.1", "--port", str(proxy), "--api-port", str(free_port())]
        process = subprocess.Popen([*command, "--default-target", f"http://127.0.0.1:{target}"], stdout=log, stderr=log)
    try:
        for _moment in range(300):
            await asyncio.sleep(0.2)
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", proxy)) == 0:
                    break
        found = []
        for where, port in (("straight", target), ("by the proxy", proxy)):
            for offers, offer in (("nothing", {}), ("compression", {"compression_options": {}})):
                found.append(await said(port, **offer))
                print(f"    {where}, {offers} offered: {found[-1]}")
    finally:
        process.terminate()
        process.wait()
    assert found == ["heard", "heard", "heard", 503], found


asyncio.run(main())
END
echo "As recorded."
