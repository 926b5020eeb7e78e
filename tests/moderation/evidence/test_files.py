"""No file of what is verified, live or under way is lost, exchanged or closed, in any way."""

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from moderation.chain.transitions import take
from moderation.desk.library.forms import NEW_VERSION
from moderation.evidence import triggers
from moderation.evidence.uses import Reason, find_uses
from moderation.management.jobs import integrity
from moderation.models import Disposition
from moderation.ports.exceptions import GuardViolation, StepRefused
from news.models import Attachment, NewsCategory, NewsPage, Photo, Village
from tests.support.databases.statements import refused_by_trigger
from tests.support.factories import make_document, make_photo, verdict
from tests.support.many import multiply_item

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"


def refused(*errors):
    return pytest.raises(errors or (GuardViolation, IntegrityError))


@pytest.fixture
def document(office):
    return make_document("Jadwal layanan", "jadwal.pdf", PDF, uploaded_by_user=office.staf1)


@pytest.fixture
def photo(office):
    return make_photo(uploaded_by_user=office.staf1)


def shown(photo) -> dict:
    return {"photo": photo, "alt": "Saluran irigasi", "caption": "", "credit": "Dokumentasi"}


def put(office, item, media) -> None:
    """Put a picture or document into the newest text of an item, as the editor does."""
    part = ("image", shown(media)) if isinstance(media, Photo) else ("document", {"document": media, "title": ""})
    office.write(item, body=[("paragraph", "<p>Lihat di bawah.</p>"), part])


def walk(office, media, state):
    """Return an item with the file in its body, brought to a state."""
    item = office.bring_to("composing")
    put(office, item, media)
    if state == "taken_down":
        item = office.bring_to("live", item)
        return take(item, "take_down", office.sekretaris, {"comment": "Turun."})
    return office.bring_to(state, item)


def edit_address(media) -> str:
    return reverse("wagtaildocs:edit" if isinstance(media, Attachment) else "wagtailimages:edit", args=[media.pk])


def typed(media, **more) -> dict:
    """Return the posted form with another file."""
    is_document = isinstance(media, Attachment)
    file = (
        SimpleUploadedFile("lain.pdf", PDF + b"%lain", "application/pdf")
        if is_document
        else SimpleUploadedFile("lain.jpg", make_photo(colour="red").file.read(), "image/jpeg")
    )
    data = {"title": "Judul yang diketik", "collection": media.collection_id, "tags": "", "file": file}
    return data | ({} if is_document else {"credit": "Dokumentasi"}) | more


class TestExchange:
    """A1: nothing is touched before the refusal, and what the person wanted is offered."""

    @pytest.mark.parametrize("kind", ["document", "photo"])
    @pytest.mark.parametrize("state", ["live", "ordered", "verified", "taken_down"])
    def test_the_old_file_outlives_the_refusal(self, office, request, log_in, kind, state):
        media = request.getfixturevalue(kind)
        item = walk(office, media, state)
        before = Path(media.file.path).read_bytes()
        response = log_in(office.staf1).post(edit_address(media), typed(media))
        text = response.content.decode()
        assert response.status_code == 200
        assert item.register_number in text
        assert "tidak dapat diubah" in text
        assert "Judul yang diketik" in text
        media.refresh_from_db()
        assert Path(media.file.path).read_bytes() == before

    @pytest.mark.parametrize("kind", ["document", "photo"])
    def test_a_new_version_is_an_object_of_its_own(self, office, request, log_in, kind):
        media = request.getfixturevalue(kind)
        walk(office, media, "live")
        name = media.file.name
        response = log_in(office.staf1).post(edit_address(media), typed(media, **{NEW_VERSION: "ya"}), follow=True)
        assert "diunggah sebagai versi baru" in response.content.decode()
        media.refresh_from_db()
        new = type(media).objects.exclude(pk=media.pk).get(title="Judul yang diketik")
        assert media.file.name == name
        assert Path(media.file.path).is_file()
        assert Path(new.file.path).is_file()
        assert new.uploaded_by_user == office.staf1

    def test_a_new_version_needs_a_file(self, office, document, log_in):
        walk(office, document, "live")
        data = typed(document, **{NEW_VERSION: "ya"})
        del data["file"]
        response = log_in(office.staf1).post(edit_address(document), data)
        assert "Pilih berkas yang akan menjadi versi baru." in response.content.decode()
        assert Attachment.objects.count() == 1

    def test_the_next_ralat_takes_the_new_version(self, office, document, log_in):
        item = walk(office, document, "live")
        log_in(office.staf1).post(edit_address(document), typed(document, **{NEW_VERSION: "ya"}))
        new = Attachment.objects.exclude(pk=document.pk).get()
        body = [("document", {"document": new, "title": ""})]
        item = office.open_ralat(Disposition.objects.get(pk=item.pk), body=body)
        assert office.bring_to("live", item).state == "done"

    def test_the_title_of_a_document_is_refused_in_the_form(self, office, document, log_in):
        walk(office, document, "live")
        data = {"title": "Judul lain", "collection": document.collection_id, "tags": "jadwal"}
        response = log_in(office.staf1).post(edit_address(document), data)
        assert response.status_code == 200
        assert "tidak dapat diubah" in response.content.decode()
        document.refresh_from_db()
        assert document.title == "Jadwal layanan"

    def test_the_form_of_the_multiple_upload_refuses_in_place(self, office, document, log_in):
        walk(office, document, "live")
        prefix = f"doc-{document.pk}"
        response = log_in(office.staf1).post(
            reverse("wagtaildocs:edit_multiple", args=[document.pk]),
            {f"{prefix}-title": "Judul lain", f"{prefix}-tags": ""},
            HTTP_X_REQUESTED_WITH="XMLHttpRequest",
        )
        answer = json.loads(response.content)
        assert answer["success"] is False
        assert "tidak dapat diubah" in answer["form"]

    @pytest.mark.parametrize("kind", ["document", "photo"])
    def test_a_replaced_file_leaves_the_disk_after_the_commit(
        self, office, request, log_in, kind, django_capture_on_commit_callbacks
    ):
        media = request.getfixturevalue(kind)
        old = Path(media.file.path)
        with django_capture_on_commit_callbacks() as callbacks:
            log_in(office.staf1).post(edit_address(media), typed(media))
            assert old.is_file()
        for callback in callbacks:
            callback()
        media.refresh_from_db()
        assert not old.exists()
        assert Path(media.file.path).is_file()

    @pytest.mark.parametrize("state", ["ordered", "live", "taken_down"])
    def test_past_the_form_and_past_the_orm(self, office, photo, state):
        walk(office, photo, state)
        other = make_photo(colour="red")
        photo.file = other.file
        with refused(GuardViolation), transaction.atomic():
            photo.save()
        with refused(IntegrityError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(file=other.file.name)
        with refused(IntegrityError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk)._raw_delete("default")

    def test_a_given_file_with_the_name_of_the_stored_one(self, office, photo):
        walk(office, photo, "verified")
        photo.file = ContentFile(make_photo(colour="red").file.read(), name=photo.file.name)
        with refused(GuardViolation):
            photo.save()


#: How a text can use a picture.
WAYS = {
    "body": lambda photo: {"body": [("image", shown(photo))]},
    "gallery": lambda photo: {"body": [("gallery", {"title": "", "pictures": [shown(photo), shown(photo)]})]},
    "main": lambda photo: {"main_image": photo, "main_image_alt": "Saluran", "main_image_credit": "Dokumentasi"},
    "rich text": lambda photo: {
        "body": [("paragraph", f'<p>Lihat.</p><embed embedtype="image" id="{photo.pk}" alt="" format="left"/>')]
    },
}


def delete_in_screen(client, media):
    client.post(reverse("wagtailimages:delete", args=[media.pk]))


def delete_in_upload(client, media):
    client.post(reverse("wagtailimages:delete_multiple", args=[media.pk]), HTTP_X_REQUESTED_WITH="XMLHttpRequest")


def delete_in_bulk(client, media):
    client.post(reverse("wagtail_bulk_action", args=["news", "photo", "delete"]) + f"?id={media.pk}")


def delete_in_admin_api(client, media):
    client.delete(reverse("wagtailadmin_api:images:detail", args=[media.pk]))


def delete_in_shell(client, media):
    with refused(GuardViolation), transaction.atomic():
        media.delete()
    with refused(GuardViolation), transaction.atomic():
        Photo.objects.filter(pk=media.pk).delete()


def delete_with_collection(client, media):
    folder = Collection.get_first_root_node().add_child(name="Kegiatan")
    Photo.objects.filter(pk=media.pk).update(collection=folder)
    client.post(reverse("wagtailadmin_collections:delete", args=[folder.pk]))
    with refused(GuardViolation), transaction.atomic():
        folder.delete()


DELETIONS = [
    delete_in_screen,
    # Here nothing stands between the refusal and the end of the request's own transaction.
    pytest.param(delete_in_upload, marks=pytest.mark.django_db(transaction=True)),
    delete_in_bulk,
    delete_in_admin_api,
    delete_in_shell,
    delete_with_collection,
]


class TestDrafts:
    """A2: what a draft under way uses counts as used, and stays."""

    @pytest.fixture(params=["composing", "awaiting_correction", "ralat"])
    def draft(self, request, office, photo):
        def start(way):
            if request.param == "ralat":
                return office.open_ralat(office.bring_to("live"), **WAYS[way](photo))
            # Some ways are refused at the hand-over, and used all the same while the draft has them.
            item = office.bring_to(request.param)
            office.write(item, office.sekretaris if item.state == "awaiting_correction" else None, **WAYS[way](photo))
            return item

        return start

    @pytest.mark.parametrize("way", WAYS)
    def test_each_way_to_use_it_counts(self, draft, photo, way):
        item = draft(way)
        use = next(use for use in find_uses(photo) if use.reason == Reason.DRAFT)
        assert (use.page_id, use.number) == (item.page_id, item.register_number)

    @pytest.mark.parametrize("delete", DELETIONS)
    def test_no_door_deletes_it(self, office, photo, log_in, delete):
        office.open_ralat(office.bring_to("live"), **WAYS["body"](photo))
        delete(log_in(office.admin), photo)
        assert Photo.objects.filter(pk=photo.pk).exists()
        assert Path(photo.file.path).is_file()

    def test_the_refusal_names_the_item(self, office, photo, log_in):
        item = office.open_ralat(office.bring_to("live"), **WAYS["body"](photo))
        client = log_in(office.staf1)
        address = reverse("wagtailimages:delete", args=[photo.pk])
        asked = client.get(address).content.decode()
        assert item.register_number in asked
        assert "Ya, hapus" not in asked
        assert item.register_number in client.post(address, follow=True).content.decode()

    def test_wagtails_screens_count_it(self, office, photo, log_in):
        item = office.open_ralat(office.bring_to("live"), **WAYS["body"](photo))
        client = log_in(office.admin)
        assert "Dipakai 1 kali" in client.get(edit_address(photo)).content.decode()
        listed = client.get(reverse("wagtailimages:index") + "?layout=list").content.decode()
        assert "Dipakai 1 kali" in listed
        usage = client.get(reverse("wagtailimages:image_usage", args=[photo.pk])).content.decode()
        assert item.get_page().title in usage
        assert "naskah yang sedang berjalan" in usage

    def test_a_document_linked_in_a_paragraph(self, office, document, log_in):
        link = f'<p>Unduh <a linktype="document" id="{document.pk}">jadwal</a>.</p>'
        item = office.open_ralat(office.bring_to("live"), body=[("paragraph", link)])
        client = log_in(office.staf1)
        assert (
            item.register_number
            in client.post(reverse("wagtaildocs:delete", args=[document.pk]), follow=True).content.decode()
        )
        assert Attachment.objects.filter(pk=document.pk).exists()

    def test_a_draft_of_a_page_outside_the_sop(self, office, photo):
        from home.models import HomePage, StandardPage

        page = HomePage.objects.get().add_child(instance=StandardPage(title="Profil", slug="profil-lain"))
        page.body = [("image", shown(photo))]
        page.save_revision()
        assert [use.page_id for use in find_uses(photo)] == [page.pk]
        with refused(GuardViolation):
            photo.delete()

    def test_once_the_item_is_cancelled_the_picture_may_go(self, office, photo, log_in):
        item = walk(office, photo, "composing")
        take(item, "cancel", office.sekretaris, {"comment": "Tidak jadi."})
        page = item.get_page()
        page.main_image = None
        log_in(office.staf1).post(reverse("wagtailimages:delete", args=[photo.pk]))
        assert not Photo.objects.filter(pk=photo.pk).exists()

    def test_a_verified_version_keeps_its_picture_when_the_item_is_cancelled(self, office, photo):
        item = walk(office, photo, "verified")
        take(item, "cancel", office.sekretaris, {"comment": "Tidak jadi."})
        assert [use.reason for use in find_uses(photo)] == [Reason.KEPT]
        with refused(GuardViolation):
            photo.delete()

    def test_a_category_that_only_a_draft_names(self, office):
        other = NewsCategory.objects.create(name="Kesehatan", slug="kesehatan")
        office.open_ralat(office.bring_to("live"), category=other)
        with refused(GuardViolation), transaction.atomic():
            other.delete()
        unused = NewsCategory.objects.create(name="Lain", slug="lain")
        unused.delete()

    def test_a_category_that_only_an_ordered_version_names(self, office, log_in):
        other = NewsCategory.objects.create(name="Kesehatan", slug="kesehatan")
        item = office.open_ralat(office.bring_to("live"), category=other)
        item = office.bring_to("ordered", item)
        address = reverse("wagtailsnippets_news_newscategory:delete", args=[other.pk])
        response = log_in(office.admin).post(address, follow=True)
        assert item.register_number in response.content.decode()
        assert take(item, "publish", office.staf1).state == "done"

    @pytest.mark.parametrize("state", ["composing", "awaiting_verification", "ordered"])
    @pytest.mark.parametrize("model", [NewsCategory, Village, Photo])
    def test_sql_deletes_nothing_that_a_text_under_way_names(self, office, photo, model, state):
        item = office.bring_to("composing")
        category = NewsCategory.objects.create(name="Kesehatan", slug="kesehatan")
        village = Village.objects.create(name="Desa Lain", slug="desa-lain", code="33.13.15.2099")
        words = {"main_image_alt": "Saluran", "main_image_credit": "Dokumentasi"}
        office.write(item, category=category, village=village, main_image=photo, **words)
        office.bring_to(state, item)
        NewsPage.objects.filter(pk=item.page_id).update(category=None, village=None, main_image=None)
        named = {NewsCategory: category, Village: village, Photo: photo}[model]
        rows = model.objects.filter(pk=named.pk)
        message = "berkas berita yang diperintahkan" if (model, state) == (Photo, "ordered") else "naskah yang sedang"
        with refused_by_trigger(f"{message}|dipakai dalam naskah"):
            rows._raw_delete("default")
        free = NewsCategory.objects.create(name="Bebas", slug="bebas")
        NewsCategory.objects.filter(pk=free.pk)._raw_delete("default")

    def test_the_number_of_queries_does_not_grow_with_the_drafts(self, office, photo):
        from django.db import connection

        item = walk(office, photo, "composing")

        def count():
            with CaptureQueriesContext(connection) as captured:
                find_uses(photo)
            return len(captured)

        find_uses(photo)
        few = count()
        multiply_item(item, 150)
        assert count() == few <= 4


class TestMissing:
    """A12: a file that is gone is named, not called a change."""

    @pytest.mark.parametrize(
        ("state", "action", "person"),
        [
            ("composing", "hand_over", "staf1"),
            ("awaiting_correction", "declare_corrected", "sekretaris"),
            ("awaiting_verification", "verify", "bidang"),
            ("verified", "order", "sekretaris"),
            ("ordered", "publish", "staf1"),
        ],
    )
    def test_each_step_names_the_file(self, office, document, state, action, person):
        item = walk(office, document, state)
        Path(document.file.path).unlink()
        data = {"verify": verdict(), "order": {"channels": [], "left_out_reason": "Cukup di website."}}
        with pytest.raises(
            StepRefused, match=f"hilang dari penyimpanan: dokumen “Jadwal layanan” .{document.file.name}"
        ):
            take(item, action, office.people[person], data.get(action, {}))

    def test_a_return_needs_no_file(self, office, document):
        item = walk(office, document, "awaiting_verification")
        Path(document.file.path).unlink()
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Berkasnya hilang."})
        assert item.state == "returned"

    @pytest.mark.parametrize("kind", ["document", "photo"])
    def test_the_proof_names_the_file(self, office, request, kind):
        media = request.getfixturevalue(kind)
        item = walk(office, media, "live")
        Path(media.file.path).unlink()
        # The first is of the database, others of what citizens get.
        differences = [found for found in integrity.run_now().differences if media.file.name in found]
        assert differences
        assert item.register_number in differences[0]
        assert "tidak sama" not in differences[0]


class TestClosed:
    """A4: what citizens read does not vanish behind a sign-in."""

    @pytest.fixture
    def folder(self):
        return Collection.get_first_root_node().add_child(name="Kegiatan")

    @pytest.fixture
    def closed(self):
        folder = Collection.get_first_root_node().add_child(name="Arsip tertutup")
        CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
        return folder

    @pytest.mark.parametrize("kind", ["document", "photo"])
    @pytest.mark.parametrize("state", ["ordered", "live"])
    def test_a_file_moved_into_a_closed_collection(self, office, request, log_in, closed, kind, state):
        media = request.getfixturevalue(kind)
        item = walk(office, media, state)
        data = {"title": media.title, "collection": closed.pk, "tags": "", "credit": "Dokumentasi"}
        response = log_in(office.admin).post(edit_address(media), data)
        assert item.register_number in response.content.decode()
        label = media._meta.model_name
        address = reverse("wagtail_bulk_action", args=["news", label, "add_to_collection"]) + f"?id={media.pk}"
        response = log_in(office.admin).post(address, {"collection": closed.pk}, follow=True)
        assert item.register_number in response.content.decode()
        media.collection = closed
        with refused(GuardViolation), transaction.atomic():
            media.save()
        with refused(IntegrityError), transaction.atomic():
            type(media).objects.filter(pk=media.pk).update(collection=closed)
        media.refresh_from_db()
        assert media.collection != closed

    def test_a_file_of_nothing_live_moves_freely(self, office, document, closed):
        walk(office, document, "composing")
        document.collection = closed
        document.save()

    @pytest.mark.parametrize("above", [False, True])
    def test_the_collection_is_closed(self, office, document, log_in, folder, above):
        Attachment.objects.filter(pk=document.pk).update(collection=folder)
        item = walk(office, document, "live")
        target = Collection.get_first_root_node() if above else folder
        response = log_in(office.admin).post(
            reverse("wagtailadmin_collections:set_privacy", args=[target.pk]),
            {"restriction_type": "login"},
            HTTP_X_REQUESTED_WITH="XMLHttpRequest",
        )
        answer = json.loads(response.content)
        assert (response.status_code, answer["step"]) == (200, "set_privacy")
        assert item.register_number in answer["html"]
        with refused(IntegrityError), transaction.atomic():
            CollectionViewRestriction.objects.bulk_create(
                [CollectionViewRestriction(collection=target, restriction_type="login")]
            )
        assert not CollectionViewRestriction.objects.exists()

    def test_the_collection_is_moved_below_a_closed_one(self, office, document, log_in, folder, closed):
        Attachment.objects.filter(pk=document.pk).update(collection=folder)
        item = walk(office, document, "live")
        response = log_in(office.admin).post(
            reverse("wagtailadmin_collections:edit", args=[folder.pk]), {"name": "Kegiatan", "parent": closed.pk}
        )
        assert item.register_number in response.content.decode()
        folder.refresh_from_db()
        with refused(IntegrityError), transaction.atomic():
            folder.move(closed, "sorted-child")

    def test_a_restriction_is_turned_to_another_collection(self, office, document, folder, closed):
        Attachment.objects.filter(pk=document.pk).update(collection=folder)
        walk(office, document, "live")
        restriction = closed.view_restrictions.get()
        restriction.collection = folder
        with refused(GuardViolation), transaction.atomic():
            restriction.save()
        with refused(IntegrityError), transaction.atomic():
            CollectionViewRestriction.objects.update(collection=folder)

    def test_after_the_take_down_the_collection_may_be_closed(self, office, document, folder):
        Attachment.objects.filter(pk=document.pk).update(collection=folder)
        walk(office, document, "taken_down")
        CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")

    def test_nothing_goes_live_with_a_document_that_is_closed(self, office, document, closed):
        item = walk(office, document, "verified")
        Attachment.objects.filter(pk=document.pk).update(collection=closed)
        item = office.bring_to("ordered", item)
        with pytest.raises(StepRefused, match="koleksi tertutup: Dokumen “Jadwal layanan”"):
            take(item, "publish", office.staf1)

    def test_the_proof_names_what_was_closed_in_sql(self, office, document, photo, closed):
        items = [walk(office, media, "live") for media in (document, photo)]
        triggers.drop_all()
        Attachment.objects.filter(pk=document.pk).update(collection=closed)
        Photo.objects.filter(pk=photo.pk).update(collection=closed)
        triggers.install_all()
        differences = integrity.run_now().differences
        closed_ones = [found for found in differences if "tertutup" in found]
        assert len(closed_ones) == 2
        assert all(any(item.register_number in found for found in closed_ones) for item in items)
