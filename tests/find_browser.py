"""Makes sure that the browser tests have a Chromium: what is installed, else Playwright's, else the system's package.

Run by `make test`; prints the browser that will be used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def installed() -> str | None:
    """A Chromium that is on this machine: WORKBENCH_CHROMIUM's, Playwright's, or one on the PATH."""
    named = os.environ.get("WORKBENCH_CHROMIUM")
    if named:
        return named
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or (str(MAC) if MAC.exists() else None)


def install() -> None:
    """Tries Playwright's own browser, then the system's package where that is allowed."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if sys.platform == "linux" and shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        attempts += [[*sudo, "apt-get", "update"], [*sudo, "apt-get", "install", "-y", "chromium"]]
    for attempt in attempts:
        try:
            subprocess.run(attempt, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if installed():
            return


def main() -> None:
    if installed() is None:
        print("No Chromium found; trying to install one.")
        install()
    found = installed()
    if found is None:
        sys.exit(
            "No Chromium could be installed for the browser tests.\n"
            "Install Chromium or Chrome, or name one with WORKBENCH_CHROMIUM=/path/to/chrome, and run make test again."
        )
    print(f"Browser: {found}")


if __name__ == "__main__":
    main()
