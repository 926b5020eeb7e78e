"""Addresses of one's own security, for those who may open the admin; the names are those that allauth asks for."""

from django.urls import path

from . import views

urlpatterns = [
    path("akun/keamanan/", views.SecurityView.as_view(), name="mfa_index"),
    path("akun/keamanan/sesi/", views.SessionsView.as_view(), name="usersessions_list"),
    path("akun/keamanan/aplikasi/", views.ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("akun/keamanan/aplikasi/lepas/", views.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("akun/keamanan/pemulihan/", views.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("akun/keamanan/pemulihan/baru/", views.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("akun/keamanan/passkey/", views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("akun/keamanan/passkey/<int:pk>/hapus/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("akun/pastikan/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("akun/pastikan/kode/", views.ReauthenticateByCodeView.as_view(), name="mfa_reauthenticate"),
    path("akun/pastikan/passkey/", views.ReauthenticateByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"),
]
