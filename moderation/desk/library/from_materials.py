"""Copy an item's source material (Bahan) into the library of pictures and documents, and into its first draft.

A copy passes the same form as an upload: it is read in a limited process, and its place is taken out of what is
published. Nothing of the library is public before an item that shows it is live.
"""

import io
import time
from dataclasses import dataclass, field
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.admin import messages
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection
from wagtail.utils.file import hash_filelike

from moderation.chain.policy import Authority
from moderation.models import Disposition, SourceMaterial
from moderation.ports.exceptions import StepRefused
from moderation.ports.office import get_fact

#: Seconds after which no further file is begun: half of the web server's patience.
SECONDS = 15


@dataclass
class Copied:
    """What came into the library, what was there, what was refused and why, and how many files are still waiting.

    ``media`` holds what is there now, each once, in the order of the files.
    """

    new: int = 0
    known: int = 0
    media: list = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: int = 0

    def tell(self, request, *, placed: bool = False) -> None:
        """Say what became of each file; ``placed`` in the draft, or only in the library."""
        for problem in self.refused:
            messages.error(request, problem)
        if self.waiting:
            again = "Tekan “Ambil bahan ke pustaka” pada lembar kerja sekali lagi."
            messages.warning(request, f"{self.waiting} bahan belum diambil. {again}")
        known = f" {self.known} bahan sudah diambil sebelumnya." if self.known else ""
        if placed and self.media:
            advice = "Tulis teks alternatif fotonya, dan hapus yang tidak dipakai."
            messages.success(request, f"{len(self.media)} bahan diletakkan dalam naskah. {advice}")
        elif self.new:
            place = "Di editor, pilih dari urutan teratas pustaka."
            messages.success(request, f"{self.new} bahan disalin ke pustaka. {place}{known}")
        elif self.known and not self.refused:
            messages.success(request, "Semua bahan sudah ada di pustaka.")


def may_copy(authority: Authority) -> bool:
    """Say whether the user writes the item's text, or is about to begin it."""
    item = authority.item
    begins = item.state == "assigned" and item.assigned_to_id == authority.user.pk
    return begins or authority.may_write_text()


def copy_materials(item: Disposition, user) -> Copied:
    """Copy each picture and document once; the first of them ends on top of the library."""
    if not may_copy(Authority(item, user)):
        raise StepRefused("Bahan hanya diambil oleh yang sedang menyusun materi ini.")
    copied, deadline = Copied(), time.monotonic() + SECONDS
    materials = [material for material in item.materials.order_by("-pk") if find_model(material.name)]
    for number, material in enumerate(materials):
        if time.monotonic() > deadline:
            copied.waiting = len(materials) - number
            break
        found = _copy(item, user, material, copied)
        if found is not None and found not in copied.media:
            copied.media.insert(0, found)
    return copied


def place_materials(item: Disposition, user) -> Copied:
    """Copy the material, and begin the draft that the user has just opened with it, in the order of the files.

    Alternative texts stay empty: hand-over asks whoever looked at the picture for them.
    """
    copied = copy_materials(item, user)
    pictures = [one for one in copied.media if isinstance(one, get_image_model())]
    documents = [one for one in copied.media if isinstance(one, get_document_model())]
    if copied.media:
        draft = item.get_draft()
        draft.begin_with(pictures, documents)
        draft.save_revision(user=user, clean=False)
    return copied


def find_model(name: str):
    """Return the model of the library that takes a file of this name, None where none does."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension in settings.WAGTAILIMAGES_EXTENSIONS:
        return get_image_model()
    return get_document_model() if extension in settings.WAGTAILDOCS_EXTENSIONS else None


def _copy(item, user, material: SourceMaterial, copied: Copied):
    """Return what the library has of the file now, None where it takes it not."""
    model = find_model(material.name)
    stem = PurePath(material.name).stem[:150]
    try:
        with material.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError:
        copied.refused.append(f"Berkas “{material.name}” tidak ada di penyimpanan. Hubungi pengelola situs.")
        return None
    if model is get_image_model():
        # A picture may be kept in another form than it came in; citizens do not see its title.
        title = f"{stem} (bahan {item.register_number}, {material.pk})"
        known, make_form = model.objects.filter(title=title).first(), get_image_form
    else:
        title, digest = stem, hash_filelike(io.BytesIO(content))
        known, make_form = model.objects.filter(file_hash=digest).first(), get_document_form
    if known:
        copied.known += 1
        return known
    root = Collection.get_first_root_node()
    described = ", ".join(filter(None, [item.activity_name, item.activity_place]))
    form = make_form(model)(
        {"title": title, "collection": root.pk, "credit": get_fact("name"), "description": described[:255], "tags": ""},
        {"file": SimpleUploadedFile(material.name, content)},
        instance=model(uploaded_by_user=user, collection=root),
        user=user,
    )
    if form.is_valid():
        copied.new += 1
        return form.save()
    copied.refused += [message for messages in form.errors.values() for message in messages]
    return None
