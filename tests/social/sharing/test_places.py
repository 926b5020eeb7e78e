"""Places where a person posts: an order makes a task with the sealed text, which follows ralat and take-down."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Notification
from moderation.ports import channels as registry
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records import register
from moderation.records.papers import case_file
from news.models import NewsPage
from news.social.account_screens import actions
from news.social.channels import Draft, build
from news.social.channels.errors import Rejected
from news.social.channels.oauth import Grant
from news.social.ledger import decisions, manual_tasks
from news.social.models import Account, Delivery, FollowUp
from tests.social.conftest import work
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

LINK = "https://mojogedang.karanganyarkab.go.id/berita/kerja-bakti/"
NOTE = "Jumlah peserta 52 orang, bukan 62."
SHARED = decisions.get_decision("sudah-dibagikan")
PLACES = {
    "saluran": {"kind": "by_hand", "label": "Saluran WhatsApp", "options": {"medium": "whatsapp"}},
    "papan": {"kind": "by_hand", "label": "Papan desa", "options": {"medium": "board", "image": False}},
}


@pytest.fixture
def places(configure):
    configure(**PLACES)


@pytest.fixture
def live(office, places):
    return office.bring_to("live", channels=list(PLACES))


def get_tasks(item):
    return {delivery.account.key: delivery for delivery in item.deliveries.select_related("account").order_by("pk")}


def mark(delivery, user, link="", note="", seal=None):
    decisions.decide(delivery, SHARED, user, link=link, note=note, seal=seal or delivery.seal)


def mark_all(item, user):
    for delivery in get_tasks(item).values():
        mark(delivery, user, note="Dibagikan.")


def read(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.db_agnostic
class TestText:
    def test_it_has_title_text_and_link_and_keeps_to_the_places_length(self):
        draft = Draft("Warga dan perangkat desa membersihkan saluran. " * 20, LINK, ("desa",), title="Kerja bakti")
        chat = build("by_hand", {"medium": "whatsapp", "max_length": "400"}).compose(draft)
        assert chat.text.startswith("*Kerja bakti*\n\nWarga")
        assert chat.text.endswith(f"…\n\n{LINK}")
        assert chat.length == len(chat.text) <= 400
        assert chat.excess > 0
        board = build("by_hand", {"medium": "board"}).compose(draft)
        assert (board.text.startswith("Kerja bakti\n\nWarga"), board.limit, board.excess) == (True, None, 0)
        assert "#Desa" not in board.text
        assert "#Desa" in build("by_hand", {"medium": "tiktok"}).compose(draft).text

    def test_nothing_is_ever_sent_by_program(self):
        channel = build("by_hand", {})
        post = channel.compose(Draft("Teks", LINK))
        for attempt in (
            lambda: channel.deliver(post, "k", {}),
            lambda: channel.find(post, "k", None, {}),
            lambda: channel.edit("1", post, "k"),
            lambda: channel.edit_media("1", post, "k"),
            lambda: channel.reply("1", post, "k"),
            lambda: channel.delete("1", "k"),
        ):
            with pytest.raises(Rejected):
                attempt()

    def test_whatsapp_takes_the_text_written_for_it_and_other_places_their_own(self, office, places):
        item = office.bring_to("composing")
        texts = [("text", {"channel": "whatsapp", "text": "Ayo!"}), ("text", {"channel": "by_hand", "text": "Mari."})]
        page = office.write(item, channel_texts=texts)
        previews = {preview.key: preview for preview in registry.get_previews(page)}
        assert previews["saluran"].text.startswith(f"*{page.title}*\n\nAyo!\n\n")
        assert previews["papan"].text.startswith(f"{page.title}\n\nMari.\n\n")
        assert all(preview.is_own_text for preview in previews.values())
        # A place with less room than WhatsApp's own limit says so while the text is written.
        Account.objects.filter(key="saluran").update(from_settings=False, settings={"max_length": "300"})
        assert "kelebihan 2 karakter" in registry.get_text_problem("whatsapp", "a" * 200)
        assert registry.get_text_problem("by_hand", "a" * 200) is None


class TestTask:
    def test_an_order_makes_a_task_with_exactly_the_sealed_text(self, office, live, log_in):
        page = NewsPage.objects.get(pk=live.page_id)
        tasks = get_tasks(live)
        assert {key: task.state for key, task in tasks.items()} == {"saluran": "task", "papan": "task"}
        assert tasks["saluran"].request_text == f"*{page.title}*\n\n{page.lead}\n\n{page.full_url}"
        announced = {post.key: post.text for post in registry.get_previews(page)}
        assert {key: task.request_text for key, task in tasks.items()} == announced
        told = Notification.objects.filter(subject=f"Bagikan ke Papan desa: {page.title}")
        assert {mail.recipient for mail in told} == {office.sekretaris, office.sekretaris2, office.staf1}
        assert all(reverse("social:delivery", args=[tasks["papan"].pk]) in mail.address for mail in told)

        # No worker touches it, and the item waits for it.
        work(passes=2)
        assert Delivery.objects.filter(state="task", attempts=0).count() == 2
        assert Disposition.objects.get(pk=live.pk).state == "live"

        # Nobody changes the text, not by SQL.
        for change in ({"request_text": "Camat korupsi."}, {"link": "https://lain.example/"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Delivery.objects.update(**change)

        screen = read(log_in(office.staf1).get(reverse("social:delivery", args=[tasks["saluran"].pk])))
        area = screen.select_one("textarea[readonly]")
        assert area.text.strip() == tasks["saluran"].request_text
        assert len(screen.select("[data-share], [data-copy]")) == 2
        assert screen.select_one('a[href^="https://wa.me/"]')
        for picture in screen.select("figure img"):
            assert log_in(office.staf1).get(picture["src"]).status_code == 200
        assert len(screen.select("figure a[download]")) == 2
        # A place without pictures offers none; one that is no chat has no link to WhatsApp.
        board = read(log_in(office.staf1).get(reverse("social:delivery", args=[tasks["papan"].pk])))
        assert not board.select('figure, a[href^="https://wa.me/"]')
        listing = read(log_in(office.staf1).get("/admin/unggahan/")).select("#perlu-dibagikan ~ ul a")
        assert {link["href"] for link in listing} == {
            reverse("social:delivery", args=[one.pk]) for one in tasks.values()
        }
        assert "perlu dibagikan petugas" in read(log_in(office.staf1).get(reverse("wagtailadmin_home"))).text

    @pytest.mark.db_agnostic
    def test_it_is_closed_by_a_link_or_a_note_and_told_in_register_and_case_file(self, office, live, log_in):
        tasks = get_tasks(live)
        url = reverse("social:decision", args=[tasks["saluran"].pk, SHARED.code])
        client = log_in(office.staf1)
        form = read(client.get(url))
        empty = client.post(url, {"seal": form.select_one("[name=seal]")["value"]})
        assert "catatan bila tempat ini tidak memberi tautan" in empty.content.decode()
        post = "https://whatsapp.com/channel/0029/12"
        done = client.post(url, {"link": post, "seal": form.select_one("[name=seal]")["value"]})
        assert done.status_code == 302
        mark(tasks["papan"], office.staf2, note="Ditempel; tanya 081234567890")
        assert Disposition.objects.get(pk=live.pk).state == "done"
        rows = {found.key: found for found in registry.get_outcomes([live.pk])[live.pk]}
        assert (rows["saluran"].state_label, rows["saluran"].url) == ("Dibagikan petugas", post)
        assert rows["papan"].state_label.startswith("Dibagikan petugas (Ditempel; tanya ")
        assert "081234567890" not in rows["papan"].state_label
        entry = AuditEntry.objects.filter(action="delivery_sudah_dibagikan").latest("sequence")
        assert (entry.actor_id, entry.seal) == (office.staf2.pk, live.permits.get().seal)
        item = Disposition.objects.get(pk=live.pk)
        assert post in str(case_file.build(item).blocks)
        [row] = register.get_rows(register.get_items({}).filter(pk=live.pk))
        assert "Papan desa: Dibagikan petugas" in str(row)

    @pytest.mark.db_agnostic
    def test_nobody_else_closes_it(self, office, live):
        task = get_tasks(live)["papan"]
        for name in ("bidang", "ppid", "sekretariat", "pemantau", "admin"):
            with pytest.raises(StepRefused, match="Hanya Sekretaris dan Staf"):
                mark(task, office.people[name], note="x")
        task.refresh_from_db()
        assert task.state == "task"


class TestAfterwards:
    def test_a_ralat_before_it_is_shared_changes_the_task_and_refuses_a_mark_of_the_old(self, office, live):
        old = get_tasks(live)["papan"]
        ralat = office.bring_to("ordered", office.open_ralat(live, NOTE, lead="Diikuti 52 warga."))
        announced = registry.get_follow_ups(ralat, "correction", ralat.get_draft())
        assert announced[0] == "Saluran WhatsApp: belum dibagikan petugas; tugasnya memakai teks yang baru."
        take(ralat, "publish", office.staf1)
        new = get_tasks(live)["papan"]
        assert (new.pk, new.state, "Diikuti 52 warga." in new.request_text) == (old.pk, "task", True)
        assert Notification.objects.filter(subject__startswith="Teks untuk Papan desa berubah").exists()
        with pytest.raises(StepStale, match="telah diralat sejak layar ini dibuka"):
            mark(new, office.staf1, note="Ditempel.", seal=old.seal)
        mark(new, office.staf1, note="Ditempel.")
        assert not FollowUp.objects.exists()

    @pytest.mark.db_agnostic
    def test_a_ralat_makes_a_task_for_each_place_where_it_was_shared(self, office, live, log_in):
        mark_all(live, office.staf1)
        ralat = office.bring_to("ordered", office.open_ralat(live, NOTE, lead="Diikuti 52 warga."))
        announced = registry.get_follow_ups(ralat, "correction", ralat.get_draft())
        item = take(ralat, "publish", office.staf1)
        acts = list(FollowUp.objects.order_by("pk"))
        assert [(act.kind, act.state) for act in acts] == [("reply", "task")] * 2
        assert all(any(act.request_text in line for line in announced) for act in acts)
        work()
        assert item.state == "live"
        url = reverse("social:follow_up", args=[acts[0].pk, "selesai"])
        screen = read(log_in(office.staf1).get(url))
        assert screen.select_one("textarea[readonly]").text.strip() == acts[0].request_text
        assert acts[0].request_text.startswith(f"RALAT: {NOTE}")
        for act in acts:
            manual_tasks.decide(act, manual_tasks.get_decision("selesai"), office.staf1)
        assert Disposition.objects.get(pk=live.pk).state == "done"

    @pytest.mark.db_agnostic
    def test_a_replaced_photo_is_a_task_where_pictures_go_along(self, office, places):
        item = office.bring_to("composing")
        office.write(item, main_image=make_photo(), main_image_alt="Saluran", main_image_credit="Staf")
        item = office.bring_to("live", item, channels=list(PLACES))
        mark_all(item, office.staf1)
        ralat = office.open_ralat(item, "", lead=item.get_page().lead, main_image=make_photo(colour="red"))
        office.bring_to("live", ralat)
        [act] = FollowUp.objects.all()
        assert (act.delivery.account.key, act.kind, act.state) == ("saluran", "media", "task")

    @pytest.mark.db_agnostic
    def test_a_take_down_cancels_the_task_and_asks_to_remove_what_was_shared(self, office, live):
        mark(get_tasks(live)["saluran"], office.staf1, note="Saluran.")
        announced = registry.get_follow_ups(live, "take_down")
        assert announced[0].endswith("Menjadi tugas petugas: hapus unggahan.")
        assert announced[1] == "Papan desa: belum dibagikan petugas; tugasnya dibatalkan."
        item = Disposition.objects.get(pk=live.pk)
        take(item, "take_down", office.sekretaris, {"comment": "Foto anak."})
        tasks = get_tasks(live)
        assert (tasks["papan"].state, tasks["papan"].is_cancelled) == ("failed", True)
        assert Notification.objects.filter(subject__startswith="Jangan bagikan ke Papan desa").exists()
        [act] = FollowUp.objects.all()
        assert (act.delivery, act.kind, act.state) == (tasks["saluran"], "delete", "task")
        with pytest.raises(StepStale):
            mark(tasks["papan"], office.staf1, note="Terlambat.")


@pytest.mark.db_agnostic
class TestSettings:
    def test_the_administrator_names_a_place(self, office, log_in):
        client = log_in(office.admin)
        assert "Tempat lain (dibagikan petugas)" in client.get(reverse("kanal:networks")).content.decode()
        url = reverse("kanal:add_way", args=["by_hand", "token"])
        response = client.post(url, {"label": "Radio Karanganyar", "medium": "radio", "max_length": "12"})
        assert "lebih besar dari atau sama dengan 200" in response.content.decode()
        data = {"label": "Radio Karanganyar", "medium": "radio", "max_length": "600"}
        response = client.post(url, data, follow=True)
        assert "dapat disebut dalam perintah tayang" in response.content.decode()
        place = Account.objects.get(kind="by_hand")
        assert (place.key, place.settings["max_length"]) == ("radio-karanganyar", "600")
        assert place.get_composer().capabilities.max_length == 600
        assert {choice.label for choice in registry.get_choices()} >= {"Radio Karanganyar"}
        assert "Uji coba tanpa kirim" not in client.get(reverse("kanal:account", args=[place.key])).content.decode()
        with pytest.raises(StepRefused, match="Sudah ada tempat"):
            actions.connect("by_hand", "radio karanganyar", {}, {}, Grant(), office.admin, account=None, way="token")
        client.post(reverse("kanal:change", args=[place.key]), {**data, "max_length": "", "version": place.version})
        place.refresh_from_db()
        assert place.get_composer().capabilities.max_length is None
