"""The office of the tests: its people, and items brought to any state through the real steps."""

import itertools
from dataclasses import dataclass, field
from io import BytesIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.db import connection
from PIL import Image
from wagtail.models import Page

from moderation import registering, sop, triggers
from moderation.models import Disposition
from moderation.transitions import take
from news.models import NewsCategory, NewsPage, Photo

ROLES = {
    "ppid": (sop.Role.PPID_PEMBANTU,),
    "sekretaris": (sop.Role.SEKRETARIS,),
    "sekretaris2": (sop.Role.SEKRETARIS,),
    "sekretariat": (sop.Role.SEKRETARIAT,),
    "staf1": (sop.Role.STAF,),
    "staf2": (sop.Role.STAF,),
    "bidang": (sop.Role.BIDANG,),
    "bidang2": (sop.Role.BIDANG,),
}
PASSWORD = "kata-sandi-uji"
_numbers = itertools.count(1)

#: Which step leads on from a state, and who takes it, from disposition to live.
WALK = (
    ("disposed", "forward", "sekretaris", {}),
    ("forwarded", "receive", "sekretariat", {}),
    ("received", "assign", "sekretariat", {"staf": "staf1"}),
    ("assigned", "compose", "staf1", {}),
    ("composing", "hand_over", "staf1", {}),
    ("awaiting_correction", "declare_corrected", "sekretaris", {}),
    ("awaiting_verification", "verify", "bidang", {"classification": "berkala"}),
    ("verified", "order", "sekretaris", {"channels": []}),
    ("ordered", "publish", "staf1", {}),
)


def make_user(name: str, *roles: sop.Role, **extra):
    """Make a user who holds the roles."""
    user, created = get_user_model().objects.get_or_create(
        username=name, defaults={"email": f"{name}@contoh.go.id", **extra}
    )
    if created:
        user.set_password(PASSWORD)
        user.save()
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    return user


@dataclass
class Office:
    """The people of the office by account name, and a superuser who holds no role."""

    people: dict = field(default_factory=dict)

    @classmethod
    def open(cls) -> "Office":
        office = cls({name: make_user(name, *roles) for name, roles in ROLES.items()})
        office.people["admin"] = make_user("admin", is_staff=True, is_superuser=True)
        office.people["pemantau"] = make_user("pemantau")
        office.people["pemantau"].groups.set(Group.objects.filter(name=sop.OBSERVER_GROUP))
        return office

    def __getattr__(self, name):
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def issue(self, subject: str | None = None, **extra) -> Disposition:
        """Row 1: a disposition by the PPID Pembantu."""
        number = next(_numbers)
        data = {
            "origin": Disposition.Origin.ACTIVITY,
            "subject": subject or f"Kerja bakti nomor {number}",
            "activity_name": "Kerja bakti",
            "activity_date": "2026-09-09",
            "activity_place": "Desa Buntar",
            "source_note": "Map kegiatan di meja Subbagian Umum.",
        }
        return registering.issue(self.ppid, data | extra, [])

    def write(self, item: Disposition, user=None, **changes) -> NewsPage:
        """Write the text of an item as the Staf does in the editor: a new revision."""
        page = item.get_draft()
        fill(page)
        for name, value in changes.items():
            setattr(page, name, value)
        page.save(clean=False)
        page.save_revision(user=user or self.staf1)
        return page

    def bring_to(self, state: str, item: Disposition | None = None, **order) -> Disposition:
        """Walk an item through the real steps until it is in ``state``; ``order`` is the data of
        the publication order."""
        item = item or self.issue()
        for at, action, person, data in WALK:
            if item.state == state:
                return item
            if item.state != at:
                continue
            if action == "order":
                data = data | order
            if action == "assign":
                data = {"staf": self.people[data["staf"]].pk}
            item = take(item, action, self.people[person], data)
            if action == "compose":
                self.write(item)
        if state == "live" and item.state == "done":
            return item
        assert item.state == state, f"{item.state} instead of {state}"
        return item


def fill(page) -> None:
    """Give a draft everything that a hand-over requires."""
    page.lead = "Warga Desa Buntar membersihkan saluran irigasi, Rabu (9/9/2026)."
    page.activity_date = page.activity_date or "2026-09-09"
    page.activity_place = page.activity_place or "Desa Buntar"
    page.category = NewsCategory.objects.get_or_create(slug="pembangunan", defaults={"name": "Pembangunan"})[0]
    page.body = [
        ("paragraph", "<p>Warga bekerja bakti membersihkan saluran irigasi di Desa Buntar.</p>"),
    ]


def make_photo(title: str = "Saluran irigasi", colour: str = "green") -> Photo:
    """Make a small picture."""
    stream = BytesIO()
    Image.new("RGB", (640, 400), colour).save(stream, "JPEG")
    stream.seek(0)
    return Photo.objects.create(title=title, credit="Dokumentasi", file=ImageFile(stream, name=f"{colour}.jpg"))


def multiply(item: Disposition, count: int) -> None:
    """Copy an item and its page in the database ``count`` times, for tests of query counts.

    The one place that goes past the chain, with the triggers off: a thousand real walks would
    take minutes and prove nothing more about the number of queries.
    """
    triggers.drop_all()
    try:
        for _ in range(count):
            page_id = _copy_page(item.page_id) if item.page_id else None
            _copy_disposition(item, page_id)
        parent = Page.objects.get(pk=item.page_id).get_parent() if item.page_id else None
        if parent:
            Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + count)
    finally:
        triggers.install_all()


def _copy_page(page_id: int) -> int:
    number = next(_numbers)
    source = Page.objects.get(pk=page_id)
    last = source.get_parent().get_children().order_by("-path").first().path
    path = Page._get_path(last[: -Page.steplen], source.depth, Page._str2int(last[-Page.steplen :]) + 1)
    columns = {
        "path": path,
        "slug": f"{source.slug}-{number}",
        "url_path": f"{source.url_path.rstrip('/')}-{number}/",
        "translation_key": f"{number:032x}",
    }
    new_id = _copy_row("wagtailcore_page", "id", page_id, columns)
    _copy_row("news_newspage", "page_ptr_id", page_id, {"page_ptr_id": new_id})
    return new_id


def _copy_disposition(item: Disposition, page_id: int | None) -> None:
    number = next(_numbers) + 100_000
    _copy_row(
        "moderation_disposition",
        "id",
        item.pk,
        {"register_sequence": number, "register_number": f"{number}/UJI", "page_id": page_id},
    )


def _copy_row(table: str, key: str, value: int, changes: dict) -> int:
    """Copy one row with changed columns and return the key of the copy."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        names = [name for name in names if name != key or key in changes]
        picked = ["%s" if name in changes else f'"{name}"' for name in names]
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f'INSERT INTO {table} ({quoted}) SELECT {", ".join(picked)} FROM {table} WHERE "{key}" = %s '
            f'RETURNING "{key}"',
            [*(changes[name] for name in names if name in changes), value],
        )
        return cursor.fetchone()[0]
