"""Compose a post from a page, for previews and deliveries alike."""

from dataclasses import asdict, replace
from urllib.parse import urlsplit

from news.cards.link_preview import describe_small_photo, get_page_link
from news.social.channels import Card, Channel, Composed, Draft, Image

from . import images


def compose(page, channel: Channel) -> Composed:
    """Return the exact post that ``page``, as it stands in memory, makes on this channel."""
    composed = channel.compose(get_draft(page, channel))
    return replace(composed, warnings=(*composed.warnings, *describe_small_photo(page)))


def get_draft(page, channel: Channel) -> Draft:
    """Return the draft of ``page`` for this channel."""
    link = get_page_link(page)
    return Draft(
        text=page.get_channel_text(channel.text_kind) or page.title,
        link=link,
        tags=page.get_channel_tags(channel.text_kind),
        card=get_card(page, link),
        image=get_image(page, channel),
        title=page.title,
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


def get_changed_post(follow_up, channel: Channel) -> Composed:
    """Return the text of a follow-up with the picture or card of the version that it brings."""
    sealed = follow_up.permit.revision.as_object()
    sealed.proof_seal = follow_up.seal
    return channel.illustrate(follow_up.get_composed(), get_image(sealed, channel), get_card(sealed, follow_up.link))


def get_media(page, channel: Channel) -> tuple:
    """Return what a post shows of ``page`` beside its text: picture and alt text, and a card that we draw.

    Equal values are equal posts; no picture is rendered.
    """
    can = channel.capabilities
    photo, alt = page.get_channel_picture(channel.text_kind) if can.image != "none" else (None, "")
    picture = (photo.pk, alt) if photo and alt else ()
    is_drawn = not picture and (can.sends_card or can.image == "required")
    return (*picture, *(asdict(page.get_share_card()).values() if is_drawn else ()))


def get_image(page, channel: Channel) -> Image | None:
    """Return the page's picture as the channel takes it; one that nobody has described is not pushed."""
    if channel.capabilities.image == "none":
        return None
    photo, alt = page.get_channel_picture(channel.text_kind)
    image = images.get_image(photo, alt, channel.capabilities) if photo and alt else None
    if image is None and channel.capabilities.image == "required":
        return images.draw_image(page)
    return image


def get_card(page, link: str) -> Card:
    """Return the card that networks draw from what the page's head says."""
    return Card(host=urlsplit(link).hostname or "", **asdict(page.get_share_card()))
