"""Judge what is pasted and shown: tables of Word, Excel and web pages as rows, the code of a card that was shrunk."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import sync_playwright

from news.cards import drawing
from news.cards.brand import Brand
from news.cards.content import CardContent
from news.cards.drawing import SHAPES
from news.editor import tables
from tests.support.chromium import find_or_install_chromium

_FIELD = "<div class='block-table'><textarea></textarea></div>"
_PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "");
  const field = document.querySelector("textarea");
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  return field.value;
}"""
#: As a messenger sends a card on.
_SHRUNK, _QUALITY = 0.3, 60


def judge_shown(folder: Path) -> dict:
    """Judge ``answers.json`` of a folder: ``rows`` of each ``file``, and ``codes``; print misses, return figures."""
    answers = json.loads((folder / "answers.json").read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(_FIELD)
        page.add_script_tag(path=settings.BASE_DIR / "news/static/news/pasted_blocks.js")
        pasted = _count(
            "tables", answers["tables"], lambda case: _read_table(page, folder / case["file"]) == case["rows"]
        )
        browser.close()
    cases = [{"file": address, "shape": shape} for address in answers["codes"] for shape in SHAPES]
    return pasted | _count("codes", cases, lambda case: _reads(case["file"], SHAPES[case["shape"]]))


def _count(what: str, cases: list, is_right: Callable) -> dict:
    missed = [case for case in cases if not is_right(case)]
    print(f"shown {what}: {len(cases)} judged, right {len(cases) - len(missed)}")
    for case in missed:
        print(f"  missed: {case['file']} {case.get('shape', '')}".rstrip())
    return {what: {"judged": len(cases), "right": len(cases) - len(missed)}}


def _read_table(page, path: Path) -> list[list[str]]:
    page.locator("textarea").fill("")
    return tables.read_rows(page.evaluate(_PASTE, path.read_text()))


def _reads(address: str, shape) -> bool:
    brand = Brand("Kecamatan Contoh", "Pemerintah Kabupaten Contoh")
    card = Image.open(io.BytesIO(drawing.draw(CardContent("Kerja Bakti", "Berita", "", address), brand, shape, None)))
    shrunk = io.BytesIO()
    card.resize((round(card.width * _SHRUNK), round(card.height * _SHRUNK))).save(shrunk, "JPEG", quality=_QUALITY)
    return [code.text for code in zxingcpp.read_barcodes(Image.open(shrunk))] == [address]
