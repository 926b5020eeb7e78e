#!/usr/bin/env bash
# Wagtail 8.0.1, documents: the form that replaces a file deletes the old file before it saves the row.
#
# Where saving then fails (a receiver, a constraint or a trigger of the database refuses), the transaction brings back
# the row, and the row names a file that is gone: the public link of the document answers 404, and only a backup helps.
# The image form works in the same order.
# Set a form of your own (WAGTAILDOCS_DOCUMENT_FORM_BASE) that deletes after commit, or refuse in clean(), before save().
#
# Seen:
#   refused: the document is in use
#   row: documents/pengumuman.txt, file there: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19
found=$("$folder/venv/bin/python" -W ignore - "$folder/media" <<'PYTHON'
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

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import pre_save
from wagtail.documents.forms import get_document_form
from wagtail.documents.models import Document

call_command("migrate", verbosity=0)
document = Document(title="Pengumuman")
document.file.save("pengumuman.txt", ContentFile(b"versi lama"))
user = get_user_model().objects.create_superuser("admin", "admin@contoh.go.id", "rahasia")


def refuse(**_arguments):
    raise RuntimeError("the document is in use")


pre_save.connect(refuse, sender=Document)
form = get_document_form(Document)(
    {"title": "Pengumuman", "collection": document.collection_id, "tags": ""},
    {"file": SimpleUploadedFile("pengumuman-baru.txt", b"versi baru")},
    instance=Document.objects.get(),
    user=user,
)
assert form.is_valid(), form.errors
try:
    with transaction.atomic():
        form.save()
except RuntimeError as error:
    print("refused:", error)
kept = Document.objects.get().file
print(f"row: {kept.name}, file there: {kept.storage.exists(kept.name)}")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
refused: the document is in use
row: documents/pengumuman.txt, file there: False
SEEN
