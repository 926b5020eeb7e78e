"""URLs of the guide, below /admin/panduan/."""

from django.urls import path

from . import views

app_name = "guide"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("layar/", views.ScreenView.as_view(), name="screen"),
    path("langkah-pertama/<slug:code>/", views.FirstStepView.as_view(), name="first_step"),
    path("gambar/<slug:name>.webp", views.PictureView.as_view(), name="picture"),
    path("<slug:slug>/", views.GuideView.as_view(), name="page"),
]
