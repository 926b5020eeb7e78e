"""Create the picture files of an ordered item before its first reader requests them; a job of the worker.

They are public no earlier than the item (``home/serving/media.py``); no order waits for them or fails with them.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from moderation.models import PublicationPermit
from news.cards import store
from news.cards.content import get_content, get_link
from news.cards.drawing import LINK
from news.cards.link_preview import SHARE_SPEC
from news.images.pictures import SHAPES
from news.models import NewsPage, Photo

from .removal import drop_pictures

logger = logging.getLogger(__name__)
#: Newest orders considered.
LATEST_ORDERS = 200
#: Shapes of an item's picture in lists, on the front page and in the article.
OF_MAIN_PICTURE = ("card", "tile", "lead", "main")
#: Orders this process has considered, and their pictures still to do.
_seen: set[int] = set()
_waiting: deque[tuple[PublicationPermit, Callable[[], object]]] = deque()


def make_next() -> int:
    """Create the files of one picture, newest order first; return whether there was one. Other jobs run in between."""
    if not _waiting:
        _look_for_orders()
    if not _waiting:
        return 0
    permit, make = _waiting.popleft()
    try:
        make()
        _remove_if_withdrawn(permit)
    except Exception:
        # Leave a failing file to its first reader and go on.
        logger.exception("A picture of order %s could not be made", permit.number)
    return 1


def make_all() -> None:
    """Create all files now; for set-up and demos."""
    while make_next():
        pass


def _look_for_orders() -> None:
    permits = PublicationPermit.objects.in_force().order_by("-pk")
    latest = list(permits.values_list("pk", flat=True)[:LATEST_ORDERS])
    unseen = [key for key in latest if key not in _seen]
    _seen.clear()
    _seen.update(latest)
    if unseen:
        for permit in permits.filter(pk__in=unseen).select_related("revision", "page"):
            page = permit.revision.as_object()
            if isinstance(page, NewsPage):
                _waiting.extend((permit, make) for make in _list_makers(permit, page))


def _list_makers(permit, page) -> Iterator[Callable[[], object]]:
    for photo, specs in _list_needed(page):
        yield partial(photo.get_renditions, *specs)
    if page.main_image is None:
        yield partial(store.get_card, permit.seal, LINK, get_link(permit.page), partial(get_content, page))


def _remove_if_withdrawn(permit) -> None:
    """Remove the files again if the item was taken down meanwhile."""
    if not PublicationPermit.objects.in_force().filter(pk=permit.pk).exists():
        drop_pictures(None, permit.page, permit)
        store.forget(permit.seal)


def _list_needed(page) -> Iterator[tuple[Photo, list[str]]]:
    if page.main_image is not None:
        yield page.main_image, [SHARE_SPEC, *_list_specs(*OF_MAIN_PICTURE)]
    for block in page.body:
        if block.block_type == "image" and block.value["photo"]:
            yield block.value["photo"], _list_specs("full")
        elif block.block_type == "gallery":
            yield from ((each["photo"], _list_specs("tile")) for each in block.value["pictures"] if each["photo"])


def _list_specs(*shapes) -> list[str]:
    return [spec for shape in shapes for spec in SHAPES[shape].specs]
