import re

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, Prefetch
from django.template.loader import render_to_string
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction
from wagtail.rich_text import RichText
from wagtail.search import index

from moderation.chain import corrections
from moderation.desk.comment_panel import KeptCommentPanel
from moderation.models import ModeratedPage
from moderation.sop import choices
from news.cards.link_preview import get_share_card
from news.editor.forms import NewsPageForm
from news.editor.panels import CategorySelect, CorrectionPanel, GalleryLinkPanel, PostPreviewPanel, PostsPanel
from news.images import pictures
from news.lists.related import get_share_links, list_related
from news.proof.corrections import list_corrections
from news.proof.verification import get_verification

from ..blocks import ALT_HELP, CREDIT_HELP, ChannelTexts, TextBody
from . import copying
from .channel_posts import ChannelPosts
from .kinds import TELLING, Kind, KindPanel, OfKind
from .restrictions import get_restrictions
from .urgent import UrgentInformation
from .words import SealedWords

LEAD_LENGTH = 280

#: Slugs reserved for lists below the index; years are too.
RESERVED_SLUG = re.compile(r"\d{4}|tag|kategori|desa|halaman|lampau")


class NewsQuerySet(PageQuerySet):
    def latest_first(self):
        """Order by newest publication, then by key, so that pages of a list never overlap."""
        return self.order_by("-first_published_at", "-pk")

    def for_cards(self, *shapes):
        """Fetch what a list shows of items, with pictures in these shapes, in a constant number of queries."""
        renditions = pictures.get_renditions_of(*(shapes or ("card", "lead")))
        stored = Prefetch("main_image__renditions", queryset=renditions, to_attr="prefetched_renditions")
        return self.for_pictures().prefetch_related(stored)

    def for_pictures(self):
        """Fetch what a list shows of items without picture files, which the caller fetches for many lists."""
        return self.select_related("category", "main_image").defer_streamfields()

    def for_rows(self):
        """Fetch what a list without pictures shows of items."""
        return self.select_related("category").defer_streamfields()

    def for_reading(self):
        """Fetch what an article shows, without its proof, and whether the site has any view restriction."""
        pages = self.annotate(may_be_private=Exists(PageViewRestriction.objects.all()))
        return pages.select_related("category", "main_image", "village")


class NewsPageTag(TaggedItemBase):
    """A topic of one news item."""

    content_object = ParentalKey("news.NewsPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = "topik berita"
        verbose_name_plural = "topik berita"


class NewsPage(ChannelPosts, OfKind, UrgentInformation, SealedWords, ModeratedPage, Page):
    """A news item of any kind: created from a disposition, published only through the SOP."""

    lead = models.CharField(
        "ringkasan",
        max_length=LEAD_LENGTH,
        help_text=f"Inti berita dalam satu atau dua kalimat, paling banyak {LEAD_LENGTH} karakter. Tampil dalam daftar "
        "berita, dan menjadi teks unggahan media sosial bila teks kanal tidak diisi.",
    )
    body = StreamField(TextBody(), verbose_name="isi berita")
    activity_date = models.DateField(
        "tanggal kegiatan", null=True, blank=True, help_text="Hari kegiatan dilaksanakan, misalnya 03-08-2026."
    )
    activity_place = models.CharField(
        "tempat kegiatan",
        max_length=200,
        blank=True,
        help_text="Misalnya: balai desa, aula kecamatan.",
    )
    village = models.ForeignKey(
        "news.Village",
        verbose_name="desa",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="news_pages",
        help_text="Kosongkan bila menyangkut seluruh kecamatan.",
    )
    category = models.ForeignKey(
        "news.NewsCategory",
        verbose_name="kategori",
        null=True,
        on_delete=models.PROTECT,
        related_name="news_pages",
    )
    tags = ClusterTaggableManager(
        "topik", through=NewsPageTag, blank=True, help_text="Kata kunci, dipisahkan dengan koma. Opsional."
    )
    classification = models.CharField(
        "usulan klasifikasi informasi",
        max_length=20,
        choices=choices.list_classifications,
        default="berkala",
        help_text="Usulan penyusun. Klasifikasi ditetapkan oleh Bidang pada saat verifikasi. Informasi serta merta "
        "masuk jalur cepat; informasi yang dikecualikan tidak akan ditayangkan.",
    )
    main_image = models.ForeignKey(
        "news.Photo",
        verbose_name="foto utama",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    main_image_alt = models.CharField("teks alternatif", max_length=250, blank=True, help_text=ALT_HELP)
    main_image_caption = models.CharField("keterangan foto", max_length=300, blank=True)
    main_image_credit = models.CharField("kredit foto", max_length=150, blank=True, help_text=CREDIT_HELP)
    channel_texts = StreamField(
        ChannelTexts(),
        verbose_name="teks kanal media sosial",
        blank=True,
        help_text="Opsional. Kanal tanpa teks sendiri memakai ringkasan, topik, dan foto utama. Tautan ke berita "
        "ditambahkan otomatis.",
    )

    text_labels = {
        "main_image_alt": "Teks alternatif foto utama",
        "main_image_caption": "Keterangan foto utama",
        "main_image_credit": "Kredit foto utama",
    }

    sealed_defaults = {"kind": Kind.NEWS.value}

    # Wagtail sets this on every page class, so the mixin's value is not inherited.
    is_creatable = False
    base_form_class = NewsPageForm
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "news/news_page.html"

    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("activity_place"),
        index.FilterField("category_id"),
        index.FilterField("kind"),
        index.FilterField("village_id"),
        index.FilterField("activity_date"),
    ]

    content_panels = [
        CorrectionPanel(),
        PostsPanel(),
        *Page.content_panels,
        FieldPanel("lead", widget=AdminAutoHeightTextInput),
        KindPanel([FieldPanel("activity_date")], heading="Kegiatan", kinds=TELLING),
        *OfKind.make_kind_panels(),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("activity_place"), FieldPanel("village", widget=forms.Select)])],
            heading="Tempat",
        ),
        FieldPanel("body"),
        GalleryLinkPanel(),
        MultiFieldPanel(
            [
                FieldPanel("main_image"),
                FieldPanel("main_image_alt"),
                FieldRowPanel([FieldPanel("main_image_caption"), FieldPanel("main_image_credit")]),
            ],
            heading="Foto utama",
            help_text="Bila foto dipilih, teks alternatif dan kredit wajib diisi.",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("category", widget=CategorySelect), FieldPanel("classification")]),
                FieldPanel("tags"),
            ],
            heading="Kategori dan klasifikasi",
        ),
        UrgentInformation.make_urgent_panel(),
        FieldPanel("channel_texts"),
        PostPreviewPanel(),
        KeptCommentPanel(),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading="Alamat dan mesin pencari",
        )
    ]
    # No schedule fields, because the publication order sets the time. The comment panel is above.
    settings_panels: list[Panel] = []

    #: Set by the editor's form, which checks the gaps itself: drafts may have them until the hand-over.
    is_in_editor = False

    objects = PageManager.from_queryset(NewsQuerySet)()

    class Meta:
        verbose_name = "berita"
        verbose_name_plural = "berita"

    @classmethod
    def create_for_disposition(cls, disposition, user):
        """Add a draft for the disposition to the list of its kind, from row 1 and the item that it is based on."""
        lists = apps.get_model("news", "NewsIndexPage")
        index_page = lists.objects.live().filter(kind=disposition.kind).first()
        if index_page is None:
            name = disposition.get_kind_display().lower()
            raise lists.DoesNotExist(f"Halaman daftar {name} belum ada. Hubungi pengelola situs.")
        copied = disposition.get_text_to_copy()
        draft = cls(
            title=disposition.subject,
            kind=disposition.kind,
            activity_date=disposition.activity_date if disposition.kind in TELLING else None,
            activity_place=disposition.activity_place,
            owner=user,
            live=False,
            has_unpublished_changes=True,
            **(copying.copy_content(copied) if copied is not None else {}),
        )
        if copied is not None:
            draft.tags.set(copied.tags.all())
        page = index_page.add_child(instance=draft)
        page.save_revision(user=user, clean=False)
        return page

    def begin_with(self, pictures, documents):
        """Begin with a paragraph to write, the first picture on top, the others below, documents last.

        What was copied from an older item stays, and the material follows it.
        """
        if not self.body:
            self.body.append(("paragraph", RichText("")))
        if pictures and self.main_image is None:
            self.main_image, self.main_image_credit = pictures[0], pictures[0].credit
            pictures = pictures[1:]
        shown = [{"photo": picture, "credit": picture.credit, "alt": "", "caption": ""} for picture in pictures]
        gallery = [("gallery", {"pictures": shown})] if len(shown) > 1 else [("image", one) for one in shown]
        files = [("document", {"document": document, "title": ""}) for document in documents]
        for block in (*gallery, *files):
            self.body.append(block)

    def clean(self):
        super().clean()
        problems = {}
        if RESERVED_SLUG.fullmatch(self.slug or ""):
            problems["slug"] = "Alamat ini dipakai oleh daftar berita. Gunakan alamat lain."
        problems |= self.find_kind_faults() | corrections.find_faults(self)
        if not self.is_in_editor:
            problems |= self.find_gaps()
        if problems:
            raise ValidationError(problems)

    def find_gaps(self):
        """Return messages for what a hand-over requires across fields, by field."""
        gaps = {}
        if not self.body:
            gaps["body"] = "Isi berita belum ada. Tulis sekurang-kurangnya satu paragraf."
        if self.main_image_id and not self.main_image_alt:
            gaps["main_image_alt"] = "Foto utama memerlukan teks alternatif. Jelaskan apa yang tampak."
        if self.main_image_id and not self.main_image_credit:
            gaps["main_image_credit"] = "Foto utama memerlukan kredit. Isi nama pemotret atau pemilik gambar."
        return gaps | self.find_kind_gaps() | self.find_urgent_gaps(self.classification) | corrections.find_gaps(self)

    def get_view_restrictions(self):
        """Return the view restrictions in one query; news is never an alias (the guard refuses it).

        No query if the article's own query found that the site has no restriction.
        """
        if not getattr(self, "may_be_private", True):
            return PageViewRestriction.objects.none()
        return get_restrictions(self)

    def get_quotes(self):
        return [(block.value["text"], block.value["source"]) for block in self.body if block.block_type == "quote"]

    def add_gallery(self, title, pictures):
        self.body.append(("gallery", {"title": title, "pictures": pictures}))

    def get_proposed_classification(self):
        return self.classification

    def get_meta_description(self):
        """Return the description for search engines and link cards."""
        return self.search_description or self.lead

    def get_share_card(self):
        """Return the link card of the item."""
        return get_share_card(self)

    def render_parts(self, request) -> dict:
        """Return what an article shows beside its own fields, made once for this instance."""
        if not hasattr(self, "_parts"):
            index_page = self.get_parent().specific
            photos = [self.main_image, *pictures.list_photos(self.body)]
            related = list_related(request, self, index_page, photos)
            pictures.prefetch_text(photos)
            self._parts = {
                "index_page": index_page,
                "related": related,
                "body_html": render_to_string("components/item/body.html", {"page": self, "request": request}),
                "topics": list(self.tags.all()),
            }
        return self._parts

    def get_context(self, request, *args, **kwargs):
        parts, address = self.render_parts(request), self.get_full_url(request)
        shown = {
            "page_address": address,
            "share_links": get_share_links(self.title, address or ""),
            "card": self.get_share_card(),
            "verification": get_verification(self),
            "corrections": list_corrections(self, request),
        }
        return super().get_context(request, *args, **kwargs) | parts | shown
