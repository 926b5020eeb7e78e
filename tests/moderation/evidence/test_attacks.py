"""Attacks on the promise by somebody with a role, a superuser or a shell."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, PageViewRestriction, Revision, TaskState

from home.models import HomePage, StandardPage
from moderation import sop
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.models import (
    AuditEntry,
    AuditHead,
    Disposition,
    PublicationPermit,
    SealedMedia,
    SopTask,
    SopTaskState,
)
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.official_step import official_step
from moderation.ports.seal import compute_seal
from news.models import Attachment, NewsCategory, NewsIndexPage, NewsPage
from tests.support.audit_log import find_first_break
from tests.support.factories import PASSWORD, make_photo, make_user, slip_past_triggers, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_item(office):
    return office.bring_to("live")


def news(item) -> NewsPage:
    return NewsPage.objects.get(pk=item.page_id)


def address(item) -> str:
    return f"/berita/{news(item).slug}/"


def refused(*errors, match=None):
    return pytest.raises(errors or (GuardViolation, IntegrityError), match=match)


class TestForgedRecords:
    """Records of the chain cannot be forged, in the shell or in SQL."""

    def forge_permit(self, item, office, seal):
        return PublicationPermit(
            page_id=item.page_id,
            revision=item.page.get_latest_revision(),
            disposition=item,
            seal=seal,
            number="PT-palsu",
            ordered_at=timezone.now(),
            ordered_by=office.admin,
        )

    def test_a_permit_made_in_the_shell(self, office):
        item = office.bring_to("composing")
        with refused(), transaction.atomic():
            self.forge_permit(item, office, compute_seal(item.get_draft())).save()

    def test_a_permit_made_past_the_orm_for_a_text_that_nobody_verified(self, office):
        item = office.bring_to("awaiting_verification")
        permit = self.forge_permit(item, office, compute_seal(item.get_draft()))
        with refused(IntegrityError), transaction.atomic():
            PublicationPermit.objects.bulk_create([permit])

    def test_a_permit_executed_in_the_shell(self, office):
        permit = office.bring_to("ordered").permits.get()
        with refused(), transaction.atomic():
            permit.add_fact(executed_at=timezone.now(), executed_by=office.admin)

    def test_an_order_is_not_rewritten_in_a_step(self, office):
        permit = office.bring_to("ordered").permits.get()
        permit.channels = ["x"]
        with official_step(), refused(GuardViolation), transaction.atomic():
            permit.save()
        with official_step(), refused(GuardViolation), transaction.atomic():
            permit.save(update_fields=["channels"])

    def test_the_seal_of_a_task_is_not_what_the_order_believes(self, office):
        item = office.bring_to("verified")
        revision = item.page.get_latest_revision()
        slip_past_triggers(Revision.objects.filter(pk=revision.pk), content={**revision.content, "lead": "Diselipkan."})
        seal = compute_seal(item.get_draft())
        SopTaskState.objects.filter(workflow_state__object_id=str(item.page_id)).update(seal=seal)
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})

    def test_a_state_set_past_the_orm_is_no_verification(self, office):
        item = office.bring_to("awaiting_verification")
        Disposition.objects.filter(pk=item.pk).update(state="verified")
        with refused(StepRefused):
            take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})

    def test_a_verification_of_an_earlier_round_is_none(self, office):
        """The very text was verified once; item and task are set past the ORM to where the order is given."""
        item = office.bring_to("verified")
        item = take(item, "return_to_correction", office.sekretaris, {"comment": "Periksa lagi."})
        item = take(item, "declare_corrected", office.sekretaris)
        ordering = SopTask.objects.get(step=sop.StepCode.PUBLICATION_ORDER)
        TaskState.objects.filter(pk=SopTaskState.objects.latest("pk").pk).update(task=ordering)
        Disposition.objects.filter(pk=item.pk).update(state="verified")
        with refused(StepRefused, match="telah berubah"):
            take(item, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})

    def test_the_list_of_sealed_files_stays(self, office):
        item = office.bring_to("composing")
        office.write(item, main_image=make_photo(), main_image_alt="Saluran", main_image_credit="Dokumentasi")
        office.bring_to("ordered", item)
        with refused(IntegrityError), transaction.atomic():
            SealedMedia.objects.all()._raw_delete("default")
        with refused(IntegrityError), transaction.atomic():
            SealedMedia.objects.update(object_id="0")

    def test_the_end_of_the_log_is_not_turned_back(self, live_item):
        for change in ({"sequence": 0}, {"hash": "0" * 64}):
            with refused(IntegrityError), transaction.atomic():
                AuditHead.objects.update(**change)
        with refused(IntegrityError), transaction.atomic():
            AuditHead.objects.all()._raw_delete("default")
        assert find_first_break() is None

    def test_a_line_is_not_replaced(self, live_item):
        """SQLite's REPLACE deletes the old row without asking a DELETE trigger."""
        line = AuditEntry.objects.first()
        names = [field.column for field in AuditEntry._meta.concrete_fields]
        values = ["'lain'" if name == "reason" else f'"{name}"' for name in names]
        verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
        message = "jejak audit tidak dapat dihapus"
        with refused(IntegrityError, match=message), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"{verb} INTO moderation_auditentry ({', '.join(names)}) "
                f"SELECT {', '.join(values)} FROM moderation_auditentry WHERE id = %s",
                [line.pk],
            )
        assert AuditEntry.objects.get(pk=line.pk).reason == line.reason

    def test_tables_of_records_are_not_emptied(self, live_item):
        statement = "DELETE FROM {}" if connection.vendor == "sqlite" else "TRUNCATE {} CASCADE"
        connection.check_constraints()  # PostgreSQL truncates no table with checks outstanding.
        for model in (AuditEntry, PublicationPermit, Disposition):
            with refused(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(model._meta.db_table))


class TestDisguise:
    """News pages that claim another type."""

    def test_a_news_page_under_another_type(self, office, client):
        item = office.bring_to("verified")
        other = ContentType.objects.get_for_model(StandardPage)
        with refused(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=item.page_id).update(content_type=other, live=True)
        page = Page.objects.get(pk=item.page_id)
        page.content_type, page.live = other, True
        with refused(GuardViolation, IntegrityError, StandardPage.DoesNotExist), transaction.atomic():
            page.save()
        assert client.get(address(item)).status_code == 404

    def test_a_live_plain_page_that_becomes_news(self, office):
        item = office.bring_to("verified")
        plain = HomePage.objects.get().add_child(instance=StandardPage(title="Polos", slug="polos"))
        row = news(item)
        row.pk = row.page_ptr_id = plain.pk
        row.slug, row.path, row.url_path = plain.slug, plain.path, plain.url_path
        with refused(IntegrityError), transaction.atomic():
            row.save_base(raw=True, force_insert=True)

    def test_the_day_of_publication_is_not_rewritten(self, live_item):
        with refused(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=live_item.page_id).update(first_published_at=timezone.now())


class TestTakenFromCitizens:
    """Live news cannot be hidden by unpublishing or restricting its ancestors (I10)."""

    @pytest.mark.parametrize("model", [NewsIndexPage, HomePage])
    def test_unpublishing_a_page_above(self, live_item, office, log_in, model):
        above = model.objects.order_by("path").first()
        client = log_in(office.admin)
        client.post(reverse("wagtailadmin_pages:unpublish", args=[above.pk]), {"include_descendants": "on"})
        client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]) + f"?id={above.pk}")
        with refused(GuardViolation), transaction.atomic():
            model.objects.order_by("path").first().unpublish()
        assert model.objects.order_by("path").first().live
        client.logout()
        assert client.get(address(live_item)).status_code == 200

    @pytest.mark.parametrize("model", [NewsPage, NewsIndexPage, HomePage])
    def test_making_a_page_private(self, live_item, office, log_in, model):
        client = log_in(office.admin)
        url = reverse("wagtailadmin_pages:set_privacy", args=[model.objects.order_by("path").first().pk])
        client.post(url, {"restriction_type": "login"})
        with refused(GuardViolation), transaction.atomic():
            PageViewRestriction.objects.create(
                page_id=model.objects.order_by("path").first().pk, restriction_type="login"
            )
        client.logout()
        assert client.get(address(live_item)).status_code == 200


class TestFiles:
    """Pictures and documents are part of the verified version."""

    @pytest.fixture
    def document(self, office):
        return Attachment.objects.create(
            title="Jadwal layanan", file=ContentFile(b"%PDF-1.4 isi", name="jadwal.pdf"), uploaded_by_user=office.staf1
        )

    @pytest.fixture
    def photo(self, office):
        photo = make_photo()
        photo.uploaded_by_user = office.staf1
        photo.save()
        return photo

    def with_document(self, office, document, state):
        item = office.bring_to("composing")
        body = [("paragraph", "<p>Lihat jadwal.</p>"), ("document", {"document": document, "title": ""})]
        office.write(item)
        page = item.get_draft()
        page.body = body
        page.save_revision(user=office.staf1)
        return office.bring_to(state, item)

    def with_photo(self, office, photo, state):
        item = office.bring_to("composing")
        office.write(item, main_image=photo, main_image_alt="Saluran", main_image_credit="Dokumentasi")
        page = item.get_draft()
        page.main_image = photo
        page.main_image_alt, page.main_image_credit = "Saluran", "Dokumentasi"
        page.save_revision(user=office.staf1)
        return office.bring_to(state, item)

    def test_the_title_of_a_document_is_what_citizens_read(self, office, document, log_in):
        item = self.with_document(office, document, "live")
        client = log_in(office.staf1)
        url = reverse("wagtaildocs:edit", args=[document.pk])
        client.post(url, {"title": "Camat korupsi", "collection": document.collection_id, "tags": ""})
        document.refresh_from_db()
        assert document.title == "Jadwal layanan"
        assert compute_seal(news(item)) == item.permits.get().seal

    def test_the_title_of_a_document_changed_while_it_waits_is_noticed(self, office, document):
        item = self.with_document(office, document, "awaiting_verification")
        # Past the ORM, whose guard knows the version that was handed over.
        Attachment.objects.filter(pk=document.pk).update(title="Judul lain")
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "verify", office.bidang, verdict())

    @pytest.mark.parametrize("side", ["x", "y", "width", "height"])
    def test_no_side_of_the_focal_point_moves(self, office, photo, side):
        item = self.with_photo(office, photo, "live")
        setattr(photo, f"focal_point_{side}", 11)
        with refused(GuardViolation), transaction.atomic():
            photo.save()
        assert compute_seal(news(item)) == item.permits.get().seal

    def test_a_staf_exchanges_the_file_through_wagtails_screens(self, office, photo, log_in):
        item = self.with_photo(office, photo, "ordered")
        client = log_in(office.staf1)
        before = photo.file.name
        other = ContentFile(make_photo(colour="red").file.read(), name="green.jpg")
        data = {"title": "x", "collection": photo.collection_id, "credit": "", "tags": "", "file": other}
        client.post(reverse("wagtailimages:edit", args=[photo.pk]), data)
        client.post(reverse("wagtailimages:delete", args=[photo.pk]))
        client.post(reverse("wagtailimages:delete_multiple", args=[photo.pk]))
        client.post(reverse("wagtail_bulk_action", args=["news", "photo", "delete"]) + f"?id={photo.pk}")
        photo.refresh_from_db()
        assert photo.file.name == before
        assert take(item, "publish", office.staf1).state == "done"

    def test_another_staf_touches_nothing_of_it(self, office, photo, document, log_in):
        self.with_photo(office, photo, "awaiting_verification")
        client = log_in(office.staf2)
        client.post(reverse("wagtailimages:edit", args=[photo.pk]), {"title": "x", "collection": photo.collection_id})
        client.post(reverse("wagtaildocs:edit", args=[document.pk]), {"title": "x", "collection": 1})
        photo.refresh_from_db()
        document.refresh_from_db()
        assert (photo.title, document.title) == ("Saluran irigasi", "Jadwal layanan")

    def test_files_past_the_orm(self, office, photo, document):
        self.with_photo(office, photo, "live")
        with refused(IntegrityError), transaction.atomic():
            type(photo).objects.filter(pk=photo.pk).update(file="original_images/lain.jpg")
        with refused(IntegrityError), transaction.atomic():
            type(photo).objects.filter(pk=photo.pk).update(focal_point_height=3)

    def test_a_document_is_public_only_with_its_news(self, office, document, client):
        item = self.with_document(office, document, "ordered")
        assert client.get(document.url).status_code in (403, 404)
        take(item, "publish", office.staf1)
        assert client.get(document.url).status_code == 200
        take(Disposition.objects.get(pk=item.pk), "take_down", office.sekretaris, {"comment": "Turun."})
        assert client.get(document.url).status_code in (403, 404)

    def test_the_words_of_a_topic_are_inside_the_seal(self, office):
        item = office.bring_to("composing")
        page = item.get_draft()
        page.tags.add("irigasi")
        page.save_revision(user=office.staf1)
        office.bring_to("awaiting_verification", item)
        Tag.objects.filter(name="irigasi").update(name="korupsi")
        with pytest.raises(StepRefused, match="telah berubah"):
            take(item, "verify", office.bidang, verdict())

    def test_news_is_not_published_where_citizens_cannot_read_it(self, office):
        item = office.bring_to("ordered")
        NewsIndexPage.objects.get(kind="berita").unpublish()
        with pytest.raises(StepRefused, match="tidak dapat dibaca warga"):
            take(item, "publish", office.staf1)
        assert not news(item).live


class TestDuties:
    @pytest.mark.django_db(transaction=True)
    def test_purged_revisions_do_not_make_an_author_a_verifier(self, office):
        """I2: the authors of purged revisions stay known."""
        both = make_user("rangkap", sop.Role.STAF, sop.Role.BIDANG)
        item = office.bring_to("composing")
        office.write(item, user=both)
        office.write(item, user=office.staf1)
        call_command("purge_revisions")
        item = office.bring_to("awaiting_verification", item)
        with pytest.raises(StepRefused, match="susun atau koreksi sendiri"):
            take(item, "verify", both, verdict())

    @pytest.mark.django_db(transaction=True)
    def test_purged_revisions_do_not_make_a_corrector_a_verifier(self, office):
        both = make_user("sek-bidang", sop.Role.SEKRETARIS, sop.Role.BIDANG)
        item = take(office.bring_to("awaiting_correction"), "declare_corrected", both)
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Perbaiki."})
        office.write(item, user=office.sekretaris)
        item = take(item, "declare_corrected", office.sekretaris)
        call_command("purge_revisions")
        with pytest.raises(StepRefused, match="susun atau koreksi sendiri"):
            take(item, "verify", both, verdict())

    @pytest.mark.parametrize("name", ["ppid", "sekretaris", "sekretariat", "staf1", "bidang", "pemantau"])
    def test_no_role_reaches_users_groups_sites_or_settings(self, office, log_in, name):
        user = office.people[name]
        client = log_in(user)
        groups = set(user.groups.all())
        index = NewsIndexPage.objects.get(kind="berita")
        paths = [
            reverse("wagtailusers_users:add"),
            reverse("wagtailusers_users:edit", args=[user.pk]),
            reverse("wagtailusers_groups:index"),
            reverse("wagtailusers_groups:edit", args=[user.groups.first().pk]),
            reverse("wagtailsites:index"),
            reverse("wagtailredirects:add"),
            reverse("wagtailsettings:edit", args=["moderation", "officeprocedure"]),
            reverse("wagtailsettings:edit", args=["home", "officesettings"]),
            reverse("wagtailsnippets_news_newscategory:add"),
            reverse("wagtailadmin_pages:add", args=["home", "standardpage", HomePage.objects.get().pk]),
            reverse("wagtailadmin_pages:edit", args=[index.pk]),
            reverse("wagtailadmin_pages:delete", args=[index.pk]),
            reverse("wagtailadmin_pages:set_privacy", args=[index.pk]),
        ]
        for url in paths:
            data = {"title": "x", "name": "x", "slug": "x", "groups": [1, 2, 3], "is_superuser": "on"}
            response = client.post(url, data)
            assert response.status_code in (302, 403, 404), url
        user.refresh_from_db()
        assert set(user.groups.all()) == groups
        assert not user.is_superuser
        # Categories are the Sekretaris's, who looks after the office's settings.
        assert NewsCategory.objects.filter(name="x").exists() == (name == "sekretaris")

    def test_own_account_gives_no_role(self, office, log_in):
        client = log_in(office.staf1)
        client.post(
            reverse("wagtailadmin_account"),
            {
                "name_email-first_name": "Siti",
                "name_email-last_name": "Aminah",
                "name_email-email": "siti@contoh.go.id",
                "is_superuser": "on",
                "groups": "1",
            },
        )
        office.staf1.refresh_from_db()
        assert not office.staf1.is_superuser
        assert office.staf1.groups.count() == 1

    def test_granting_a_role_is_written_down(self, office, log_in):
        office.issue()
        admin, group = office.admin, sop.Role.BIDANG
        client = log_in(admin)
        pk = Group.objects.get(name=group.value).pk
        client.post(
            reverse("wagtailusers_users:edit", args=[admin.pk]),
            {
                "username": "admin",
                "email": "admin@contoh.go.id",
                "first_name": "A",
                "last_name": "B",
                "is_active": "on",
                "is_superuser": "on",
                "groups": [pk],
            },
        )
        assert admin.groups.filter(pk=pk).exists()
        line = AuditEntry.objects.get(action="role_granted", data__user=admin.pk)
        assert (line.actor_id, line.role) == (admin.pk, group.value)


class TestTyped:
    """Typed text cannot break a screen or run on it."""

    NASTY = "<script>alert(1)</script>"

    def test_control_characters_break_no_export_and_no_feed(self, office, log_in, client):
        item = office.issue(subject="Rapat\x0bkoordinasi \x01desa")
        office.bring_to("live", item)
        client.logout()
        assert client.get("/berita/atom.xml").status_code == 200
        client = log_in(office.ppid)
        assert client.get(reverse("moderation:register") + "?export=xlsx").status_code == 200
        assert b"".join(client.get(reverse("moderation:register") + "?export=csv"))

    @pytest.mark.parametrize("character", ["\x0b", "\u202e", "\u2067"])
    def test_characters_that_control_the_text_unseen_stop_the_hand_over(self, office, character):
        item = office.bring_to("composing")
        office.write(item)
        page = item.get_draft()
        page.lead = f"Warga {character}bekerja bakti."
        page.save_revision(user=office.staf1)
        with pytest.raises(StepRefused, match="ringkasan"):
            take(item, "hand_over", office.staf1)

    @pytest.mark.parametrize(
        "path",
        [
            "/admin/disposisi/?q=a%00b",
            "/admin/jejak-audit/?nomor=a%00b",
            "/admin/daftar-publikasi/?q=a%00b&year=9&state=%00",
            "/admin/antrean/?langkah=%00&p=%00",
            "/berita/tag/a%00b/",
            "/berita/a%00b/",
            "/cari/?q=%00",
        ],
    )
    def test_a_null_byte_is_no_fault_of_the_server(self, office, log_in, path):
        assert log_in(office.ppid).get(path).status_code in (200, 302, 404)

    def test_a_monstrous_version(self, office, log_in):
        item = office.bring_to("awaiting_verification")
        url = reverse("moderation:step", args=[item.pk])
        response = log_in(office.bidang).post(url, {"action": "verify", "version": "9" * 5000})
        assert response.status_code in (409, 422)

    def test_markup_is_shown_as_text_on_every_screen(self, office, log_in):
        item = office.issue(subject=self.NASTY, instructions=self.NASTY, activity_name=self.NASTY)
        item = take(item, "forward", office.sekretaris, {"comment": self.NASTY})
        client = log_in(office.sekretariat)
        url = reverse("moderation:step", args=[item.pk])
        client.post(url, {"action": "receive", "version": item.version, "comment": self.NASTY})
        item.refresh_from_db()
        screens = [
            item.get_absolute_url(),
            reverse("moderation:queue"),
            reverse("moderation:disposition_list"),
            reverse("moderation:register"),
            reverse("moderation:audit_log"),
            reverse("wagtailadmin_home"),
        ]
        for screen in screens:
            assert self.NASTY not in client.get(screen).content.decode(), screen

    def test_a_note_typed_for_one_item_does_not_show_on_another(self, office, log_in):
        one, other = office.bring_to("awaiting_verification"), office.bring_to("awaiting_verification")
        client = log_in(office.bidang)
        task_state = SopTaskState.objects.filter(workflow_state__object_id=str(one.page_id)).latest("pk")
        revision = one.page.get_latest_revision()
        slip_past_triggers(Revision.objects.filter(pk=revision.pk), content={**revision.content, "lead": "Diselipkan."})
        url = reverse("wagtailadmin_pages:workflow_action", args=[one.page_id, "verify", task_state.pk])
        client.post(url, {"comment": "Rahasia tentang materi pertama.", **verdict()})
        assert "Rahasia tentang" not in client.get(other.get_absolute_url()).content.decode()
        assert "Rahasia tentang" in client.get(one.get_absolute_url()).content.decode()

    def test_a_step_needs_the_token_of_its_form(self, office):
        client = Client(enforce_csrf_checks=True)
        client.login(username="bidang", password=PASSWORD)
        item = office.bring_to("awaiting_verification")
        url = reverse("moderation:step", args=[item.pk])
        data = {"action": "verify", "version": item.version, **verdict()}
        assert client.post(url, data).status_code == 403
        assert client.put(url, data).status_code in (403, 405)
        item.refresh_from_db()
        assert item.state == "awaiting_verification"

    @pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-13-45T99:99", "inf"])
    def test_impossible_times(self, office, log_in, moment):
        item = office.bring_to("verified")
        url = reverse("moderation:step", args=[item.pk])
        client = log_in(office.sekretaris)
        response = client.post(
            url, {"action": "order", "version": item.version, "go_live_at": moment, "left_out_reason": "-"}
        )
        assert response.status_code in (302, 422)
        assert client.get(item.get_absolute_url()).status_code == 200
        assert client.get(reverse("moderation:register")).status_code == 200


class TestMassAssignment:
    def test_the_sheet_takes_no_state(self, office, log_in):
        client = log_in(office.ppid)
        client.post(
            reverse("moderation:disposition_add"),
            {
                "origin": "pengelolaan_website",
                "subject": "Paksa",
                "priority": "biasa",
                "request": "siapkan",
                "source_note": "Meja",
                "state": "ordered",
                "assigned_to": office.staf2.pk,
                "classification": "berkala",
                "register_number": "1/PALSU",
                "version": "99",
                "page": NewsIndexPage.objects.get(kind="berita").pk,
            },
        )
        item = Disposition.objects.get(subject="Paksa")
        assert (item.state, item.assigned_to, item.classification, item.version) == ("disposed", None, "", 1)
        assert item.page_id is None
        assert item.register_number != "1/PALSU"


class TestProof:
    """The integrity check names changes made past every layer, with triggers off or on the disk."""

    def test_a_live_text_that_was_exchanged(self, live_item):
        call_command("verify_audit_log")
        triggers.drop_all()
        NewsPage.objects.filter(pk=live_item.page_id).update(lead="Camat korupsi.")
        triggers.install_all()
        with pytest.raises(CommandError, match=live_item.register_number):
            call_command("verify_audit_log")

    def test_an_order_carried_out_by_two_updates(self, office):
        """No trigger is dropped: the order stands, the text is the verified one, and no step was taken (A12)."""
        permit = office.bring_to("ordered").permits.get()
        page = NewsPage.objects.filter(pk=permit.page_id)
        now = timezone.now()
        PublicationPermit.objects.filter(pk=permit.pk).update(executed_at=now, executed_by=office.staf1)
        page.update(live=True, live_revision=permit.revision, first_published_at=now)
        with pytest.raises(CommandError, match=f"{permit.number} dijalankan, tetapi jejak audit tidak memuatnya"):
            call_command("verify_audit_log")

    def test_a_live_page_without_an_order(self, office):
        item = office.bring_to("verified")
        triggers.drop_all()
        Page.objects.filter(pk=item.page_id).update(live=True)
        triggers.install_all()
        with pytest.raises(CommandError, match="tanpa perintah tayang"):
            call_command("verify_audit_log")
