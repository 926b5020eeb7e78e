"""Fetch the objects that two versions refer to, one query for each kind."""

from collections import defaultdict

from django.apps import apps
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from moderation.ports.seal import describe_media

from .media_facts import mask_title
from .results import Media
from .richtext import Link
from .writing import write_removed


class Lookup:
    """The names, pictures and documents that the units of two versions refer to."""

    def __init__(self, units, old_facts: dict, new_facts: dict):
        keys = defaultdict(set)
        for unit in units:
            for leaf in unit.walk_leaves():
                if leaf.kind in {"picture", "file"} and leaf.value:
                    keys[leaf.kind].add(leaf.value)
                elif leaf.kind == "name" and leaf.value:
                    keys[leaf.value[0]].add(leaf.value[1])
                elif leaf.kind == "words":
                    for token in leaf.value:
                        if token.link and token.link.kind in {"page", "document"} and token.link.target.isdecimal():
                            kind = "file" if token.link.kind == "document" else Page._meta.label_lower
                            keys[kind].add(int(token.link.target))
        models = {"picture": get_image_model(), "file": get_document_model()}
        self.found = {kind: self._fetch(models.get(kind), kind, wanted) for kind, wanted in keys.items()}
        self.facts = {"before": old_facts, "after": new_facts}
        self._described: dict = {}

    @staticmethod
    def _fetch(model, kind, wanted) -> dict:
        model = model or apps.get_model(kind)
        return {str(thing.pk): thing for thing in model._default_manager.filter(pk__in=wanted)}

    def name(self, reference) -> str:
        """Return the name of a category or the like; a sentence when it was removed."""
        if not reference:
            return ""
        kind, key = reference
        thing = self.found.get(kind, {}).get(str(key))
        return str(thing) if thing is not None else write_removed(key)

    def name_link(self, link: Link) -> str:
        """Return a link's target: the title of a page or document of the site, else the URL."""
        if link.kind not in {"page", "document"}:
            return link.target if link.kind == "url" else f"{link.kind}: {link.target}"
        kind, word = (Page._meta.label_lower, "halaman") if link.kind == "page" else ("file", "dokumen")
        thing = self.found.get(kind, {}).get(link.target)
        return f"{word} “{thing}”" if thing is not None else f"{word} yang sudah dihapus (nomor {link.target})"

    def media(self, kind: str, key, side: str) -> Media | None:
        """Return the picture or document as the version of this side ("before", "after") had it."""
        if not key:
            return None
        thing = self.found.get(kind, {}).get(str(key))
        facts = self._get_facts(kind, key, side)
        if thing is None:
            return Media(key, facts.get("title", ""), found=False, file_hash=facts.get("file", ""))
        return Media(
            key,
            thing.title,
            width=getattr(thing, "width", 0),
            height=getattr(thing, "height", 0),
            file_name=thing.filename,
            file_hash=facts.get("file", ""),
        )

    def describe_difference(self, kind: str, key) -> tuple[str, ...]:
        """Describe what changed in the same picture or document, as far as the log has its facts."""
        before, after = (self._get_facts(kind, key, side) for side in ("before", "after"))
        if not before or not after:
            return ()
        notes = []
        if before.get("file") != after.get("file"):
            notes.append("berkasnya diganti; berkas lama tidak disimpan lagi")
        if before.get("focal_point") != after.get("focal_point"):
            notes.append("titik fokus (potongan gambar) diubah")
        if before.get("title") != after.get("title"):
            notes.append(f"judul dokumen diubah dari “{before.get('title')}” menjadi “{after.get('title')}”")
        return tuple(notes)

    def _get_facts(self, kind, key, side) -> dict:
        """Return the facts logged with that version, else the current ones."""
        model = get_image_model() if kind == "picture" else get_document_model()
        mark = (model._meta.label_lower, str(key))
        if mark in self.facts[side]:
            return self.facts[side][mark]
        other = self.facts["after" if side == "before" else "before"]
        thing = self.found.get(kind, {}).get(str(key))
        # Skip hashing while there are no logged facts to compare with.
        if thing is None or (mark not in other and kind == "picture"):
            return {}
        if mark not in self._described:
            self._described[mark] = mask_title(describe_media(thing))
        return self._described[mark]
