from django.db import migrations


def drop_misleading_redirects(apps, schema_editor):
    """Delete redirects that lead to their own address, and those at the address of an item."""
    Redirect = apps.get_model("wagtailredirects", "Redirect")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Disposition = apps.get_model("moderation", "Disposition")
    roots = list(Site.objects.values_list("root_page__url_path", flat=True))
    items = set(Disposition.objects.exclude(page=None).values_list("page_id", flat=True))
    misleading = []
    for redirect in Redirect.objects.all():
        below = redirect.old_path.strip("/") + "/"
        at = Page.objects.filter(url_path__in=[root + below for root in roots]).values_list("pk", flat=True).first()
        if at is not None and (at in items or at == redirect.redirect_page_id):
            misleading.append(redirect.pk)
    Redirect.objects.filter(pk__in=misleading).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_public_site"),
        ("moderation", "0004_lists_of_items"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(drop_misleading_redirects, migrations.RunPython.noop)]
