"""The calendar, read-only: a month as a grid or as a list."""

import re

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.views.generic import TemplateView

from moderation.chain import deadlines
from moderation.desk.views.base import DeskMixin, get_parameter, paginate
from moderation.records import calendar

PAGE_SIZE = 50
#: Maximum events per day in the grid; the list has all.
SHOWN_A_DAY = 4
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_KINDS = {kind.code: kind for kind in calendar.Kind}


class CalendarView(DeskMixin, TemplateView):
    """One month; ``?bulan=2026-11``, ``?tampilan=daftar``, ``?jenis=terjadwal``."""

    template_name = "moderation/lists/calendar.html"
    page_title = "Kalender"
    header_icon = "calendar"

    def get_context_data(self, **kwargs):
        office = deadlines.load_office()
        year, number = self._get_month()
        chosen, as_list = get_parameter(self.request, "jenis"), get_parameter(self.request, "tampilan") == "daftar"
        chosen = chosen if chosen in _KINDS else ""
        events = calendar.find_events(year, number, office)
        shown = [event for event in events if event.kind.code == chosen] if chosen else events
        before, after = calendar.find_neighbours(year, number)
        return super().get_context_data(
            name=f"{MONTHS[number]} {year}",
            before=self._get_address(*before, chosen, as_list),
            after=self._get_address(*after, chosen, as_list),
            grid_address=self._get_address(year, number, chosen, False),
            list_address=self._get_address(year, number, chosen, True),
            kinds=[
                (kind, sum(event.kind is kind for event in events), self._get_address(year, number, kind.code, as_list))
                for kind in calendar.Kind
                if office.is_on or kind is not calendar.Kind.OVERDUE
            ],
            all_address=self._get_address(year, number, "", as_list),
            total=len(events),
            chosen=chosen,
            as_list=as_list,
            weeks=[] if as_list else calendar.build_weeks(year, number, shown, office),
            shown_a_day=SHOWN_A_DAY,
            has_events=bool(shown),
            listing=paginate(self.request, shown, PAGE_SIZE, "p") if as_list else None,
            due_label=deadlines.LABEL if office.is_on else "",
            **kwargs,
        )

    def _get_month(self) -> tuple[int, int]:
        """Return the requested month, else the current one."""
        found = _MONTH.fullmatch(get_parameter(self.request, "bulan"))
        if found:
            return int(found[1]), int(found[2])
        today = timezone.localdate()
        return today.year, today.month

    @staticmethod
    def _get_address(year, number, kind, as_list) -> str:
        parts = [f"bulan={year}-{number:02}", "tampilan=daftar" if as_list else "", f"jenis={kind}" if kind else ""]
        return f"{reverse('moderation:calendar')}?{'&'.join(filter(None, parts))}"
