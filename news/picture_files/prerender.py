"""The files of an ordered item's pictures are made before its first reader asks for them; a job of the worker.

They are public no earlier than the item (``home/serving/media.py``); an order never waits for them nor fails with them.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from moderation.models import PublicationPermit
from news.cards import store
from news.cards.content import get_content
from news.cards.drawing import LINK
from news.cards.link_preview import SHARE_SPEC
from news.images.pictures import SHAPES
from news.models import NewsPage, Photo

from .removal import drop_pictures

logger = logging.getLogger(__name__)
#: So many orders are looked at; the pictures of older ones have long been asked for.
LATEST_ORDERS = 200
#: The shapes in which lists, the front page and the article show an item's own picture.
OF_MAIN_PICTURE = ("card", "tile", "lead", "main")
#: The orders that this process has looked at, and the pictures of theirs that still wait.
_seen: set[int] = set()
_waiting: deque[tuple[PublicationPermit, Callable[[], object]]] = deque()


def make_next() -> int:
    """Make the files of one picture, the newest order first, and say whether there was one; other jobs come between."""
    if not _waiting:
        _look_for_orders()
    if not _waiting:
        return 0
    permit, make = _waiting.popleft()
    try:
        make()
        _remove_if_withdrawn(permit)
    except Exception:
        # Whatever is wrong with one file is left to its first reader; the next picture and the publication go on.
        logger.exception("A picture of order %s could not be made", permit.number)
    return 1


def make_all() -> None:
    """Make everything now; for whoever has no readers yet."""
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
        yield partial(store.get_card, permit.seal, LINK, permit.page.full_url or "", partial(get_content, page))


def _remove_if_withdrawn(permit) -> None:
    """What was removed with a taken-down item must not have come back meanwhile."""
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
