#!/usr/bin/env bash
# Wagtail 8.0.1, reference index: a picture that only the draft of a live page shows counts as used 0 times.
#
# The index reads the row of the page, which keeps the published content until the next publication. While a correction
# of a live page is being written and approved, its new picture is "used 0 times" in the library, and its uploader may
# delete it; the approved revision then names a picture that is gone. A page that was never live is indexed by its first
# revision's content as it was created, not by what later revisions hold.
# Ask the latest revisions too before a picture or document is deleted.
#
# Seen: uses of a picture
#   live page, picture published       1
#   live page, picture in its draft    0
#   new page, picture in second draft  0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19
mkdir "$folder/office"
cat > "$folder/office/models.py" <<'PYTHON'
from django.db import models
from wagtail.models import Page


class NewsPage(Page):
    picture = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
PYTHON
touch "$folder/office/__init__.py"
found=$(cd "$folder" && PYTHONPATH="$folder" venv/bin/python -W ignore - "$folder/media" <<'PYTHON'
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
        "office",
        *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"),
    ],
)
django.setup()

from django.core.files.images import ImageFile
from django.core.management import call_command
from office.models import NewsPage
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex

call_command("makemigrations", "office", verbosity=0)
call_command("migrate", verbosity=0)
front = Page.objects.get(depth=2)


def make_picture(name):
    stored = io.BytesIO()
    Picture.new("RGB", (80, 60), "olive").save(stored, "JPEG")
    return Image.objects.create(title=name, file=ImageFile(stored, f"{name}.jpg"))


def count_uses(picture):
    return ReferenceIndex.get_grouped_references_to(picture).count()


published, corrected, later = (make_picture(name) for name in ("published", "corrected", "later"))
live = front.add_child(instance=NewsPage(title="Kerja bakti", picture=published))
live.save_revision().publish()
live = NewsPage.objects.get(pk=live.pk)
live.picture = corrected
live.save_revision()
new = front.add_child(instance=NewsPage(title="Posyandu", live=False))
new.save_revision()
new.picture = later
new.save_revision()
print("live page, picture published      ", count_uses(published))
print("live page, picture in its draft   ", count_uses(corrected))
print("new page, picture in second draft ", count_uses(later))
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
live page, picture published       1
live page, picture in its draft    0
new page, picture in second draft  0
SEEN
