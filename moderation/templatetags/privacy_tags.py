"""Tags of the personal-data check in Wagtail's editor."""

from django import template

from ..models import ModeratedPage

register = template.Library()


@register.inclusion_tag("moderation/privacy/panel.html", takes_context=True)
def privacy_panel(context):
    """Render the section of the checks panel; empty for a page that is not moderated."""
    page = context.get("object")
    return {"item": page.disposition if isinstance(page, ModeratedPage) else None}
