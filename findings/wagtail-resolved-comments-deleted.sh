#!/usr/bin/env bash
# Wagtail 8.0.1, comments: the next save of a page in the editor deletes its resolved comments.
#
# A version hands over only the comments that are not resolved, and a save deletes the rows which the version does not
# hold: what was asked and settled while a text was being prepared is gone with its replies, and so is who settled it.
# Keep what reviewers wrote elsewhere, or keep resolved comments out of what a save compares.
#
# Seen: comments of a page with one open and one resolved comment, after a save in the editor that changes its title
#   live page             open 1, resolved 0
#   never published page  open 1, resolved 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet wagtail==8.0.1 Django==5.2.19
mkdir "$folder/office"
cat > "$folder/office/models.py" <<'PYTHON'
from wagtail.models import Page


class NewsPage(Page):
    pass
PYTHON
touch "$folder/office/__init__.py"
cat > "$folder/urls.py" <<'PYTHON'
from django.urls import include, path
from wagtail import urls
from wagtail.admin import urls as admin

urlpatterns = [path("admin/", include(admin)), path("", include(urls))]
PYTHON
found=$(cd "$folder" && PYTHONPATH="$folder" venv/bin/python -W ignore - <<'PYTHON'
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for this run",
    ALLOWED_HOSTS=["testserver"],
    STATIC_URL="/static/",
    ROOT_URLCONF="urls",
    USE_TZ=True,
    WAGTAIL_SITE_NAME="Kecamatan",
    WAGTAILADMIN_BASE_URL="http://testserver",
    WAGTAIL_ENABLE_UPDATE_CHECK=False,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "office",
        *(f"wagtail.{name}" for name in ("documents", "images", "users", "search", "admin")),
        *("wagtail", "taggit", "modelcluster"),
        *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")),
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
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
    ],
)
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from office.models import NewsPage
from wagtail.models import Comment, Page

call_command("makemigrations", "office", verbosity=0)
call_command("migrate", verbosity=0)
front = Page.objects.get(depth=2)
editor = User.objects.create_superuser("editor", "editor@example.org", "only for this run")
browser = Client()
browser.force_login(editor)


def save_in_the_editor(title, live):
    page = front.add_child(instance=NewsPage(title=title, live=live))
    page.save_revision()
    kept = Comment.objects.create(page=page, user=editor, text="Siapa narasumbernya?", contentpath="title")
    done = timezone.now()
    Comment.objects.create(
        page=page, user=editor, text="Tanggalnya?", contentpath="title", resolved_at=done, resolved_by=editor
    )
    sent = {"title": f"{title} warga", "slug": page.slug, "comments-TOTAL_FORMS": 1, "comments-INITIAL_FORMS": 1}
    sent |= {"comments-0-id": kept.pk, "comments-0-contentpath": "title", "comments-0-text": kept.text}
    sent |= {"comments-0-replies-TOTAL_FORMS": 0, "comments-0-replies-INITIAL_FORMS": 0}
    answer = browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object().title == f"{title} warga"
    comments = Comment.objects.filter(page=page)
    return f"open {comments.filter(resolved_at=None).count()}, resolved {comments.exclude(resolved_at=None).count()}"


print("live page            ", save_in_the_editor("Kerja bakti", live=True))
print("never published page ", save_in_the_editor("Posyandu", live=False))
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
live page             open 1, resolved 0
never published page  open 1, resolved 0
SEEN
