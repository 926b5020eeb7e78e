"""The product starts with what its locks name, and loads what a start needs."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.db_agnostic

#: Python 3.12 brings no setuptools, no lock names it, and its newest release has no pkg_resources.
WITHOUT = """
import sys
sys.modules["setuptools"] = sys.modules["pkg_resources"] = None
import django
django.setup()
from django.core.management import call_command
call_command("check", verbosity=0)
loaded = sorted(name for name in sys.modules if name.split(".")[0] == "twitter_text")
from news.social.channels import KINDS
from news.social.channels.x.weighing import find_links
print(loaded, KINDS["x"]().count("Halo 👍🏽 contoh.go.id"), find_links("Lihat contoh.go.id"))
"""


def test_nothing_needs_setuptools():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[] 31 ['contoh.go.id']"
