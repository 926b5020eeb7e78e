"""The queue (Antrean): the desk's first screen."""

from django.views.generic import TemplateView

from .. import queue, sop
from ..roles import get_roles
from .base import DeskMixin, paginate

PAGE_SIZE = 25
FINISHED_SHOWN = 10


class QueueView(DeskMixin, TemplateView):
    """What waits for me, everything in progress by step, and what ended lately."""

    template_name = "moderation/queue.html"
    page_title = "Antrean"
    header_icon = "tasks"

    def get_context_data(self, **kwargs):
        user = self.request.user
        steps = queue.count_by_step(queue.get_running())
        chosen = self._get_chosen_step()
        running = paginate(self.request, queue.get_running(chosen), PAGE_SIZE, "p")
        waiting = paginate(self.request, queue.get_waiting_for(user), PAGE_SIZE, "m")
        shown = {item.pk: item for item in (*waiting["page"], *running["page"])}
        return super().get_context_data(
            roles=get_roles(user),
            waiting=waiting,
            running=running,
            steps=steps,
            total=sum(count for _step, count in steps),
            chosen=chosen,
            finished=queue.get_finished()[:FINISHED_SHOWN],
            trouble=queue.describe_trouble(list(shown.values())),
            **kwargs,
        )

    def _get_chosen_step(self) -> str:
        code = self.request.GET.get("langkah", "")
        return code if code in {step.code for step in sop.STEPS} else ""
