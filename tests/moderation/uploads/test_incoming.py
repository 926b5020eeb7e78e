"""Kirim foto: photos from a phone become Bahan, once each, of what is under way, from people of the SOP alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from moderation.models import AuditEntry, SourceMaterial
from moderation.records import proposals
from moderation.uploads import materials
from tests.support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

PATH = "/admin/kirim-foto/"
SCRIPT = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def jpeg():
    with make_photo().file.open("rb") as photo:
        return photo.read()


@pytest.fixture
def item(office):
    return office.bring_to("received", office.issue("Panen raya"))


def send(client, target, content, name="IMG_1.jpg", caption="", **more):
    data = {"target": target, "caption": caption, "files": SimpleUploadedFile(name, content)}
    return client.post(PATH, data, **(SCRIPT | more))


def propose(office, user):
    data = {"origin": "pengelolaan_website", "kind": "berita", "subject": "Lomba", "source_note": "Map."}
    return proposals.propose(user, data)


def test_each_photo_becomes_material_with_its_caption(office, log_in, item, jpeg):
    client = log_in(office.staf2)
    shown = client.get(PATH).content.decode()
    assert f'value="d{item.pk}"' in shown
    answer = send(client, f"d{item.pk}", jpeg, caption="Camat memanen / padi")
    assert (answer.status_code, answer.json()) == (200, {"said": "Terkirim"})
    material = item.materials.get()
    assert material.name == "Camat memanen padi (IMG_1).jpg"
    assert material.file.read() == jpeg
    line = AuditEntry.objects.get(action="material_added")
    assert (line.disposition_id, line.actor_id, line.data["materials"]) == (item.pk, office.staf2.pk, [material.name])
    before = item.version
    item.refresh_from_db()
    assert item.version == before, "nobody's screen is stale for it"


def test_a_file_whose_answer_was_lost_is_kept_once(office, log_in, item, jpeg):
    client = log_in(office.sekretariat)
    send(client, f"d{item.pk}", jpeg)
    assert send(client, f"d{item.pk}", jpeg).json() == {"said": "Terkirim (sudah ada)"}
    send(client, f"d{item.pk}", jpeg, name="IMG_2.jpg")
    assert item.materials.count() == 2
    assert AuditEntry.objects.filter(action="material_added").count() == 2


def test_a_proposal_takes_its_proposers_photos_and_moves_on(office, log_in, jpeg):
    own, other = propose(office, office.staf1), propose(office, office.sekretariat)
    client = log_in(office.staf1)
    shown = client.get(PATH).content.decode()
    assert f'value="u{own.pk}"' in shown
    assert f'value="u{other.pk}"' not in shown
    assert send(client, f"u{own.pk}", jpeg).status_code == 200
    own.refresh_from_db()
    assert (own.materials.count(), own.version) == (1, 2)
    assert send(client, f"u{other.pk}", jpeg).status_code == 422
    proposals.decide(office.ppid, own, "ditolak", "Sudah tayang.", expected_version=2)
    assert send(client, f"u{own.pk}", jpeg, name="IMG_3.jpg").status_code == 422
    assert SourceMaterial.objects.count() == 1


def test_what_is_refused_is_said_and_keeps_nothing(office, log_in, item, jpeg, monkeypatch):
    client = log_in(office.staf1)
    done = office.bring_to("awaiting_verification")
    for target in (f"d{done.pk}", "d0", "d", "", "x1", "d" + "9" * 40, f"u{item.pk}"):
        answer = send(client, target, jpeg)
        assert (answer.status_code, "tidak menerima foto" in answer.json()["said"]) == (422, True), target
    for name, content, words in (("a.exe", jpeg, "tidak dapat diunggah"), ("a.jpg", b"", ""), ("a.jpg", b"x", "")):
        answer = send(client, f"d{item.pk}", content, name=name)
        assert answer.status_code == 422, name
        assert words in answer.json()["said"], name
    nothing = client.post(PATH, {"target": f"d{item.pk}"}, **SCRIPT)
    assert nothing.json() == {"said": "Pilih sekurang-kurangnya satu foto."}
    monkeypatch.setattr(materials, "MAX_FILES", 1)
    SourceMaterial.objects.create(disposition=item, name="undangan.pdf", file="undangan.pdf")
    assert send(client, f"d{item.pk}", jpeg).json() == {"said": materials.TOO_MANY}
    assert SourceMaterial.objects.count() == 1


def test_only_people_of_the_sop_send(office, log_in, item, jpeg):
    for name in ("pemantau", "admin"):
        client = log_in(office.people[name])
        assert PATH not in client.get("/admin/").content.decode(), name
        assert client.get(PATH).status_code in {302, 403}, name
        assert send(client, f"d{item.pk}", jpeg).status_code in {302, 403}, name
    assert send(Client(), f"d{item.pk}", jpeg).status_code in {302, 401, 403}
    assert not SourceMaterial.objects.exists()


def test_without_the_script_the_form_sends_them_together(office, log_in, item, jpeg):
    files = [SimpleUploadedFile(f"IMG_{number}.jpg", jpeg) for number in (1, 2)]
    client = log_in(office.staf1)
    answer = client.post(PATH, {"target": f"d{item.pk}", "caption": "Panen", "files": files}, follow=True)
    assert "2 foto terkirim menjadi bahan." in answer.content.decode()
    assert item.materials.count() == 2
    bad = client.post(PATH, {"target": f"d{item.pk}", "caption": "Tetap", "files": SimpleUploadedFile("a.exe", b"x")})
    assert bad.status_code == 422
    assert 'value="Tetap"' in bad.content.decode()
    assert reverse("moderation:send_photos") == PATH
