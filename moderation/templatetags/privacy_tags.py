"""The personal-data check in Wagtail's own editor."""

from django import template

from ..models import ModeratedPage

register = template.Library()


@register.inclusion_tag("moderation/privacy/panel.html", takes_context=True)
def privacy_panel(context):
    """Draw the part of the checks panel; empty for a page that the SOP does not moderate."""
    page = context.get("object")
    return {"item": page.disposition if isinstance(page, ModeratedPage) else None}
