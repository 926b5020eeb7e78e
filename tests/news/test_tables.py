"""The block "Tabel": what is pasted, what is stored, and what readers and reviewers see of it."""

import re

import pytest
from django.core.exceptions import ValidationError

from moderation.privacy import examine_item
from moderation.review import changes
from news.blocks import TableBlock
from news.editor.tables import MAX_COLUMNS, MAX_ROWS, read_rows, write_rows
from news.models import NewsPage

pytestmark = pytest.mark.db_agnostic

ROWS = "Desa | Luas (m²)\nBuntar | 120\nGebyok |"


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
        ("a | b\nc", [["a", "b"], ["c", ""]]),
        ("| a | b |\n| c | d |", [["a", "b"], ["c", "d"]]),
        ("| b\na | c", [["", "b"], ["a", "c"]]),
        ("a\tx|y\n\n \t \nb\t", [["a", "x¦y"], ["b", ""]]),
        ("a | b | \nc | d |", [["a", "b"], ["c", "d"]]),
        ("\r\n a \r\n", [["a"]]),
        ("", []),
    ],
)
def test_lines_become_rows_and_rows_are_stored_in_one_way(typed, rows):
    assert read_rows(typed) == rows
    assert read_rows(write_rows(rows)) == rows


def clean(rows, caption="Luas desa", header="row"):
    block = TableBlock()
    return block.clean(block.to_python({"caption": caption, "rows": rows, "header": header}))


def test_the_stored_rows_are_tidy():
    assert clean("Desa\tLuas\nBuntar\t120")["rows"] == "Desa | Luas\nBuntar | 120"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("\n".join(["a | b"] * (MAX_ROWS + 1)), "61 baris"),
        (" | ".join(["a"] * (MAX_COLUMNS + 1)), "13 kolom"),
        (" | | ", "sedikitnya satu baris"),
    ],
)
def test_what_is_no_table_is_told_in_its_field(rows, words):
    with pytest.raises(ValidationError) as refusal:
        clean(rows)
    assert words in str(refusal.value.block_errors["rows"])


@pytest.mark.parametrize(
    ("header", "columns", "lines"), [("row", 2, 0), ("column", 0, 3), ("both", 2, 2), ("none", 0, 0)]
)
def test_headings_are_marked_for_assistive_technology(header, columns, lines):
    block = TableBlock()
    shown = block.render(block.to_python({"caption": "Luas <desa>", "rows": ROWS, "header": header}))
    assert shown.count('scope="col"') == columns
    assert shown.count('scope="row"') == lines
    assert "<caption>Luas &lt;desa&gt;</caption>" in shown
    assert len(re.findall("<tr>", shown)) == 3


def test_citizens_reviewers_and_the_gate_read_the_table(office, client):
    item = office.bring_to("composing")
    table = {"caption": "Kontak", "rows": "Nama | No HP\nParmin | 81297000003", "header": "row"}
    office.write(item, body=[("paragraph", "<p>Pembuka.</p>"), ("table", table)])
    assert [found.code for found in examine_item(item, item.get_draft()).blocking] == ["nomor_hp"]
    office.write(item, body=[("paragraph", "<p>Pembuka.</p>"), ("table", table | {"rows": ROWS})])
    item = office.bring_to("live", item)
    shown = client.get(NewsPage.objects.get(pk=item.page_id).get_url()).content.decode()
    assert "<td>Gebyok</td><td></td>" in shown


def test_a_changed_cell_is_told_to_the_reviewer():
    old = NewsPage(title="Luas", body=[("table", {"caption": "Luas", "rows": "Buntar | 120", "header": "none"})])
    new = NewsPage(title="Luas", body=[("table", {"caption": "Luas", "rows": "Buntar | 150", "header": "none"})])
    (field,) = changes.compare(old, new).changed
    assert field.name == "body"
    assert "tabel" in changes.summarise(changes.compare(old, new)).lower()


@pytest.mark.django_db
def test_the_style_guide_shows_a_table(client):
    assert "<caption>Jadwal pelayanan</caption>" in client.get("/gaya/").content.decode()
