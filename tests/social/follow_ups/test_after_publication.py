"""Follow-ups of ralat and take-down: once for each post, by the network's means, else a person's task."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.chain.transitions import take
from moderation.management.jobs import scheduling
from moderation.models import AuditEntry, Disposition, Notification
from moderation.ports import channels as registry
from moderation.ports.exceptions import StepRefused
from news.social.accounts.token_refresh import get_channel
from news.social.channels import build
from news.social.channels.base import Composed, Rejected, Unknown
from news.social.ledger import decisions, manual_tasks
from news.social.models import Account, Delivery, DeliveryEvent, FollowUp
from news.social.worker.dispatcher import drain
from tests.social.conftest import pass_time, work
from tests.social.servers.graph import FacebookServer
from tests.support.audit_log import find_first_break
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

NOTE = "Jumlah peserta 52 orang, bukan 62."
JUST_NOW = timezone.now() - timedelta(minutes=1)


def pass_all_time():
    pass_time()
    past = timezone.now() - timedelta(seconds=1)
    FollowUp.objects.update(next_attempt_at=past)
    FollowUp.objects.exclude(lease_until=None).update(lease_until=past)


def act(passes=1):
    for _ in range(passes):
        pass_all_time()
        drain()


@pytest.fixture
def posted(office, networks, publish):
    """An item that was posted to all three channels."""
    item = publish("x", "mastodon", "console")["x"].disposition
    work()
    item.refresh_from_db()
    assert item.state == "done"
    return item


def correct(office, item, note=NOTE, **changes):
    return office.bring_to("live", office.open_ralat(item, note, **changes))


def take_down(office, item):
    return take(item, "take_down", office.sekretaris, {"comment": "Foto anak."})


def get_acts(item):
    acts = FollowUp.objects.filter(delivery__disposition=item).select_related("delivery__account")
    return {(act.delivery.account.key, act.kind): act for act in acts.order_by("pk")}


class TestRalat:
    def test_a_public_one_edits_where_it_can_and_answers_where_it_cannot(self, office, networks, posted):
        item = office.bring_to("ordered", office.open_ralat(posted, NOTE, lead="Diikuti 52 warga."))
        announced = registry.get_follow_ups(item, "correction", item.get_draft())
        first = networks["x"].texts + networks["mastodon"].texts
        item = take(item, "publish", office.staf1)
        assert item.state == "live"
        assert networks["x"].texts + networks["mastodon"].texts == first

        act()
        item.refresh_from_db()
        x, mastodon = networks["x"], networks["mastodon"]
        assert item.state == "done"
        assert [post.text.startswith("RALAT: ") for post in x.posts] == [False, True]
        assert x.posts[1].answers == x.posts[0].id
        assert x.posts[1].text == f"RALAT: {NOTE}\n\n{item.get_page().full_url}"
        assert len(mastodon.posts) == 1
        assert mastodon.posts[0].text.startswith(f"RALAT: {NOTE}\n\nDiikuti 52 warga.")
        acts = get_acts(item)
        assert {(key, found.state) for key, found in acts.items()} == {
            (("x", "reply"), "done"),
            (("mastodon", "edit"), "done"),
            (("console", "edit"), "done"),
        }
        # The follow-ups equal the worksheet's announcement, word for word.
        assert all(any(found.request_text in line for line in announced) for found in acts.values())
        outcomes = {found.key: found.state_label for found in registry.get_outcomes([item.pk])[item.pk]}
        assert outcomes["x"] == "Terkirim; dibalas dengan RALAT"
        assert outcomes["mastodon"] == "Terkirim; diperbarui setelah ralat"
        act()
        assert (len(x.posts), [request.split()[0] for request in mastodon.requests]) == (2, ["POST", "GET", "PUT"])

    def test_a_photo_that_is_replaced_alone_is_replaced_on_every_channel(self, office, networks):
        item = office.bring_to("composing")
        office.write(item, main_image=make_photo(), main_image_alt="Saluran irigasi", main_image_credit="Staf")
        item = office.bring_to("live", item, channels=["x", "mastodon", "console"])
        work()
        item.refresh_from_db()
        before = networks["mastodon"].posts[0].pictures[0].content
        photo = make_photo(colour="red")
        ralat = office.open_ralat(item, "", main_image=photo, main_image_alt="Saluran yang benar")
        item = office.bring_to("ordered", ralat)
        announced = registry.get_follow_ups(item, "correction", item.get_draft())
        assert len(announced) == 3
        assert announced[0].startswith("X: fotonya tidak dapat diganti dari sini. Menjadi tugas petugas")
        assert announced[1].startswith("Mastodon: foto unggahan diganti.")
        item = take(item, "publish", office.staf1)
        act()
        acts = get_acts(item)
        assert {key: found.state for key, found in acts.items()} == {
            ("x", "media"): "task",
            ("mastodon", "media"): "done",
            ("console", "media"): "done",
        }
        [picture] = networks["mastodon"].posts[0].pictures
        assert (picture.alt, picture.content == before) == ("Saluran yang benar", False)

        # What is the same as before is left alone.
        again = office.bring_to("live", office.open_ralat(item, "", lead=item.get_page().lead))
        act()
        assert len(get_acts(again)) == len(acts)

    def test_a_photo_post_on_facebook_keeps_the_link_in_its_text(self, office, configure, patient):
        with FacebookServer() as server:
            configure(facebook={**server.config, "options": {**server.config["options"], "post_as": "photo"}})
            item = office.bring_to("composing")
            office.write(item, main_image=make_photo(), main_image_alt="Saluran irigasi", main_image_credit="Staf")
            item = office.bring_to("live", item, channels=["facebook"])
            work()
            item.refresh_from_db()
            link = item.get_page().full_url
            assert server.texts[0].endswith(link)
            correct(office, item)
            act()
            assert (server.texts[0].startswith(f"RALAT: {NOTE}"), server.texts[0].endswith(link)) == (True, True)

    def test_a_post_that_got_another_number_is_removed_under_it(self, office, networks, posted):
        networks["mastodon"].renumbers_edits = True
        first = networks["mastodon"].posts[0].id
        item = correct(office, posted)
        act()
        take_down(office, item)
        act(2)
        assert networks["mastodon"].posts == []
        assert Delivery.objects.get(account__key="mastodon").remote_id not in ("", first)

    def test_a_minor_edit_leaves_posts_alone_whose_words_did_not_change(self, office, networks, posted):
        lead = posted.get_page().lead
        item = correct(office, posted, "", lead=lead, activity_place="Desa Buntar RT 2")
        assert item.state == "done"
        assert not FollowUp.objects.exists()
        act()
        assert (len(networks["x"].requests), len(networks["mastodon"].requests)) == (1, 1)

    def test_a_minor_edit_of_the_words_edits_where_it_can_else_asks_a_person(self, office, networks, posted, log_in):
        item = correct(office, posted, "", lead="Ejaan dirapikan.")
        act()
        acts = get_acts(item)
        assert (acts["x", "edit"].state, acts["mastodon", "edit"].state) == ("task", "done")
        assert networks["mastodon"].texts[0].startswith("Ejaan dirapikan.")
        assert len(networks["x"].posts) == 1
        assert Notification.objects.filter(subject__startswith="Perbarui unggahan di X").exists()
        item.refresh_from_db()
        assert item.state == "live"

        client = log_in(office.staf1)
        listing = client.get("/admin/unggahan/").content.decode()
        assert "Perbarui unggahan di X" in listing
        assert networks["x"].posts[0].id in listing
        address = reverse("social:follow_up", args=[acts["x", "edit"].pk, "selesai"])
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
        item.refresh_from_db()
        assert item.state == "done"
        assert AuditEntry.objects.get(action="follow_up_done").actor_name
        assert find_first_break() is None

    def test_what_has_not_left_takes_the_new_words_and_is_posted_once(self, office, networks, publish):
        item = publish("x", "mastodon")["x"].disposition
        item = correct(office, item, NOTE, lead="Diikuti 52 warga.")
        assert not FollowUp.objects.exists()
        act(2)
        for network in networks.values():
            assert len(network.posts) == 1
            assert network.texts[0].startswith("Diikuti 52 warga.")
        row = Delivery.objects.get(account__key="x")
        assert (row.permit, row.seal) == (item.permits.get(revoked_at=None), row.permit.seal)
        assert row.events.filter(outcome=DeliveryEvent.Outcome.REPLACED).count() == 1

    def test_the_words_of_an_earlier_ralat_stay_on_the_post(self, office, networks, posted):
        item = correct(office, posted, NOTE, lead="Diikuti 52 warga.")
        act()
        item.refresh_from_db()
        correct(office, item, "", lead="Diikuti 52 warga desa.")
        act()
        assert networks["mastodon"].texts[0].startswith(f"RALAT: {NOTE}\n\nDiikuti 52 warga desa.")

    def test_only_the_newest_edit_of_two_is_made(self, office, networks, posted):
        Account.objects.update(paused_at=timezone.now())
        item = correct(office, posted, "Pertama.", lead="Satu.")
        item = correct(office, item, "Kedua.", lead="Dua.")
        Account.objects.update(paused_at=None)
        act(2)
        assert [request.split()[0] for request in networks["mastodon"].requests] == ["POST", "GET", "PUT"]
        assert networks["mastodon"].texts[0].startswith("RALAT: Kedua.")
        # X gets both replies.
        assert [text.splitlines()[0] for text in networks["x"].texts[1:]] == ["RALAT: Pertama.", "RALAT: Kedua."]

    def test_a_dropped_ralat_does_nothing(self, office, networks, posted):
        item = office.bring_to("ordered", office.open_ralat(posted, NOTE))
        item = take(item, "drop_correction", office.sekretaris, {"comment": "Tidak jadi."})
        act()
        assert item.state == "done"
        assert not FollowUp.objects.exists()
        assert len(networks["x"].requests) == 1


class TestTakeDown:
    def test_every_post_and_every_answer_is_removed(self, office, networks, posted):
        item = correct(office, posted)
        act()
        item.refresh_from_db()
        announced = registry.get_follow_ups(item, "take_down")
        assert announced == [
            "X: unggahan dihapus.",
            "X: balasan RALAT dihapus.",
            "Mastodon: unggahan dihapus.",
            "Konsol: unggahan dihapus.",
        ]
        take_down(office, item)
        act(2)
        assert (networks["x"].posts, networks["mastodon"].posts) == ([], [])
        assert not FollowUp.objects.exclude(state="done").exists()
        outcomes = {found.key: found.state_label for found in registry.get_outcomes([item.pk])[item.pk]}
        assert outcomes["mastodon"] == "Terkirim; dihapus setelah berita diturunkan"

    def test_a_post_that_is_gone_already_counts_as_removed(self, office, networks, posted):
        for network in networks.values():
            network.posts.clear()
        take_down(office, posted)
        act()
        assert not FollowUp.objects.exclude(state="done").exists()

    def test_a_right_that_one_act_lacks_leaves_it_to_a_person_and_the_account_at_work(self, office, networks, posted):
        networks["mastodon"].fail((403, {}, {"error": "This action is outside the authorized scopes"}))
        take_down(office, posted)
        act()
        left = get_acts(posted)["mastodon", "delete"]
        assert (left.state, "hak untuk tindakan ini" in left.last_error) == ("failed", True)
        assert FollowUp.objects.waiting_for_person().filter(pk=left.pk).exists()
        assert not Account.objects.exclude(paused_at=None).exists()

    def test_a_post_of_which_nobody_knows_is_removed_once_it_is_found(self, office, networks, publish):
        networks["x"].fail("500 after")
        item = publish("x")["x"].disposition
        work()
        assert Delivery.objects.get().state == "uncertain"
        take_down(office, item)
        act()
        act()
        assert Delivery.objects.get().state == "sent"
        assert networks["x"].posts == []

    def test_nothing_is_left_to_do_where_nothing_was_posted(self, office, networks, publish):
        networks["x"].fail("500 before")
        item = publish("x")["x"].disposition
        work(passes=6)
        row = Delivery.objects.get()
        take_down(office, item)
        decisions.decide(row, decisions.get_decision("tandai-tidak-terkirim"), office.sekretaris, note="Tidak ada.")
        act()
        assert FollowUp.objects.get().state == "cancelled"
        # A post that a person found later is removed too.
        networks["x"].create_post("Terlambat.")
        link = f"https://x.com/i/web/status/{networks['x'].posts[0].id}"
        decisions.decide(row, decisions.get_decision("tandai-terkirim"), office.sekretaris, link=link)
        act()
        assert networks["x"].posts == []

    def test_a_page_that_comes_back_posts_nothing_again(self, office, networks, posted):
        item = take_down(office, posted)
        act()
        correct(office, item, "Foto diganti.", lead="Tayang kembali.")
        act(2)
        assert (networks["x"].posts, networks["mastodon"].posts) == ([], [])

    def test_posts_that_were_not_removed_yet_are_corrected_when_the_page_comes_back(self, office, networks, posted):
        Account.objects.update(paused_at=timezone.now())
        item = take_down(office, posted)
        item = correct(office, item, NOTE, lead="Tayang kembali.")
        Account.objects.update(paused_at=None)
        act(2)
        assert networks["mastodon"].texts[0].startswith(f"RALAT: {NOTE}")
        assert len(networks["x"].posts) == 2


class TestFaults:
    @pytest.mark.parametrize("fault", ["reset before", "500 before", "reset after", "truncated", "html"])
    def test_a_lost_answer_to_an_answer_never_makes_two(self, office, networks, posted, fault):
        correct(office, posted)
        networks["x"].fail(fault)
        act(6)
        replies = [post for post in networks["x"].posts if post.answers]
        row = FollowUp.objects.get(kind="reply")
        if fault in ("reset before", "500 before"):
            assert (len(replies), row.state, row.needs_person) == (0, "uncertain", True)
            assert Disposition.objects.get(pk=posted.pk).state == "live"
            manual_tasks.decide(row, manual_tasks.get_decision("coba-lagi"), office.sekretaris)
            act()
            assert len([post for post in networks["x"].posts if post.answers]) == 1
        else:
            assert (len(replies), row.state) == (1, "done")
            assert row.remote_id == replies[0].id

    def test_a_lost_answer_to_an_edit_or_a_removal_is_repeated(self, office, networks, posted):
        networks["mastodon"].fail("reset after")
        item = correct(office, posted, NOTE, lead="Diikuti 52 warga.")
        act(2)
        assert get_acts(item)["mastodon", "edit"].state == "done"
        for network in networks.values():
            network.fail("500 after")
        item.refresh_from_db()
        take_down(office, item)
        act(3)
        assert (networks["x"].posts, networks["mastodon"].posts) == ([], [])
        assert not FollowUp.objects.open().exists()

    def test_a_dead_token_pauses_the_account_and_burns_no_attempt(self, office, networks, posted):
        take_down(office, posted)
        networks["x"].fail((401, {}, {"title": "Unauthorized"}))
        act()
        row = get_acts(posted)["x", "delete"]
        assert (row.state, row.attempts) == ("pending", 0)
        assert Account.objects.get(key="x").paused_at is not None
        Account.objects.update(paused_at=None)
        act()
        assert networks["x"].posts == []

    def test_what_the_network_refuses_becomes_a_task_with_the_link(self, office, networks, posted, log_in):
        take_down(office, posted)
        networks["x"].fail((403, {}, {"detail": "You are not permitted to perform this action."}))
        act()
        row = get_acts(posted)["x", "delete"]
        assert (row.state, row.waits_for_person) == ("failed", True)
        text = log_in(office.sekretaris).get("/admin/unggahan/").content.decode()
        assert "Hapus unggahan di X" in text
        assert row.post_url in text
        with pytest.raises(StepRefused, match="Tulis catatan"):
            manual_tasks.decide(row, manual_tasks.get_decision("tidak-perlu"), office.sekretaris)
        with pytest.raises(StepRefused, match="Hanya Sekretaris dan Staf"):
            manual_tasks.decide(row, manual_tasks.get_decision("selesai"), office.bidang)

    def test_a_worker_that_died_in_between_leaves_no_second_answer(self, office, networks, posted):
        """The process is killed after the request has left; the row says only that it was begun."""
        item = correct(office, posted)
        row = get_acts(item)["x", "reply"]
        channel = get_channel(Account.objects.get(key="x"))
        channel.reply(networks["x"].posts[0].id, row.get_composed(), "")
        started = {"state": "doing", "worker": "dead", "first_sent_at": JUST_NOW, "lease_until": JUST_NOW}
        FollowUp.objects.filter(pk=row.pk).update(**started)
        edit = get_acts(item)["mastodon", "edit"]
        FollowUp.objects.filter(pk=edit.pk).update(**started)
        act(3)
        assert len(networks["x"].posts) == 2
        assert networks["mastodon"].texts[0].startswith("RALAT: ")
        assert not FollowUp.objects.open().exists()


def test_posts_follow_the_end_that_an_order_names(office, networks, monkeypatch):
    end = timezone.now() + timedelta(hours=1)
    channels = ["x", "mastodon", "console"]
    item = office.bring_to("live", channels=channels, ends_at=end.isoformat(), end_reason="Masa pendaftaran selesai.")
    work()
    monkeypatch.setattr(timezone, "now", lambda: end)
    assert scheduling.end_due() == 1
    act()
    item.refresh_from_db()
    assert item.state == "taken_down"
    assert {(key, found.occasion, found.state) for key, found in get_acts(item).items()} == {
        ((channel, "delete"), "take_down", "done") for channel in channels
    }
    assert networks["x"].posts == networks["mastodon"].posts == []


class TestRecords:
    def test_rows_are_born_of_ralat_and_take_down_alone_and_stay_as_they_are(self, office, posted):
        row = correct(office, posted).deliveries.first().follow_ups.get()
        row.pk, row.idempotency_key = None, "00000000-0000-0000-0000-000000000001"
        with pytest.raises(IntegrityError, match="hanya lahir"), transaction.atomic():
            FollowUp.objects.bulk_create([row])
        for changes in ({"request_text": "Palsu."}, {"kind": "delete"}, {"seal": "0" * 64}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FollowUp.objects.update(**changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.all()._raw_delete("default")
        for changes in ({"request_text": "Palsu."}, {"permit": posted.permits.get(revoked_at=None)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Delivery.objects.update(**changes)

    def test_a_ralat_that_breaks_off_leaves_no_part_for_the_channels(self, office, posted):
        item = office.bring_to("ordered", office.open_ralat(posted, NOTE))
        with transaction.atomic():
            take(item, "publish", office.staf1)
            assert FollowUp.objects.count() == 3
            transaction.set_rollback(True)
        assert not FollowUp.objects.exists()

    def test_the_ledger_costs_the_same_with_many(self, office, networks, publish, log_in):
        def measure():
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/admin/unggahan/").status_code == 200
            return len(queries)

        client = log_in(office.sekretaris)
        counts = []
        for number in (1, 4):
            for _ in range(number):
                item = publish("x")["x"].disposition
                work()
                item.refresh_from_db()
                correct(office, item, "", lead=f"Ejaan dirapikan {item.pk}.")
            counts.append(measure())
        assert counts[0] == counts[1]


class TestAdapters:
    COMPOSED = Composed("Teks baru", "", 9, None)

    def test_what_a_network_cannot_do_it_says(self, x, mastodon, tmp_path):
        for config in (x.config, mastodon.config, {"kind": "console"}):
            channel = build(config)
            can = channel.capabilities
            assert can.can_delete
            for able, call in (
                (can.can_edit, lambda c=channel: c.edit("1", self.COMPOSED, "k")),
                (can.can_reply, lambda c=channel: c.reply("1", self.COMPOSED, "k")),
                (can.can_reply, lambda c=channel: c.find_reply("1", self.COMPOSED, "k", JUST_NOW)),
            ):
                if not able:
                    with pytest.raises(Rejected, match="tidak dapat"):
                        call()

    def test_the_console_writes_each_change_once(self, tmp_path):
        channel = build({"kind": "console", "options": {"path": str(tmp_path / "out.jsonl")}})
        for _ in range(2):
            channel.edit("post", self.COMPOSED, "k1")
            channel.delete("post", "k2")
        assert (tmp_path / "out.jsonl").read_text().count("\n") == 2

    def test_a_wrong_address_is_no_proof_that_a_post_is_gone(self, x, mastodon):
        for network in (x, mastodon):
            network.fail((404, {}, "<h1>nothing here</h1>"))
            with pytest.raises(Rejected):
                build(network.config).delete("1", "k")
        x.fail((200, {}, {"data": {"deleted": False}}))
        with pytest.raises(Unknown):
            build(x.config).delete("1", "k")

    def test_the_number_of_a_post_is_read_from_its_address(self, x, mastodon):
        channel = build(x.config)
        for address in ("https://x.com/kecamatan/status/123", "https://twitter.com/i/web/status/123?s=20"):
            assert channel.read_id(address) == "123"
        assert channel.read_id("https://x.com/kecamatan") == ""
        channel = build(mastodon.config)
        assert channel.read_id(f"{mastodon.url}/@kecamatan/456") == "456"
        assert channel.read_id("https://lain.example/@kecamatan/456") == ""


def test_nothing_to_do_costs_nothing(networks):
    assert drain() == 0
