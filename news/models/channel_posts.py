"""Return the text, topics and picture of a page for a channel, else those of the page."""


class ChannelPosts:
    """Mixin for a page with ``channel_texts``, ``lead``, ``tags`` and a main picture."""

    #: Unsaved topics of the form; tags can only be read from saved rows.
    typed_tags: tuple[str, ...] | None = None

    def get_channel_text(self, kind) -> str:
        """Return the text written for channels of this kind, else the lead."""
        return self._get_own(kind, "text") or self.lead

    def has_own_channel_text(self, kind) -> bool:
        """Say whether the page has a text for channels of this kind."""
        return bool(self._get_own(kind, "text"))

    def get_channel_tags(self, kind) -> tuple[str, ...]:
        """Return the topics named for channels of this kind, else those of the page."""
        own = tuple(filter(None, (word.strip(" #") for word in self._get_own(kind, "tags").split(","))))
        if own or self.typed_tags is not None:
            return own or self.typed_tags
        return tuple(tag.name for tag in self.tags.all())

    def get_channel_picture(self, kind):
        """Return the picture for channels of this kind with its alternative text, else the main one; (None, "")."""
        photo = self._get_own(kind, "photo")
        if photo:
            return photo, self._get_own(kind, "alt")
        return self.main_image, self.main_image_alt

    def _get_own(self, kind, name):
        values = (block.value.get(name) for block in self.channel_texts if block.value.get("channel") == kind)
        return next(values, None) or ""
