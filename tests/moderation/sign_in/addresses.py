"""Every address of the admin, with an object behind each part of it that names one."""

import re
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Site, UploadedFile

from home.models import Synonym
from moderation.models import OfficeProcedure, PublicationPermit, SopTask, SopWorkflow, SourceMaterial
from moderation.records import letters, proposals, public_information
from news.models import Attachment, NewsCategory, Village
from news.social.models import Account, ConnectAttempt, Delivery, FollowUp, Share
from tests.moderation.people.test_appointments import appoint
from tests.support.factories import make_photo, make_user
from tests.support.replay import replay

MISSING = "987654"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
#: Parts of an address that is written as a regular expression, and what it matches anything with.
_GROUP = re.compile(r"\(\?P(<\w+>)[^()]*\)")
#: Parts that choose a screen, not an object.
WORDS = {
    "app_label": "news",
    "model_name": "newspage",
    "content_type_app_name": "news",
    "content_type_model_name": "newspage",
    "app_name": "moderation",
    "action_name": "approve",
    "action": "delete",
    "code": "batalkan",
    "kind": "mastodon",
    "shape": "persegi",
    "filter_spec": "width-100",
    "uidb64": "MQ",
    "token": "set-password",
    "name": "antrean",
    "slug": "staf",
    "number": "1",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
}

DIP_ROW = {
    "title": "Profil kecamatan",
    "summary": "Tugas dan susunan organisasi.",
    "custodian": "Sekretariat",
    "responsible": "Sekretaris Kecamatan",
    "made": "2026, Kantor Kecamatan",
    "form": "softcopy",
    "retention": "5 tahun",
    "classification": "berkala",
    "link": "",
}
LETTER = {
    "received_date": date(2026, 9, 2),
    "letter_date": date(2026, 9, 1),
    "sender": "Desa Munggur",
    "summary": "Undangan",
}


def _walk(patterns, above=""):
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield _GROUP.sub(r"\1", route).replace("^", "").replace("$", "").replace("\\", "").replace(".*", "entah")


ROUTES = sorted({route for route in _walk(get_resolver().url_patterns) if route.startswith(settings.ADMIN_PATH)})


def list_objects(office) -> dict[str, dict[str, object]]:
    """Return what stands for the parts of each kind of address, by the beginning of the route after the admin's path.

    "" stands for every part that is not named.
    """
    item, photo, posts = office.bring_to("composing"), make_photo(), _list_posts(office)
    reviewed = office.bring_to("awaiting_verification").get_page()
    state = reviewed.current_workflow_state
    document = Attachment.objects.create(title="Lampiran", file=ContentFile(b"isi", "lampiran.txt"))
    redirect = Redirect.objects.create(old_path="/lama", redirect_link="/")
    material = _add_material(disposition=item)
    information = public_information.save(office.bidang, DIP_ROW, [])
    sheet = {"origin": "pengelolaan_website", "subject": "Jam layanan", "source_note": "Map hijau."}
    proposal = proposals.propose(office.staf2, sheet)
    editing = EditingSession.objects.create(
        user=office.bidang, content_object=item.get_page(), last_seen_at=timezone.now()
    )
    passkey = Authenticator.objects.create(user=office.bidang, type="webauthn", data={"name": "Kunci"})
    page = {
        "": reviewed.pk,
        "revision_id": reviewed.latest_revision_id,
        "workflow_state_id": state.pk,
        "task_state_id": state.current_task_state_id,
        "task_id": SopTask.objects.first().pk,
        "destination_id": reviewed.get_parent().pk,
    }
    snippets = {"news/newscategory": NewsCategory, "news/village": Village, "home/synonym": Synonym}
    return {
        "antrean/<int:pk>/lampiran/": {"": item.pk, "file_pk": document.pk},
        "antrean/": {"": item.pk, "material_pk": material, "file_pk": material, "picture_pk": photo.pk},
        "dip/": {"": information.pk},
        "surat-masuk/": {"": letters.add(office.sekretariat, LETTER).pk},
        "pejabat-pengganti/": {"": appoint(office, make_user("wakil")).pk},
        **posts,
        "usulan/": {"": proposal.pk, "material_pk": _add_material(proposal=proposal)},
        "cetak/": {"": item.pk},
        "pages/": page,
        "choose-page/": page,
        "api/main/pages/": page,
        "api/main/images/": {"": photo.pk},
        "api/main/documents/": {"": document.pk},
        "editing-sessions/": {
            "": editing.pk, "app_label": "wagtailcore", "model_name": "page", "object_id": item.page_id,
        },
        "settings/": {"": OfficeProcedure.objects.get().pk, "model_name": "officeprocedure"},
        "workflows/remove/": page | {"workflow_pk": SopWorkflow.objects.get().pk},
        "workflows/task": {"": SopTask.objects.first().pk},
        "workflows/": {"": SopWorkflow.objects.get().pk},
        "images/": {"": photo.pk, "uploaded_file_id": _upload(office.admin, photo)},
        "documents/": {"": document.pk, "uploaded_file_id": _upload(office.admin, document)},
        "collections/": {"": Collection.get_first_root_node().add_child(name="Arsip").pk},
        "redirects/": {"": redirect.pk},
        "sites/": {"": Site.objects.get().pk},
        "users/": {"": office.bidang.pk},
        "akun-petugas/": {"": office.bidang.pk},
        "akun/keamanan/passkey/": {"": passkey.pk},
        "groups/": {"": Group.objects.first().pk},
        **{
            f"snippets/{chosen}{name}": {"": model.objects.first().pk}
            for name, model in snippets.items()
            for chosen in ("", "choose/")
        },
    }  # fmt: skip


def _list_posts(office) -> dict[str, dict[str, object]]:
    """Return an account, a post, its follow-up and a share, each as its row alone."""
    account = Account.objects.create(key="konsol", kind="console", label="Konsol")
    with replay.aside("konsol"):
        live = office.bring_to("live", channels=[account.key])
    permit = PublicationPermit.objects.get(disposition=live)
    row = {"disposition": live, "page_id": live.page_id, "permit": permit, "seal": permit.seal}
    share = Share.objects.create(target="Grup warga", shared_on=date(2026, 9, 9), by=office.staf1, role="Staf", **row)
    Delivery.objects.update(state=Delivery.State.SENT)
    delivery = Delivery.objects.get()
    follow_up = FollowUp.objects.create(
        delivery=delivery, permit=permit, seal=permit.seal, occasion="decision", kind="delete"
    )
    attempt = ConnectAttempt.objects.create(
        user=office.ppid, kind="mastodon", flow="code", label="Radio", secret={}, state_digest="a", session_digest="b"
    )
    return {
        "kanal/akun/": {"": account.key},
        "kanal/pilih/": {"": attempt.pk},
        "unggahan/akun/": {"": account.key},
        "unggahan/paket/": {"": live.pk},
        "unggahan/pembagian/": {"": share.pk},
        "unggahan/tindak-lanjut/": {"": follow_up.pk},
        "unggahan/": {"": delivery.pk},
    }


def _add_material(**owner) -> int:
    return SourceMaterial.objects.create(file=ContentFile(b"isi", "bahan.txt"), name="bahan.txt", **owner).pk


def _upload(user, kept) -> int:
    """Keep a file that waits for its form; ``kept``: an object of the library of its kind."""
    kind = ContentType.objects.get_for_model(kept)
    return UploadedFile.objects.create(file=kept.file.name, uploaded_by_user=user, for_content_type=kind).pk


def list_addresses(office) -> dict[str, tuple[str, list[str]]]:
    """Return of each route an address with its objects, and one for each of them that is missing."""
    objects = list_objects(office)
    return {route: _fill_in(route, objects) for route in ROUTES}


def _fill_in(route: str, objects) -> tuple[str, list[str]]:
    inside = route.removeprefix(settings.ADMIN_PATH)
    own = next((found for start, found in objects.items() if inside.startswith(start)), {})
    known = WORDS | own
    parts = _PART.findall(route)
    named = [part for part in parts if part not in WORDS]
    assert not named or "" in own, f"{route}: add an object of its kind to list_objects"

    def write(missing=None) -> str:
        values = {part: known.get(part, own.get("")) for part in parts}
        if missing:
            values[missing] = MISSING
        return "/" + _PART.sub(lambda part: str(values[part.group(1)]), route)

    # A bulk action names its objects behind the question mark.
    if inside.startswith("bulk/"):
        page = objects["pages/"][""]
        return f"{write()}?id={page}", [f"{write()}?id={MISSING}"]
    return write(), [write(part) for part in named]
