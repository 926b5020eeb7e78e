"""Panel of the admin's home: accounts whose permission expires soon."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from news.social.accounts.health_checks import WARN_DAYS
from news.social.models import Account

from .labels import describe_end


class EndingPanel(Component):
    """The accounts whose permission expires soon."""

    name = "kanal"
    template_name = "social/kanal/home_panel.html"
    order = 115

    def get_context_data(self, parent_context):
        now = timezone.now()
        limit = now + timedelta(days=max(WARN_DAYS))
        ending = Account.objects.kept().offered().filter(Q(expires_at__lte=limit) | Q(data_expires_at__lte=limit))
        return {"endings": [(account, describe_end(account, now)[0]) for account in ending]}

    def render_html(self, parent_context=None):
        """Render nothing when there is none."""
        context = self.get_context_data(parent_context)
        return super().render_html(parent_context) if context["endings"] else ""
