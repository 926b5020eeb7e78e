"""The address of the site: that of SITE_URL until anything was published, then changed by order alone (I10)."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning
from django.db import connection, transaction
from wagtail.models import Site

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.addresses import guards as addresses
from moderation.evidence.addresses.triggers import SITE_ADDRESS
from moderation.management.jobs.address_check import LOOPBACK
from moderation.models.roles import get_roles, users_with_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused
from moderation.ports.official_step import official_step

logger = logging.getLogger(__name__)

#: Who may order another address.
ORDERING = {sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS}
AUDIT_LABELS = {SITE_ADDRESS: "Alamat situs diganti"}


def get_wanted() -> tuple[str, int]:
    """Return host and port of SITE_URL."""
    address = urlsplit(settings.SITE_URL)
    return address.hostname or "", address.port or (443 if address.scheme == "https" else 80)


def set_up(**kwargs) -> None:
    """Set host and port of the default site to those of SITE_URL, which posts and mails link to.

    Once anything was published only ``change`` does: the difference is logged, and named by the nightly proof. Links to
    this machine itself, as of a demonstration, are nobody's: there the setting is followed, with a line.
    """
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or (site.hostname, site.port) == get_wanted():
        return
    if addresses.is_anything_published() and site.hostname in LOOPBACK:
        _move(site, reason="Situs masih beralamat pada mesin ini sendiri.")
    elif addresses.is_anything_published():
        logger.warning(
            "SITE_URL is %s, the published site is %s:%s. Run manage.py change_site_address, or put SITE_URL back.",
            settings.SITE_URL,
            site.hostname,
            site.port,
        )
    else:
        site.hostname, site.port = get_wanted()
        site.save()


def check_one_site(app_configs, databases=None, **kwargs):
    """Name a second site, made past the guards or before there were any (``check --database default``).

    Warns only, because ``migrate`` runs this check too, and an upgrade must not stop there.
    """
    if not databases or Site._meta.db_table not in connection.introspection.table_names():
        return []
    return [Warning(sentence, id="home.W002") for sentence in find_second_sites()]


def find_second_sites() -> list[str]:
    """Return a sentence that names the sites beside the default one; none is right."""
    names = [site.root_url for site in Site.objects.filter(is_default_site=False).order_by("pk")]
    if not names:
        return []
    return [
        f"Ada situs lain dalam pemasangan ini: {', '.join(names)}. Pencarian, register, dan umpannya menampilkan isi "
        "situs utama. Pindahkan kantor itu ke pemasangan sendiri, lalu hapus situsnya (docs/operations.md)."
    ]


@transaction.atomic
def change(user, reason: str) -> Site:
    """Give the published site the address of SITE_URL, with a line of the log, and tell those who answer for it."""
    role = next((role for role in get_roles(user) if role in ORDERING), None)
    if role is None:
        raise StepRefused("Alamat situs diganti atas perintah PPID Pembantu atau Sekretaris. Sebutkan akunnya.")
    if not reason.strip():
        raise StepRefused("Sebutkan alasan penggantian alamat.")
    site = Site.objects.select_for_update().get(is_default_site=True)
    if (site.hostname, site.port) == get_wanted():
        raise StepRefused(f"Situs sudah beralamat {site.root_url}.")
    before, former_host = site.root_url, site.hostname
    _move(site, reason, user, role.value)
    body = (
        f"Alamat situs diganti dari {before} menjadi {site.root_url}. Alasan: {reason.strip()}\n\n"
        f"Nama lama tetap harus dilayani dan mengalihkan ke alamat baru: biarkan {former_host} dalam "
        "ALLOWED_HOSTS. Unggahan dan tautan lama menunjuk ke sana."
    )
    people = {found.pk: found for role_told in ORDERING for found in users_with_role(role_told)}
    for found in people.values():
        notifications.tell(found, "Alamat situs diganti", body)
    return site


@transaction.atomic
def _move(site, reason: str, user=None, role: str = "") -> None:
    """Give the site the address of SITE_URL; the trigger asks for the line before the host changes."""
    facts = {"former_hostname": site.hostname, "former_port": site.port}
    site.hostname, site.port = get_wanted()
    facts |= {"hostname": site.hostname, "port": site.port}
    with official_step():
        audit.append(action=SITE_ADDRESS, user=user, role=role, reason=reason, data=facts)
        site.save()
