"""Choice of versions to compare, and comparisons of whole versions."""

import time

import pytest
from django.core.files.base import ContentFile

from moderation.chain.transitions import take
from moderation.evidence import audit, triggers
from moderation.review import changes
from moderation.review.changes.media_facts import write_for_log
from moderation.review.changes.results import Status
from news.models import Attachment, NewsCategory, NewsPage, Photo
from tests.support.factories import make_photo, slip_past_triggers, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TEXT = "<p>Tim memeriksa 14 buku administrasi bersama perangkat desa.</p>"


def picture(photo, **values):
    return "image", {"photo": photo, "alt": "Rak buku", "caption": "", "credit": "Dokumentasi", **values}


def compare_texts(old: dict, new: dict) -> dict:
    """Compare two unsaved pages; return the changed fields by name."""
    found = changes.compare(make_page(old), make_page(new))
    return {field.name: field for field in found.changed}


def make_page(values):
    tags = values.pop("tags", [])
    page = NewsPage(title="Kerja bakti", **values)
    page.tags.add(*tags)
    return page


def correct(office, item, user=None, **values):
    """Save a next version of the item's text with the named changes."""
    page = item.get_draft()
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision(user=user or office.sekretaris)
    return page


@pytest.fixture
def returned(office):
    """An item that Bidang returned, with two versions in its log."""
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", TEXT)])
    item = take(item, "hand_over", office.staf1)
    correct(office, item, title="Pemeriksaan buku desa")
    item = take(item, "declare_corrected", office.sekretaris)
    return take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok dengan bahan."})


@pytest.fixture
def second_round(office, returned):
    correct(office, returned, body=[("paragraph", TEXT.replace("14", "11"))])
    return take(returned, "declare_corrected", office.sekretaris)


def codes(item, user):
    return [baseline.code for baseline in changes.find_baselines(item, user)]


def test_the_first_reader_has_only_the_text_of_the_staf_to_compare_with(office):
    item = office.bring_to("awaiting_correction")
    assert codes(item, office.sekretaris) == ["konsep"]
    item = take(item, "declare_corrected", office.sekretaris)
    assert codes(item, office.bidang) == ["konsep"]


def test_who_decided_before_reads_what_changed_since(office, second_round):
    baselines = changes.find_baselines(second_round, office.bidang)
    assert [baseline.code for baseline in baselines] == ["keputusan", "konsep"]
    assert baselines[0].label.startswith("Sejak keputusan Anda, ")
    assert baselines[0].label.endswith(" WIB (putaran 1)")
    assert codes(second_round, office.pemantau) == ["putaran", "konsep"]


def test_a_remark_in_the_log_is_no_decision(office, second_round):
    audit.append(
        action="comment_added",
        disposition=second_round,
        user=office.pemantau,
        revision_id=second_round.get_draft().latest_revision_id,
    )
    assert "keputusan" not in codes(second_round, office.pemantau)


def test_a_ralat_is_read_against_what_citizens_read(office):
    item = office.open_ralat(office.bring_to("live"))
    permit = item.permits.get()
    (first, *_others) = changes.find_baselines(item, office.bidang)
    assert (first.code, first.revision_id) == ("tayang", permit.revision_id)
    assert permit.number in first.label


def test_rounds_name_what_was_handed_over(office, second_round):
    first, second = changes.get_rounds(second_round)
    assert [first.number, second.number] == [1, 2]
    assert first.handed_over_by == second.handed_over_by
    assert first.revision_id != second.revision_id
    assert (
        first.seal != second.seal == second_round.page.specific.current_workflow_state.current_task_state.specific.seal
    )


def test_the_mail_says_where_and_never_what(office, second_round):
    assert changes.describe_since_last_round(second_round) == "Paragraf diubah"
    assert "11" not in changes.describe_since_last_round(second_round)


def test_the_mail_says_nothing_where_nothing_is_new(office, returned):
    assert changes.describe_since_last_round(returned) == ""
    assert changes.describe_since_last_round(office.issue()) == ""
    assert changes.describe_since_last_round(office.bring_to("awaiting_verification")) == ""


def test_a_return_to_the_staf_keeps_the_version_it_was_about(office):
    item = office.bring_to("awaiting_correction")
    correct(office, item, lead="Ringkasan yang disentuh Sekretaris.")
    item = take(item, "return_to_staf", office.sekretaris, {"comment": "Lengkapi."})
    (own, *_others) = changes.find_baselines(item, office.sekretaris)
    assert own.code == "keputusan"
    assert changes.load_version(item, own.revision_id).lead == "Ringkasan yang disentuh Sekretaris."


@pytest.mark.parametrize(
    ("name", "old", "new", "status", "words"),
    [
        ("lead", "Warga hadir.", "Warga hadir semua.", Status.CHANGED, "ringkasan diubah"),
        ("seo_title", "", "Kerja bakti", Status.ADDED, "judul untuk mesin pencari ditambah"),
        ("search_description", "Lama", "", Status.REMOVED, "deskripsi meta dihapus"),
        ("activity_place", "Balai Desa", "Lapangan", Status.CHANGED, "tempat kegiatan diubah"),
        ("main_image_credit", "Dokumentasi", "Warga", Status.CHANGED, "foto utama: kredit foto diubah"),
        ("slug", "kerja", "kerja-bakti", Status.CHANGED, "slug diubah"),
    ],
)
def test_single_fields(name, old, new, status, words):
    found = compare_texts({name: old}, {name: new})
    assert list(found) == [name]
    assert found[name].status == status
    assert changes.list_lines(changes.compare(make_page({name: old}), make_page({name: new}))) == [words]


def test_choices_dates_and_truth_are_written_in_words():
    found = compare_texts(
        {"classification": "berkala", "activity_date": "2026-08-03", "show_in_menus": False},
        {"classification": "serta_merta", "activity_date": None, "show_in_menus": True},
    )
    assert [(part.before, part.after) for name in found for part in found[name].parts] == [
        ("Senin, 3 Agustus 2026", ""),
        ("Informasi berkala", "Informasi serta merta"),
        ("tidak", "ya"),
    ]


def test_topics_come_and_go():
    found = compare_texts({"tags": ["irigasi", "desa"]}, {"tags": ["desa", "gotong royong"]})
    (part,) = found["tagged_items"].parts
    assert found["tagged_items"].label == "Topik"
    assert part.entries == (
        (Status.EQUAL, "desa"),
        (Status.ADDED, "gotong royong"),
        (Status.REMOVED, "irigasi"),
    )


def blocks_of(old, new):
    found = compare_texts({"body": old}, {"body": new})
    return found["body"].parts


def test_a_heading_that_became_a_paragraph_is_a_change_of_format():
    (block,) = blocks_of(
        [("heading", {"level": "h2", "text": "Tindak lanjut"})], [("paragraph", "<p>Tindak lanjut</p>")]
    )
    assert block.status == Status.FORMATTED
    assert block.notes == ("subjudul menjadi paragraf",)


def test_a_paragraph_that_became_an_item_of_a_list_is_a_change_of_format():
    (block,) = blocks_of([("paragraph", "<p>Satu butir</p>")], [("paragraph", "<ul><li>Satu butir</li></ul>")])
    assert (block.status, block.notes) == (Status.FORMATTED, ("paragraf menjadi butir daftar",))


def test_a_heading_of_another_level_is_told_in_words():
    (block,) = blocks_of(
        [("heading", {"level": "h2", "text": "Hasil"})], [("heading", {"level": "h3", "text": "Hasil"})]
    )
    level = next(value for value in block.values if value.label == "Tingkat")
    assert (level.before, level.after) == ("Subjudul", "Anak subjudul")


def test_paragraphs_are_counted_as_people_count_them():
    """One editor block may contain many paragraphs."""
    old = [("paragraph", "<p>Alfa satu.</p><p>Beta dua.</p>"), ("paragraph", "<p>Gama 14 buku diperiksa tim.</p>")]
    new = [("paragraph", "<p>Alfa satu.</p><p>Beta dua.</p>"), ("paragraph", "<p>Gama 11 buku diperiksa tim.</p>")]
    assert [(block.label, block.status) for block in blocks_of(old, new) if not block.is_equal] == [
        ("Paragraf 3", Status.CHANGED)
    ]


def test_a_block_that_moved_says_from_where_to_where():
    old = [("paragraph", f"<p>{word}</p>") for word in ("Alfa", "Beta", "Gama")]
    moved = [block for block in blocks_of(old, [*old[1:], old[0]]) if block.moved]
    assert [(block.label, block.status, block.moved_from, block.moved_to) for block in moved] == [
        ("Paragraf 3", Status.EQUAL, 1, 3)
    ]


def test_pictures_of_a_gallery_are_compared_one_by_one():
    red, green, blue = (make_photo(colour, colour) for colour in ("red", "green", "blue"))
    row = [picture(photo, caption=photo.title)[1] for photo in (red, green, blue)]
    (block,) = blocks_of(
        [("gallery", {"title": "Galeri", "pictures": row[:2]})],
        [("gallery", {"title": "Galeri", "pictures": [row[1] | {"caption": "Hijau"}, row[2]]})],
    )
    assert block.status == Status.CHANGED
    assert sorted((inner.label, str(inner.status)) for inner in block.blocks) == [
        ("Foto 1", "diubah"),
        ("Foto 1 versi lama", "dihapus"),
        ("Foto 2", "ditambah"),
    ]


def test_a_replaced_picture_shows_both():
    red, blue = make_photo("Merah", "red"), make_photo("Biru", "blue")
    found = changes.compare(make_page({"main_image": red}), make_page({"main_image": blue}))
    (part,) = found.changed[0].parts
    assert (part.before.title, part.after.title, part.is_replaced) == ("Merah", "Biru", True)
    assert changes.summarise(found) == "Foto utama diganti"


def test_a_document_shows_name_and_hash():
    one, other = (Attachment.objects.create(title=n, file=ContentFile(n.encode(), f"{n}.txt")) for n in ("Satu", "Dua"))
    old, new = (
        [{"type": "document", "value": {"document": document.pk, "title": ""}, "id": "block"}]
        for document in (one, other)
    )
    (block,) = blocks_of(old, new)
    (part,) = block.values
    assert (part.before.title, part.after.title) == ("Satu", "Dua")
    assert len(part.before.file_hash) == 64
    assert part.before.file_hash != part.after.file_hash


def test_channel_texts_are_compared_line_by_line():
    old, new = (
        [("text", {"channel": "console", "text": text})] for text in ("Warga hadir.\n#desa", "Warga hadir. #desa")
    )
    found = compare_texts({"channel_texts": old}, {"channel_texts": new})
    text = next(value for value in found["channel_texts"].parts[0].values if value.kind == "text")
    assert any("↵" in segment.text for stretch in text.stretches for segment in stretch.before)


def test_links_to_pages_and_documents_are_named(office):
    page = office.write(office.bring_to("composing"))
    old = [("paragraph", "<p>Baca berita.</p>")]
    new = [("paragraph", f'<p>Baca <a linktype="page" id="{page.pk}">berita</a>.</p>')]
    (block,) = blocks_of(old, new)
    assert f"tautan ditambahkan: halaman “{page.title}”" in [stretch.note for stretch in block.values[0].stretches]
    gone = [("paragraph", '<p>Baca <a linktype="document" id="999">berita</a>.</p>')]
    (block,) = blocks_of(old, gone)
    notes = [stretch.note for stretch in block.values[0].stretches]
    assert "tautan ditambahkan: dokumen yang sudah dihapus (nomor 999)" in notes


def test_a_deleted_picture_is_told(office):
    photo = make_photo()
    item = office.bring_to("composing")
    office.write(item, main_image=photo, main_image_alt="Rak", main_image_credit="Saya")
    item = take(item, "hand_over", office.staf1)
    office.write(item, user=office.sekretaris, main_image=None)
    pk = photo.pk
    # The guards keep what a logged version needs, so the row has to go past them.
    triggers.drop_all()
    photo.renditions.all()._raw_delete("default")
    Photo.objects.filter(pk=pk)._raw_delete("default")
    triggers.install_all()
    old = changes.load_version(item, changes.get_rounds(item)[0].revision_id)
    found = {field.name: field for field in changes.compare(old, item.get_draft()).changed}
    (part,) = found["main_image"].parts
    assert (part.status, part.before.pk, part.before.found) == (Status.REMOVED, pk, False)


def test_a_removed_category_is_told(office):
    item = office.bring_to("composing")
    category = NewsCategory.objects.create(name="Sementara", slug="sementara")
    office.write(item, category=category)
    item = take(item, "hand_over", office.staf1)
    office.write(item, user=office.sekretaris)
    pk = category.pk
    category.delete()
    old = changes.load_version(item, changes.get_rounds(item)[0].revision_id)
    found = {field.name: field for field in changes.compare(old, item.get_draft()).changed}
    (part,) = found["category"].parts
    assert (part.before, part.after) == ("Sementara", "Pembangunan")
    # A version of an earlier release has no words of its own.
    old.category_name = ""
    found = {field.name: field for field in changes.compare(old, item.get_draft()).changed}
    (part,) = found["category"].parts
    assert part.before == f"(sudah dihapus, nomor {pk})"


def test_a_file_exchanged_under_the_same_picture_is_told(office):
    photo = make_photo()
    item = office.bring_to("composing")
    office.write(item, main_image=photo, main_image_alt="Rak", main_image_credit="Saya", body=[picture(photo)])
    item = take(item, "hand_over", office.staf1)
    # The guards keep what a logged version needs, so the file is exchanged past them.
    focal_point = {"focal_point_x": 100, "focal_point_y": 100, "focal_point_width": 50, "focal_point_height": 50}
    slip_past_triggers(Photo.objects.filter(pk=photo.pk), file=make_photo("lain", "red").file.name, **focal_point)
    old = changes.load_version(item, changes.get_rounds(item)[0].revision_id)
    found = {field.name: field for field in changes.compare(old, item.get_draft()).changed}
    (part,) = found["main_image"].parts
    assert part.status == Status.CHANGED
    assert part.notes == ("berkasnya diganti; berkas lama tidak disimpan lagi", "titik fokus (potongan gambar) diubah")
    assert found["body"].status == Status.CHANGED


def test_versions_of_another_item_are_not_given_out(office, returned):
    other = office.bring_to("awaiting_correction")
    assert changes.load_version(other, changes.get_rounds(returned)[0].revision_id) is None


def test_the_summary_is_short():
    old = [("paragraph", f"<p>Paragraf dengan nomor {n} saja.</p>") for n in range(9)]
    new = [(kind, text.replace("saja", "sekali")) for kind, text in old]
    found = changes.compare(make_page({"body": old}), make_page({"body": new}))
    assert changes.summarise(found, 3) == "Paragraf 1 diubah; paragraf 2 diubah; dan 7 perubahan lain"
    assert changes.summarise(changes.compare(make_page({}), make_page({}))) == "Tidak ada yang berubah"


@pytest.mark.parametrize("count", [1, 3_000])
def test_very_much_text_is_compared_within_seconds(count):
    """Ten megabytes in one paragraph, or in thousands of them, all rewritten."""
    size = 10_000_000 // count
    old, new = ([("paragraph", f"<p>{(f'{word}{n} ' * size)[:size]}</p>") for n in range(count)] for word in "ab")
    started = time.process_time()
    found = {field.name: field for field in changes.compare(make_page({"body": old}), make_page({"body": new})).changed}
    assert time.process_time() - started < 10
    assert found["body"].status == Status.CHANGED
    assert len(found["body"].parts) <= 1_000


def test_a_verified_version_is_shown_against_the_one_before(office, second_round):
    """The comparison stays the same after the approval."""
    item = take(second_round, "verify", office.bidang, verdict())
    assert codes(item, office.sekretaris)[:2] == ["keputusan", "putaran"]


def test_the_log_keeps_no_number_out_of_a_title():
    number = "3313091203900001"
    kept = write_for_log([{"model": "news.attachment", "id": "1", "file": "ab" * 32, "title": f"KTP {number}.pdf"}])
    assert number not in str(kept)
    assert kept[0]["file"] == "ab" * 32
