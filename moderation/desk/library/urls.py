"""Addresses of Wagtail's that answer with views of ours, below /admin/; included before Wagtail's own."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import views

urlpatterns = decorate_urlpatterns(
    [
        path("images/", views.PhotoIndexView.as_view()),
        path("images/results/", views.PhotoIndexView.as_view(results_only=True)),
        path("images/<int:image_id>/", views.PhotoEditView.as_view()),
        path("images/<int:image_id>/delete/", views.PhotoDeleteView.as_view()),
        path("images/usage/<int:image_id>/", views.PhotoUsageView.as_view()),
        path("documents/", views.DocumentIndexView.as_view()),
        path("documents/results/", views.DocumentIndexView.as_view(results_only=True)),
        path("documents/edit/<int:document_id>/", views.DocumentEditView.as_view()),
        path("documents/delete/<int:document_id>/", views.DocumentDeleteView.as_view()),
        path("documents/usage/<int:document_id>/", views.DocumentUsageView.as_view()),
        path("collections/<int:pk>/", views.CollectionEditView.as_view()),
        path("collections/<int:collection_id>/privacy/", views.set_collection_privacy),
    ],
    require_admin_access,
)
