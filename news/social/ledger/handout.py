"""What a person needs to post by hand: the sealed text, pictures to download, and ways to pass them on."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from news.social.channels import Channel, Composed
from news.social.models import Delivery, FollowUp
from news.social.outbox.composing import get_changed_post, get_post
from news.social.sharing import texts
from news.social.sharing.package import CardFile, list_cards


@dataclass(frozen=True)
class Handout:
    """One post to make by hand; the pictures with ``goes_along`` are those that it shows."""

    text: str
    length: int
    limit: int | None
    chat_address: str
    pictures: list[CardFile]


def get_handout(delivery: Delivery, channel: Channel) -> Handout | None:
    """Return what the task of a post needs, None where no person is to make it."""
    if delivery.state != Delivery.State.TASK or delivery.closed_at is not None:
        return None
    return _make(get_post(delivery, channel), channel, delivery.permit)


def get_changed_handout(follow_up: FollowUp, channel: Channel) -> Handout | None:
    """Return what the task of a ralat needs, None where there is nothing to post."""
    if not follow_up.waits_for_person or not follow_up.request_text:
        return None
    is_note = follow_up.kind == FollowUp.Kind.REPLY
    post = follow_up.get_composed() if is_note else get_changed_post(follow_up, channel)
    return _make(post, channel, follow_up.permit)


def _make(post: Composed, channel: Channel, permit) -> Handout:
    page = permit.revision.as_object()
    cards = list_cards(page, permit) if channel.capabilities.image != "none" else []
    if post.image and post.image.url:
        # A path, so that the page may read the file wherever the desk is served.
        path = urlsplit(post.image.url).path
        name = f"{page.slug[:80]}-foto.jpg"
        photo = CardFile("Foto", post.image.width, post.image.height, post.image.alt, path, name, goes_along=True)
        pictures = [photo, *cards]
    else:
        pictures = [replace(card, goes_along=number == 0) for number, card in enumerate(cards)]
    chat_address = texts.get_chat_address(post.text) if channel.text_kind == texts.KIND else ""
    return Handout(post.text, channel.count(post.text), channel.capabilities.max_length, chat_address, pictures)
