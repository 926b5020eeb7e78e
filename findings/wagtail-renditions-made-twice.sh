#!/usr/bin/env bash
# Wagtail 8.0.1: of two processes that make several renditions of one picture at once, the slower one gets renditions
# that have no row, with the addresses of files that no row names.
#
# create_renditions() makes the files, looks for rows that came in the meantime, and stores the rest with
# bulk_create(ignore_conflicts=True). Where another process stores in the moment between the look and the storing, the
# database drops the rows and says nothing, and what is returned are the unsaved ones: without a key, each with a file
# of a name of its own, which no row names and nothing cleans up. A front server that serves files with a row alone
# refuses them, and a page that is kept with such an address stays without its pictures. create_rendition(), for one
# filter, uses get_or_create() and returns the row of the quicker one. Read the rows again after making several.
#
# The other process is played here: it stores in just that moment.
# Seen              key of the slower's      its file is the row's
#   several filters         none                    no
#   one filter              the row's               yes
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19 django-tasks==0.12.0
found=$(cd "$folder" && venv/bin/python -W ignore - "$folder/media" <<'PYTHON'
import io
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for this run",
    STATIC_URL="/static/",
    MEDIA_ROOT=sys.argv[1],
    ROOT_URLCONF="wagtail.urls",
    WAGTAIL_SITE_NAME="Kecamatan",
    WAGTAILADMIN_BASE_URL="http://testserver",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"),
    ],
)
django.setup()

from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db.models import QuerySet
from PIL import Image as Picture
from wagtail.images.models import Filter, Image

call_command("migrate", verbosity=0)
stored = io.BytesIO()
Picture.new("RGB", (800, 600), "olive").save(stored, "JPEG")
image = Image.objects.create(title="Saluran", file=ImageFile(stored, "saluran.jpg"))


def compare(how, make, spec):
    """Let another process store the same in the moment before it is stored here; say what is returned here."""
    names = {name: getattr(QuerySet, name) for name in ("bulk_create", "get_or_create")}

    def let_another_go_first(name):
        def store(*arguments, **options):
            for each, own in names.items():
                setattr(QuerySet, each, own)
            make()
            return names[name](*arguments, **options)

        return store

    for name in names:
        setattr(QuerySet, name, let_another_go_first(name))
    slower = make()
    row = image.renditions.get(filter_spec=spec)
    key = "none" if slower.pk is None else "the row's" if slower.pk == row.pk else "another"
    print(f"{how:8}{key:10}{'same' if slower.file.name == row.file.name else 'other'} file")


several = Filter("width-400"), Filter("width-200")
compare("several", lambda: image.create_renditions(*several)[several[0]], "width-400")
compare("one", lambda: image.create_rendition(Filter("width-100")), "width-100")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
several none      other file
one     the row's same file
SEEN
