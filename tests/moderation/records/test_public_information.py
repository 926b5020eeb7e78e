"""The DIP: kept by Bidang from live items, public in its seven columns."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.models import AuditEntry, ListedItem, PublicInformation
from moderation.ports.exceptions import StepRefused
from moderation.records import public_information as dip

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

PUBLIC = "/ppid/daftar-informasi-publik/"
REGISTER = "/ppid/daftar-publikasi/"
FILES = "/ppid/unduh/"
ADD = "/admin/dip/tambah/"


def fill(**changes):
    return {
        "title": "Kerja bakti saluran irigasi",
        "summary": "Berita kerja bakti warga.",
        "custodian": "Sekretariat",
        "responsible": "Sekretaris",
        "made": "September 2026, Desa Buntar",
        "form": "softcopy",
        "retention": "5 tahun",
        "classification": "berkala",
        "link": "",
        **changes,
    }


@pytest.fixture
def live_item(office):
    return office.bring_to("live")


def test_bidang_promotes_a_row_and_citizens_read_it(office, live_item, log_in, client):
    log_in(office.bidang)
    shown = client.get(f"{ADD}?butir={live_item.pk}")
    assert shown.context["form"].initial["title"] == live_item.get_page().title
    response = client.post(ADD, fill(items=[live_item.pk]))
    assert response.url == reverse("moderation:public_information")
    row = PublicInformation.objects.get()
    assert (row.number, row.listed_by, [item.pk for item in row.items.all()]) == (1, office.bidang, [live_item.pk])
    line = AuditEntry.objects.get(action="information_listed")
    assert (line.role, line.data["items"]) == (office.bidang.groups.get().name, [live_item.register_number])
    client.logout()
    public = client.get(PUBLIC).content.decode()
    assert "Berita kerja bakti warga." in public
    assert live_item.get_page().full_url in public
    assert all(heading in public for heading in dip.LEGAL_COLUMNS.values())
    register = log_in(office.sekretaris).get("/admin/daftar-publikasi/").content.decode()
    assert "Ya, nomor 1" in register


def test_several_rows_are_grouped_and_each_belongs_to_one(office, log_in):
    first, second = office.bring_to("live"), office.bring_to("live")
    row = dip.save(office.bidang, fill(), [first.pk, second.pk])
    assert row.items.count() == 2
    with pytest.raises(StepRefused, match="sudah masuk DIP"):
        dip.save(office.bidang, fill(title="Lain"), [first.pk])
    assert PublicInformation.objects.count() == 1
    dip.save(office.bidang, fill(), [second.pk], row)
    assert list(ListedItem.objects.values_list("disposition", flat=True)) == [second.pk]


@pytest.mark.parametrize("state", ["verified", "ordered", "exempted", "cancelled", "taken_down"])
def test_what_is_not_public_does_not_get_in_even_with_a_forged_form(office, log_in, state):
    reason = {"comment": "Tidak jadi."}
    if state == "cancelled":
        item = take(office.bring_to("verified"), "cancel", office.ppid, reason)
    elif state == "taken_down":
        item = take(office.bring_to("live"), "take_down", office.sekretaris, reason)
    else:
        item = office.bring_to(state)
    response = log_in(office.bidang).post(ADD, fill(items=[item.pk]))
    assert response.status_code == 422
    with pytest.raises(StepRefused):
        dip.save(office.bidang, fill(), [item.pk])
    assert not PublicInformation.objects.exists()
    assert item.register_number not in log_in(office.bidang).get(REGISTER).content.decode()


@pytest.mark.parametrize("person", ["ppid", "sekretaris", "sekretariat", "staf1", "pemantau", "admin"])
def test_nobody_but_bidang_changes_the_list(office, live_item, log_in, person):
    row = dip.save(office.bidang, fill(), [live_item.pk])
    client = log_in(getattr(office, person))
    assert client.get("/admin/dip/").status_code == 200
    for address in (ADD, f"/admin/dip/{row.pk}/", f"/admin/dip/{row.pk}/keluarkan/"):
        client.post(address, fill(title="Diubah", reason="Tidak perlu", items=[]))
    row.refresh_from_db()
    assert (row.title, row.withdrawn_at) == ("Kerja bakti saluran irigasi", None)
    with pytest.raises(StepRefused):
        dip.withdraw(getattr(office, person), row, "Alasan")


def test_personal_data_is_refused_and_what_was_typed_stays(office, log_in):
    response = log_in(office.bidang).post(ADD, fill(summary="Data Budi dengan NIK 3313151202900001."))
    shown = response.content.decode()
    assert response.status_code == 422
    assert "3313********0001" in shown
    assert not PublicInformation.objects.exists()
    assert "September 2026, Desa Buntar" in shown


def test_a_row_is_taken_out_with_a_reason_and_its_number_is_not_used_again(office, live_item, log_in, client):
    row = dip.save(office.bidang, fill(), [live_item.pk])
    log_in(office.bidang)
    assert client.post(f"/admin/dip/{row.pk}/keluarkan/", {"reason": ""}).status_code == 422
    client.post(f"/admin/dip/{row.pk}/keluarkan/", {"reason": "Digabung dengan baris lain."})
    assert "Berita kerja bakti warga." not in client.get(PUBLIC).content.decode()
    assert AuditEntry.objects.get(action="information_withdrawn").reason == "Digabung dengan baris lain."
    assert client.get(f"/admin/dip/{row.pk}/").status_code in {302, 404}
    assert dip.save(office.bidang, fill(), [live_item.pk]).number == 2


def test_a_take_down_takes_the_link_but_not_the_row(office, live_item, client):
    dip.save(office.bidang, fill(), [live_item.pk])
    address = live_item.get_page().full_url
    take(live_item, "take_down", office.sekretaris, {"comment": "Keliru."})
    shown = client.get(PUBLIC).content.decode()
    assert "Berita kerja bakti warga." in shown
    assert address not in shown


def test_citizens_see_what_is_live_of_the_register_and_nothing_of_the_work(office, live_item, client):
    waiting = office.bring_to("verified")
    shown = client.get(REGISTER).content.decode()
    assert live_item.register_number in shown
    assert waiting.register_number not in shown
    for inside in ("Perintah tayang", "Penyusun", "Verifikator", "Keterangan", "staf1"):
        assert inside not in shown
    rows = list(csv.reader(StringIO(client.get(f"{FILES}daftar-publikasi.csv").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [live_item.register_number]


def test_words_do_not_find_what_is_not_shown(office, client):
    office.bring_to("live", office.issue(letter_sender="Dinas Rahasia"))
    assert "0 baris" in client.get(f"{REGISTER}?q=Rahasia").content.decode()


def test_a_typed_formula_stays_a_text(office, client):
    dip.save(office.bidang, fill(title="=HYPERLINK(1)"), [])
    assert "'=HYPERLINK(1)" in client.get(f"{FILES}daftar-informasi-publik.csv").content.decode()


def test_both_lists_are_json_too_and_the_files_hold_what_was_filtered(office, live_item, client):
    dip.save(office.bidang, fill(), [live_item.pk])
    dip.save(office.bidang, fill(title="Standar pelayanan", classification="setiap_saat"), [])
    shown = client.get(f"{PUBLIC}?classification=setiap_saat").content.decode()
    file = f"{FILES}daftar-informasi-publik"
    for name in ("csv", "json"):
        assert f'href="{file}.{name}?classification=setiap_saat"' in shown
    answer = client.get(f"{file}.json?classification=setiap_saat").json()
    assert [row["title"] for row in answer["data"]] == ["Standar pelayanan"]
    assert list(answer["kolom"])[:7] == list(dip.LEGAL_COLUMNS)
    assert len(client.get(f"{file}.csv?classification=setiap_saat").content.decode().splitlines()) == 2
    rows = client.get(f"{FILES}daftar-publikasi.json").json()["data"]
    assert [row["register_number"] for row in rows] == [live_item.register_number]
    assert "staf1" not in str(rows)
    assert client.get(f"{FILES}daftar-publikasi.json?q=tidak-ada-yang-cocok").json()["data"] == []


@pytest.mark.db_agnostic
def test_addresses_that_programs_know_lead_to_the_files(client):
    answer = client.get(f"{REGISTER}?year=2026&halaman=2&format=csv")
    assert (answer.status_code, answer["Location"]) == (301, f"{FILES}daftar-publikasi.csv?year=2026")
    assert client.get(f"{FILES}daftar-publikasi.exe").status_code == 404
    assert client.get(f"{FILES}petugas.csv").status_code == 404


def test_filters_and_nonsense(office, client):
    dip.save(office.bidang, fill(), [])
    assert "1 informasi" in client.get(f"{PUBLIC}?q=irigasi&classification=berkala").content.decode()
    assert "0 informasi" in client.get(f"{PUBLIC}?classification=setiap_saat").content.decode()
    assert client.get(f"{PUBLIC}?classification=dikecualikan&halaman=xx&q=%00").status_code == 200
    assert client.get(f"{REGISTER}?year=abc&halaman=-1").status_code == 200


@pytest.mark.parametrize("address", [PUBLIC, REGISTER, "/admin/dip/", ADD])
def test_queries_stay_few(office, log_in, django_assert_max_num_queries, address):
    items = [office.bring_to("live") for _number in range(3)]
    for item in items[:2]:
        dip.save(office.bidang, fill(), [item.pk])
    client = log_in(office.bidang)
    client.get(address)
    with django_assert_max_num_queries(30) as few:
        client.get(address)
    for number in range(20):
        dip.save(office.bidang, fill(title=f"Dokumen {number}"), [])
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address)
