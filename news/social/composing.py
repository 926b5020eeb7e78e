"""From a page to a post: the one path that previews and deliveries share."""

from .channels import Channel, Composed, Draft


def compose(page, channel: Channel) -> Composed:
    """Return the exact post that ``page``, as it stands in memory, makes on this channel."""
    return channel.compose(
        Draft(
            text=page.get_channel_text(channel.kind) or page.title,
            link=get_link(page),
            tags=tuple(tag.name for tag in page.tags.all()),
        )
    )


def get_link(page) -> str:
    """Return the public address the page has, or will have when it goes live with its slug."""
    parent = page.get_parent()
    if parent is not None:
        page.set_url_path(parent)
    return page.full_url or ""
