"""What Wagtail's editor costs: opening it, an autosave, a photo uploaded (``make bench-editor AGAINST=../older``).

Prints milliseconds of the processor and statements of each request. The older build took 1.38, 1.22 and 1.41 of a stock
Wagtail's time; each target is the share of the older build's time at which nothing is left of that.
"""

import itertools
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO

from tests.bench import checkouts, figures

#: Of the older build's time, at most.
TARGETS = {"open": 0.725, "autosave": 0.82, "upload": 0.71}
REQUESTS = 6


def main() -> None:
    """Drive this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=10, quick=4)
    with checkouts.drive("tests.bench.desk.editor", options.against) as drivers:
        told = checkouts.take_turns(drivers, list(TARGETS), options.rounds)
    found = []
    for name, target in TARGETS.items():
        milliseconds, ratio = checkouts.compare(told[name], "ms")
        found.append(figures.judge(f"editor.{name}", milliseconds, "ms", ratio=ratio, of_older=target))
        statements, ratio = checkouts.compare(told[name], "statements")
        found.append(figures.judge(f"editor.{name}.statements", statements, "statements", ratio=ratio))
    figures.report(found)


def drive():
    """Return what answers with the cost of one request of a kind."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.drive import import_helper

    office = import_helper("factories").Office.open()
    client = Client()
    client.force_login(office.staf1)
    prepare = _list_requests(client, office.bring_to("composing"))
    for prepare_one in prepare.values():
        for _warm_up in range(3):
            prepare_one()()

    def answer(name: str) -> dict:
        requests, last = [prepare[name]() for _number in range(REQUESTS)], prepare[name]()
        start = time.process_time()
        for request in requests:
            request()
        seconds = time.process_time() - start
        with CaptureQueriesContext(connection) as captured:
            last()
        return {"ms": 1000 * seconds / REQUESTS, "statements": len(captured)}

    return answer


def _list_requests(client, item) -> dict:
    """Return by name what prepares a request of that kind and returns it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse
    from PIL import Image
    from wagtail.models import Collection
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    address = reverse("wagtailadmin_pages:edit", args=[item.page_id])
    page, numbers = item.get_draft(), itertools.count()
    form = {
        "title": page.title,
        "slug": page.slug,
        "activity_date": "09-09-2026",
        "activity_place": "Desa Buntar",
        "category": page.category_id,
        "classification": page.classification,
        "body": streamfield([("paragraph", rich_text("<p>Warga bekerja bakti.</p>"))]),
        "channel_texts": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    root = Collection.get_first_root_node().pk

    def open_editor() -> None:
        assert client.get(address).status_code == 200

    def save(**more) -> int:
        typed = nested_form_data(form | {"lead": f"Kalimat {next(numbers)}."} | more)
        answer = client.post(address, typed, HTTP_ACCEPT="application/json").json()
        assert answer["success"], answer
        return answer["revision_id"]

    def prepare_upload() -> Callable[[], None]:
        # Each is another picture, also once it is compressed: the same one twice is asked about.
        number, stream = next(numbers), BytesIO()
        Image.new("RGB", (1600, 1200), tuple(number * step % 256 for step in (53, 101, 197))).save(stream, "JPEG")
        photo = SimpleUploadedFile(f"foto-{number}.jpg", stream.getvalue())
        return lambda: upload(photo)

    def upload(photo) -> None:
        typed = {"title": "Foto", "collection": root, "files[]": photo}
        answer = client.post(
            reverse("wagtailimages:add_multiple"), typed, headers={"x-requested-with": "XMLHttpRequest"}
        )
        assert answer.json()["success"], answer.content
        assert not answer.json()["duplicate"], "the same picture twice"

    revision = save()
    return {
        "open": lambda: open_editor,
        "autosave": lambda: partial(save, overwrite_revision_id=revision),
        "upload": prepare_upload,
    }


if __name__ == "__main__":
    main()
