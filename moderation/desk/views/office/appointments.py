"""Acting officers (Pejabat pengganti): the desk reads, PPID Pembantu and the administrator appoint."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from moderation.desk.views.base import DeskMixin, paginate
from moderation.models import ActingOfficer
from moderation.models.roles import display_name
from moderation.people import appointments
from moderation.people.appointment_forms import AppointForm, EndForm
from moderation.ports.exceptions import StepRefused

PAGE_SIZE = 25
NOT_SAVED = "Belum disimpan. Perbaiki isian yang ditandai di bawah."


class ActingListView(DeskMixin, TemplateView):
    """List current, future and past appointments."""

    template_name = "moderation/office/appointments.html"
    page_title = "Pejabat pengganti"
    header_icon = "group"

    def get_context_data(self, **kwargs):
        found = ActingOfficer.objects.select_related("user", "represents", "appointed_by", "ended_by")
        return super().get_context_data(
            listing=paginate(self.request, found, PAGE_SIZE, "p"),
            today=timezone.localdate(),
            may_appoint=appointments.may_appoint(self.request.user),
            **kwargs,
        )


class _AppointmentFormView(DeskMixin, FormView):
    """Base of the forms for those who may appoint; keeps everything typed on a refusal."""

    header_icon = "group"
    trail = (("moderation:acting_list", "Pejabat pengganti"),)
    success_url = reverse_lazy("moderation:acting_list")
    template_name = "moderation/office/appointment_form.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated or not appointments.may_appoint(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            done = self.take(form)
        except StepRefused as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, message)
            if not refusal.fields:
                form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.get_success_url())

    def form_invalid(self, form):
        messages.error(self.request, NOT_SAVED)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AppointView(_AppointmentFormView):
    """Appoint an acting officer."""

    form_class = AppointForm
    page_title = "Tunjuk pengganti"
    extra_context = {"button": "Tunjuk pejabat pengganti"}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def take(self, form) -> str:
        appointment = appointments.appoint(self.request.user, form.cleaned_data)
        name, period = display_name(appointment.user), appointments.describe_period(appointment)
        return f"{name} ditunjuk sebagai {appointment.title}, {period}."


class EndView(_AppointmentFormView):
    """End an appointment before its last day."""

    form_class = EndForm
    page_title = "Akhiri penunjukan"
    extra_context = {"button": "Akhiri penunjukan"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(appointment=self.get_appointment(), **kwargs)

    def get_appointment(self) -> ActingOfficer:
        found = ActingOfficer.objects.select_related("user").filter(ended_at=None)
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def take(self, form) -> str:
        appointment = appointments.end(self.get_appointment(), self.request.user, form.cleaned_data["reason"])
        return f"Penunjukan {display_name(appointment.user)} sebagai {appointment.title} diakhiri."
