"""The live check of unsaved text in the editor: access, findings, limits."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text, streamfield

from moderation.models import AuditEntry
from news.models import NewsPageTag
from tests.moderation.desk.editor import editor_form

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

NIK = "3313990101900001"


def check(client, item, data):
    address = reverse("moderation:live_check", args=[item.pk])
    return client.post(address, data, headers={"x-requested-with": "XMLHttpRequest"})


def test_what_is_typed_is_checked_and_not_saved(office, log_in, django_assert_max_num_queries):
    item = office.bring_to("composing")
    client = log_in(office.staf1)
    before = item.get_draft()
    typed = editor_form(
        before,
        title="",
        lead="Kata pembuka. " * 40 + f"NIK {NIK}",
        search_description="Hubungi 0812-3456-7890",
        tags=f"irigasi, nik {NIK}",
        activity_date="bukan tanggal",
        body=streamfield([("paragraph", rich_text("<p>Satu.</p><p>Warga RT 02/RW 05.</p>")), ("quote", {"text": ""})]),
        channel_texts=streamfield([("text", {"channel": "console", "text": f"Nomor {NIK} KTP"})]),
    )
    with django_assert_max_num_queries(45):
        response = check(client, item, typed)
    answer = response.json()
    assert (response.status_code, answer["blocking"], answer["warnings"]) == (200, 2, 1)
    assert NIK not in answer["html"]
    for words in ("Ringkasan", "Deskripsi untuk mesin pencari", "Topik", "Isi berita, paragraf 2", "Teks kanal"):
        assert words in answer["html"], words
    after = item.get_draft()
    assert (after.latest_revision_id, after.lead, after.title) == (before.latest_revision_id, before.lead, before.title)
    assert not NewsPageTag.objects.exists()
    assert AuditEntry.objects.filter(disposition_id=item.pk).latest("sequence").action == "compose"


def test_the_editor_carries_the_panel_and_the_saved_text_is_found(office, log_in):
    item = office.bring_to("composing")
    office.write(item, lead=f"NIK {NIK}")
    client = log_in(office.staf1)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[item.page_id])).content.decode()
    assert f'data-privacy-url="{reverse("moderation:live_check", args=[item.pk])}"' in page
    assert "moderation/privacy.js" in page
    assert check(client, item, {}).json()["blocking"] == 1


def test_only_whoever_may_open_the_editor_is_answered(office, log_in):
    item = office.bring_to("composing")
    for name in ("staf2", "bidang", "ppid", "sekretariat", "pemantau"):
        assert check(log_in(office.people[name]), item, {"lead": NIK}).status_code == 403, name
    client = log_in(office.staf1)
    assert check(client, office.bring_to("received"), {}).status_code == 403
    address = reverse("moderation:live_check", args=[item.pk])
    assert client.get(address).status_code == 405
    client.logout()
    assert client.post(address, {"lead": NIK}).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {"body-count": "seratus"},
        {"body-count": "3"},
        {"body-count": "1", "body-0-deleted": "", "body-0-type": "paragraph", "body-0-order": "0", "body-0-value": "{"},
        {"body-count": "1", "body-0-deleted": "", "body-0-type": "paragraph", "body-0-order": "0", "body-0-value": "7"},
    ],
)
def test_a_form_that_is_none_of_the_editors_is_a_clear_no(office, log_in, data):
    item = office.bring_to("composing")
    response = check(log_in(office.staf1), item, data)
    assert response.status_code == 400
    assert response.json()["message"]


def test_a_text_without_end_is_not_read_while_it_is_typed(office, log_in):
    item = office.bring_to("composing")
    response = check(log_in(office.staf1), item, {"lead": "1" * 600_000})
    assert response.status_code == 413
    assert "terlalu panjang" in response.json()["message"]
