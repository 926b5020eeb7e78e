"""Add several photos of the library to an item's text at once: the credit typed once, each photo described in turn."""

from typing import cast

from django import forms
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from moderation.chain.policy import Authority
from moderation.models import Disposition
from moderation.ports.exceptions import StepRefused
from moderation.ports.office import get_fact
from moderation.uploads.control_characters import replace_control_characters

#: Photos of one gallery, as its block takes them.
FEWEST, MOST = 2, 60
_HOW_MANY = f"Pilih {FEWEST} sampai {MOST} foto."
_GONE = "Sebagian foto tidak ada lagi di pustaka, atau tidak boleh Anda pilih. Pilih kembali."


def find_photos(user, words: str = ""):
    """Return the photos that the user may choose, the newest first; ``words``: a part of the title."""
    policy = policy_registry.get_by_type(get_image_model())
    found = policy.instances_user_has_any_permission_for(user, ["choose"])
    return (found.filter(title__icontains=words) if words else found).order_by("-created_at", "-pk")


def find_own(user, item: Disposition):
    """Return the photos that were taken from the item's source material."""
    return find_photos(user, f"(bahan {item.register_number}, ").order_by("title", "pk")


class _OneLine(forms.CharField):
    def clean(self, value):
        return " ".join(replace_control_characters(super().clean(value)).split())


class ChoiceForm(forms.Form):
    """Which photos, and what is written once for all of them."""

    photos = forms.ModelMultipleChoiceField(
        get_image_model().objects.none(),
        label="Foto",
        error_messages={"required": _HOW_MANY, "invalid_choice": _GONE, "invalid_pk_value": _GONE},
    )
    credit = _OneLine(
        label="Kredit foto",
        max_length=150,
        help_text="Nama pemotret atau pemilik gambar. Berlaku untuk semua foto yang dipilih.",
        error_messages={"required": "Isi kredit foto."},
    )
    title = _OneLine(label="Judul galeri", max_length=120, required=False)

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"credit": get_fact("name")})
        self.order: list[str] = data.getlist("photos") if data is not None else []
        cast(forms.ModelMultipleChoiceField, self.fields["photos"]).queryset = find_photos(user)

    def clean_photos(self):
        """Keep the order in which they were sent."""
        found = {str(photo.pk): photo for photo in self.cleaned_data["photos"]}
        photos = [found.pop(key) for key in self.order if key in found]
        if not FEWEST <= len(photos) <= MOST:
            raise forms.ValidationError(_HOW_MANY)
        return photos


class DescriptionForm(forms.Form):
    """What is to be seen on each photo, one field a photo, in their order."""

    def __init__(self, *args, photos, **kwargs):
        super().__init__(*args, **kwargs)
        self.photos = photos
        for number, photo in enumerate(photos, start=1):
            self.fields[f"alt_{photo.pk}"] = _OneLine(
                label=f"Teks alternatif foto {number} dari {len(photos)}",
                max_length=250,
                help_text="Jelaskan apa yang tampak, untuk warga yang tidak dapat melihat gambar.",
                error_messages={"required": "Jelaskan apa yang tampak pada foto ini."},
            )

    @property
    def rows(self) -> list[tuple]:
        """Return each photo with its field."""
        return [(photo, self[f"alt_{photo.pk}"]) for photo in self.photos]

    def get_pictures(self, credit: str) -> list[dict]:
        """Return the pictures of a gallery."""
        return [
            {"photo": photo, "alt": self.cleaned_data[f"alt_{photo.pk}"], "caption": "", "credit": credit}
            for photo in self.photos
        ]


@transaction.atomic
def insert(item: Disposition, user, *, title: str, pictures: list[dict]) -> None:
    """Save a version of the text with the gallery at its end, for whoever writes it now."""
    # The page before the item, as in a save of the editor.
    Page.objects.select_for_update(of=("self",)).get(pk=item.page_id)
    item = Disposition.objects.select_for_update().get(pk=item.pk)
    if not Authority(item, user).may_write_text():
        raise StepRefused("Naskah ini sekarang tidak Anda susun, sehingga galeri tidak ditambahkan.")
    page = item.get_draft()
    page.add_gallery(title, pictures)
    page.save_revision(user=user, log_action=True, clean=False)
