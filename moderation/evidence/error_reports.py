"""Filter error reports: no posted values, personal numbers or secrets."""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from moderation.scanner.redaction import mask, mask_secrets

#: Packages that handle credentials; reports hide the variables of their functions.
_SILENT: set[str] = set()


def keep_silent(*packages: str) -> None:
    """Hide the variables of these packages' functions in every report; called from ``AppConfig.ready``."""
    _SILENT.update(packages)


class MaskingReporter(ExceptionReporter):
    """Mask personal numbers and secrets in the whole report, variables and messages included."""

    def get_traceback_html(self):
        return mask_secrets(mask(super().get_traceback_html()))

    def get_traceback_text(self):
        return mask_secrets(mask(super().get_traceback_text()))


class TypedTextFilter(SafeExceptionReporterFilter):
    """Hide every posted value: drafts are confidential to the desk.

    Variables of functions that handle credentials are hidden on the debug page as well.
    """

    def get_post_parameters(self, request):
        parameters = super().get_post_parameters(request)
        return dict.fromkeys(parameters, self.cleansed_substitute) if self.is_active(request) else parameters

    def get_traceback_frame_variables(self, request, tb_frame):
        module = tb_frame.f_globals.get("__name__", "")
        if any(module == package or module.startswith(f"{package}.") for package in _SILENT):
            return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
        shown = super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleanse_setting(name, value)) for name, value in shown]
