"""Runs a command beside processes that keep the machine busy, and ends with its exit code.

    python tests/busy.py 4 make test
    python tests/busy.py 1:10 make test     with as much niceness: they take a tenth of a processor from the command

So a machine that has other work is tried: no test may fail for that.
"""

from __future__ import annotations

import subprocess
import sys

_BUSY = (
    "import os, sys\nos.nice(int(sys.argv[1]))\nparent = os.getppid()\n"
    "while os.getppid() == parent:\n    sum(range(1_000_000))"
)


def main(count: str, *command: str) -> int:
    number, _colon, niceness = count.partition(":")
    busy = [subprocess.Popen([sys.executable, "-c", _BUSY, niceness or "0"]) for _ in range(int(number))]
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        for one in busy:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
