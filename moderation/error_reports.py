"""What a report of a program error may show: nothing that was typed into a form, and nobody's number."""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from .masking import mask


class MaskingReporter(ExceptionReporter):
    """Writes the report, variables and messages included, with every number masked."""

    def get_traceback_html(self):
        return mask(super().get_traceback_html())

    def get_traceback_text(self):
        return mask(super().get_traceback_text())


class TypedTextFilter(SafeExceptionReporterFilter):
    """Leaves out every value that was posted: a draft is nobody's business but the desk's."""

    def get_post_parameters(self, request):
        parameters = super().get_post_parameters(request)
        return dict.fromkeys(parameters, self.cleansed_substitute) if self.is_active(request) else parameters
