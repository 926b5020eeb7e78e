"""From a page to a post: the one path that previews and deliveries share."""

from dataclasses import asdict
from urllib.parse import urlsplit

from .channels import Card, Channel, Composed, Draft


def compose(page, channel: Channel) -> Composed:
    """Return the exact post that ``page``, as it stands in memory, makes on this channel."""
    return channel.compose(get_draft(page, channel.kind))


def get_draft(page, kind: str) -> Draft:
    """Return what the office wants to say of ``page`` on a channel of this kind."""
    link = get_link(page)
    return Draft(
        text=page.get_channel_text(kind) or page.title,
        link=link,
        tags=tuple(tag.name for tag in page.tags.all()),
        card=get_card(page, link),
    )


def get_card(page, link: str) -> Card:
    """Return the card that networks draw from what the page's head says."""
    return Card(host=urlsplit(link).hostname or "", **asdict(page.get_share_card()))


def get_link(page) -> str:
    """Return the public address the page has, or will have when it goes live with its slug."""
    parent = page.get_parent()
    if parent is not None:
        page.set_url_path(parent)
    return page.full_url or ""
