from .base import ReferencePage


class StandardPage(ReferencePage):
    """A plain page, such as a profile or a privacy policy."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "home.SopPage", "home.DownloadsPage", "home.FaqPage", "home.ContactPage"]
    template = "home/pages/standard_page.html"

    class Meta:
        verbose_name = "halaman"
        verbose_name_plural = "halaman"
