"""Langkah pertama: what a new office has to do until its first item is live, each step with its state today."""

from dataclasses import dataclass, field
from functools import cache

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Exists, F, Q, Subquery
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.users.models import UserProfile

from home.models import OfficeSettings, ServicePage, VillagePage
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
#: Name of the fact whether somebody holds a role.
_HELD = "is_held_{}"
_WRITERS = (sop.Role.STAF, sop.Role.SEKRETARIS)
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
    """Return the steps in their order; one query, however much there is."""
    facts = _read_facts()
    return [
        _look_at_office(facts),
        _look_at_people(facts),
        _look_at_categories(facts["has_categories"]),
        _look_at_pages(facts, "halaman" in ticks),
        _look_at_channels(facts["has_channels"], "kanal" in ticks),
        _look_at_first_item(facts),
    ]


def _read_facts() -> dict:
    """Read by name what the steps look at; the office's settings are created where they are not there."""
    statement, parameters = _compile()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
        if row is None:
            OfficeSettings.for_site(Site.objects.get(is_default_site=True))
            cursor.execute(statement, parameters)
            row = cursor.fetchone()
        return dict(zip((column[0] for column in cursor.description), row, strict=True))


@cache
def _compile() -> tuple[str, tuple]:
    """Return the statement of ``_read_facts``: to build it takes ten times as long as to run it."""
    first = Disposition.objects.open().order_by("pk")
    offices = OfficeSettings.objects.filter(site__is_default_site=True).annotate(
        root_id=F("site__root_page"),
        first_pk=Subquery(first.values("pk")[:1]),
        first_subject=Subquery(first.values("subject")[:1]),
        first_state=Subquery(first.values("state")[:1]),
        has_categories=Exists(NewsCategory.objects.all()),
        has_channels=Exists(Account.objects.kept().offered()),
        has_published=Exists(PublicationPermit.objects.exclude(executed_at=None)),
        has_verifier_apart=Exists(_find_holders(sop.Role.BIDANG).exclude(pk__in=_find_holders(*_WRITERS).values("pk"))),
        service_gaps=_sum_gaps(ServicePage, ("duration", "cost")),
        village_gaps=_sum_gaps(VillagePage, VillagePage.FACTS),
        **{_HELD.format(role.name): Exists(_find_holders(role)) for role in sop.Role},
    )
    names = ("site_id", *_CONTACTS, *offices.query.annotations)
    return offices.values(*names).query.sql_with_params()


def _find_holders(*roles):
    """Return the active users who hold one of these roles in person."""
    return get_user_model().objects.filter(is_active=True, groups__name__in=[str(role) for role in roles]).order_by()


def _sum_gaps(model, names) -> Subquery:
    """Return how many of these fields are empty on the live pages of a class, None where there is no page."""
    empty = sum(Count("pk", filter=Q(**{name: ""})) for name in names)
    pages = model.objects.live().order_by().values("live").annotate(gaps=empty)
    return Subquery(pages.values("gaps"))


def _look_at_office(facts) -> FirstStep:
    empty = [label for name, label in _CONTACTS.items() if not facts[name]]
    return FirstStep(
        "kantor",
        "Data kantor",
        not empty,
        f"Masih kosong, sehingga tidak tampil bagi warga: {', '.join(empty)}." if empty else "Lengkap.",
        ((reverse("wagtailsettings:edit", args=["home", "officesettings", facts["site_id"]]), "Isi data kantor"),),
    )


def _look_at_people(facts) -> FirstStep:
    vacant = [role for role in sop.Role if not facts[_HELD.format(role.name)]]
    is_apart = facts["has_verifier_apart"]
    told = "Setiap peran ada pemegangnya."
    if vacant:
        told = "Peran berikut belum ada pemegangnya. Satu orang boleh memegang beberapa peran."
    elif not is_apart:
        told = "Bidang memerlukan seorang yang bukan Staf atau Sekretaris: naskah sendiri tidak boleh diverifikasi."
    return FirstStep(
        "petugas",
        "Petugas menurut peran",
        not vacant and bool(is_apart),
        told,
        (
            (reverse("moderation:accounts_invite"), "Undang petugas"),
            (reverse("wagtailusers_users:index"), "Pengguna"),
        ),
        tuple((str(role), duty) for role, duty in sop.DUTIES.items() if role in vacant),
    )


def _look_at_categories(is_done: bool) -> FirstStep:
    return FirstStep(
        "kategori",
        "Kategori berita",
        bool(is_done),
        "Ada." if is_done else "Tanpa kategori, berita tidak dapat diserahkan.",
        ((reverse("wagtailsnippets_news_newscategory:list"), "Buka kategori"),),
    )


def _look_at_pages(facts, is_ticked: bool) -> FirstStep:
    gaps = (facts["service_gaps"] or 0) + (facts["village_gaps"] or 0)
    told = "Baca dan sesuaikan profil, layanan, desa, PPID, dan kebijakan privasi dari situs awal."
    if gaps:
        told += f" {gaps} isian layanan dan desa masih kosong; warga tidak melihat barisnya."
    links = ((reverse("wagtailadmin_explore", args=[facts["root_id"]]), "Buka halaman"),)
    return FirstStep("halaman", "Halaman rujukan", is_ticked, told, links)


def _look_at_channels(is_there: bool, is_ticked: bool) -> FirstStep:
    told = "Terhubung." if is_there else "Hubungkan akun resmi kantor, bila materi juga ditayangkan di media sosial."
    return FirstStep(
        "kanal",
        "Kanal media sosial",
        bool(is_there or is_ticked),
        told,
        ((reverse("kanal:index"), "Buka kanal"),),
    )


def _look_at_first_item(facts) -> FirstStep:
    is_done, is_under_way = bool(facts["has_published"]), facts["first_pk"] is not None
    told = "Sudah ada yang tayang."
    if is_under_way and not is_done:
        told = f"“{facts['first_subject']}” sampai di: {sop.get_state(facts['first_state']).label}."
    elif not is_done:
        told = "PPID Pembantu membuat disposisi, atau Staf mengajukan usulan; materi lalu melewati kedelapan baris SOP."
    address = reverse("moderation:worksheet", args=[facts["first_pk"]]) if is_under_way else reverse("moderation:queue")
    links = ((address, "Buka lembar kerja" if is_under_way else "Buka antrean"),)
    return FirstStep("materi", "Materi pertama sampai tayang", is_done, told, links)


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
