from django.db import migrations

FRONT_PAGE = {"title": "Beranda", "slug": "beranda"}
NEWS_INDEX = {"title": "Berita", "slug": "berita", "show_in_menus": True}


def make_tree(apps, schema_editor):
    """Put the front page, the list of the news and the site in place of Wagtail's welcome page."""
    Page = apps.get_model("wagtailcore.Page")
    Site = apps.get_model("wagtailcore.Site")
    OfficeSettings = apps.get_model("home.OfficeSettings")

    root = Page.objects.get(depth=1)
    welcome = Page.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", slug="home", depth=2
    )
    Site.objects.filter(root_page__in=welcome).delete()
    welcome.delete()

    home = add_page(apps, "home.HomePage", root, FRONT_PAGE)
    add_page(apps, "news.NewsIndexPage", home, NEWS_INDEX)
    site = Site.objects.create(
        hostname="localhost", site_name="Kecamatan Mojogedang", root_page_id=home.pk, is_default_site=True
    )
    OfficeSettings.objects.create(site=site)


def add_page(apps, label, parent, values):
    """Add a first child; models of a migration have none of treebeard's methods."""
    model = apps.get_model(label)
    ContentType = apps.get_model("contenttypes.ContentType")
    content_type, _created = ContentType.objects.get_or_create(
        app_label=model._meta.app_label, model=model._meta.model_name
    )
    page = model.objects.create(
        path=parent.path + "0001",
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{values['slug']}/",
        draft_title=values["title"],
        content_type=content_type,
        locale_id=parent.locale_id,
        live=True,
        **values,
    )
    apps.get_model("wagtailcore.Page").objects.filter(pk=parent.pk).update(numchild=1)
    return page


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("news", "0001_initial")]
    operations = [migrations.RunPython(make_tree, migrations.RunPython.noop)]
