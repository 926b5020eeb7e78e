"""Accounts of the office: who holds which role with which second factor, and serah terima to a successor."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth import get_user_model, logout
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages

from moderation import sop
from moderation.desk.views.base import DeskMixin, paginate
from moderation.models import Disposition
from moderation.models.roles import display_name
from moderation.people.appointment_forms import PersonField
from moderation.ports.exceptions import StepRefused
from moderation.sign_in import handover, second_factor

PAGE_SIZE = 25
NOT_SAVED = "Belum disimpan. Perbaiki isian yang ditandai di bawah."


class HandoverForm(forms.Form):
    """Who goes on, and on which paper."""

    successor = PersonField(
        label="Penerus",
        empty_label="Pilih orang",
        error_messages={"required": "Pilih penerus."},
        help_text="Belum ada dalam daftar? Pengelola situs membuat akunnya lebih dahulu pada Pengaturan, Pengguna.",
    )
    basis = forms.CharField(
        label="Dasar",
        max_length=200,
        help_text="Misalnya: SK mutasi nomor 800/12/2026.",
        error_messages={"required": "Tulis dasarnya.", "max_length": "Dasar paling panjang 200 huruf."},
    )


class AccountsMixin(DeskMixin):
    """Screen for those who may hand accounts over."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated or not handover.may_hand_over(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AccountListView(AccountsMixin, TemplateView):
    """List the accounts, open ones first."""

    template_name = "moderation/office/accounts.html"
    page_title = "Akun petugas"
    header_icon = "user"

    def get_context_data(self, **kwargs):
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        factors = factors.exclude(type=Authenticator.Type.RECOVERY_CODES)
        found = get_user_model().objects.prefetch_related("groups").annotate(has_factor=Exists(factors))
        return super().get_context_data(
            listing=paginate(
                self.request, found.order_by("-is_active", "first_name", "last_name", "username"), PAGE_SIZE, "p"
            ),
            start=second_factor.get_start(),
            **kwargs,
        )


class HandoverView(AccountsMixin, FormView):
    """Hand an account over; keeps everything typed on a refusal."""

    template_name = "moderation/office/handover.html"
    form_class = HandoverForm
    page_title = "Serah terima akun"
    header_icon = "user"
    trail = (("moderation:accounts", "Akun petugas"),)
    success_url = reverse_lazy("moderation:accounts")

    @cached_property
    def old(self):
        return get_object_or_404(get_user_model(), pk=self.kwargs["pk"], is_active=True)

    def get_context_data(self, **kwargs):
        return super().get_context_data(old=self.old, groups=self.old.groups.all(), **kwargs)

    def form_valid(self, form):
        successor = form.cleaned_data["successor"]
        try:
            handover.hand_over(self.request.user, self.old, successor, form.cleaned_data["basis"])
        except StepRefused as refusal:
            for name, message in (refusal.fields or {"": refusal.message}).items():
                form.add_error(name or None, message)
            return self.form_invalid(form)
        if self.old.pk == self.request.user.pk:
            logout(self.request)
            return redirect("wagtailadmin_login")
        done = f"Akun {display_name(self.old)} ditutup; {display_name(successor)} meneruskan perannya."
        waiting = Disposition.objects.filter(
            assigned_to=self.old, state__in=sop.states_at(sop.StepCode.COMPOSITION)
        ).count()
        if waiting:
            done += f" {waiting} materi masih ditugaskan kepadanya: alihkan dari lembar kerjanya."
        messages.success(self.request, done)
        return redirect(self.get_success_url())

    def form_invalid(self, form):
        messages.error(self.request, NOT_SAVED)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ResetFactorView(AccountsMixin, View):
    """Remove the second factors of somebody who lost theirs; an administrator alone may."""

    def post(self, request, pk):
        if not request.user.is_superuser:
            raise PermissionDenied
        user = get_object_or_404(get_user_model(), pk=pk)
        if second_factor.reset(user, by=request.user):
            messages.success(request, f"Faktor kedua {display_name(user)} dihapus; ia diberi tahu lewat surel.")
        return redirect("moderation:accounts")
