#!/usr/bin/env bash
# Wagtail 8.0.1, rich text: bullets inside a numbered list end the list, so readers see 1, 2, 1 instead of 1, 2, 3.
#
# Draftail sends each line with its kind and depth. ContentstateConverter writes the database's HTML with
# draftjs_exporter, which compares a line with the innermost list alone: a numbered line after bullets is of another
# kind, and begins a new list beside the first.
# Join lists of one kind that stand directly behind one another before storing.
#
# Seen:
#   <ol><li>Mengisi formulir</li><li>Melampirkan berkas<ul><li>KTP</li><li>KK</li></ul></li></ol>
#   <ol><li>Mengambil surat</li></ol>
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19
found=$("$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import re

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for this run",
    STATIC_URL="/static/",
    WAGTAIL_SITE_NAME="Kecamatan",
    WAGTAILADMIN_BASE_URL="http://testserver",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"),
    ],
)
django.setup()

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

ROWS = [
    ("Mengisi formulir", "ordered-list-item", 0),
    ("Melampirkan berkas", "ordered-list-item", 0),
    ("KTP", "unordered-list-item", 1),
    ("KK", "unordered-list-item", 1),
    ("Mengambil surat", "ordered-list-item", 0),
]
blocks = [
    {"key": f"{place}", "text": text, "type": kind, "depth": depth, "inlineStyleRanges": [], "entityRanges": []}
    for place, (text, kind, depth) in enumerate(ROWS)
]
html = ContentstateConverter(["ol", "ul"]).to_database_format(json.dumps({"blocks": blocks, "entityMap": {}}))
print(re.sub(r' data-block-key="\d+"', "", html).replace("</ol><ol>", "</ol>\n<ol>"))
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
<ol><li>Mengisi formulir</li><li>Melampirkan berkas<ul><li>KTP</li><li>KK</li></ul></li></ol>
<ol><li>Mengambil surat</li></ol>
SEEN
