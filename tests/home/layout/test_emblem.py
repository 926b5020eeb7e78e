"""The desk shows the office's face, not that of its software."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from wagtail.models import Site

from home.models import OfficeSettings
from tests.support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def test_windows_of_desk_and_sign_in_are_called_after_the_office(client, log_in, office):
    for response in (client.get(reverse("account_login")), log_in(office.sekretaris).get(reverse("wagtailadmin_home"))):
        html = response.content.decode()
        assert re.search(r"<title>[^<]+ - Kecamatan Mojogedang</title>", html)
        assert f'src="{reverse("emblem")}"' in html
        assert f'<link rel="icon" href="{reverse("emblem")}">' in html


def test_the_emblem_is_the_offices_logo_once_there_is_one(client, db):
    first = client.get(reverse("emblem"))
    assert (first.status_code, first["Content-Type"]) == (200, "image/svg+xml")
    assert settings.OFFICE_FACTS.colours.ornament in first.content.decode()
    assert "max-age=3600" in first["Cache-Control"]
    site = Site.objects.get(is_default_site=True)
    OfficeSettings.objects.update_or_create(site=site, defaults={"logo": make_photo("Lambang")})
    assert ".max-256x256" in client.get(reverse("emblem")).url
