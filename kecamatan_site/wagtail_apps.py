"""Wagtail's apps as this site uses them: without their part of its API v3, which it does not serve.

Each ``ready()`` of Wagtail adds its endpoints to that API, whether a URL leads there or not. Together with the
libraries and a schema for every model, that is 0.6 s of processor time and 30 MB in each process.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class _NoAPI:
    def add_router(self, prefix: str, router: None) -> None:
        """Take the endpoints of an app, and serve none."""


def _register_nothing() -> None:
    """Make no schemas."""


#: What the four apps import of the API in ``ready()``, below the module of the API and below their own ``api.v3``.
_API: dict[str, dict[str, object]] = {"wagtail.api.v3.api": {"api": _NoAPI()}}
_PARTS: dict[str, dict[str, object]] = {
    "": {"router": None, "register_content_types": _register_nothing},
    ".router": {"router": None},
    ".registry": {"register_content_types": _register_nothing},
}


@contextmanager
def without_api(app: str) -> Iterator[None]:
    """Let this app find stand-ins for the API while it gets ready; a site that serves the API names Wagtail's own."""
    names = _API | {f"{app}.api.v3{part}": content for part, content in _PARTS.items()}
    before = {name: sys.modules[name] for name in names if name in sys.modules}
    for name, content in names.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(content)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(before)


class UsersConfig(WagtailUsersAppConfig):
    """Accounts, with forms of the office's own."""

    user_viewset = "moderation.desk.views.office.users.AccountViewSet"


class RedirectsConfig(WagtailRedirectsAppConfig):
    """Redirects of old addresses."""

    def ready(self) -> None:
        with without_api(self.name):
            super().ready()


class DocumentsConfig(WagtailDocsAppConfig):
    """Attachments."""

    def ready(self) -> None:
        with without_api(self.name):
            super().ready()


class ImagesConfig(WagtailImagesAppConfig):
    """Photos."""

    def ready(self) -> None:
        with without_api(self.name):
            super().ready()


class SnippetsConfig(WagtailSnippetsAppConfig):
    """Categories and menus."""

    def ready(self) -> None:
        with without_api(self.name):
            super().ready()
