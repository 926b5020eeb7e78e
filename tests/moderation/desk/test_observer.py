"""Pemantau sees everything and changes nothing: tried on every URL of the desk in the URLconf.

Each URL with arguments needs an example here; the tests fail without.
"""

import re
from datetime import date

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from moderation import sop
from moderation.chain.policy import Authority
from moderation.models import Disposition, SourceMaterial
from moderation.models.roles import may_see_desk
from moderation.records import letters, proposals, public_information
from tests.moderation.people.test_appointments import appoint
from tests.moderation.records.test_letters import TYPED
from tests.moderation.records.test_public_information import fill
from tests.support.factories import make_photo, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

#: Forms of the chain's roles, with nothing to read.
NOT_TO_READ = {
    "moderation:accounts",
    "moderation:accounts_invite",
    "moderation:accounts_example",
    "moderation:account_invite_again",
    "moderation:account_handover",
    "moderation:account_reset_factor",
    "moderation:disposition_add",
    "moderation:proposal_add",
    "moderation:proposal_change",
    "moderation:proposal_decision",
    "moderation:acting_add",
    "moderation:acting_end",
    "moderation:letter_add",
    "moderation:letter_change",
    "moderation:public_information_add",
    "moderation:public_information_edit",
    "moderation:public_information_withdraw",
    "moderation:send_photos",
}
#: URLs for POST only; GET redirects or is refused.
ONLY_TAKE = {
    "moderation:step": 302,
    "moderation:several_steps": 405,
    "moderation:comment": 302,
    "moderation:copy_materials": 405,
    "moderation:live_check": 405,
    "moderation:post_previews": 405,
}
#: Redirects to the rendition's file; what a text has no pictures of, and an item without attachments has none of.
LEADS_ON = {
    "moderation:picture": 302,
    "moderation:material_page": 404,
    "moderation:attachment": 404,
    "moderation:attachment_page": 404,
}
PROPOSED = {
    "origin": "kegiatan",
    "kind": "berita",
    "subject": "Panen padi",
    "activity_name": "Panen raya",
    "activity_date": "2026-09-09",
    "activity_place": "Desa Sewurejo",
    "instructions": "Dihadiri 40 petani.",
}
OURS = ("moderation.", "news.", "home.")
LETTER = TYPED | {"received_date": date(2026, 9, 2), "letter_date": date(2026, 9, 1)}


def walk(patterns, prefix="", namespace=""):
    """Yield (full name, pattern) of every URL below /admin/ with a view of this project."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            yield from walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern) and route.startswith("admin/"):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            if view.__module__.startswith(OURS) and pattern.name:
                yield f"{namespace}:{pattern.name}".strip(":"), pattern


def get_desk_addresses(*namespaces) -> dict:
    """Return the desk's URLs by name."""
    found = dict(walk(get_resolver().url_patterns))
    return {name: pattern for name, pattern in found.items() if name.split(":")[0] in namespaces}


def take_snapshot() -> dict:
    """Return all records of the work: records, pages, revisions, comments, roles."""
    labels = {"moderation", "news", "social", "home", "wagtailcore", "wagtaildocs", "auth"}
    # Viewing creates renditions, and signing in changes the account.
    left_out = {"news.PhotoRendition", "auth.User", "wagtailcore.ReferenceIndex"}
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in labels and model._meta.label not in left_out
    }


@pytest.fixture
def item(office):
    """An item with an open decision and source material."""
    item = office.bring_to("awaiting_verification")
    material = SourceMaterial(disposition=item, name="undangan.txt")
    material.file.save("undangan.txt", SimpleUploadedFile("undangan.txt", b"Undangan"), save=True)
    return item


@pytest.fixture
def addresses(office, item):
    """Every URL of the desk, by name."""
    acting = appoint(office, office.staf2)
    examples = {
        ("pk",): {"pk": item.pk},
        ("pk", "material_pk"): {"pk": item.pk, "material_pk": item.materials.get().pk},
        ("pk", "file_pk"): {"pk": item.pk, "file_pk": item.materials.get().pk},
        ("pk", "file_pk", "number"): {"pk": item.pk, "file_pk": item.materials.get().pk, "number": 1},
        ("pk", "picture_pk"): {"pk": item.pk, "picture_pk": make_photo().pk},
    }
    letter = letters.add(office.sekretariat, LETTER, SimpleUploadedFile("surat.pdf", b"%PDF-1.4", "application/pdf"))
    information = public_information.save(office.bidang, fill(), [])
    proposal = proposals.propose(office.staf1, PROPOSED, [SimpleUploadedFile("catatan.txt", b"Catatan")])
    file = {"pk": proposal.pk, "material_pk": proposal.materials.get().pk}
    own = {
        "moderation:acting_end": acting,
        **dict.fromkeys(
            ("moderation:proposal", "moderation:proposal_change", "moderation:proposal_decision"), proposal
        ),
        **dict.fromkeys(("moderation:letter", "moderation:letter_change", "moderation:letter_scan"), letter),
        **dict.fromkeys(("moderation:public_information_edit", "moderation:public_information_withdraw"), information),
    }
    found = {}
    for name, pattern in get_desk_addresses("moderation").items():
        arguments = tuple(pattern.pattern.converters)
        assert not arguments or name in own or arguments in examples, f"{name} needs an example in this test"
        found[name] = reverse(name, kwargs={"pk": own[name].pk} if name in own else examples.get(arguments))
    found["moderation:proposal_file"] = reverse("moderation:proposal_file", kwargs=file)
    assert len(found) > 25
    return found


def test_the_observer_reads_every_screen(office, log_in, addresses):
    client = log_in(office.pemantau)
    led = ONLY_TAKE | LEADS_ON
    for name, address in addresses.items():
        response = client.get(address)
        if name in NOT_TO_READ:
            assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home")), name
        else:
            assert response.status_code == led.get(name, 200), name


def test_nobody_else_reads_any_of_them(office, client, addresses):
    for name, address in addresses.items():
        assert client.get(address).status_code == 302, name
        assert "login" in client.get(address).url, name


def test_the_observer_changes_nothing_whatever_is_posted(office, log_in, item, addresses):
    client = log_in(office.pemantau)
    client.get(addresses["moderation:queue"])
    before = take_snapshot()
    forms = [
        {},
        {"comment": "x", "text": "x", "subject": "x", "do": "add", "place": "title", "name": "x", "targets_on": "on"},
        *(
            {"action": action.code, "version": item.version, "comment": "Tidak berhak.", **verdict()}
            for action in sop.ACTIONS
            if action.is_offered_at(item.state) or action.code in {"publish", "take_down", "issue"}
        ),
    ]
    for name, address in addresses.items():
        for data in forms if name == "moderation:step" else forms[:2]:
            response = client.post(address, data)
            home = response.status_code == 302 and response.url == reverse("wagtailadmin_home")
            assert home or response.status_code in {400, 403, 405, 409, 422}, (name, data, response.status_code)
        for method in ("put", "delete"):
            assert getattr(client, method)(address).status_code in {302, 403, 405}, (name, method)
    assert take_snapshot() == before


def test_the_observer_is_offered_nothing_to_do(office, log_in, addresses):
    """No screen has a button that posts, except to sign out."""
    client = log_in(office.pemantau)
    for name, address in addresses.items():
        response = client.get(address)
        if response.status_code != 200 or response.streaming or "html" not in response["Content-Type"]:
            continue
        page = response.content.decode()
        main = page.split("<main")[-1].split("</main>")[0]
        # A form may show settings, disabled and without a button.
        for form in re.findall(r'<form[^>]*method="post".*?</form>', main, re.DOTALL | re.IGNORECASE):
            assert "<button" not in form, (name, form)
            assert 'type="submit"' not in form, (name, form)


def test_wagtails_own_screens_take_nothing_from_the_observer(office, log_in, item):
    client = log_in(office.pemantau)
    before = take_snapshot()
    page = item.get_page()
    for address in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:delete", args=[page.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[page.pk]),
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        reverse("wagtailadmin_pages:move", args=[page.pk]),
        reverse("wagtailadmin_pages:add_subpage", args=[page.get_parent().pk]),
        reverse("wagtailimages:add"),
        reverse("wagtaildocs:add"),
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_groups:index"),
        reverse("wagtailsites:index"),
        reverse("wagtailredirects:index"),
        reverse("wagtailadmin_workflows:index"),
    ):
        assert client.get(address).status_code in {302, 403}, address
        assert client.post(address, {"title": "x", "action-publish": "1"}).status_code in {302, 403, 405}, address
    assert take_snapshot() == before


def test_a_role_besides_watching_is_what_decides(office):
    """An observer who also holds a role acts in that role only."""
    assert may_see_desk(office.pemantau)
    item = office.issue()
    for item.state in sop.OPEN_STATES:
        assert Authority(item, office.pemantau).actions == []
    assert not Disposition.objects.filter(assigned_to=office.pemantau).exists()
