"""URLs below /admin/kanal/."""

from django.urls import path

from . import connect_views as connect
from . import views

app_name = "kanal"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("tambah/", connect.NetworksView.as_view(), name="networks"),
    path("tambah/<slug:kind>/", connect.WaysView.as_view(), name="add"),
    path("tambah/<slug:kind>/<slug:code>/", connect.ConnectView.as_view(), name="add_way"),
    path("kembali/", connect.CallbackView.as_view(), name="callback"),
    path("pilih/<int:pk>/", connect.ChooseView.as_view(), name="choose"),
    path("akun/<slug:key>/", views.AccountView.as_view(), name="account"),
    path("akun/<slug:key>/ubah/", views.ChangeView.as_view(), name="change"),
    path("akun/<slug:key>/jeda/", views.HoldView.as_view(), name="hold"),
    path("akun/<slug:key>/hapus/", views.DeleteView.as_view(), name="delete"),
    path("akun/<slug:key>/hubungkan/", connect.WaysView.as_view(), name="reconnect"),
    path("akun/<slug:key>/hubungkan/<slug:code>/", connect.ConnectView.as_view(), name="reconnect_way"),
    path("akun/<slug:key>/lakukan/<slug:code>/", views.ActionView.as_view(), name="action"),
]
