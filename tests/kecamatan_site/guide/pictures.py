"""``make guide``: take the pictures of guide and documents anew, from the demo at a moment that stands still.

    python -m tests.kecamatan_site.guide.pictures [--data DIR] [--only NAME ...]

``--data``: a folder in which the demo lies already, or shall lie; without it the demo is made in a folder that is
deleted. Its filling takes minutes. ``--only``: names of pictures, or parts of them.
"""

import argparse
import os
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.chromium import find_or_install_chromium

from .shots import DOCUMENTS, GUIDE, Shot

ROOT = Path(__file__).resolve().parents[3]
PORT = 8000
#: The day's end of the demo's last step: its times read the same whenever the pictures are taken.
MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)
#: Taller parts are cut: a page of the guide shows a picture beside its words.
TALLEST = 1400
QUALITIES = range(80, 20, -10)
MOST_BYTES = 60_000
#: Nothing moves, no caret blinks.
STILL = "* { animation: none !important; transition: none !important; caret-color: transparent !important; }"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", nargs="*", default=[""])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guide-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.dev",
            "DATA_DIR": str((options.data or Path(folder)).resolve()),
            "DATABASE_URL": f"sqlite:///{(options.data or Path(folder)).resolve() / 'db.sqlite3'}",
            "DEBUG": "0",
            "SITE_URL": f"http://127.0.0.1:{PORT}",
        }
        from kecamatan_site.prepare import prepare

        prepare()
        take_all(options.only)


def take_all(names: list[str]) -> None:
    """Serve the demo at its moment and take the pictures."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.test.utils import override_settings

    from home.demo.clock import clock_at
    from home.demo.replay import NO_MAIL
    from moderation.ports import jobs

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    with clock_at(MOMENT), override_settings(EMAIL_BACKEND=NO_MAIL):
        jobs.run_once()
        items = find_items()
        with ThreadedWSGIServer(("127.0.0.1", PORT), Quiet) as server:
            server.set_app(get_wsgi_application())
            threading.Thread(target=server.serve_forever, daemon=True).start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find_or_install_chromium(),
                    args=["--no-sandbox"],
                    env={**os.environ, "LANGUAGE": "id"},
                )
                require_indonesian(browser)
                camera = Camera(browser, items)
                folders = ((GUIDE, ROOT / "docs/panduan/gambar", "webp"), (DOCUMENTS, ROOT / "docs/screenshots", "png"))
                for shots, folder, ending in folders:
                    for shot in (shot for shot in shots if any(name in shot.name for name in names)):
                        path = folder / f"{shot.name}.{ending}"
                        save(camera.take(shot), shot, path)
                        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB", flush=True)
                browser.close()
            server.shutdown()


def require_indonesian(browser: Browser) -> None:
    """Refuse a browser that writes its own words, in date fields and beside files, in English."""
    with closing(browser.new_page()) as page:
        if page.evaluate("Intl.DateTimeFormat().resolvedOptions().locale") != "id":
            raise SystemExit(
                "Chromium speaks no Indonesian here: apt-get install chromium-l10n, then make guide again."
            )


def find_items() -> dict[str, int]:
    """Return the key of the first item in each state, of its page, and of the one with a public correction."""
    from moderation.models import Disposition, PublicationPermit

    found = {}
    for item in Disposition.objects.order_by("-pk"):
        found |= {item.state: item.pk, f"{item.state}.page": item.page_id}
    corrected = PublicationPermit.objects.exclude(correction_note="").order_by("pk").first()
    return found | {"corrected": corrected.disposition_id}


class Camera:
    """Opens screens as the accounts of the demo, each signed in once."""

    def __init__(self, browser, items: dict[str, int]):
        self.browser, self.items = browser, items
        self.contexts: dict[tuple, BrowserContext] = {}

    def take(self, shot: Shot) -> bytes:
        """Return the picture as PNG."""
        address = shot.address
        for name, key in self.items.items():
            address = address.replace(f"{{{name}}}", str(key))
        page = self._open(shot.who, shot.scale).new_page()
        with closing(page):
            page.set_viewport_size({"width": shot.width, "height": shot.height})
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.add_style_tag(content=STILL)
            if shot.prepare:
                shot.prepare(page)
                page.wait_for_load_state("networkidle")
            return page.locator(shot.part).first.screenshot() if shot.part else page.screenshot()

    def _open(self, who: str, scale: int) -> BrowserContext:
        if (who, scale) not in self.contexts:
            context = self.browser.new_context(
                base_url=f"http://127.0.0.1:{PORT}",
                locale="id-ID",
                timezone_id="Asia/Jakarta",
                device_scale_factor=scale,
                reduced_motion="reduce",
                bypass_csp=True,
            )
            context.set_default_timeout(180_000)
            if who:
                sign_in(context.new_page(), who)
            self.contexts[who, scale] = context
        return self.contexts[who, scale]


def sign_in(page: Page, who: str) -> None:
    from home.demo.people import get_demo_password

    page.goto("/admin/login/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", get_demo_password())
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    page.close()


def save(shown: bytes, shot: Shot, path: Path) -> None:
    """Write the picture as small as it may be."""
    with Image.open(BytesIO(shown)) as picture:
        height = min(picture.height, TALLEST) if shot.part else picture.height
        top = picture.height - height if shot.shows_end else 0
        picture = picture.convert("RGB").crop((0, top, picture.width, top + height))
    if path.suffix == ".png":
        data = encode(picture.quantize(256, dither=Image.Dither.NONE), format="PNG", optimize=True)
    else:
        tried = (encode(picture, format="WEBP", quality=quality, method=6) for quality in QUALITIES)
        data = next((data for data in tried if len(data) <= MOST_BYTES), None)
        if data is None:
            raise SystemExit(f"{path.name} stays above {MOST_BYTES} bytes: show less of the screen.")
    path.write_bytes(data)


def encode(picture: Image.Image, **options) -> bytes:
    data = BytesIO()
    picture.save(data, **options)
    return data.getvalue()


if __name__ == "__main__":
    main()
