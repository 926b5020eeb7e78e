"""Channel texts in the editor: counted and previewed by the adapter, refused when too long."""

import pytest
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.test.utils.form_data import streamfield

from moderation.models import Disposition
from moderation.ports import channels
from moderation.ports.seal import compute_seal, get_media
from news.models import NewsPage, NewsPageTag
from news.social.channels import KINDS
from news.social.models import Delivery
from news.social.provider import SocialProvider
from tests.moderation.desk.editor import editor_form
from tests.social.conftest import give_public_address, work
from tests.support.factories import make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


def draw(client, item, data):
    address = reverse("moderation:post_previews", args=[item.pk])
    return client.post(address, data, headers={"x-requested-with": "XMLHttpRequest"})


def own(kind="x", **parts):
    return ("text", {"channel": kind, "text": "", "tags": "", "photo": "", "alt": ""} | parts)


def open_editor(client, item):
    return client.get(reverse("wagtailadmin_pages:edit", args=[item.page_id])).content.decode()


def test_what_is_typed_is_drawn_by_the_adapter_and_not_saved(networks, office, log_in, django_assert_max_num_queries):
    item = office.bring_to("composing")
    client, before = log_in(office.staf1), item.get_draft()
    photo = make_photo()
    typed = editor_form(
        before,
        lead="Ringkasan <b>baru</b>.",
        tags="irigasi, gotong royong",
        channel_texts=streamfield([own(text="Khusus X – 40 warga.", tags="buntar", photo=photo.pk, alt="Saluran")]),
    )
    with django_assert_max_num_queries(60):
        response = draw(client, item, typed)
    answer = response.json()
    assert (response.status_code, answer["problems"]) == (200, 0)
    assert "Khusus X – 40 warga." in answer["html"]
    assert "#buntar" in answer["html"].lower()
    # The other channels use the topics as typed.
    assert "#gotongroyong" in answer["html"].lower()
    assert "Ringkasan &lt;b&gt;baru&lt;/b&gt;." in answer["html"]
    assert "dari 280 karakter" in answer["html"]
    assert "belum ada teks sendiri untuk kanal ini" in answer["html"]
    assert item.get_draft().latest_revision_id == before.latest_revision_id
    assert not NewsPageTag.objects.exists()


def test_the_preview_is_what_is_posted(networks, office, log_in):
    """The preview, composed from the form, equals the post, composed by the outbox."""
    item = office.bring_to("composing")
    parts = own(text="Warga Buntar bersihkan 400 m saluran.", tags="buntar, irigasi")
    office.write(item, channel_texts=[(parts[0], {k: v for k, v in parts[1].items() if v})])
    preview = channels.get_previews(item.get_draft(), ["x"])[0]
    office.bring_to("live", Disposition.objects.get(pk=item.pk), channels=["x"])
    work()
    assert networks["x"].texts == [preview.text] == [Delivery.objects.get().request_text]
    assert "#buntar #irigasi" in preview.text.lower()


def test_a_text_that_is_too_long_says_by_how_much_while_it_is_typed_and_when_it_is_saved(networks, office, log_in):
    item = office.bring_to("composing")
    give_public_address()
    client, page = log_in(office.staf1), item.get_draft()
    # 280, less 23 for the link and 2 for the line break.
    typed = editor_form(page, channel_texts=streamfield([own(text="a" * 255 + "bcdef")]))
    answer = draw(client, item, typed).json()
    assert answer["problems"] == 1
    assert "Teks untuk X kelebihan 5 karakter." in answer["html"]
    saved = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed)
    assert "kelebihan 5 karakter" in saved.content.decode()
    assert item.get_draft().latest_revision_id == page.latest_revision_id
    typed = editor_form(page, channel_texts=streamfield([own(text="a" * 255)]))
    assert draw(client, item, typed).json()["problems"] == 0
    assert client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed).status_code == 302


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"by_hand", "console"}))
def test_every_kind_names_the_count(db, kind):
    problem = SocialProvider().text_problem(kind, "kata " * 20_000)
    assert "kelebihan" in problem
    assert any(character.isdigit() for character in problem)


def test_a_lead_that_is_cut_says_so(networks, office, log_in):
    item = office.bring_to("composing")
    typed = editor_form(item.get_draft(), lead="Warga bekerja bakti. " * 13)
    html = draw(log_in(office.staf1), item, typed).json()["html"]
    assert "Ringkasan dipotong agar muat. Tulis teks sendiri untuk X" in html


def test_hostile_and_broken_forms_are_answered_in_words(networks, office, log_in):
    item = office.bring_to("composing")
    client, page = log_in(office.staf1), item.get_draft()
    for changes in (
        {"main_image": "999999"},
        {"main_image": "1 OR 1=1"},
        {"channel_texts-count": "999999"},
        {"channel_texts-count": "x"},
        {"channel_texts": streamfield([own(kind="papan", text="x"), own(photo="999999", alt="y")])},
    ):
        response = draw(client, item, editor_form(page, **changes))
        assert response.status_code in (200, 400), changes
        assert "Traceback" not in response.content.decode()
    page_of = draw(client, item, editor_form(page, lead="<script>alert(1)</script>")).json()["html"]
    assert "<script>" not in page_of
    assert draw(client, item, {"lead": "x" * 600_000}).status_code == 413


def test_only_whoever_may_open_the_editor_is_answered(networks, office, log_in):
    item = office.bring_to("composing")
    for name in ("staf2", "bidang", "ppid", "pemantau"):
        assert draw(log_in(office.people[name]), item, {}).status_code == 403
    assert draw(log_in(office.staf1), office.issue(), {}).status_code == 403


def test_a_picture_for_one_channel_needs_words_and_is_sealed(office):
    photo = make_photo()
    page = NewsPage(title="Irigasi", slug="irigasi", lead="Ringkas.")
    seal = compute_seal(page)
    block = page.channel_texts.stream_block
    page.channel_texts = [("text", {"channel": "console", "text": "", "photo": photo, "alt": "Saluran bersih"})]
    assert compute_seal(page) != seal
    assert get_media(page) == [photo]
    assert page.get_channel_picture("console") == (photo, "Saluran bersih")
    assert page.get_channel_picture("x") == (None, "")
    page.channel_texts = [("text", {"channel": "console", "text": "", "photo": photo, "alt": ""})]
    with pytest.raises(StreamBlockValidationError) as refusal:
        block.clean(page.channel_texts)
    assert "teks alternatif" in str(refusal.value.block_errors[0].block_errors["alt"])


def test_a_text_from_before_topics_and_pictures_keeps_its_seal():
    old = [{"type": "text", "value": {"channel": "x", "text": "Lama."}, "id": "1"}]
    page = NewsPage(title="Irigasi", slug="irigasi", lead="Ringkas.")
    page.channel_texts = NewsPage._meta.get_field("channel_texts").to_python(old)
    assert page.get_channel_text("x") == "Lama."
    assert page.channel_texts.get_prep_value()[0]["value"] == {"channel": "x", "text": "Lama."}


def test_the_editor_carries_the_panel_and_leads_to_the_worksheet_without_scripts(networks, office, log_in):
    item = office.bring_to("composing")
    page = open_editor(log_in(office.staf1), item)
    assert f'data-posts-url="{reverse("moderation:post_previews", args=[item.pk])}"' in page
    assert f'{item.get_absolute_url()}#unggahan"' in page
    assert "moderation/posts.js" in page
    assert "Rincian unggahan" not in page


def test_the_posts_of_an_item_stand_in_its_editor_on_its_worksheet_and_in_the_register(
    networks, publish, office, log_in
):
    networks["mastodon"].fail((422, {}, {"error": "Terlalu panjang"}))
    deliveries = publish("x", "mastodon")
    work()
    item = deliveries["x"].disposition
    x, mastodon = Delivery.objects.get(account__key="x"), Delivery.objects.get(account__key="mastodon")
    client = log_in(office.sekretaris)
    worksheet = client.get(item.get_absolute_url()).content.decode()
    register = client.get(reverse("moderation:register")).content.decode()
    for page in (worksheet, register):
        assert x.remote_url in page
    assert reverse("social:delivery", args=[mastodon.pk]) in worksheet
    item.refresh_from_db()
    # A failed channel is not done, so the item is not SELESAI.
    assert item.state == "live"
    client.post(reverse("social:decision", args=[mastodon.pk, "tutup"]), {"note": "Dibagikan dengan tangan."})
    item.refresh_from_db()
    assert item.state == "done"
    editor = open_editor(log_in(office.staf1), office.open_ralat(item))
    assert x.remote_url in editor
    assert reverse("social:delivery", args=[x.pk]) in editor
    assert "gagal, ditutup" in editor
