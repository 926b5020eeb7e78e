"""The office's working hours, targets and days off: the desk reads, the Sekretaris edits."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation import sop
from moderation.chain import deadlines
from moderation.desk.views.base import DeskMixin
from moderation.desk.worktime_forms import FIRST_YEAR, LAST_YEAR, WorkTimeForm, make_holiday_formset, propose_holidays
from moderation.evidence import audit
from moderation.models import Holiday, WorkTime
from moderation.models.roles import has_role

NOT_SAVED = "Belum disimpan. Perbaiki isian yang ditandai di bawah."


def may_set_time(user) -> bool:
    """Say whether the user may change working hours, targets and days off."""
    return user.is_superuser or has_role(user, sop.Role.SEKRETARIS)


class _TimeMixin(DeskMixin):
    """Base of the views: read by the whole desk, saved only by those who may."""

    header_icon = "time"

    def dispatch(self, request, *args, **kwargs):
        if request.method == "POST" and not may_set_time(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_set=may_set_time(self.request.user), **kwargs)

    def write_line(self, action: str, data: dict) -> None:
        """Write the audit line of a change to working time."""
        user = self.request.user
        role = sop.Role.SEKRETARIS.value if has_role(user, sop.Role.SEKRETARIS) else ""
        audit.append(action=action, user=user, role=role, data=data)


class WorkTimeView(_TimeMixin, TemplateView):
    """Edit working hours, targets and reminders."""

    template_name = "moderation/office/work_time.html"
    page_title = "Waktu kerja dan target"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", WorkTimeForm(instance=WorkTime.load()))
        return super().get_context_data(internal=deadlines.INTERNAL, **kwargs)

    def post(self, request, *args, **kwargs):
        form = WorkTimeForm(request.POST, instance=WorkTime.load())
        if not form.is_valid():
            messages.error(request, NOT_SAVED)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        with transaction.atomic():
            form.save()
            if form.changed_data:
                self.write_line(
                    "work_time_changed", {str(form[name].label): form.cleaned_data[name] for name in form.changed_data}
                )
        messages.success(request, "Waktu kerja dan target disimpan.")
        return redirect("moderation:work_time")


class HolidayView(_TimeMixin, TemplateView):
    """Edit the days off of one year; ``?usul=1`` adds the national ones as an unsaved proposal."""

    template_name = "moderation/office/holidays.html"
    page_title = "Hari libur dan cuti bersama"
    trail = (("moderation:work_time", "Waktu kerja dan target"),)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        typed = request.GET.get("tahun", "")
        self.year = timezone.localdate().year
        if len(typed) == 4 and typed.isdecimal() and FIRST_YEAR <= int(typed) <= LAST_YEAR:
            self.year = int(typed)

    def get_context_data(self, **kwargs):
        if "formset" not in kwargs:
            proposed = propose_holidays(self.year) if "usul" in self.request.GET else []
            kwargs |= {"proposed": proposed, "formset": make_holiday_formset(self.year, proposed=proposed)}
        return super().get_context_data(
            year=self.year,
            years=[year for year in (self.year - 1, self.year + 1) if FIRST_YEAR <= year <= LAST_YEAR],
            holidays=Holiday.objects.filter(date__year=self.year),
            asked="usul" in self.request.GET,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        formset = make_holiday_formset(self.year, data=request.POST)
        if not formset.is_valid():
            messages.error(request, NOT_SAVED)
            return self.render_to_response(self.get_context_data(formset=formset), status=422)
        with transaction.atomic():
            formset.save()
            if formset.has_changed():
                self.write_line(
                    "holidays_changed",
                    {
                        "ditambah": [self._describe(holiday) for holiday in formset.new_objects],
                        "diubah": [self._describe(holiday) for holiday, _fields in formset.changed_objects],
                        "dihapus": [self._describe(holiday) for holiday in formset.deleted_objects],
                    },
                )
        messages.success(request, f"Daftar hari libur {self.year} disimpan.")
        return redirect(f"{reverse('moderation:holidays')}?tahun={self.year}")

    @staticmethod
    def _describe(holiday) -> str:
        return f"{date_format(holiday.date, 'DATE_FORMAT')}: {holiday.name}"
