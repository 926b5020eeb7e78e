#!/usr/bin/env bash
# Wagtail 8.0.1 with django-tasks 0.12.0: with a pathlib.Path in the OPTIONS of STORAGES, deleting a picture fails after
# its row is gone, and its file stays.
#
# Django takes a Path as location of its file storage. Wagtail hands the storage's constructor arguments to a task that
# deletes the file once the transaction is committed, and the task turns arguments into JSON, which knows no Path: the
# deletion raises TypeError after the row is gone, and the file stays in its folder, where a front server still finds it.
# Write str(folder) in OPTIONS, or set MEDIA_ROOT, which is no argument.
#
# Seen: location     what the deletion says      row     file
#       Path         TypeError                   gone    there
#       str          nothing                     gone    gone
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19 django-tasks==0.12.0
delete_a_picture() {
  (cd "$folder" && venv/bin/python -W ignore - "$folder/media-$1" "$1" <<'PYTHON'
import io
import sys
from pathlib import Path

import django
from django.conf import settings

place = {"Path": Path, "str": str}[sys.argv[2]](sys.argv[1])
settings.configure(
    SECRET_KEY="only for this run",
    STATIC_URL="/static/",
    ROOT_URLCONF="wagtail.urls",
    WAGTAIL_SITE_NAME="Kecamatan",
    WAGTAILADMIN_BASE_URL="http://testserver",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    STORAGES={
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    INSTALLED_APPS=[
        *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"),
    ],
)
django.setup()

from django.core.files.images import ImageFile
from django.core.management import call_command
from PIL import Image as Picture
from wagtail.images.models import Image

call_command("migrate", verbosity=0)
stored = io.BytesIO()
Picture.new("RGB", (80, 60), "olive").save(stored, "JPEG")
image = Image.objects.create(title="Saluran", file=ImageFile(stored, "saluran.jpg"))
file = Path(image.file.path)
try:
    image.delete()
    said = "nothing"
except TypeError as error:
    said = type(error).__name__
row = "there" if Image.objects.exists() else "gone"
print(f"{sys.argv[2]:5}{said:10}{row:6}{'there' if file.exists() else 'gone'}")
PYTHON
  )
}
found=$(delete_a_picture Path; delete_a_picture str)
echo "$found"
diff <(echo "$found") - <<'SEEN'
Path TypeError gone  there
str  nothing   gone  gone
SEEN
