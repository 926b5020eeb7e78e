#!/usr/bin/env bash
# Wagtail 8.0.1, autosave: the last words typed before its answer comes are neither saved nor asked about on leaving.
#
# The editor looks for changes twice a second and saves a draft by itself. When the answer comes, it takes the form as it
# is at that moment for what was saved. Whoever goes on typing has changed it since the last look: those words stay in
# the browser until something else changes, and closing the page asks nothing.
# Compare the form with what was sent when an autosave succeeds, and ask for one more save.
#
# Seen: an article with two fields, the second filled as the answer to the save of the first comes
#   title, in the draft   Kerja bakti
#   lead, in the draft
#   lead, in the form     Ditulis selagi disimpan.
#   leaving asks          no
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19 playwright==1.65.2
mkdir -p "$folder/office/migrations"
touch "$folder/office/__init__.py" "$folder/office/migrations/__init__.py"
cat > "$folder/office/models.py" <<'PYTHON'
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class NewsPage(Page):
    lead = models.CharField(max_length=200, blank=True)
    content_panels = [*Page.content_panels, FieldPanel("lead")]
PYTHON
cat > "$folder/urls.py" <<'PYTHON'
from django.urls import include, path
from wagtail import urls
from wagtail.admin import urls as admin

urlpatterns = [path("admin/", include(admin)), path("", include(urls))]
PYTHON
cat > "$folder/config.py" <<'PYTHON'
from pathlib import Path

SECRET_KEY = "only for this run"
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_URL = "/static/"
ROOT_URLCONF = "urls"
USE_TZ = True
WAGTAIL_SITE_NAME = "Kecamatan"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(__file__).with_name("db.sqlite3")}}
INSTALLED_APPS = [
    "office",
    *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
    *("wagtail", "taggit", "modelcluster"),
    *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")),
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
PYTHON
cd "$folder"
export DJANGO_SETTINGS_MODULE=config PYTHONPATH="$folder" PYTHONWARNINGS=ignore DJANGO_ALLOW_ASYNC_UNSAFE=1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for order in "makemigrations office" migrate; do venv/bin/python -m django $order --verbosity 0; done
venv/bin/python -m django runserver --noreload "127.0.0.1:$port" > server.log 2>&1 &
server=$!
found=$(venv/bin/python - "http://127.0.0.1:$port" "$(command -v chromium)" <<'PYTHON'
import sys
import time
import urllib.request

import django

django.setup()

from django.contrib.auth.models import User
from office.models import NewsPage
from playwright.sync_api import sync_playwright
from wagtail.models import Page

address, chromium = sys.argv[1:]
User.objects.create_superuser("staf", "staf@situs.example", "only-for-this-run")
article = Page.objects.get(depth=2).add_child(instance=NewsPage(title="Tanpa judul", live=False))
article.save_revision()
for _second in range(60):
    try:
        urllib.request.urlopen(f"{address}/admin/login/")
        break
    except OSError:
        time.sleep(1)

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = browser.new_page(base_url=address)
    page.set_default_timeout(60_000)
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.watches = true; })")
    page.goto("/admin/login/")
    page.fill("[name=username]", "staf")
    page.fill("[name=password]", "only-for-this-run")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.wait_for_function("window.watches")

    # The last words of somebody who types while the answer comes, at a moment that each run hits.
    page.evaluate("""() => document.addEventListener("w-autosave:success", () => {
        document.querySelector("[name=lead]").value = "Ditulis selagi disimpan.";
    }, { capture: true, once: true })""")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")):
        page.fill("[name=title]", "Kerja bakti")
    # Many times as long as the editor waits before it saves.
    page.wait_for_timeout(20_000)
    draft = NewsPage.objects.get(pk=article.pk).get_latest_revision_as_object()
    print("title, in the draft  ", draft.title)
    print("lead, in the draft   ", draft.lead)
    print("lead, in the form    ", page.input_value("[name=lead]"))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/")
    print("leaving asks         ", "yes" if asked else "no")
    browser.close()
PYTHON
)
echo "$found"
diff --ignore-trailing-space <(echo "$found") - <<'SEEN'
title, in the draft   Kerja bakti
lead, in the draft
lead, in the form     Ditulis selagi disimpan.
leaving asks          no
SEEN
