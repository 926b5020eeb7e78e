"""Labels of the dialogs in which a link is written: Wagtail makes them from its fields' names, in English."""

from wagtail.admin.forms import choosers

_LABELS = {
    "link_text": "Teks tautan",
    "email_address": "Alamat surel",
    "subject": "Perihal",
    "body": "Isi surel",
    "phone_number": "Nomor telepon",
}
_FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
)


def label_link_forms() -> None:
    """Label the fields of Wagtail's link dialogs in Indonesian."""
    for form in _FORMS:
        for name, field in form.base_fields.items():
            if name in _LABELS:
                field.label = _LABELS[name]
