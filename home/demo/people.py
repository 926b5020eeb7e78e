"""The demo's accounts, one for each role, named by office, not by person."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.text import slugify

from moderation import sop


@dataclass(frozen=True)
class Account:
    """An account: user name, name on papers, group."""

    username: str
    name: str
    group: str
    duty: str


ACCOUNTS = (
    Account("ppid", "PPID Pembantu", sop.Role.PPID_PEMBANTU, "menerbitkan disposisi"),
    Account("sekretaris", "Sekretaris Kecamatan", sop.Role.SEKRETARIS, "meneruskan, mengoreksi, memerintahkan tayang"),
    Account("sekretariat", "Koordinator Sekretariat", sop.Role.SEKRETARIAT, "menerima dan menugaskan staf"),
    Account("staf1", "Staf Sekretariat 1", sop.Role.STAF, "menyusun dan menayangkan"),
    Account("staf2", "Staf Sekretariat 2", sop.Role.STAF, "menyusun dan menayangkan"),
    Account("bidang", "Petugas Bidang Pengolahan Data", sop.Role.BIDANG, "memverifikasi dan menetapkan klasifikasi"),
    Account("pemantau", "Pemantau Kecamatan", sop.OBSERVER_GROUP, "melihat saja"),
    Account("admin", "Pengelola Sistem", "", "mengelola situs, bukan pelaku SOP"),
)


def get_demo_password() -> str:
    """Return the password of all accounts: public, so that the command refuses to run on a site that is no demo."""
    return f"{slugify(settings.OFFICE_FACTS.place)}-2026"


def make_people() -> dict:
    """Create missing users; return all of them by user name. Existing ones keep their password."""
    model = get_user_model()
    people = {user.username: user for user in model.objects.filter(username__in=[one.username for one in ACCOUNTS])}
    missing = [account for account in ACCOUNTS if account.username not in people]
    password = make_password(get_demo_password()) if missing else ""
    for account in missing:
        people[account.username] = _make(model, account, password)
    return people


def _make(model, account: Account, password: str):
    is_admin = not account.group
    first_name, _, last_name = account.name.partition(" ")
    user = model.objects.create(
        username=account.username,
        first_name=first_name,
        last_name=last_name,
        email=f"{account.username}@contoh.invalid",
        password=password,
        is_staff=is_admin,
        is_superuser=is_admin,
    )
    if account.group:
        user.groups.add(Group.objects.get(name=str(account.group)))
    return user


def describe_accounts() -> str:
    """Return the table of accounts for the terminal."""
    lines = [f"Akun contoh (kata sandi untuk semua: {get_demo_password()})", ""]
    lines += [f"  {account.username:<12} {account.name:<32} {account.duty}" for account in ACCOUNTS]
    return "\n".join(lines)
