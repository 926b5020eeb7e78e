"""What a report of a program error may show: nothing that was typed into a form, nobody's number and no secret."""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from moderation.scanner.redaction import mask, mask_secrets

#: Packages whose variables are never shown: they handle credentials.
_SILENT: set[str] = set()


def keep_silent(*packages: str) -> None:
    """Show no variable of these packages' functions in any report; called from ``AppConfig.ready``."""
    _SILENT.update(packages)


class MaskingReporter(ExceptionReporter):
    """Writes the report, variables and messages included, with every number and every secret masked."""

    def get_traceback_html(self):
        return mask_secrets(mask(super().get_traceback_html()))

    def get_traceback_text(self):
        return mask_secrets(mask(super().get_traceback_text()))


class TypedTextFilter(SafeExceptionReporterFilter):
    """Leaves out every value that was posted: a draft is nobody's business but the desk's.

    Functions that handle credentials show no variable, on a developer's error page as little as elsewhere.
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
