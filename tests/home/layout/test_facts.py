"""What citizens read of services, villages and decisions: each fact once, with its date, source or signatory."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypdf import PdfReader

from home import models
from home.models.service_standard import COMPONENTS
from moderation.models import OfficeProcedure
from news.models import Village
from tests.home.test_pages import make_page, read

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def service():
    page = make_page("ServicePage", title="Perekaman KTP", cost="Gratis")
    index = models.ServiceIndexPage.objects.get()
    index.standard = [("evaluation", "Survei tahunan."), ("staff", "Dua orang.")]
    index.save_revision().publish()
    return page


def test_a_service_shows_the_components_of_all_services_in_the_laws_order(service, client):
    text = read(client, service.url)
    assert text.index("Jumlah pelaksana") < text.index("Dua orang.") < text.index("Survei tahunan.")
    assert "Kompetensi pelaksana" not in text
    service.standard = [("staff", "Satu orang.")]
    service.save_revision().publish()
    text = read(client, service.url)
    assert "Satu orang." in text
    assert "Survei tahunan." in text
    assert "Dua orang." not in text


def test_the_page_has_room_for_the_fourteen_components_of_the_law():
    own = {"legal_basis", "requirements", "steps", "duration", "cost", "product"}
    assert own <= {field.name for field in models.ServicePage._meta.get_fields()}
    assert len(own) + len(COMPONENTS) == 14


def test_a_service_lists_the_coming_events_of_its_topic(service, office, client):
    days = timezone.now() + timedelta(days=3)
    for title, tag in (("Perekaman keliling", "KTP-el"), ("Bazar desa", "pasar")):
        item = office.bring_to("composing", office.issue(title, kind="agenda"))
        page = item.get_page()
        page.starts_at, page.ends_at, page.venue = days, days + timedelta(hours=2), "Balai Desa"
        page.tags.add(tag)
        page.save_revision(user=office.staf1)
        office.bring_to("live", item)
    service.topic = "ktp-EL"
    service.save_revision().publish()
    text = read(client, service.url)
    assert "Perekaman keliling" in text
    assert "Bazar desa" not in text


def test_a_service_says_when_it_was_checked_and_not_in_advance(service, client):
    service.checked_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="belum tiba"):
        service.full_clean()
    service.checked_on = date(2026, 11, 3)
    service.full_clean()
    service.save_revision().publish()
    assert '<time datetime="2026-11-03">3 November 2026</time>' in read(client, service.url)


def test_figures_of_a_village_name_their_source_and_year(client):
    page = make_page("VillagePage", village=Village.objects.first())
    page.population, page.figures_from = "4.512 jiwa", "BPS Kabupaten"
    with pytest.raises(ValidationError, match="beserta tahunnya"):
        page.full_clean()
    page.figures_from = "BPS Kabupaten, 2025"
    page.full_clean()
    page.save_revision().publish()
    text = read(client, page.url)
    assert text.index("4.512 jiwa") < text.index("BPS Kabupaten, 2025")


def test_a_decision_says_who_made_it_and_when(client):
    page = make_page("StandardPage", title="Maklumat")
    assert "Ditetapkan" not in read(client, page.url)
    page.decided_on, page.signatory, page.signatory_title = date(2026, 1, 6), "Budi, S.Sos.", "Camat"
    page.save_revision().publish()
    assert "oleh Camat, <strong>Budi, S.Sos.</strong>" in read(client, page.url)


@pytest.mark.parametrize(
    ("name", "words"),
    [("permohonan-informasi", "10 hari kerja"), ("pernyataan-keberatan", "Pasal 35 ayat (1) UU 14/2008")],
)
def test_the_forms_of_the_information_service_come_with_the_offices_letterhead(client, name, words):
    response = client.get(f"/ppid/formulir/{name}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    text = " ".join(page.extract_text().split())
    assert words in text
    assert OfficeProcedure.load().letterhead_office.upper() in text


def test_a_form_that_does_not_exist_is_not_found(client):
    assert client.get("/ppid/formulir/lain.pdf").status_code == 404
