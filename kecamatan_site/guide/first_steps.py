"""Langkah pertama: what a new office has to do until its first item is live, each step with its state today."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, Q, Subquery
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Site
from wagtail.users.models import UserProfile

from home.models import OfficeSettings, VillagePage
from moderation import sop
from moderation.models import Disposition, PublicationPermit
from news.models import NewsCategory
from news.social.models import Account

#: Key of the ticks in ``UserProfile.dismissibles``; one person's tick of a step is everybody's.
_TICK = "langkah-pertama-{}"
#: Not a step: whether this person wants the panel folded.
FOLD = "terlipat"
#: Steps that are done when a person says so.
TICKED = ("halaman", "kanal")
_CONTACTS = {"address": "alamat kantor", "phone": "telepon", "email": "surel", "hours": "jam layanan"}


@dataclass(frozen=True)
class FirstStep:
    """A step: its state, what is still open in words, and where it is done (address, label)."""

    code: str
    title: str
    is_done: bool
    told: str
    links: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...] = field(default=())


def read_ticks(user_id: int) -> set[str]:
    """Return the steps that somebody ticked, and ``FOLD`` where this person folded the panel; one query."""
    keys = {_TICK.format(code): code for code in TICKED}
    found = set()
    profiles = UserProfile.objects.filter(Q(user=user_id) | Q(dismissibles__has_any_keys=list(keys)))
    for owner_id, kept in profiles.values_list("user", "dismissibles"):
        found |= {code for key, code in keys.items() if kept.get(key)}
        if owner_id == user_id and kept.get(_TICK.format(FOLD)):
            found.add(FOLD)
    return found


def find_steps(ticks: set[str]) -> list[FirstStep]:
    """Return the steps in their order; three queries, however much there is."""
    office = _read_office()
    return [
        _look_at_office(office),
        _look_at_people(),
        _look_at_categories(office.has_categories),
        _look_at_pages(office.site.root_page_id, "halaman" in ticks),
        _look_at_channels(office.has_channels, "kanal" in ticks),
        _look_at_first_item(office),
    ]


def _read_office() -> OfficeSettings:
    """Read the office's settings, created where they are not there, with what else is there."""
    first = Disposition.objects.open().order_by("pk")
    offices = OfficeSettings.objects.select_related("site").annotate(
        first_pk=Subquery(first.values("pk")[:1]),
        first_subject=Subquery(first.values("subject")[:1]),
        first_state=Subquery(first.values("state")[:1]),
        has_categories=Exists(NewsCategory.objects.all()),
        has_channels=Exists(Account.objects.kept().offered()),
        has_published=Exists(PublicationPermit.objects.exclude(executed_at=None)),
    )
    office = offices.filter(site__is_default_site=True).first()
    if office is None:
        OfficeSettings.for_site(Site.objects.get(is_default_site=True))
        return offices.get(site__is_default_site=True)
    return office


def _look_at_office(office) -> FirstStep:
    empty = [label for name, label in _CONTACTS.items() if not getattr(office, name)]
    return FirstStep(
        "kantor",
        "Data kantor",
        not empty,
        f"Masih kosong, sehingga tidak tampil bagi warga: {', '.join(empty)}." if empty else "Lengkap.",
        ((reverse("wagtailsettings:edit", args=["home", "officesettings", office.site_id]), "Isi data kantor"),),
    )


def _look_at_people() -> FirstStep:
    names = [str(role) for role in sop.Role]
    users = get_user_model().objects.filter(is_active=True, groups__name__in=names)
    holders: dict[str, set[int]] = {name: set() for name in names}
    for name, key in users.values_list("groups__name", "pk"):
        holders[name].add(key)
    vacant = [role for role in sop.DUTIES if role in holders and not holders[role]]
    writers = holders[sop.Role.STAF] | holders[sop.Role.SEKRETARIS]
    is_apart = bool(holders[sop.Role.BIDANG] - writers)
    told = "Setiap peran ada pemegangnya."
    if vacant:
        told = "Peran berikut belum ada pemegangnya. Satu orang boleh memegang beberapa peran."
    elif not is_apart:
        told = "Bidang memerlukan seorang yang bukan Staf atau Sekretaris: naskah sendiri tidak boleh diverifikasi."
    return FirstStep(
        "petugas",
        "Petugas menurut peran",
        not vacant and is_apart,
        told,
        (
            (reverse("moderation:accounts_invite"), "Undang petugas"),
            (reverse("wagtailusers_users:index"), "Pengguna"),
        ),
        tuple((str(role), sop.DUTIES[role]) for role in vacant),
    )


def _look_at_categories(is_done: bool) -> FirstStep:
    return FirstStep(
        "kategori",
        "Kategori berita",
        is_done,
        "Ada." if is_done else "Tanpa kategori, berita tidak dapat diserahkan.",
        ((reverse("wagtailsnippets_news_newscategory:list"), "Buka kategori"),),
    )


def _look_at_pages(root_id: int, is_ticked: bool) -> FirstStep:
    gaps = count_gaps()
    told = "Baca dan sesuaikan profil, layanan, desa, PPID, dan kebijakan privasi dari situs awal."
    if gaps:
        told += f" {gaps} isian layanan dan desa masih kosong; warga tidak melihat barisnya."
    links = ((reverse("wagtailadmin_explore", args=[root_id]), "Buka halaman"),)
    return FirstStep("halaman", "Halaman rujukan", is_ticked, told, links)


def _look_at_channels(is_there: bool, is_ticked: bool) -> FirstStep:
    told = "Terhubung." if is_there else "Hubungkan akun resmi kantor, bila materi juga ditayangkan di media sosial."
    return FirstStep(
        "kanal",
        "Kanal media sosial",
        is_there or is_ticked,
        told,
        ((reverse("kanal:index"), "Buka kanal"),),
    )


def _look_at_first_item(office) -> FirstStep:
    is_done, is_under_way = office.has_published, office.first_pk is not None
    told = "Sudah ada yang tayang."
    if is_under_way and not is_done:
        told = f"“{office.first_subject}” sampai di: {sop.get_state(office.first_state).label}."
    elif not is_done:
        told = "PPID Pembantu membuat disposisi, atau Staf mengajukan usulan; materi lalu melewati kedelapan baris SOP."
    address = reverse("moderation:worksheet", args=[office.first_pk]) if is_under_way else reverse("moderation:queue")
    links = ((address, "Buka lembar kerja" if is_under_way else "Buka antrean"),)
    return FirstStep("materi", "Materi pertama sampai tayang", is_done, told, links)


def count_gaps() -> int:
    """Return how many rows of services and villages are empty, and so not shown to citizens; one query."""
    names = ["servicepage__duration", "servicepage__cost", *(f"villagepage__{name}" for name in VillagePage.FACTS)]
    counts = {name: Count("pk", filter=Q(**{name: ""})) for name in names}
    return sum(Page.objects.live().aggregate(**counts).values())


def remember(user, code: str, is_on: bool) -> None:
    """Keep a tick, or the fold, with the person; KeyError for a step that is not ticked."""
    if code not in {*TICKED, FOLD}:
        raise KeyError(code)
    profile = UserProfile.get_for_user(user)
    profile.dismissibles[_TICK.format(code)] = is_on
    profile.save(update_fields=["dismissibles"])


class FirstStepsPanel(Component):
    """The steps that are done and open, above the rest of the administrator's home."""

    name = "langkah_pertama"
    template_name = "kecamatan_site/guide/first_steps.html"
    order = 50

    def __init__(self, request, steps: list[FirstStep], is_folded: bool):
        self.request, self.steps, self.is_folded = request, steps, is_folded

    def get_context_data(self, parent_context):
        return {
            "request": self.request,
            "steps": self.steps,
            "ticked": TICKED,
            "done": sum(step.is_done for step in self.steps),
            "is_folded": self.is_folded,
        }


def find_panel(request) -> FirstStepsPanel | None:
    """Return the panel for an administrator while a step is open, None otherwise."""
    if not request.user.is_superuser:
        return None
    ticks = read_ticks(request.user.pk)
    steps = find_steps(ticks)
    return None if all(step.is_done for step in steps) else FirstStepsPanel(request, steps, FOLD in ticks)
