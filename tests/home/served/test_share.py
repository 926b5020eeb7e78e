"""What a link to any page of the site shows where it is shared."""

import io
import re

import pytest
from PIL import Image
from wagtail.models import Site

from home.models import OfficeSettings
from home.starter import make_starter_pages

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def read_tags(client, path):
    text = client.get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text))


def test_every_page_shares_with_title_sentence_and_picture(client, office):
    make_starter_pages()
    item = office.bring_to("live").get_page()
    for path in ("/", "/berita/", "/layanan/", "/desa/pendem/", "/cari/?q=ktp", "/asli-atau-hoaks/", item.url):
        tags = read_tags(client, path)
        assert tags["og:title"], path
        assert len(tags["og:description"]) > 20, path
        assert tags["og:url"].endswith(path.split("?")[0]), path
        assert tags["twitter:card"] == "summary_large_image", path
        assert tags["og:image"].startswith("http"), path
    assert read_tags(client, item.url)["og:type"] == "article"


def test_the_card_of_the_office_follows_its_name_and_says_nothing_twice(client):
    address = read_tags(client, "/")["og:image"]
    path = address[address.index("/", 9) :]
    first = client.get(path)
    assert Image.open(io.BytesIO(first.content)).size == (1200, 630)
    site = Site.objects.get(is_default_site=True)
    OfficeSettings.objects.update_or_create(site=site, defaults={"office_name": 'Kecamatan "Contoh" <b>'})
    assert client.get(path).content != first.content
    tags = read_tags(client, "/")
    assert tags["og:title"] == "Kecamatan &quot;Contoh&quot; &lt;b&gt;"
    assert client.post(path).status_code == 405
