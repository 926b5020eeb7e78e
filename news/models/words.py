"""Words of a category or village as they were verified: an item shows them whatever the names become."""

from typing import Any

from django.db import models


class Named(models.Model):
    """Mixin of what items name: ``first_name`` is what items show that were verified without words of their own."""

    name: models.CharField
    first_name = models.CharField(max_length=80, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if not self.first_name:
            stored: Any = type(self)._base_manager.filter(pk=self.pk)
            before = stored.values_list("name", flat=True).first()
            self.first_name = before or self.name
            update_fields = None if update_fields is None else {*update_fields, "first_name"}
        super().save(*args, update_fields=update_fields, **kwargs)


class SealedWords(models.Model):
    """Mixin of an item: the names of its category and village, written down whenever its text is."""

    category_name = models.CharField("nama kategori", max_length=80, blank=True, default="", editable=False)
    village_name = models.CharField("nama desa", max_length=80, blank=True, default="", editable=False)

    sealed_words = {"category": "category_name", "village": "village_name"}

    class Meta:
        abstract = True

    def save_revision(self, *args, changed=True, **kwargs):
        """Write the names down with the text, unless an earlier version is only put back."""
        if changed:
            self.write_words()
        return super().save_revision(*args, changed=changed, **kwargs)  # type: ignore[misc]

    def write_words(self) -> None:
        """Take the names of today."""
        for relation, words in self.sealed_words.items():
            named = getattr(self, relation)
            setattr(self, words, named.name if named else "")

    @property
    def shown_category(self) -> str:
        """The name of the category as verified, "" without one."""
        return self.get_words("category")

    @property
    def shown_village(self) -> str:
        """The name of the village as verified, "" without one."""
        return self.get_words("village")

    def get_words(self, relation: str) -> str:
        """Return what citizens see of a relation; an item of an earlier release shows the first name."""
        words = getattr(self, self.sealed_words[relation])
        if words:
            return words
        named = getattr(self, relation)
        return (named.first_name or named.name) if named else ""
