#!/usr/bin/env bash
# Wagtail 8.0.1, wagtail.contrib.redirects: an address that was changed and changed back answers 301 to itself for ever.
#
# Each change of a slug makes a redirect from the old address, and none is removed when the page comes back to it. While
# the page is live it is found first and nobody notices. Once it is unpublished, its own address answers a permanent
# redirect to that same address: browsers report a loop (and keep it), crawlers and link checkers never see the page gone.
# Delete the redirects on a page's address whenever it takes that address, and let none lead to what is not live.
#
# Seen:
#   redirects    /layanan -> /layanan/, /pelayanan -> /layanan/
#   live         200
#   unpublished  301 /layanan/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19
found=$("$folder/venv/bin/python" -W ignore - <<'PYTHON'
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for this run",
    STATIC_URL="/static/",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="wagtail.urls",
    WAGTAIL_SITE_NAME="Kecamatan",
    WAGTAILADMIN_BASE_URL="http://testserver",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    MIDDLEWARE=["wagtail.contrib.redirects.middleware.RedirectMiddleware"],
    INSTALLED_APPS=[
        *(f"wagtail.{name}" for name in ("contrib.redirects", "documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster", "django.contrib.auth", "django.contrib.contenttypes"),
    ],
)
django.setup()

from django.core.management import call_command
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

call_command("migrate", verbosity=0)
page = Page.objects.get(depth=2).add_child(instance=Page(title="Layanan", slug="layanan"))
for slug in ("pelayanan", "layanan"):
    page = Page.objects.get(pk=page.pk)
    page.slug = slug
    page.save_revision().publish()
made = sorted(f"{redirect.old_path} -> {redirect.link}" for redirect in Redirect.objects.all())
print("redirects   ", ", ".join(made))
print("live        ", Client().get("/layanan/").status_code)
Page.objects.get(pk=page.pk).unpublish()
answer = Client().get("/layanan/")
print("unpublished ", answer.status_code, answer.headers["Location"])
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
redirects    /layanan -> /layanan/, /pelayanan -> /layanan/
live         200
unpublished  301 /layanan/
SEEN
