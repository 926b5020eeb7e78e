"""Addresses for those who are not signed in yet; included before Wagtail's own, two of which they replace."""

from django.urls import path
from django.views.decorators.cache import never_cache

from . import views

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("login/kode/", never_cache(views.AuthenticateView.as_view()), name="mfa_authenticate"),
    path("login/passkey/", never_cache(views.PasskeyLoginView.as_view()), name="mfa_login_webauthn"),
    path("password_reset/", never_cache(views.CountedPasswordResetView.as_view())),
]
