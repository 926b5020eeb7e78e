"""Many accounts from one table, each with an invitation to set a password."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages

from moderation import sop
from moderation.desk.views.base import DeskMixin
from moderation.models.roles import display_name
from moderation.people import invitations
from moderation.ports.exceptions import StepRefused


class InvitationForm(forms.Form):
    """A table of people, as a file or pasted."""

    file = forms.FileField(
        label="Berkas CSV",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        help_text=f"Paling banyak {invitations.MAX_ROWS} orang. Dari Excel: Simpan sebagai, CSV UTF-8.",
    )
    table = forms.CharField(
        label="Atau tempel tabelnya",
        required=False,
        max_length=invitations.MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=f"Satu orang sebaris. Judul kolom: {', '.join(invitations.COLUMNS)}. Beberapa peran dipisahkan "
        f"dengan {invitations.ROLE_SEPARATOR}. Nama pengguna boleh kosong: bagian surel sebelum @ yang dipakai.",
    )

    def clean(self):
        data = super().clean() or {}
        file = data.get("file")
        if file and file.size > invitations.MAX_BYTES:
            raise forms.ValidationError("Berkas terlalu besar untuk tabel orang. Paling besar 200 KB.")
        data["text"] = invitations.decode(file.read()) if file else data.get("table", "")
        if not self.errors and not data["text"].strip():
            raise forms.ValidationError("Pilih berkas CSV, atau tempel tabelnya.")
        return data


class InviterMixin(DeskMixin):
    """Screen for those who may make accounts."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated or not invitations.may_invite(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class InviteView(InviterMixin, FormView):
    """Make accounts from a table: all, or none with what is wrong in each line."""

    template_name = "moderation/office/invite.html"
    form_class = InvitationForm
    page_title = "Undang petugas"
    header_icon = "user"
    trail = (("moderation:accounts", "Akun petugas"),)
    success_url = reverse_lazy("moderation:accounts")

    def get_context_data(self, **kwargs):
        return super().get_context_data(duties=sop.DUTIES.items(), **kwargs)

    def form_valid(self, form):
        rows: list[invitations.Row] = []
        try:
            rows = invitations.read(form.cleaned_data["text"])
            users = invitations.invite_all(self.request.user, rows)
        except StepRefused as refusal:
            # The file is gone from the form; its text stays to be mended.
            form.data = form.data.copy()
            form.data["table"] = form.cleaned_data["text"]
            form.add_error(None, refusal.message)
            return self.form_invalid(form, [row for row in rows if row.problems])
        messages.success(self.request, f"{len(users)} akun dibuat. Undangan dikirim ke surel masing-masing.")
        return redirect(self.success_url)

    def form_invalid(self, form, rows=()):
        return self.render_to_response(self.get_context_data(form=form, bad_rows=rows), status=422)


class InvitationExampleView(InviterMixin, View):
    """The table's head with two people, to be filled in."""

    def get(self, request):
        response = HttpResponse("\ufeff" + invitations.EXAMPLE, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="undangan-petugas.csv"'
        return response


class InviteAgainView(InviterMixin, View):
    """Send a new link to somebody without a password."""

    def post(self, request, pk):
        user = get_object_or_404(get_user_model(), pk=pk)
        try:
            invitations.invite_again(request.user, user)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Undangan dikirim lagi kepada {display_name(user)}.")
        return redirect("moderation:accounts")
