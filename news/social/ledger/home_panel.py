"""Panel of the admin's home: counts of posts that need a person, with links to them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from wagtail.admin.ui.components import Component

from news.social.models import Account, Delivery, FollowUp

from .forms import Group


@dataclass(frozen=True)
class Count:
    """A number with its label and URL."""

    number: int
    label: str
    address: str


class TroublePanel(Component):
    """Counts of posts that need a person."""

    name = "unggahan"
    template_name = "social/home_panel.html"
    order = 110

    def get_context_data(self, parent_context):
        """Count in a constant number of queries."""
        to_see, is_task = Delivery.objects.waiting_for_person(), Q(state=Delivery.State.TASK)
        waiting = to_see.aggregate(tasks=models.Count("pk", filter=is_task), asked=models.Count("pk", filter=~is_task))
        counts = [
            Count(waiting["tasks"], "unggahan perlu dibagikan petugas", _list(Group.TASK)),
            Count(waiting["asked"], "unggahan perlu keputusan", _list(Group.WAITING_FOR_PERSON)),
            Count(Delivery.objects.held().filter(needs_person=False).count(), "unggahan dijeda", _list(Group.HELD)),
            Count(
                FollowUp.objects.waiting_for_person().count(),
                "tindak lanjut menunggu petugas",
                f"{reverse('social:index')}#tindak-lanjut",
            ),
        ]
        return {
            "counts": [count for count in counts if count.number],
            "newest": list(to_see.select_related("account").defer("request_text")[:3]) if any(waiting.values()) else [],
            "paused": list(Account.objects.offered().exclude(paused_at=None)),
        }

    def render_html(self, parent_context=None):
        """Render nothing when all counts are zero."""
        context = self.get_context_data(parent_context)
        if not context["counts"] and not context["paused"]:
            return ""
        return super().render_html(parent_context)


def _list(group: Group) -> str:
    return f"{reverse('social:index')}?{urlencode({'status': group.value})}"
