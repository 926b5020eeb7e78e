from django.urls import path

from . import views

urlpatterns = [
    path("cari/", views.search, name="search"),
    path("robots.txt", views.robots, name="robots"),
]
