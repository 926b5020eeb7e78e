"""The page where citizens check whether something came from this office."""

from django import forms
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from .checking import check
from .qr import UnreadablePicture, read_code

#: Longer than the longest article.
LONGEST_TEXT = 50_000


class CheckForm(forms.Form):
    """A text or a link, or a picture with a QR code."""

    text = forms.CharField(
        label="Teks atau tautan yang Anda terima",
        required=False,
        max_length=LONGEST_TEXT,
        # Without maxlength, because browsers cut longer text off silently.
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "max_length": "Teks terlalu panjang. Tempel paling banyak 50.000 karakter, misalnya satu berita saja."
        },
    )
    picture = forms.FileField(
        label="Atau foto kartu yang memuat kode QR",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        text = cleaned.get("text", "").strip()
        if cleaned.get("picture"):
            text = f"{text}\n{self._read_picture(cleaned['picture'])}".strip()
        elif not text and not self.errors:
            self.add_error("text", "Tempel teks atau tautan, atau pilih foto kartu.")
        return cleaned | {"question": text}

    def _read_picture(self, picture) -> str:
        try:
            code = read_code(picture)
        except UnreadablePicture as error:
            self.add_error("picture", str(error))
            return ""
        if not code:
            self.add_error("picture", "Kode QR tidak ditemukan pada gambar. Foto kartu dari dekat dan dengan tajam.")
        return code


# The question changes nothing here, and a token against forged requests would need a cookie.
@method_decorator(csrf_exempt, name="dispatch")
class CheckView(View):
    """Show the form and answer it; store nothing of the question."""

    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return self._render(request, CheckForm())

    def post(self, request):
        form = CheckForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._render(request, form)
        return self._render(request, form, finding=check(form.cleaned_data["question"]))

    def _render(self, request, form, **context):
        response = render(request, "home/authenticity.html", {"form": form} | context)
        if request.method == "POST":
            response["Cache-Control"] = "no-store"
        return response
