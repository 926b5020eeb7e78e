"""URLs of the package, below /admin/unggahan/."""

from django.urls import path

from .views import EndShareView, NoticeView, PackageView

urlpatterns = [
    path("paket/<int:pk>/", PackageView.as_view(), name="package"),
    path("paket/<int:pk>/papan/", NoticeView.as_view(), name="notice"),
    path("pembagian/<int:pk>/<slug:code>/", EndShareView.as_view(), name="end_share"),
]
