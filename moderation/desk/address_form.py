"""The editor's form of a page whose address may be one that citizens know."""

from wagtail.admin.forms import WagtailAdminPageForm

from moderation.evidence.addresses import guards as addresses


class KeptAddressForm(WagtailAdminPageForm):
    """Say at the slug why it may not be had, or not be changed."""

    def clean(self):
        cleaned = super().clean()
        slug = cleaned.get("slug")
        if slug and "slug" in self.changed_data and "slug" not in self.errors:
            refusal = addresses.find_refusal_of_slug(self.instance, self.parent_page, slug)
            if refusal:
                self.add_error("slug", refusal)
        return cleaned
