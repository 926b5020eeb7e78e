"""Konfirmasi narasumber: one link, one passage, one answer; filed, logged, and gone with a change of the passage."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kecamatan_site.request_log import describe
from moderation.chain.transitions import take
from moderation.management.jobs import confirmation_check
from moderation.models import AuditEntry, Notification, SourceConfirmation
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.records import confirmations, item_history
from moderation.records.papers import case_file
from moderation.review.passages import list_passages
from tests.moderation.chain.test_concurrency import at_once
from tests.support.factories import slip_past_triggers, verdict

pytestmark = pytest.mark.django_db

WORDS = "Saluran sepanjang 2 kilometer kini bersih kembali."
PARAGRAPH = "Warga bekerja bakti membersihkan saluran irigasi."


def body(words=WORDS, paragraph=PARAGRAPH):
    return [
        ("paragraph", f"<p>{paragraph}</p><p>Kegiatan berlangsung sampai siang hari.</p>"),
        ("quote", {"text": words, "source": "Camat"}),
    ]


@pytest.fixture
def item(office):
    """An item that Staf composes, with a quote of the Camat."""
    item = office.bring_to("composing")
    office.write(item, body=body())
    return item


def find_passage(item, words=WORDS):
    return next(passage for passage in list_passages(item_history.get_shown_page(item)) if words in passage.text)


def ask(office, item, words=WORDS, user=None, source="") -> str:
    """Return the path of a fresh link."""
    key = find_passage(item, words).key
    _row, token = confirmations.ask(item, user or office.staf1, key=key, source=source)
    return f"/narasumber/{token}/"


def say(path, answer="benar", words="", client=None):
    return (client or Client()).post(path, {"answer": answer, "words": words})


def read(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.db_agnostic
def test_from_the_desk_to_the_case_file(office, log_in, item, settings):
    client = log_in(office.staf1)
    screen = reverse("moderation:confirmations", args=[item.pk])
    assert screen in client.get(item.get_absolute_url()).content.decode()
    made = client.post(screen, {"passage": find_passage(item).key, "source": ""})
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    html = made.content.decode()
    path = re.search(r"/narasumber/[\w.-]+/", html)[0]
    assert f"{settings.SITE_URL}{path}" in unquote(re.search(r'href="https://wa\.me/([^"]+)"', html)[1])
    assert path not in client.get(screen).content.decode(), "a link is shown once"

    stranger = Client()
    page = stranger.get(path)
    assert page.status_code == 200
    assert not page.cookies
    assert not stranger.cookies
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    shown = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert WORDS in shown
    assert "Camat" in shown
    assert "irigasi" not in shown, "only the passage"
    assert item.subject not in page.content.decode()
    assert path not in page.content.decode()

    answered = stranger.post(
        path, {"answer": "ubah", "words": "Yang benar 3 kilometer. Telepon 081234567890."}, follow=True
    )
    assert "sudah kami terima" in read(answered)
    row = SourceConfirmation.objects.get()
    assert (row.source, row.answer) == ("Camat", "ubah")
    assert "081234567890" not in row.words
    assert row.words.startswith("Yang benar 3 kilometer.")
    assert path.split("/")[2] not in {getattr(row, field.attname) for field in row._meta.concrete_fields}
    asked, given = AuditEntry.objects.filter(action__startswith="confirmation_").order_by("sequence")
    assert (asked.actor_id, asked.role) == (office.staf1.pk, "Staf Sekretariat")
    assert (given.actor_id, given.actor_name, given.data["answer"]) == (None, confirmations.ANSWERER, "ubah")
    assert given.reason == row.words
    told = Notification.objects.filter(recipient=office.staf1, subject__contains="Narasumber: Perlu diubah")
    assert told.count() == 1
    worksheet = client.get(item.get_absolute_url()).content.decode()
    assert "Perlu diubah" in worksheet
    assert "Yang benar 3 kilometer." in worksheet
    assert "Yang benar 3 kilometer." in str(case_file.build(item).blocks)
    assert confirmation_check.find_problems() == []


@pytest.mark.db_agnostic
def test_who_asks(office, log_in, item):
    key = find_passage(item).key
    screen = reverse("moderation:confirmations", args=[item.pk])
    for name in ("staf2", "ppid", "sekretariat", "bidang", "pemantau", "admin"):
        with pytest.raises(StepRefused):
            confirmations.ask(item, office.people[name], key=key, source="Camat")
        answer = log_in(office.people[name]).post(screen, {"passage": key, "source": "Camat"})
        assert answer.status_code == 422
        assert "wa.me" not in answer.content.decode()
    assert not SourceConfirmation.objects.exists()
    ask(office, item, user=office.sekretaris)
    assert Client().post(screen, {"passage": key}).status_code in {302, 403}
    assert SourceConfirmation.objects.count() == 1
    refused = log_in(office.staf1).post(screen, {"passage": find_passage(item, PARAGRAPH).key, "source": " "})
    assert refused.status_code == 422
    assert "Tulis nama atau jabatan narasumber." in refused.content.decode()
    stale = log_in(office.staf1).post(screen, {"passage": "0" * 16, "source": "Lurah Buntar"})
    assert stale.status_code == 422
    assert "Lurah Buntar" in stale.content.decode()


@pytest.mark.db_agnostic
def test_the_key_stands_in_no_line_of_the_servers_log(office, item, caplog):
    path = ask(office, item)
    for data in ({"words": "Kurang tepat."}, {"answer": "ubah", "words": "Yang benar 3."}):
        Client().post(path, data)
    Client().get(path[:-3] + "x/")
    lines = [json.dumps(describe(record)) for record in caplog.records]
    assert lines
    assert not [line for line in lines if path[12:30] in line or "Yang benar" in line]


class TestLink:
    """What a stranger does with a link, and what the page says."""

    def test_a_replay_changes_nothing(self, office, item):
        path = ask(office, item)
        say(path)
        for answer in ("ubah", "benar"):
            again = say(path, answer, "Lain sama sekali.")
            assert "sudah kami terima" in read(again)
            assert "Lain sama sekali." in read(again)
        row = SourceConfirmation.objects.get()
        assert (row.answer, row.words) == ("benar", "")
        assert AuditEntry.objects.filter(action="confirmation_answered").count() == 1

    @pytest.mark.db_agnostic
    def test_a_forged_link_asks_nothing_of_the_database(self, office, item):
        token = ask(office, item).split("/")[2]
        other = "A" if token[0] != "A" else "B"
        for forged in ("x", "x.y", other + token[1:], token[:-1], token.partition(".")[0], "%00", "a" * 3000):
            with CaptureQueriesContext(connection) as asked:
                answer = say(f"/narasumber/{forged}/")
            assert answer.status_code == 404
            assert "tidak dikenal" in read(answer)
            assert not any("confirmation" in query["sql"] for query in asked)
        resigned = confirmations._signer.sign("tidak-pernah-dibuat")
        assert say(f"/narasumber/{resigned}/").status_code == 404
        assert not SourceConfirmation.objects.exclude(answer="").exists()

    @pytest.mark.db_agnostic
    def test_after_seven_days_it_has_ended(self, office, item, monkeypatch):
        path, now = ask(office, item), timezone.now()
        monkeypatch.setattr(confirmations.timezone, "now", lambda: now + timedelta(days=7, seconds=60))
        answer = say(path, "ubah", "Yang benar 3 kilometer.")
        assert answer.status_code == 410
        assert "sudah berakhir" in read(answer)
        assert "Yang benar 3 kilometer." in read(answer)
        assert not SourceConfirmation.objects.exclude(answer="").exists()

    @pytest.mark.db_agnostic
    def test_withdrawn_by_hand_and_by_a_new_link(self, office, log_in, item):
        first = ask(office, item)
        second = ask(office, item)
        assert say(first).status_code == 410
        assert Client().get(second).status_code == 200
        screen = reverse("moderation:confirmations", args=[item.pk])
        row = SourceConfirmation.objects.order_by("-pk").first()
        assert log_in(office.staf2).post(screen, {"withdraw": row.pk}).status_code == 422
        log_in(office.staf1).post(screen, {"withdraw": row.pk})
        answer = say(second)
        assert answer.status_code == 410
        assert "tidak berlaku lagi" in read(answer)
        assert log_in(office.staf1).post(screen, {"withdraw": row.pk}).status_code == 409
        assert log_in(office.staf1).post(screen, {"withdraw": "9" * 40}).status_code == 409
        assert confirmation_check.find_problems() == []

    @pytest.mark.db_agnostic
    def test_a_changed_passage_cannot_be_confirmed(self, office, item):
        path = ask(office, item)
        office.write(item, body=body("Saluran sepanjang 3 kilometer kini bersih kembali."))
        for answer in (Client().get(path), say(path, "benar", "Setuju.")):
            assert answer.status_code == 410
            assert "sudah diubah" in read(answer)
        assert not SourceConfirmation.objects.exclude(answer="").exists()

    @pytest.mark.db_agnostic
    def test_another_speaker_for_the_same_words_is_a_change(self, office, item):
        path = ask(office, item)
        office.write(item, body=[("quote", {"text": WORDS, "source": "Bupati"})])
        assert say(path).status_code == 410

    @pytest.mark.db_agnostic
    def test_the_office_does_not_answer_for_the_person_in_its_own_browser(self, office, log_in, item):
        path = ask(office, item)
        client = log_in(office.staf1)
        shown = client.get(path).content.decode()
        assert "Anda masuk sebagai petugas" in shown
        assert 'name="answer"' not in shown
        answer = say(path, client=client)
        assert answer.status_code == 403
        assert "Anda masuk sebagai petugas" in read(answer)
        assert not SourceConfirmation.objects.exclude(answer="").exists()

    @pytest.mark.db_agnostic
    def test_a_bad_answer_keeps_what_was_typed_and_the_link(self, office, item):
        path = ask(office, item)
        for data, problem in (
            ({"words": "Kurang tepat."}, "Pilih Benar atau Perlu diubah."),
            ({"answer": "mungkin", "words": "Kurang tepat."}, "Pilih Benar atau Perlu diubah."),
            ({"answer": "ubah", "words": " "}, "Tulis apa yang perlu diubah."),
            ({"answer": "ubah", "words": "Kurang tepat. " * 200}, "Keterangan paling panjang 2.000 huruf."),
        ):
            answer = Client().post(path, data)
            assert answer.status_code == 422
            assert problem in read(answer)
            assert data["words"].strip() in read(answer)
        for _look in range(3):
            assert Client().get(path).status_code == Client().head(path).status_code == 200
        assert say(path).status_code == 302

    @pytest.mark.db_agnostic
    def test_what_is_not_wanted_any_more_is_not_asked(self, office, item):
        path = ask(office, item)
        take(item, "cancel", office.sekretaris, {"comment": "Kegiatan batal."})
        assert say(path).status_code == 410
        with pytest.raises(StepRefused):
            ask(office, item, user=office.sekretaris)

    @pytest.mark.django_db(transaction=True)
    def test_two_answers_at_the_same_instant_are_one(self, office, item):
        token = ask(office, item).split("/")[2]
        results = at_once(
            lambda: confirmations.answer(token, "benar", ""), lambda: confirmations.answer(token, "ubah", "Lain.")
        )
        assert sorted(type(result).__name__ for result in results) == ["LinkRefused", "SourceConfirmation"]
        assert AuditEntry.objects.filter(action="confirmation_answered").count() == 1
        assert confirmation_check.find_problems() == []


@pytest.mark.db_agnostic
class TestChecklist:
    """The line about consent fills from the answers, and from nothing else."""

    def get_line(self, office, log_in, item):
        context = log_in(office.bidang).get(item.get_absolute_url()).context
        forms = [found.form for found in context["step_forms"] if found.code == "verify"]
        [point] = [one for one in forms[0].checklist.items if "disetujui" in one.text]
        return forms[0][f"check_{point.key}"].value() or "", forms[0][f"note_{point.key}"].value() or ""

    def test_it_follows_answers_and_changes(self, office, log_in, item):
        item = office.bring_to("awaiting_correction", item)
        office.write(item, user=office.sekretaris, body=body())
        first = ask(office, item, user=office.sekretaris)
        second = ask(office, item, "Kegiatan berlangsung", user=office.sekretaris, source="Lurah Buntar")
        item = office.bring_to("awaiting_verification", item)
        assert self.get_line(office, log_in, item) == ("", "")
        say(first)
        assert self.get_line(office, log_in, item) == ("", ""), "one is still open"
        say(second)
        assert self.get_line(office, log_in, item) == (
            "ok",
            "Konfirmasi narasumber. Camat: benar; Lurah Buntar: benar",
        )
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka keliru."})
        office.write(item, user=office.sekretaris, body=body("Saluran sepanjang 3 kilometer kini bersih kembali."))
        item = take(item, "declare_corrected", office.sekretaris, {"warnings_checked": True})
        assert self.get_line(office, log_in, item) == ("", ""), "a later change reopens it"
        assert "mintalah lagi" in log_in(office.bidang).get(item.get_absolute_url()).content.decode()

    def test_a_quote_that_nobody_was_asked_about_leaves_it_open(self, office, log_in, item):
        say(ask(office, item, "Kegiatan berlangsung", source="Lurah Buntar"))
        item = office.bring_to("awaiting_verification", item)
        assert self.get_line(office, log_in, item) == ("", "")

    def test_what_must_change_is_a_fault_until_it_is_changed(self, office, log_in, item):
        say(ask(office, item), "ubah", "Yang benar 3 kilometer.")
        item = take(item, "hand_over", office.staf1, {"warnings_checked": True})
        item = take(item, "declare_corrected", office.sekretaris, {"warnings_checked": True})
        mark, note = self.get_line(office, log_in, item)
        assert mark == "fix"
        assert "Camat: perlu diubah" in note
        # Bidang decides, not the machine.
        assert take(item, "verify", office.bidang, verdict() | {"warnings_checked": True}).state == "verified"


class TestAppendOnly:
    """Past the application nothing is asked, answered or taken away unseen."""

    def test_the_database_refuses(self, office, item):
        ask(office, item)
        say(ask(office, item, PARAGRAPH, source="Lurah"))
        unanswered, answered = SourceConfirmation.objects.order_by("pk")
        rows = SourceConfirmation.objects.filter
        for change in (
            lambda: rows(pk=unanswered.pk).update(answer="benar", answered_at=timezone.now()),
            lambda: rows(pk=unanswered.pk).update(passage="Lain"),
            lambda: rows(pk=unanswered.pk).update(token_digest="0" * 64),
            lambda: rows(pk=unanswered.pk).update(expires_at=timezone.now() + timedelta(days=70)),
            lambda: rows(pk=unanswered.pk).update(withdrawn_at=timezone.now()),
            lambda: rows(pk=answered.pk).update(answer="ubah"),
            lambda: rows(pk=answered.pk).update(words="Lain"),
            lambda: rows(pk=answered.pk).update(answer="", answered_at=None),
            lambda: rows(pk=answered.pk)._raw_delete(using="default"),
            lambda: SourceConfirmation.objects.bulk_create([forge(answered)]),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        with pytest.raises(GuardViolation):
            answered.delete()
        assert confirmation_check.find_problems() == []

    def test_what_was_changed_past_the_triggers_is_named_at_night(self, office, item):
        say(ask(office, item))
        ask(office, item, PARAGRAPH, source="Lurah")
        answered, unanswered = SourceConfirmation.objects.order_by("pk")
        for row, changes, problem in (
            (answered, {"answer": "ubah"}, "jawaban yang lain"),
            (answered, {"passage": "Lain"}, "tidak sama"),
            (unanswered, {"answer": "benar", "answered_at": timezone.now()}, "jawaban yang lain"),
            (unanswered, {"withdrawn_at": timezone.now()}, "ditarik"),
        ):
            before = {name: getattr(row, name) for name in changes}
            slip_past_triggers(SourceConfirmation.objects.filter(pk=row.pk), **changes)
            told = confirmation_check.find_problems()
            assert len(told) == 1, changes
            assert problem in told[0]
            assert item.register_number in told[0]
            slip_past_triggers(SourceConfirmation.objects.filter(pk=row.pk), **before)
        assert confirmation_check.find_problems() == []


def forge(row) -> SourceConfirmation:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return SourceConfirmation(**values | {"id": None, "token_digest": "1" * 64})
