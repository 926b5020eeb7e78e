"""The browser of the tests: the distribution's Chromium, installed when allowed."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


class ChromiumMissing(Exception):
    """No browser here, and none could be installed."""


def find_chromium():
    """The path of the browser, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install_chromium():
    """Root on a Debian installs what is missing; anybody else is told."""
    if path := find_chromium():
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise ChromiumMissing("not found, and only root may install it (apt-get install chromium)")
    print("Installing Chromium from the distribution.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        command = ["apt-get", *arguments]
        result = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if result.returncode:
            raise ChromiumMissing(f"{' '.join(command)} failed: {result.stderr.decode().strip()[-300:]}")
    if path := find_chromium():
        return path
    raise ChromiumMissing("the package was installed but brings no chromium")
