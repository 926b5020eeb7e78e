"""Compose a post from a page, for previews and deliveries alike."""

from dataclasses import asdict
from urllib.parse import urlsplit

from news.social.channels import Card, Channel, Composed, Draft, Image

from . import images


def compose(page, channel: Channel) -> Composed:
    """Return the exact post that ``page``, as it stands in memory, makes on this channel."""
    return channel.compose(get_draft(page, channel))


def get_draft(page, channel: Channel) -> Draft:
    """Return the draft of ``page`` for this channel."""
    link = get_link(page)
    return Draft(
        text=page.get_channel_text(channel.kind) or page.title,
        link=link,
        tags=page.get_channel_tags(channel.kind),
        card=get_card(page, link),
        image=get_image(page, channel),
    )


def get_post(delivery, channel: Channel) -> Composed:
    """Return the stored post as it leaves: its text as it is, its picture and card from the sealed version."""
    composed, can = delivery.get_composed(), channel.capabilities
    if not can.sends_card and (can.image == "none" or not delivery.alt):
        return composed
    sealed = delivery.permit.revision.as_object()
    # A drawn card that the network fetches has the URL of the live version.
    sealed.proof_seal = delivery.seal
    return channel.illustrate(composed, get_image(sealed, channel), get_card(sealed, delivery.link))


def get_image(page, channel: Channel) -> Image | None:
    """Return the page's picture as the channel takes it; one that nobody has described is not pushed."""
    if channel.capabilities.image == "none":
        return None
    photo, alt = page.get_channel_picture(channel.kind)
    image = images.get_image(photo, alt, channel.capabilities) if photo and alt else None
    if image is None and channel.capabilities.image == "required":
        return images.draw_image(page)
    return image


def get_card(page, link: str) -> Card:
    """Return the card that networks draw from what the page's head says."""
    return Card(host=urlsplit(link).hostname or "", **asdict(page.get_share_card()))


def get_link(page) -> str:
    """Return the public address the page has, or will have when it goes live with its slug."""
    parent = page.get_parent()
    if parent is not None:
        page.set_url_path(parent)
    return page.full_url or ""
