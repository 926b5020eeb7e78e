"""The checklist of a step: mandatory answers, their consequences, and their record."""

import json

import pytest
from django.urls import reverse

from moderation import sop
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Checklist, SopTaskState
from moderation.ports.exceptions import StepRefused
from moderation.review import checklists
from tests.moderation.desk.editor import editor_form
from tests.support.factories import verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

VERIFICATION, CORRECTION = sop.StepCode.VERIFICATION, sop.StepCode.CORRECTION


def post(client, item, action, **data):
    page = client.get(item.get_absolute_url())
    body = {"action": action, "version": page.context["item"].version, "seal": page.context["seal"]}
    return client.post(reverse("moderation:step", args=[item.pk]), body | data)


def key_of(number, step=VERIFICATION) -> str:
    return checklists.get_checklist(step).items[number - 1].key


def tick_all_groups(step=VERIFICATION, answer="ok") -> dict:
    """Return the POST data of ticking each group, without JavaScript."""
    checklist = checklists.get_checklist(step)
    return {f"group_{group.key}": answer for group in checklist.groups} | {"checklist_version": checklist.version}


def without_list(data) -> dict:
    return {name: value for name, value in data.items() if not name.startswith(("check_", "checklist_"))}


def set_mode(step, mode):
    Checklist.objects.filter(step=step).update(mode=mode)


def is_unchanged(item, state):
    version = item.version
    item.refresh_from_db()
    return (item.state, item.version) == (state, version)


class TestStandard:
    def test_the_verifier_answers_the_twenty_four_items_of_the_paper(self, office):
        checklist = checklists.get_checklist(VERIFICATION)
        assert checklist.is_required
        assert [group.title[0] for group in checklist.groups] == list("ABCDEF")
        assert [len(group.items) for group in checklist.groups] == [7, 3, 4, 4, 3, 3]
        assert [item.number for item in checklist.items] == list(range(1, 25))

    def test_correction_and_order_have_short_lists_that_are_recommended(self, office):
        for step in (CORRECTION, sop.StepCode.PUBLICATION_ORDER):
            checklist = checklists.get_checklist(step)
            assert not checklist.is_required
            assert 3 <= len(checklist.items) <= 6

    @pytest.mark.parametrize("step", ["composition", "publication", "forwarding", ""])
    def test_no_other_step_has_a_list(self, office, step):
        assert checklists.get_checklist(step) is None


class TestRequired:
    def test_nothing_is_ticked_beforehand(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        page = log_in(office.bidang).get(item.get_absolute_url()).content.decode()
        form = page[page.index("desk-checklist") : page.index("desk-verbs")]
        assert " checked" not in form

    def test_an_approval_without_the_list_is_refused_and_keeps_what_was_typed(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        response = post(log_in(office.bidang), item, "verify", classification="berkala", comment="Sudah dibaca.")
        page = response.content.decode()
        assert response.status_code == 422
        assert "Daftar periksa belum lengkap: butir 1, 2, 3" in page
        assert page.count("Belum dijawab") == 24
        assert "Sudah dibaca.</textarea>" in page
        assert is_unchanged(item, "awaiting_verification")

    def test_one_missing_answer_is_one_too_many(self, office):
        item = office.bring_to("awaiting_verification")
        data = verdict()
        del data[f"check_{key_of(13)}"]
        with pytest.raises(StepRefused, match="butir 13 belum dijawab"):
            take(item, "verify", office.bidang, data)

    @pytest.mark.parametrize(
        ("extra", "words"),
        [
            ({"check_palsu": "ok", "check_": "ok", "group_palsu": "ok"}, "belum lengkap"),
            ({"group_A": "ok", "checklist": json.dumps({"groups": []})}, "belum lengkap"),
        ],
    )
    def test_items_that_do_not_exist_answer_nothing(self, office, log_in, extra, words):
        item = office.bring_to("awaiting_verification")
        data = without_list(verdict()) | extra | {"checklist_version": checklists.get_checklist(VERIFICATION).version}
        response = post(log_in(office.bidang), item, "verify", **data)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert is_unchanged(item, "awaiting_verification")

    @pytest.mark.parametrize("answer", ["benar", "", "OK", "fix "])
    def test_an_answer_that_does_not_exist_is_none(self, office, answer):
        item = office.bring_to("awaiting_verification")
        data = verdict() | {f"check_{key_of(4)}": answer}
        with pytest.raises(StepRefused):
            take(item, "verify", office.bidang, data)

    def test_a_group_is_answered_with_one_tick_and_the_log_says_so(self, office):
        item = office.bring_to("awaiting_verification")
        data = tick_all_groups() | {"classification": "berkala", f"check_{key_of(16)}": "na"}
        take(item, "verify", office.bidang, data)
        record = AuditEntry.objects.get(action="verify").data["checklist"]
        answers = {one["number"]: one for group in record["groups"] for one in group["items"]}
        assert (answers[15]["answer"], answers[15]["with_group"]) == ("ok", True)
        assert (answers[16]["answer"], answers[16]["with_group"]) == ("na", False)
        assert answers[24]["text"] == "Tautan berfungsi."
        assert SopTaskState.objects.get(task__soptask__step=VERIFICATION).data["checklist"] == record

    def test_to_say_item_by_item_is_no_answer(self, office):
        item = office.bring_to("awaiting_verification")
        with pytest.raises(StepRefused, match="belum lengkap"):
            take(item, "verify", office.bidang, tick_all_groups(answer="each") | {"classification": "berkala"})

    def test_a_combined_answer_does_not_hide_what_needs_correction(self, office):
        item = office.bring_to("awaiting_verification")
        data = tick_all_groups() | {"classification": "berkala", f"check_{key_of(4)}": "fix"}
        with pytest.raises(StepRefused, match="Butir 4 daftar periksa perlu perbaikan"):
            take(item, "verify", office.bidang, data)


class TestNeedsCorrection:
    def test_an_approval_is_refused_and_the_return_is_filled_in(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        client = log_in(office.bidang)
        data = verdict(n4="fix", n9="fix") | {f"note_{key_of(4)}": "Bahan menyebut 42 orang.", "comment": "Mohon cek."}
        response = post(client, item, "verify", **data)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Butir 4 dan 9 daftar periksa perlu perbaikan. Materi tidak dapat disetujui" in page
        assert is_unchanged(item, "awaiting_verification")
        comment = response.context["decision"].comment
        assert comment.startswith(
            "Mohon cek.\n\nPerlu perbaikan:\n4. Angka, satuan, dan nilai rupiah cocok dengan bahan."
        )
        assert "Bahan menyebut 42 orang.\n9. Tidak memuat informasi" in comment
        # What was answered is still there.
        assert f'name="check_{key_of(4)}" value="fix" class="desk-check__fix" checked' in page
        assert f'name="check_{key_of(5)}" value="ok" checked' in page

    def test_the_answers_go_along_with_the_return_and_make_its_reason(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        data = verdict(n4="fix") | {f"note_{key_of(4)}": "Bahan menyebut 42 orang."}
        assert post(log_in(office.bidang), item, "return_to_sekretaris", **data).status_code == 302
        item.refresh_from_db()
        assert item.state == "returned"
        assert item.last_note == (
            "Perlu perbaikan:\n4. Angka, satuan, dan nilai rupiah cocok dengan bahan. Bahan menyebut 42 orang."
        )
        entry = AuditEntry.objects.get(action="return_to_sekretaris")
        assert checklists.describe_problems(entry.data["checklist"]) == [item.last_note.split("\n")[1]]
        state = SopTaskState.objects.get(task__soptask__step=VERIFICATION)
        assert (state.status, state.data["checklist"]) == ("rejected", entry.data["checklist"])

    def test_a_half_answered_list_does_not_hinder_a_return(self, office):
        item = office.bring_to("awaiting_verification")
        data = {"comment": "Foto salah.", "checklist_version": checklists.get_checklist(VERIFICATION).version}
        item = take(item, "return_to_sekretaris", office.bidang, data | {f"check_{key_of(15)}": "fix"})
        assert (item.state, item.last_note) == ("returned", "Foto salah.")

    def test_a_return_without_any_reason_is_refused(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        response = post(log_in(office.bidang), item, "return_to_sekretaris", **verdict())
        assert response.status_code == 422
        assert "Tulis alasannya." in response.content.decode()
        assert is_unchanged(item, "awaiting_verification")

    def test_reasons_that_are_too_long_together_are_cut_not_refused(self, office):
        item = office.bring_to("awaiting_verification")
        data = verdict(**{f"n{number}": "fix" for number in range(1, 25)})
        data |= {f"note_{key_of(number)}": "a" * 500 for number in range(1, 25)}
        item = take(item, "return_to_sekretaris", office.bidang, data)
        assert len(item.last_note) == 5000
        assert item.last_note.endswith("…")

    @pytest.mark.parametrize(
        ("state", "person", "action"),
        [("awaiting_correction", "sekretaris", "declare_corrected"), ("verified", "sekretaris", "order")],
    )
    def test_a_recommended_list_stops_too_when_something_is_wrong(self, office, state, person, action):
        item = office.bring_to(state)
        step = item.step.code
        with pytest.raises(StepRefused, match="Butir 2 daftar periksa perlu perbaikan"):
            take(item, action, office.people[person], {"channels": []} | checklists.fill(step, n2="fix"))
        data = {"channels": [], "left_out_reason": "Cukup di website."}
        assert take(item, action, office.people[person], data).version == item.version + 1


class TestDoors:
    def native(self, client, item, action, **data):
        state = SopTaskState.objects.filter(workflow_state__object_id=str(item.page_id)).latest("pk")
        return client.post(reverse("wagtailadmin_pages:workflow_action", args=[item.page_id, action, state.pk]), data)

    @pytest.mark.parametrize("answers", [{"n7": "fix"}, None])
    def test_wagtails_own_address_asks_for_the_list(self, office, log_in, answers):
        item = office.bring_to("awaiting_verification")
        data = {"classification": "berkala"} if answers is None else verdict(**answers)
        self.native(log_in(office.bidang), item, "verify", **data)
        assert is_unchanged(item, "awaiting_verification")

    def test_wagtails_own_address_takes_a_whole_list_and_keeps_it(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        self.native(log_in(office.bidang), item, "verify", **verdict())
        item.refresh_from_db()
        assert item.state == "verified"
        assert len(AuditEntry.objects.get(action="verify").data["checklist"]["groups"]) == 6

    @pytest.mark.parametrize(
        "extra",
        [
            {"comment": "", "checklist": {"groups": []}},
            {"checklist_version": ["a", {"b": 1}], "check_x": {"a": 1}},
        ],
    )
    def test_unchecked_data_of_the_editor_does_not_pass_for_answers(self, office, log_in, extra):
        set_mode(CORRECTION, Checklist.Mode.REQUIRED)
        item = office.bring_to("awaiting_correction")
        client = log_in(office.sekretaris)
        body = editor_form(
            item.get_draft(),
            **{
                "action-workflow-action": "true",
                "workflow-action-name": "declare_corrected",
                "workflow-action-extra-data": json.dumps(extra),
            },
        )
        client.post(reverse("wagtailadmin_pages:edit", args=[item.page_id]), body)
        assert is_unchanged(item, "awaiting_correction")

    @pytest.mark.parametrize("name", ["ppid", "sekretaris", "staf1", "pemantau", "admin"])
    def test_a_whole_list_gives_no_right(self, office, log_in, name):
        item = office.bring_to("awaiting_verification")
        response = post(log_in(office.people[name]), item, "verify", **verdict())
        assert response.status_code == 422
        assert is_unchanged(item, "awaiting_verification")

    def test_a_note_that_is_too_long_is_refused_and_given_back(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        words = "panjang " * 100
        data = verdict(n3="fix") | {f"note_{key_of(3)}": words}
        response = post(log_in(office.bidang), item, "return_to_sekretaris", **data)
        assert response.status_code == 422
        assert "Catatan butir 3 paling panjang 500 huruf." in response.content.decode()
        assert words.strip() in response.content.decode()
        assert is_unchanged(item, "awaiting_verification")

    def test_ten_megabytes_are_turned_away(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        data = verdict(n3="fix") | {f"note_{key_of(3)}": "a" * 10_000_000}
        response = post(log_in(office.bidang), item, "verify", **data)
        assert 400 <= response.status_code < 500
        assert is_unchanged(item, "awaiting_verification")


class TestEditedMeanwhile:
    def rewrite(self, step, number, text):
        row = Checklist.objects.get(step=step).items.all()[number - 1]
        row.text = text
        row.save()

    def test_only_what_was_rewritten_is_asked_again(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        data = verdict() | {"comment": "Sudah dibaca."}
        kept = key_of(5)
        self.rewrite(VERIFICATION, 4, "Angka dan tanda baca cocok dengan bahan.")
        response = post(log_in(office.bidang), item, "verify", **data)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Daftar periksa telah diubah kantor sejak Anda membuka lembar kerja ini." in page
        assert f'name="check_{kept}" value="ok" checked' in page
        assert page.count("Belum dijawab") == 1
        assert f'value="{checklists.get_checklist(VERIFICATION).version}"' in page
        assert is_unchanged(item, "awaiting_verification")

    def test_a_tick_for_a_group_does_not_cover_what_came_in_later(self, office):
        item = office.bring_to("awaiting_verification")
        data = tick_all_groups() | {"classification": "berkala"}
        self.rewrite(VERIFICATION, 4, "Sesuatu yang lain.")
        data["checklist_version"] = checklists.get_checklist(VERIFICATION).version
        with pytest.raises(StepRefused, match="butir 1, 2, 3, 4, 5, 6 dan 7 belum dijawab"):
            take(item, "verify", office.bidang, data)

    def test_an_answer_to_an_old_wording_is_not_lost_in_a_recommended_list(self, office):
        item = office.bring_to("awaiting_correction")
        data = checklists.fill(CORRECTION, n1="fix")
        self.rewrite(CORRECTION, 1, "Judulnya baik.")
        with pytest.raises(StepRefused, match="Daftar periksa telah diubah"):
            take(item, "declare_corrected", office.sekretaris, data)

    def test_what_was_answered_keeps_its_wording(self, office):
        item = office.bring_to("verified")
        self.rewrite(VERIFICATION, 24, "Lain sama sekali.")
        record = AuditEntry.objects.get(action="verify", disposition_id=item.pk).data["checklist"]
        assert record["groups"][-1]["items"][-1]["text"] == "Tautan berfungsi."


class TestModes:
    def test_a_list_that_is_off_is_neither_shown_nor_asked(self, office, log_in):
        set_mode(VERIFICATION, Checklist.Mode.OFF)
        item = office.bring_to("awaiting_verification")
        page = log_in(office.bidang).get(item.get_absolute_url()).content.decode()
        assert "Daftar periksa" not in page
        item = take(item, "verify", office.bidang, {"classification": "berkala"})
        assert item.state == "verified"
        assert "checklist" not in AuditEntry.objects.get(action="verify").data

    def test_answers_to_a_list_that_was_switched_off_meanwhile_are_dropped(self, office):
        item = office.bring_to("awaiting_verification")
        data = verdict()
        set_mode(VERIFICATION, Checklist.Mode.OFF)
        assert take(item, "verify", office.bidang, data).state == "verified"

    def test_a_list_without_items_asks_nothing(self, office):
        Checklist.objects.get(step=VERIFICATION).items.all().delete()
        item = office.bring_to("awaiting_verification")
        assert take(item, "verify", office.bidang, {"classification": "berkala"}).state == "verified"

    def test_the_office_may_make_the_correction_list_mandatory(self, office):
        item = office.bring_to("awaiting_correction")
        set_mode(CORRECTION, Checklist.Mode.REQUIRED)
        with pytest.raises(StepRefused, match="belum lengkap"):
            take(item, "declare_corrected", office.sekretaris)
        data = checklists.fill(CORRECTION)
        assert take(item, "declare_corrected", office.sekretaris, data).state == "awaiting_verification"


class TestSettings:
    URL = "moderation:checklists"

    def form(self, client) -> dict:
        return {
            f"{form.prefix}-{name}": form[name].value()
            for form in client.get(reverse(self.URL)).context["lists"]
            for name in ("mode", "lines", "seen")
        }

    def test_ppid_pembantu_adds_changes_removes_and_reorders(self, office, log_in):
        client = log_in(office.ppid)
        data = self.form(client)
        lines = data["verification-lines"].split("\n")
        lines.remove("Tautan berfungsi.")
        lines += ["2) Butir   tambahan.", "# G. Lain-lain", "- Sudah dibaca dua kali."]
        data |= {"verification-lines": "\r\n".join(lines), "correction-mode": "off"}
        assert client.post(reverse(self.URL), data).status_code == 302
        checklist = checklists.get_checklist(VERIFICATION)
        assert [item.text for item in checklist.items][-2:] == ["Butir tambahan.", "Sudah dibaca dua kali."]
        assert checklist.groups[-1].title == "G. Lain-lain"
        assert checklists.get_checklist(CORRECTION) is None
        entries = AuditEntry.objects.filter(action="checklist_changed")
        assert [(entry.reason, entry.actor_name) for entry in entries] == [("Koreksi", "ppid"), ("Verifikasi", "ppid")]
        assert entries[1].data["items"][-1] == "G. Lain-lain: Sudah dibaca dua kali."

    def test_saving_what_is_there_changes_nothing(self, office, log_in):
        client = log_in(office.admin)
        versions = [checklists.get_checklist(step).version for step in (CORRECTION, VERIFICATION)]
        assert client.post(reverse(self.URL), self.form(client)).status_code == 302
        assert [checklists.get_checklist(step).version for step in (CORRECTION, VERIFICATION)] == versions
        assert not AuditEntry.objects.filter(action="checklist_changed").exists()

    @pytest.mark.parametrize("name", ["sekretaris", "sekretariat", "staf1", "bidang", "pemantau"])
    def test_the_others_read(self, office, log_in, name):
        data = self.form(log_in(office.ppid))
        client = log_in(office.people[name])
        page = client.get(reverse(self.URL)).content.decode()
        assert "Tautan berfungsi." in page
        assert "Hanya PPID Pembantu" in page
        client.post(reverse(self.URL), data | {"verification-mode": "off"})
        assert checklists.get_checklist(VERIFICATION).is_required

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"verification-lines": "Sama.\nSama."}, "tertulis dua kali"),
            ({"verification-lines": "a" * 301}, "paling panjang 300"),
            ({"verification-lines": "# " + "a" * 61}, "paling panjang 60"),
            ({"verification-lines": "\n".join(f"Butir {n}" for n in range(61))}, "Paling banyak 60 butir"),
            ({"verification-lines": "# A. Fakta"}, "Tulis sekurang-kurangnya satu butir"),
            ({"verification-lines": "a" * 20_001}, "terlalu panjang"),
            ({"verification-mode": "kadang"}, "Pilih salah satu"),
            ({"verification-seen": "lama"}, "telah diubah orang lain"),
        ],
    )
    def test_what_cannot_be_is_refused_and_given_back(self, office, log_in, changes, words):
        client = log_in(office.ppid)
        version = checklists.get_checklist(VERIFICATION).version
        data = self.form(client) | changes
        response = client.post(reverse(self.URL), data | {"correction-lines": "Tulisan saya."})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "Tulisan saya." in response.content.decode()
        assert checklists.get_checklist(VERIFICATION).version == version
        assert [item.text for item in checklists.get_checklist(CORRECTION).items] != ["Tulisan saya."]
