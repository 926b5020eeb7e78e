from functools import partial

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Site

from moderation.ports.office import get_fact
from news.memo import cached_until_change
from news.public.front import HIGHLIGHT_AGE

from ..blocks import AlertBlock, FooterColumnBlock, MenuEntryBlock

SP4N_LAPOR = "https://www.lapor.go.id/"
HIGHLIGHTS_HELP = (
    f"Paling banyak tiga. Tampil paling atas pada beranda selama {HIGHLIGHT_AGE.days} hari sejak tayang, "
    "kemudian menurut urutan waktunya."
)


class SocialAccountBlock(blocks.StructBlock):
    """An official account that citizens can follow."""

    label = blocks.CharBlock(label="Nama", max_length=60, help_text="Misalnya: Instagram.")
    address = blocks.URLBlock(label="Alamat", max_length=200)

    class Meta:
        label = "Akun"
        icon = "link"


class Offers(models.Model):
    """Abstract settings of menus, footer, banners and highlights."""

    menu = StreamField(
        [("entry", MenuEntryBlock())],
        verbose_name="menu utama",
        blank=True,
        max_num=8,
        help_text="Paling banyak delapan menu. Selama kosong, menu memuat halaman yang bertanda “tampilkan di menu”.",
    )
    footer = StreamField(
        [("column", FooterColumnBlock())],
        verbose_name="kolom kaki halaman",
        blank=True,
        max_num=4,
        help_text="Paling banyak empat kolom tautan pada kaki setiap halaman.",
    )
    alerts = StreamField(
        [("alert", AlertBlock())],
        verbose_name="pita pemberitahuan",
        blank=True,
        max_num=3,
        help_text="Tampil di atas setiap halaman dalam masa tampilnya; warga dapat menutupnya. Isinya selalu judul "
        "materi yang sudah diverifikasi dan tayang.",
    )
    highlights = StreamField(
        [("news", blocks.PageChooserBlock(page_type="news.NewsPage", label="Berita", icon="pick"))],
        verbose_name="berita sorotan",
        blank=True,
        max_num=3,
        help_text="Tampil paling atas pada beranda, sebelum berita terbaru. Paling banyak tiga.",
    )
    popular_services = StreamField(
        [("service", blocks.PageChooserBlock(page_type="home.ServicePage", label="Layanan", icon="pick"))],
        verbose_name="layanan yang sering dicari",
        blank=True,
        max_num=8,
        help_text="Tampil pada beranda. Selama kosong, beranda memuat layanan pertama dari daftar layanan.",
    )

    class Meta:
        abstract = True


@register_setting(icon="home", order=900)
class OfficeSettings(Offers, BaseSiteSetting):
    """The office's data, menus and banners (Pengaturan, Data kantor); citizens see nothing of an empty field."""

    office_name = models.CharField("nama kantor", max_length=120, default=partial(get_fact, "name"))
    parent_body = models.CharField(
        "pemerintah daerah", max_length=120, default=partial(get_fact, "government"), blank=True
    )
    logo = models.ForeignKey(
        "news.Photo",
        verbose_name="logo kantor",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Tampil pada kartu untuk dibagikan. Bila kosong, dipakai tanda situs ini.",
    )
    head = models.CharField(
        "camat",
        max_length=120,
        blank=True,
        help_text="Nama beserta gelar pejabat yang menjabat, misalnya: Drs. Nama Pejabat, M.Si. Opsional.",
    )
    address = models.TextField("alamat kantor", blank=True, default=partial(get_fact, "address"))
    map_link = models.URLField(
        "tautan peta", blank=True, help_text="Alamat peta kantor. Peta dibuka di situs lain, tidak dimuat di sini."
    )
    phone = models.CharField("telepon", max_length=40, blank=True, default=partial(get_fact, "phone"))
    email = models.EmailField("surel", blank=True, default=partial(get_fact, "email"))
    hours = models.TextField(
        "jam layanan",
        blank=True,
        default=partial(get_fact, "hours"),
        help_text="Satu baris untuk setiap rentang hari, misalnya: Senin–Kamis pukul 08.00–15.30 WIB.",
    )
    complaint_link = models.URLField(
        "tautan SP4N-LAPOR!",
        blank=True,
        default=SP4N_LAPOR,
        help_text="Aplikasi umum pengaduan pelayanan publik. Kosongkan untuk menyembunyikan tautannya.",
    )
    social_accounts = StreamField(
        [("account", SocialAccountBlock())], verbose_name="akun media sosial resmi", blank=True
    )
    is_demo = models.BooleanField(
        "situs contoh",
        default=False,
        help_text='Menampilkan pita "Situs contoh. Seluruh berita adalah data rekaan." pada setiap halaman.',
    )

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("office_name"), FieldPanel("parent_body")]),
                    FieldPanel("logo"),
                    FieldPanel("head"),
                    MultiFieldPanel(
                        [
                            FieldPanel("address"),
                            FieldPanel("map_link"),
                            FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                            FieldPanel("hours"),
                        ],
                        heading="Kontak dan jam layanan",
                        help_text="Yang kosong tidak tampil kepada warga. Jam layanan yang ditulis seperti contohnya "
                        "(hari, lalu jam) dibaca beranda untuk menyebut apakah kantor sedang buka.",
                    ),
                    FieldPanel("complaint_link"),
                    FieldPanel("social_accounts"),
                    FieldPanel("is_demo"),
                ],
                heading="Kantor",
            ),
            ObjectList(
                [FieldPanel("highlights", help_text=HIGHLIGHTS_HELP), FieldPanel("popular_services")], heading="Beranda"
            ),
            ObjectList([FieldPanel("alerts")], heading="Pita pemberitahuan"),
            ObjectList([FieldPanel("menu"), FieldPanel("footer")], heading="Menu"),
        ]
    )

    class Meta:
        verbose_name = "data kantor"

    def __str__(self):
        return self.office_name

    @classmethod
    def cached_for_request(cls, request):
        """Return the settings of the request's site, cached while no public page changes."""
        site = Site.find_for_request(request)
        return cached_until_change(("office", site.pk), lambda: cls.for_request(request)) if site else cls()
