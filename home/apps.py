from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The site's front page, its plain pages and what the office says about itself."""

    name = "home"
    verbose_name = "Situs"
