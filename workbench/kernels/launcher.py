"""Starts a kernel: `python -m workbench.kernels.launcher -f connection.json`."""

import sys
from pathlib import Path


def main() -> None:
    import workbench.ground.quick  # noqa: F401

    # as ipykernel's own launcher does: a file of the notebook's folder must not stand in for a library
    if sys.path and (sys.path[0] == "" or Path(sys.path[0]) == Path.cwd()):
        del sys.path[0]
    from workbench.kernels import NO_HISTORY
    from workbench.kernels.portless import PortlessApp

    PortlessApp.launch_instance([*sys.argv[1:], NO_HISTORY])


if __name__ == "__main__":
    main()
