"""Update the index in the transaction that changes a page.

Pages that are not live, restricted or outside the site have no entry. ``rebuild`` creates all entries anew.
"""

from django.db import connections, transaction
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.search import index

from news.models import NewsPage

from .models import Entry, Term, make_key
from .words import FORM, clean, split, stem_text

#: Shorter words are too similar to each other for spelling suggestions.
SHORTEST_TERM = 4
#: Pages read and written at a time.
BATCH = 500
_IGNORED = ("title", "slug")


def update(page) -> None:
    """Write the page's entry; remove it where the page is not public."""
    page = page.specific
    if not _is_public(page):
        remove(page)
        return
    entry = make_entry(page)
    # The key depends on the date of first publication: remove an entry under another key.
    Entry.objects.filter(page_id=page.pk).exclude(pk=entry.pk).delete()
    Entry.objects.bulk_create(
        [entry],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["text", "title_stems", "text_stems", "facets", "form"],
    )
    learn_words([entry], [page])


def remove(page) -> None:
    """Remove the page's entry."""
    Entry.objects.filter(page_id=page.pk).delete()


def update_branch(page) -> None:
    """Update a page and its descendants, after a change of live, path or restrictions."""
    for found in Page.objects.descendant_of(page, inclusive=True).specific().iterator(chunk_size=BATCH):
        update(found)


def rebuild() -> int:
    """Create all entries anew in one transaction; return their number."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    with transaction.atomic():
        Entry.objects.all().delete()
        Term.objects.all().delete()
        if site is None:
            return 0
        pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public().order_by("pk")
        last, count = 0, 0
        while batch := list(pages.filter(pk__gt=last).specific()[:BATCH]):
            entries = [make_entry(page) for page in batch]
            Entry.objects.bulk_create(entries)
            learn_words(entries, batch)
            last, count = batch[-1].pk, count + len(batch)
    return count


def make_entry(page) -> Entry:
    """Return the entry of a public page, unsaved."""
    text = get_text(page)
    is_reference = not isinstance(page, NewsPage)
    return Entry(
        id=make_key(page, is_reference=is_reference, is_service=is_service(page)),
        page_id=page.pk,
        text=text,
        title_stems=stem_text(page.title),
        text_stems=stem_text(text),
        facets=" ".join(get_facets(page)),
        form=FORM,
    )


def get_text(page) -> str:
    """Return the plain text that a citizen reads on the page, without its title."""
    return " ".join(list_texts(page))


def list_texts(page) -> list[str]:
    """Yield the texts of the page's search fields."""
    parts: list = []
    for field in page.get_search_fields():
        if isinstance(field, index.SearchField) and field.field_name not in _IGNORED:
            value = field.get_value(page)
            parts += value if isinstance(value, (list, tuple)) else [value]
    if hasattr(page, "get_fact_texts"):
        parts += page.get_fact_texts()
    if isinstance(page, NewsPage):
        parts += [page.shown_category, page.shown_village]
        parts += [tag.name for tag in page.tags.all()]
        parts += [page.main_image_caption, page.main_image_alt]
    return [" ".join(strip_tags(clean(str(part))).split()) for part in parts if part]


def get_facets(page) -> list[str]:
    """Return the page's facets, as words that cannot be typed."""
    if not isinstance(page, NewsPage):
        return ["_halaman"]
    facets = [f"_{page.kind}"]
    if page.category_id:
        facets.append(f"_kategori{page.category_id}")
    if page.first_published_at:
        facets.append(f"_tahun{timezone.localtime(page.first_published_at).year}")
    return facets


def is_service(page) -> bool:
    """Return whether the page tells of a service, or where and when the office is open."""
    from home.models import ContactPage, ServiceIndexPage, ServicePage

    return isinstance(page, (ContactPage, ServiceIndexPage, ServicePage))


def _is_public(page) -> bool:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    inside = site is not None and page.path.startswith(site.root_page.path)
    return inside and page.live and not page.get_view_restrictions().exclude(restriction_type="none").exists()


def learn_words(entries, pages) -> None:
    """Add new words to the vocabulary of spelling suggestions."""
    texts = [text for entry, page in zip(entries, pages, strict=True) for text in (page.title, entry.text)]
    met = {word.plain for text in texts for word in split(text)}
    terms = [Term(word) for word in sorted(met) if len(word) >= SHORTEST_TERM and not word.isdigit()]
    Term.objects.bulk_create(terms, ignore_conflicts=True)


def on_page_changed(sender, instance, **kwargs) -> None:
    update(instance)


def on_page_added(sender, instance, created, raw=False, **kwargs) -> None:
    """Index a page that is created live: Wagtail sends no ``page_published`` for it."""
    if isinstance(instance, Page) and created and not raw and instance.live:
        update(instance)


def on_page_deleted(sender, instance, **kwargs) -> None:
    if isinstance(instance, Page):
        remove(instance)


def on_branch_moved(sender, instance, **kwargs) -> None:
    update_branch(instance)


def on_restriction_changed(sender, instance, **kwargs) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        update_branch(page)


def on_office_changed(sender, instance, **kwargs) -> None:
    """Update the contact page, which shows the office's settings."""
    from home.models import ContactPage

    for page in ContactPage.objects.live():
        update(page)


def fill_when_stale(using="default", **kwargs) -> None:
    """Build the index where it is empty or of another version's stems, unless the app was migrated to before them."""
    with connections[using].cursor() as cursor:
        columns = connections[using].introspection.get_table_description(cursor, Entry._meta.db_table)
    if "form" not in {column.name for column in columns}:
        return
    if not Entry.objects.exists() or Entry.objects.exclude(form=FORM).exists():
        rebuild()


def connect() -> None:
    """Connect the signals of everything that makes a page public or not."""
    from django.db.models.signals import post_delete, post_save
    from wagtail.signals import page_published, page_unpublished, post_page_move

    page_published.connect(on_page_changed, dispatch_uid="site_search_published")
    page_unpublished.connect(on_page_changed, dispatch_uid="site_search_unpublished")
    post_page_move.connect(on_branch_moved, dispatch_uid="site_search_moved")
    post_save.connect(on_page_added, dispatch_uid="site_search_added")
    post_delete.connect(on_page_deleted, dispatch_uid="site_search_deleted")
    post_save.connect(on_office_changed, sender="home.OfficeSettings", dispatch_uid="site_search_office")
    for signal in (post_save, post_delete):
        signal.connect(on_restriction_changed, sender=PageViewRestriction, dispatch_uid=f"site_search_{id(signal)}")
