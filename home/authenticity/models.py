"""Model of published versions, stored in the form that pasted texts are compared with."""

import json

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from .comparison.passages import Passage

#: Version of the stored form; ``fill_missing`` rewrites rows of another one.
FORM = 2
_SALT = "home.authenticity.version"


class PublishedVersion(models.Model):
    """The passages of one version, written in the transaction that published it, and never changed.

    Derived from the permit's frozen revision. A verdict "asli" relies on the row, so a signature shows whether
    this site wrote it.
    """

    permit = models.OneToOneField(
        "moderation.PublicationPermit", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    #: [label, text, normalised text, whether it is a statement of the office] of each passage.
    passages = models.JSONField()
    text_stems = models.TextField()
    #: Whether it is live or past, as a word of the index.
    facets = models.CharField(max_length=10)
    form = models.PositiveSmallIntegerField(default=FORM)
    key_mark = models.CharField(max_length=16)
    signature = models.CharField(max_length=64)

    LIVE, PAST = "_tayang", "_lampau"

    class Meta:
        verbose_name = "naskah yang pernah tayang"
        verbose_name_plural = "naskah yang pernah tayang"
        indexes = [models.Index(fields=["form", "key_mark"], name="published_version_form")]

    def __str__(self):
        return f"{self.permit_id}"

    def sign(self) -> None:
        """Sign the passages with the site's key."""
        self.form, self.key_mark = FORM, get_key_mark()
        self.signature = self._compute(settings.SECRET_KEY)

    def is_own(self) -> bool:
        """Say whether the signature of the passages is valid."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(constant_time_compare(self.signature, self._compute(key)) for key in keys)

    def list_passages(self) -> tuple[Passage, ...]:
        return tuple(Passage(*fields) for fields in self.passages)

    def _compute(self, key: str | bytes) -> str:
        text = json.dumps([self.permit_id, self.page_id, self.passages], ensure_ascii=False, separators=(",", ":"))
        return salted_hmac(_SALT, text, secret=key, algorithm="sha256").hexdigest()


def get_key_mark() -> str:
    """Return the mark of rows signed with the current key; it does not reveal the key."""
    return salted_hmac(_SALT, "key", algorithm="sha256").hexdigest()[:16]
