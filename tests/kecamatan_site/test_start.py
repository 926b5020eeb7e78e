"""The product starts with what its locks name, and loads what a start needs."""

import inspect
import os
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.forms import modelform_factory
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.images.widgets import AdminImageChooser

from kecamatan_site.wagtail_apps import without_api
from news.models import NewsPage
from tests.kecamatan_site.supply.environments import RUNTIME_LOCK, read_lock

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
from tests.kecamatan_site.supply.starts import import_all
print(import_all(sys.argv[1:]))
"""


def test_nothing_needs_setuptools():
    """Neither the product nor an import of what its lock holds; ``make pythons`` shows it in bare environments."""
    names = sorted(read_lock(RUNTIME_LOCK))
    assert "setuptools" not in names
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *names], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["[] 31 ['contoh.go.id']", str(len(names))]


#: Libraries that few requests need, each tens of modules: imported where they are first used.
LATER = [
    "boto3",
    "holidays",
    "icalendar",
    "ninja",
    "oauthlib",
    "openpyxl",
    "psycopg",
    "pydantic",
    "pypdf",
    "requests",
    "requests_oauthlib",
    "rest_framework",
    "storages",
    "twitter_text",
    "typst",
    "urllib3",
    "zxingcpp",
]
#: Modules of a start; 2,350 before networks and Wagtail's API v3 stayed out of it.
MOST_MODULES = 1700
STARTED = """
import sys
import django
django.setup()
print(len(sys.modules), *sorted(set(sys.modules) & set(sys.argv[1:])))
"""


def test_a_start_loads_no_library_that_few_requests_need():
    done = subprocess.run(
        [sys.executable, "-c", STARTED, *LATER],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": "sqlite:///:memory:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, *early = done.stdout.splitlines()[-1].split()
    assert early == []
    assert int(count) <= MOST_MODULES


@pytest.mark.parametrize("name", ["wagtailimages", "wagtaildocs", "wagtailsnippets", "wagtailredirects"])
def test_an_app_without_the_api_is_ready_for_all_else(name):
    """Each name that ready() imports of the API has its stand-in, and no stand-in stays behind."""
    config = apps.get_app_config(name)
    before = dict(sys.modules)
    with without_api(config.name):
        stood_in = {module for module in sys.modules if sys.modules[module] is not before.get(module)}
    assert sys.modules == before
    source = inspect.getsource(sys.modules[type(config).__mro__[1].__module__])
    wanted = re.findall(r"from (\S*\bapi\.v3\S*) import", source)
    assert wanted
    assert {f"{config.name}{module}" if module.startswith(".") else module for module in wanted} <= stood_in


def test_pictures_still_have_wagtails_chooser():
    form = modelform_factory(NewsPage, form=WagtailAdminModelForm, fields=["main_image"])
    assert isinstance(form.base_fields["main_image"].widget, AdminImageChooser)


AT_ONCE = """
import sys
import threading
import django
django.setup()
from news.social.channels import KINDS
gate, failed = threading.Barrier(len(KINDS)), []

def ask(kind):
    gate.wait()
    try:
        KINDS[kind]
    except (ImportError, AttributeError) as error:
        failed.append(f"{kind}: {error}")

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=ask, args=[kind]) for kind in KINDS]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(failed)
"""


def test_threads_that_ask_for_adapters_at_once_get_whole_ones():
    """``requests`` 2 and its libraries import each other in circles, which threads of Python 3.11 see half done."""
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
