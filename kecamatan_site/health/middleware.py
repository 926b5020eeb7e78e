"""Answer ``/healthz`` and ``/metrics`` before anything else: under any host name, without session, redirect or page.

Programs ask them, often and from this machine; what stands below would count them as readers.
"""

from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound

from . import metrics, probes

#: A client of the process itself; nginx adds the header to whatever it hands on.
LOOPBACK = {"127.0.0.1", "::1", ""}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class HealthMiddleware:
    """Answer the paths of programs; outermost."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = _ANSWERS.get(request.path)
        if answer is None:
            return self.get_response(request)
        response = answer(request) if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response


def _show_live(request) -> HttpResponse:
    return _write("hidup\n")


def _show_ready(request) -> HttpResponse:
    reason = probes.find_unready()
    return _write(f"{reason or 'siap'}\n", 503 if reason else 200)


def _show_metrics(request) -> HttpResponse:
    if not is_from_this_machine(request):
        return HttpResponseNotFound("", content_type="text/plain")
    return HttpResponse(metrics.write(), content_type=metrics.CONTENT_TYPE)


def is_from_this_machine(request) -> bool:
    """Return whether a program of this machine asks the web process itself, with nothing in between."""
    meta = request.META
    return meta.get("REMOTE_ADDR", "") in LOOPBACK and not meta.keys() & {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"}


def _write(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


_ANSWERS = {
    "/healthz": _show_ready,
    "/healthz/live": _show_live,
    "/healthz/ready": _show_ready,
    "/metrics": _show_metrics,
}
