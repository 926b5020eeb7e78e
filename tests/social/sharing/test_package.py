"""The package for sharing by hand: made from the sealed text, with append-only records."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from moderation.chain import permits
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Notification
from moderation.ports import channels as registry
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.seal import compute_seal
from moderation.records import register
from moderation.records.papers import case_file
from news.models import NewsPage
from news.social.models import Share
from news.social.sharing import records, texts

pytestmark = pytest.mark.db_agnostic

GROUP = "Grup WhatsApp Kepala Desa"


@pytest.fixture
def live(office):
    return office.bring_to("live")


def share(item, user, target=GROUP, **changes):
    data = {"shared_on": timezone.localdate(), "seal": permits.find_current(item).seal}
    return records.record(item, user, target=target, **data | changes)


def get_url(item):
    return reverse("social:package", args=[item.pk])


def open_package(client, item):
    response = client.get(get_url(item))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def post(client, item, **changes):
    data = {"target": GROUP, "shared_on": timezone.localdate().isoformat(), "seal": permits.find_current(item).seal}
    return client.post(get_url(item), data | changes)


def withdraw(line, user, note="Salah grup."):
    return records.end(line, records.get_ending("cabut"), user, note)


def remove(line, user):
    return records.end(line, records.get_ending("hapus"), user)


def test_the_package_has_cards_message_and_ways_to_send_it(live, office, log_in):
    screen = open_package(log_in(office.staf1), live)
    page = NewsPage.objects.get(pk=live.page_id)
    text = screen.select_one("textarea[readonly]").text
    assert text.strip() == f"*{page.title}*\n\n{page.lead}\n\nSelengkapnya: {page.full_url}"
    chat = urlsplit(screen.select_one('a[href^="https://wa.me/"]')["href"])
    assert parse_qs(chat.query)["text"] == [text.strip()]
    # JavaScript adds two more ways.
    assert all(button.has_attr("hidden") for button in screen.select("[data-share], [data-copy]"))
    for picture in screen.select("figure img"):
        assert log_in(office.staf1).get(picture["src"]).status_code == 200
        assert picture["alt"].startswith(f"Kartu: {page.title}")
    assert len(screen.select("figure a[download]")) == 2


def test_the_text_for_whatsapp_is_written_inside_the_seal(office):
    item = office.bring_to("composing")
    before = compute_seal(item.get_draft())
    text = ("text", {"channel": "whatsapp", "text": "Ayo ikut kerja bakti."})
    page = office.write(item, channel_texts=[text])
    assert compute_seal(page) != before
    assert "Ayo ikut kerja bakti." in texts.write_text(page, "https://contoh.go.id/a/")
    assert page.lead not in texts.write_text(page, "https://contoh.go.id/a/")


def test_a_text_that_is_too_long_is_refused_in_the_editor(db):
    assert registry.get_text_problem("whatsapp", "a" * 700) is None
    assert "5 karakter" in registry.get_text_problem("whatsapp", "a" * 705)
    assert "WhatsApp" in {label for _kind, label, _limit in registry.get_kinds()}
    assert "whatsapp" not in {choice.kind for choice in registry.get_choices()}


def test_a_draft_is_previewed_and_cannot_be_shared(office, log_in):
    item = office.bring_to("awaiting_verification")
    client = log_in(office.bidang)
    screen = open_package(client, item)
    assert "Pratinjau." in screen.text
    assert screen.select("figure img")
    assert not screen.select('[data-share], [data-copy], a[download], a[href^="https://wa.me/"], form.package__record')
    assert client.get(reverse("social:notice", args=[item.pk])).status_code == 302
    with pytest.raises(StepRefused, match="tidak sedang tayang"):
        records.record(item, office.staf1, target=GROUP, shared_on=timezone.localdate(), seal="")
    assert not Share.objects.exists()


def test_an_item_without_a_text_has_no_package(office, log_in):
    assert log_in(office.staf1).get(get_url(office.bring_to("assigned"))).status_code == 404


def test_the_worksheet_leads_to_the_package(live, office, log_in):
    worksheet = log_in(office.bidang).get(live.get_absolute_url()).content.decode()
    assert get_url(live) in worksheet


def test_a_share_is_recorded_with_its_audit_line(live, office, log_in):
    response = post(log_in(office.sekretariat), live, target=f"  {GROUP} ")
    assert response.status_code == 302
    line = Share.objects.get()
    assert (line.target, line.role, line.by) == (GROUP, "Sekretariat", office.sekretariat)
    assert line.seal == permits.find_current(live).seal
    assert line.text.startswith("*")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.action, entry.seal, entry.output) == ("share_recorded", line.seal, f"WhatsApp, {GROUP}")
    screen = open_package(log_in(office.pemantau), live)
    assert GROUP in screen.text
    assert not screen.select("form.package__record, a[href*=pembagian]")


@pytest.mark.parametrize("name", ["staf1", "sekretariat", "sekretaris"])
def test_those_who_share_for_the_office_may_record(live, office, name):
    assert share(live, getattr(office, name)).by == getattr(office, name)


@pytest.mark.parametrize("name", ["ppid", "bidang", "pemantau", "admin"])
def test_nobody_else_may(live, office, log_in, name):
    user = getattr(office, name)
    client = log_in(user)
    assert not open_package(client, live).select("form.package__record")
    assert post(client, live).status_code == 422
    line = share(live, office.staf1)
    with pytest.raises(StepRefused):
        withdraw(line, user)
    client.post(reverse("social:end_share", args=[line.pk, "cabut"]), {"note": "x"})
    assert Share.objects.count() == 1


def test_a_stranger_sees_nothing(live, client, django_user_model):
    assert client.get(get_url(live)).status_code == 302
    client.force_login(django_user_model.objects.create_user("warga"))
    assert client.get(get_url(live)).status_code in (302, 403)
    assert post(client, live).status_code in (302, 403)
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"target": ""},
        {"target": " \u00a0 "},
        {"target": "a" * 121},
        {"target": "Grup\x00RT"},
        {"shared_on": "kemarin"},
        {"shared_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
        {"shared_on": "2020-01-01"},
        {"shared_on": ""},
        {"seal": ""},
    ],
    ids=str,
)
def test_what_was_typed_wrongly_is_refused_and_kept(live, office, log_in, typed):
    response = post(log_in(office.staf1), live, **typed)
    assert response.status_code == 422
    assert not Share.objects.exists()
    if "target" not in typed:
        assert GROUP in response.content.decode()


def test_a_number_in_the_name_of_a_group_is_masked(live, office):
    line = share(live, office.staf1, target="Pak RT 081234567890")
    assert "081234567890" not in line.target
    assert "081234567890" not in AuditEntry.objects.latest("sequence").output


def test_a_double_click_records_once(live, office):
    share(live, office.staf1)
    with pytest.raises(StepRefused, match="sudah tercatat"):
        share(live, office.staf2, target=GROUP.upper())
    share(live, office.staf1, target="Grup RT 01")
    assert Share.objects.count() == 2


def test_a_line_is_withdrawn_by_a_second_line_alone(live, office, log_in):
    line = share(live, office.staf1)
    client = log_in(office.sekretaris)
    address = reverse("social:end_share", args=[line.pk, "cabut"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "Salah grup."}).status_code == 302
    assert [entry.kind for entry in Share.objects.all()] == ["shared", "withdrawn"]
    assert AuditEntry.objects.latest("sequence").reason == "Salah grup."
    # From a stale tab.
    assert client.post(address, {"note": "Sekali lagi."}).status_code == 422
    with pytest.raises(StepStale):
        withdraw(line, office.staf1)
    assert Share.objects.count() == 2
    assert client.get(reverse("social:end_share", args=[line.pk, "lain"])).status_code == 404
    # A withdrawn share can be recorded again.
    share(live, office.staf1)


def test_the_register_and_the_case_file_name_the_share(live, office):
    share(live, office.staf1)
    withdraw(share(live, office.staf1, target="Grup RT 01"), office.staf1)
    [outcome] = registry.get_outcomes([live.pk])[live.pk]
    assert outcome.label == f"WhatsApp, {GROUP}"
    [row] = register.get_rows(register.get_items({}).filter(pk=live.pk))
    assert GROUP in row["cells"]["channel_links"]
    assert "RT 01" not in row["cells"]["channel_links"]
    assert GROUP in str(case_file.build(live).blocks)


def test_after_a_ralat_the_package_asks_to_share_again(live, office, log_in):
    stale = permits.find_current(live).seal
    line = share(live, office.staf1)
    item = office.bring_to("live", office.open_ralat(live))
    assert registry.get_follow_ups(item, "correction") == [
        f"WhatsApp, {GROUP}: menjadi tugas petugas: bagikan versi yang diralat."
    ]
    client = log_in(office.staf1)
    screen = open_package(client, item)
    assert "telah diralat" in screen.text
    assert screen.select_one("textarea").text.strip().startswith("*RALAT:* Jumlah peserta 52 orang, bukan 62.")
    response = post(client, item, seal=stale)
    assert response.status_code == 409
    assert Share.objects.count() == 1
    # The screen with the refusal offers the new version.
    assert permits.find_current(item).seal in response.content.decode()
    assert post(client, item).status_code == 302
    remove(line, office.staf1)


def test_after_a_take_down_the_shares_are_a_task(live, office, log_in):
    line = share(live, office.staf1)
    with pytest.raises(StepStale):
        remove(line, office.staf1)
    item = take(live, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    assert Notification.objects.filter(subject__startswith="Hapus pesan WhatsApp", body__contains=GROUP).exists()
    client = log_in(office.staf1)
    assert "Pesan WhatsApp yang perlu dihapus" in client.get(reverse("social:index")).content.decode()
    screen = open_package(client, item)
    assert "Tugas: hapus pesan ini" in screen.text
    assert not screen.select('form.package__record, a[download], a[href^="https://wa.me/"]')
    assert registry.get_outcomes([item.pk])[item.pk][0].waits_for_person
    assert client.post(reverse("social:end_share", args=[line.pk, "hapus"])).status_code == 302
    assert "Pesan WhatsApp yang perlu dihapus" not in client.get(reverse("social:index")).content.decode()
    assert not registry.get_outcomes([item.pk])[item.pk][0].waits_for_person
    assert AuditEntry.objects.latest("sequence").action == "share_removed"


def test_the_notice_has_what_a_passer_by_needs(live, office, log_in):
    screen = log_in(office.staf1).get(reverse("social:notice", args=[live.pk]))
    page = NewsPage.objects.get(pk=live.page_id)
    html = BeautifulSoup(screen.content, "html.parser")
    assert html.h1.text == page.title
    assert page.lead in html.text
    assert page.full_url in html.text
    assert html.select_one("img.notice__code")["src"].startswith("data:image/svg+xml;base64,")
    assert "no-store" in screen["Cache-Control"]


def test_the_screens_cost_the_same_for_one_share_and_for_many(live, office, log_in, django_assert_max_num_queries):
    client = log_in(office.pemantau)
    share(live, office.staf1)
    with django_assert_max_num_queries(40) as few:
        open_package(client, live)
    for number in range(8):
        share(live, office.staf1, target=f"Grup RT {number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        open_package(client, live)
    with django_assert_max_num_queries(1):
        registry._providers[-1].outcomes([live.pk])
