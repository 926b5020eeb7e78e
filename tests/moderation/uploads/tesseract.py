"""The distribution's tesseract with Indonesian, which reads the writing in pictures."""

import os
import shutil
import subprocess

PACKAGES = ("tesseract-ocr", "tesseract-ocr-ind")


class TesseractMissing(Exception):
    """No tesseract here that knows Indonesian, and none could be installed."""


def find_tesseract() -> str | None:
    """The path of the program, None where it does not know Indonesian."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    said = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False)
    return path if "ind" in said.stdout.split() else None


def find_or_install_tesseract() -> str:
    """Root on a Debian installs what is missing; anybody else is told."""
    if path := find_tesseract():
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise TesseractMissing(f"not found, and only root may install it (apt-get install {' '.join(PACKAGES)})")
    print("Installing tesseract from the distribution.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        command = ["apt-get", *arguments]
        result = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if result.returncode:
            raise TesseractMissing(f"{' '.join(command)} failed: {result.stderr.decode().strip()[-300:]}")
    if path := find_tesseract():
        return path
    raise TesseractMissing("the packages were installed but bring no tesseract that knows Indonesian")
