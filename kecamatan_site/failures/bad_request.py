"""``handler400``: answer a request whose form is too large or broken."""

import json

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.template.loader import render_to_string

from home.serving.bounds.drain import drain

_TOO_MUCH = "Isian terlalu panjang"
_TEXT = (
    "Isian yang Anda kirim terlalu panjang, sehingga belum disimpan. Tekan tombol Kembali pada peramban: "
    "ketikan Anda masih ada di sana. Persingkat, lalu kirim kembali. Yang sudah tersimpan sebelumnya tidak berubah."
)
_TOO_MANY_FILES = (
    "Terlalu banyak berkas dalam satu kiriman, sehingga belum disimpan. Tekan tombol Kembali pada peramban, "
    "lalu kirim berkas itu sedikit demi sedikit."
)
_BROKEN = "Permintaan tidak dapat dibaca"
_BROKEN_TEXT = "Kiriman ini tidak lengkap atau rusak. Tekan tombol Kembali pada peramban, lalu coba kembali."


def answer_bad_request(request, exception):
    """Return a page that names what was too much; JSON for a script."""
    title, text, status = _BROKEN, _BROKEN_TEXT, 400
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent)):
        title, text, status = _TOO_MUCH, _TEXT, 413
    elif isinstance(exception, TooManyFilesSent):
        title, text, status = "Terlalu banyak berkas", _TOO_MANY_FILES, 413
    if status == 413:
        drain(request)
    if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
        answer = {"success": False, "error_code": "too_large", "error_message": text}
        return HttpResponse(json.dumps(answer), content_type="application/json", status=status)
    return HttpResponse(render_to_string("400.html", {"title": title, "text": text}), status=status)
