"""The office of the tests: its people, and items brought to any state through the real steps."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image

from moderation import sop
from moderation.chain import dispositions
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.models import Disposition
from moderation.review import checklists
from news.models import Attachment, Kind, NewsCategory, NewsPage, Photo

from .replay import replay

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
    ("composing", "hand_over", "staf1", {"warnings_checked": True}),
    ("awaiting_correction", "declare_corrected", "sekretaris", {"warnings_checked": True}),
    ("awaiting_verification", "verify", "bidang", {"classification": "berkala", "warnings_checked": True}),
    ("verified", "order", "sekretaris", {"channels": [], "left_out_reason": "Cukup di website."}),
    ("ordered", "publish", "staf1", {}),
)


#: What Bidang fills in to have an item held as exempt.
EXEMPTION = {"letter": "h", "comment": "Memuat riwayat kesehatan warga.", "period": "Selama diperlukan"}

#: The steps whose checklist must be answered before they lead on.
LISTS = {"verify": sop.StepCode.VERIFICATION}


def fill_in(action: str, data: dict) -> dict:
    """Return the form of a step with its checklist answered item by item."""
    return data | checklists.fill(LISTS[action]) if action in LISTS else data


def verdict(**answers: str) -> dict:
    """Return the form of an approval at row 7; ``answers`` by number replace Sesuai."""
    return {"classification": "berkala", **checklists.fill(sop.StepCode.VERIFICATION, **answers)}


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
        """Give every role its people."""
        return cls(replay.do(("open",), _make_people, _find_people, list))

    def __getattr__(self, name):
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def issue(self, subject: str | None = None, **extra) -> Disposition:
        """Row 1: a disposition by the PPID Pembantu."""
        data = {
            "origin": Disposition.Origin.ACTIVITY,
            "subject": subject or f"Kerja bakti nomor {next(_numbers)}",
            "activity_name": "Kerja bakti",
            "activity_date": "2026-09-09",
            "activity_place": "Desa Buntar",
            "source_note": "Map kegiatan di meja Subbagian Umum.",
        }
        call = ("issue", subject, *_spell(extra))
        return _do(call, lambda: dispositions.issue(self.ppid, data | extra, []))

    def write(self, item: Disposition, user=None, **changes) -> NewsPage:
        """Write the text of an item as the Staf does in the editor: a new revision."""
        call = ("write", item.pk, item.version, user and user.pk, *_spell(changes))
        return replay.do(call, lambda: self._write(item, user, changes), self._find_draft, lambda _page: item.pk)

    @staticmethod
    def _find_draft(pk) -> NewsPage:
        return Disposition.objects.get(pk=pk).get_draft()

    def _write(self, item, user, changes) -> NewsPage:
        page = item.get_draft()
        fill(page)
        for name, value in changes.items():
            setattr(page, name, value)
        if not page.live:
            page.save(clean=False)
        page.save_revision(user=user or self.staf1)
        return page

    def open_ralat(self, item: Disposition, note: str = "Jumlah peserta 52 orang, bukan 62.", **changes) -> Disposition:
        """Open a ralat of a published item and write its text; without a note it is a minor edit."""
        item = self._take(item, "open_correction", "sekretaris", {"comment": "Angka keliru."})
        changes = {"lead": f"Ralat putaran {item.round}.", **changes}
        self.write(item, correction_is_public=bool(note), correction_note=note, **changes)
        return item

    def bring_to(self, state: str, item: Disposition | None = None, **order) -> Disposition:
        """Walk an item through the real steps until it is in ``state``; ``order`` is the data of
        the publication order."""
        item = item or self.issue()
        if state in {"held_exempt", "exempted"}:
            return self._hold_as_exempt(state, item)
        if state == "scheduled" and item.state != state:
            return self._take(self.bring_to("ordered", item, **order), "schedule", "staf1", {})
        for at, action, person, data in WALK:
            if item.state == state:
                return item
            if item.state != at:
                continue
            if action == "order":
                data = data | order
            if action == "assign":
                data = {"staf": self.people[data["staf"]].pk}
            item = self._take(item, action, person, fill_in(action, data))
            if action == "compose":
                self.write(item)
        if state == "live" and item.state == "done":
            return item
        assert item.state == state, f"{item.state} instead of {state}"
        return item

    def _hold_as_exempt(self, state, item):
        item = self._take(self.bring_to("awaiting_verification", item), "mark_exempt", "bidang", EXEMPTION)
        return item if state == "held_exempt" else self._take(item, "confirm_exempt", "ppid", {})

    def _take(self, item, action, person, data) -> Disposition:
        call = ("take", action, person, item.pk, *_spell(data))
        return _do(call, lambda: take(item, action, self.people[person], data))


def _spell(values: dict) -> list[tuple[str, str]]:
    return sorted((name, repr(value)) for name, value in values.items())


def _do(call, walk) -> Disposition:
    """Return the item to which the walk leads, walked before or now (tests.support.replay)."""
    return replay.do(call, walk, lambda pk: Disposition.objects.get(pk=pk), lambda item: item.pk)


def _make_people() -> dict:
    people = {name: make_user(name, *roles) for name, roles in ROLES.items()}
    people["admin"] = make_user("admin", is_staff=True, is_superuser=True)
    people["pemantau"] = make_user("pemantau")
    people["pemantau"].groups.set(Group.objects.filter(name=sop.OBSERVER_GROUP))
    return people


def _find_people(names) -> dict:
    return {user.username: user for user in get_user_model().objects.filter(username__in=names)}


def fill(page) -> None:
    """Give a draft everything that a hand-over requires."""
    page.lead = "Warga Desa Buntar membersihkan saluran irigasi, Rabu (9/9/2026)."
    page.activity_date = page.activity_date or "2026-09-09"
    page.activity_place = page.activity_place or "Desa Buntar"
    page.category = NewsCategory.objects.get_or_create(slug="pembangunan", defaults={"name": "Pembangunan"})[0]
    page.body = [
        ("paragraph", "<p>Warga bekerja bakti membersihkan saluran irigasi di Desa Buntar.</p>"),
    ]
    if page.kind == Kind.EVENT:
        page.starts_at = timezone.now() + timedelta(days=7)
    if page.kind == Kind.GALLERY:
        shown = {"photo": make_photo(), "alt": "Saluran irigasi", "caption": "", "credit": "Dokumentasi"}
        page.body = [("image", shown)]


def make_photo(title: str = "Saluran irigasi", colour: str = "green", **extra) -> Photo:
    """Make a small picture."""

    def draw() -> Photo:
        stream = BytesIO()
        Image.new("RGB", (640, 400), colour).save(stream, "JPEG")
        stream.seek(0)
        file = ImageFile(stream, name=f"{colour}.jpg")
        return Photo.objects.create(title=title, credit="Dokumentasi", file=file, **extra)

    call = ("photo", title, colour, *_spell(extra))
    return replay.do(call, draw, lambda pk: Photo.objects.get(pk=pk), lambda photo: photo.pk)


def make_document(title: str, name: str, content: bytes, **extra) -> Attachment:
    """Make a document of the library."""
    call = ("document", title, name, content, *_spell(extra))
    return replay.do(
        call,
        lambda: Attachment.objects.create(title=title, file=ContentFile(content, name=name), **extra),
        lambda pk: Attachment.objects.get(pk=pk),
        lambda document: document.pk,
    )


def slip_past_triggers(rows, **changes) -> None:
    """Change rows as a database administrator could, with the triggers aside for a moment."""
    triggers.drop_all()
    rows.update(**changes)
    triggers.install_all()
