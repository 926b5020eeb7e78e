"""Stored rich text: nothing but what the editor writes is handed over, and nothing else is shown."""

import json
import re

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.rich_text import RichText

from home.models import HomePage
from moderation.chain.transitions import take
from moderation.ports.exceptions import StepRefused
from news.blocks import ParagraphBlock
from news.editor.rich_text import PARAGRAPH_FEATURES, clean, find_unclean, render
from news.models import NewsPage
from tests.moderation.desk.editor import editor_form
from tests.support import language

ADDRESS = "https://www.youtube.com/watch?v=abcdefghijk"
EMBED = f'<p>Sebelum.</p><embed embedtype="media" url="{ADDRESS}"/><p>Sesudah.</p>'


@pytest.fixture
def embed(db):
    """What the embeds table says of the address; no seal covers it, and no network is asked."""
    return Embed.objects.create(
        hash=get_embed_hash(ADDRESS, None), url=ADDRESS, type="video", html="<p>Kata dari tabel lain.</p>"
    )


@pytest.mark.parametrize("action", ["hand_over", "declare_corrected"])
def test_an_embed_put_past_the_editor_is_not_handed_on(office, action):
    state = {"hand_over": "composing", "declare_corrected": "awaiting_correction"}[action]
    item = office.bring_to(state)
    office.write(item, body=[("paragraph", EMBED)])
    person = office.staf1 if action == "hand_over" else office.sekretaris
    with pytest.raises(StepRefused, match=r"isi berita \(sebuah paragraf memuat sisipan atau gaya .*<embed>"):
        take(item, action, person, {"warnings_checked": True})
    item.refresh_from_db()
    assert item.state == state


def test_the_editor_stores_no_embed(office, log_in):
    item = office.bring_to("composing")
    page = item.get_draft()
    form = editor_form(page)
    entity = {"type": "EMBED", "mutability": "IMMUTABLE", "data": {"url": ADDRESS, "embedType": "video"}}
    ranges = {"inlineStyleRanges": [], "entityRanges": [{"offset": 0, "length": 1, "key": 0}]}
    block = {"key": "aaaaa", "text": "Kata.", "type": "unstyled", "depth": 0, **ranges}
    form["body-0-value"] = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
    answer = log_in(office.staf1).post(f"/admin/pages/{page.pk}/edit/", form)
    assert answer.status_code == 302
    stored = item.get_draft().body[0].value.source
    assert "ata." in stored
    assert find_unclean(stored) == []


@pytest.mark.django_db
def test_what_was_published_before_is_not_drawn_from_another_table(office, client, embed, monkeypatch):
    """An embed that an earlier release let through: its row is rewritten, and citizens see neither."""
    monkeypatch.setattr(ParagraphBlock, "clean", lambda self, value: value)
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", EMBED)])
    item = office.bring_to("live", item)
    address = NewsPage.objects.get(pk=item.page_id).get_url()
    before = client.get(address).content.decode()
    Embed.objects.filter(pk=embed.pk).update(html="<p>Camat korupsi.</p>")
    after = client.get(address).content.decode()
    assert before == after
    assert "Sebelum." in after
    assert "Sesudah." in after
    assert "tabel lain" not in after


@pytest.mark.django_db
def test_pages_beside_the_news_show_none_either(client, embed):
    home = HomePage.objects.get()
    home.welcome_text = EMBED
    home.save_revision().publish()
    shown = client.get("/").content.decode()
    assert "Sesudah." in shown
    assert "tabel lain" not in shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('<p data-block-key="a1b2c">Kata <b>tebal</b> dan <i>miring</i>.</p>', None),
        ('<p>Lihat <a href="https://contoh.go.id/a?b=1&amp;c=2">ini</a>.</p>', None),
        ('<p><a linktype="page" id="3">halaman</a> <a linktype="document" id="4">berkas</a></p>', None),
        ("<ul><li>satu</li><li>dua<ol><li>tiga</li></ol></li></ul><p>baris<br/>baru</p>", None),
        ('<p style="color:red" onclick="x()">Kata</p>', "<p>Kata</p>"),
        ("<h2>Judul</h2><p>Kata</p>", "Judul<p>Kata</p>"),
        ('<p><a href="ftps-x:y">kata</a></p>', "<p><a>kata</a></p>"),
        ('<p><a linktype="media" id="1">kata</a></p>', "<p><a>kata</a></p>"),
        ('<embed embedtype="image" id="7" alt="x" format="left"/>', ""),
        ("<div><p>Kata</p><style>p{}</style></div>", "<p>Kata</p>"),
    ],
)
def test_only_what_the_editor_writes_is_shown(stored, shown):
    assert clean(stored) == (stored if shown is None else shown)
    assert bool(find_unclean(stored)) is (shown is not None)


def test_a_numbered_list_goes_on_after_bullets_inside_it():
    """As Wagtail's converter stores it: the list ends where the bullets do."""
    kept = {"inlineStyleRanges": [], "entityRanges": []}
    lines = [("ordered", 0, "satu"), ("unordered", 1, "a"), ("ordered", 0, "dua"), ("ordered", 0, "tiga")]
    blocks = [
        {"key": "aaaaa", "text": text, "type": f"{kind}-list-item", "depth": depth, **kept}
        for kind, depth, text in lines
    ]
    converter = ContentstateConverter(features=PARAGRAPH_FEATURES)
    stored = converter.to_database_format(json.dumps({"blocks": blocks, "entityMap": {}}))
    shown = re.sub(' data-block-key="[^"]*"', "", render(RichText(stored)))
    assert shown == "<ol><li>satu<ul><li>a</li></ul></li><li>dua</li><li>tiga</li></ol>"
    assert render("<ol><li>satu</li></ol><p>Lalu</p><ol><li>satu</li></ol>").count("<ol>") == 2


def test_the_block_names_what_is_not_shown():
    with pytest.raises(Exception, match="<embed>, <p style>"):
        ParagraphBlock().clean(RichText(f'{EMBED}<p style="x">y</p>'))


@pytest.mark.parametrize("kind", ["external", "anchor", "email", "phone"])
def test_the_dialogs_of_links_are_labelled_in_indonesian(office, log_in, kind):
    html = log_in(office.staf1).get(f"/admin/choose-{kind}-link/").json()["html"]
    phrases = language.read_spoken(html)
    assert "Teks tautan" in phrases
    assert [phrase for phrase in phrases if language.find_english(phrase)] == []
