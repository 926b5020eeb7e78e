"""Many accounts from one table (CSV): each person gets a mail with a link to set a password.

The link is that of a forgotten password: it works once, and ends after ``PASSWORD_RESET_TIMEOUT`` seconds. No
password is made, shown or mailed.
"""

import csv
import io
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from moderation import sop
from moderation.evidence import audit
from moderation.models.roles import display_name
from moderation.ports.exceptions import StepRefused
from moderation.uploads.control_characters import replace_control_characters

from . import notifications

AUDIT_LABELS = {"accounts_invited": "Akun dibuat dan diundang"}
MAX_ROWS, MAX_BYTES = 200, 200_000
#: The head of the table; the account's own name may be missing: it is the e-mail address up to the @ then.
COLUMNS = ("nama", "nama pengguna", "surel", "peran")
_REQUIRED = ("nama", "surel", "peran")
#: Between two roles of one person.
ROLE_SEPARATOR = "+"
_ROLES = {str(role).casefold(): str(role) for role in sop.DUTIES}
EXAMPLE = "\r\n".join(
    [
        ";".join(COLUMNS),
        "Sri Lestari, S.Sos.;sri.lestari;sri.lestari@contoh.go.id;Sekretaris",
        f"Suratmi;;suratmi@contoh.go.id;Sekretariat {ROLE_SEPARATOR} Staf Sekretariat",
        "",
    ]
)


@dataclass
class Row:
    """One line of the table, and what is wrong with it."""

    line: int
    name: str
    username: str
    email: str
    roles: list[str]
    problems: list[str] = field(default_factory=list)


def may_invite(user) -> bool:
    """Say whether the user may make accounts: the administrator."""
    return user.is_active and user.is_superuser


def decode(content: bytes) -> str:
    """Return the text of a table as spreadsheet programs save it: UTF-8, UTF-16 with its mark, or Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> list[Row]:
    """Return the rows of a table with their problems; StepRefused where it is no such table."""
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    names: list[str] = []
    try:
        for cells in reader:
            cells = [" ".join(str(replace_control_characters(cell)).split()) for cell in cells]
            if not any(cells):
                continue
            if not names:
                names = _read_head(cells)
                continue
            if len(rows) == MAX_ROWS:
                raise StepRefused(f"Paling banyak {MAX_ROWS} akun sekali undang. Bagi tabelnya.")
            rows.append(_read_row(reader.line_num, dict(zip(names, cells, strict=False)), len(cells) > len(names)))
    except csv.Error as error:
        raise StepRefused(f"Baris {reader.line_num} tidak terbaca sebagai CSV.") from error
    if not rows:
        raise StepRefused("Tabel belum memuat satu orang pun di bawah baris judul.")
    _compare(rows)
    return rows


def _read_head(cells: list[str]) -> list[str]:
    names = [cell.casefold() for cell in cells]
    missing = [name for name in _REQUIRED if name not in names]
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name and name not in COLUMNS]
    if missing or unknown or len(set(names)) != len(names):
        raise StepRefused(f"Baris pertama harus memuat judul kolom: {', '.join(COLUMNS)}. Unduh contohnya di bawah.")
    return names


def _read_row(line: int, cells: dict[str, str], is_too_long: bool) -> Row:
    email = cells.get("surel", "")
    wanted = [part.strip() for part in cells.get("peran", "").split(ROLE_SEPARATOR) if part.strip()]
    row = Row(
        line=line,
        name=cells.get("nama", ""),
        username=cells.get("nama pengguna", "") or email.partition("@")[0].lower(),
        email=email,
        roles=[_ROLES[role.casefold()] for role in wanted if role.casefold() in _ROLES],
    )
    if is_too_long:
        row.problems.append("Ada isian di luar kolom.")
    if not row.name:
        row.problems.append("Isi nama.")
    try:
        validate_email(email)
    except ValidationError:
        row.problems.append(f"“{email}” bukan alamat surel." if email else "Isi surel.")
    unknown = [role for role in wanted if role.casefold() not in _ROLES]
    if unknown:
        row.problems.append(f"Peran “{', '.join(unknown)}” tidak dikenal. Yang ada: {', '.join(_ROLES.values())}.")
    if not wanted:
        row.problems.append("Isi peran.")
    account = get_user_model()(username=row.username, first_name=row.name, email=email)
    try:
        account.clean_fields(exclude=["password", "email"])
    except ValidationError as error:
        labels = {"username": "nama pengguna", "first_name": "nama"}
        for name, messages in error.message_dict.items():
            if name != "first_name" or row.name:
                row.problems.append(f"{labels.get(name, name).capitalize()}: {' '.join(messages)}")
    return row


def _compare(rows: list[Row]) -> None:
    """Note what two rows share, and what an account has already; one query."""
    accounts = get_user_model().objects.annotate(own_name=Lower("username"), address=Lower("email"))
    names = [row.username.lower() for row in rows]
    addresses = [row.email.lower() for row in rows if row.email]
    found = accounts.filter(own_name__in=names) | accounts.filter(address__in=addresses)
    pairs = list(found.values_list("own_name", "address"))
    first_with: dict[tuple[str, str], int] = {}
    for row in rows:
        for label, value, taken in (
            ("Nama pengguna", row.username.lower(), {name for name, _address in pairs}),
            ("Surel", row.email.lower(), {address for _name, address in pairs}),
        ):
            if not value:
                continue
            if value in taken:
                row.problems.append(f"{label} “{value}” sudah dipakai akun lain.")
            elif (label, value) in first_with:
                row.problems.append(f"{label} “{value}” sama dengan baris {first_with[label, value]}.")
            first_with.setdefault((label, value), row.line)


def invite_all(by, rows: list[Row]) -> list:
    """Make the accounts with their roles, and queue the invitations; all or, raising StepRefused, none."""
    if not may_invite(by):
        raise StepRefused("Akun dibuat oleh pengelola situs.")
    if any(row.problems for row in rows):
        raise StepRefused("Belum ada akun yang dibuat. Perbaiki baris yang disebut di bawah, lalu kirim lagi.")
    groups = {group.name: group for group in Group.objects.filter(name__in=_ROLES.values())}
    try:
        with transaction.atomic():
            users = [_make(row, groups) for row in rows]
            for user, row in zip(users, rows, strict=True):
                _send(user, row.roles)
            audit.append(
                action="accounts_invited",
                user=by,
                reason=", ".join(f"{display_name(user)} ({user.get_username()})" for user in users),
                data={"users": [user.pk for user in users]},
            )
    except IntegrityError as error:
        raise StepRefused("Salah satu nama pengguna baru saja dipakai akun lain. Kirim lagi.") from error
    return users


def invite_again(by, user) -> None:
    """Send a new link to somebody who has not set a password yet."""
    if not may_invite(by):
        raise StepRefused("Undangan dikirim oleh pengelola situs.")
    if not user.is_active or user.has_usable_password():
        raise StepRefused("Akun ini sudah memiliki kata sandi, atau sudah ditutup.")
    with transaction.atomic():
        _send(user, list(user.groups.order_by("name").values_list("name", flat=True)))
        audit.append(
            action="accounts_invited",
            user=by,
            reason=f"{display_name(user)} ({user.get_username()})",
            data={"users": [user.pk]},
        )


def _make(row: Row, groups: dict):
    user = get_user_model()(username=row.username, first_name=row.name, email=row.email)
    user.set_unusable_password()
    user.save()
    user.groups.add(*(groups[role] for role in row.roles))
    return user


def _send(user, roles: list[str]) -> None:
    key = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    duties = [f"- {role}: {sop.DUTIES[role]}" for role in roles if role in sop.DUTIES]
    body = [
        f"Yth. {display_name(user)},",
        "",
        f"Akun Anda pada meja kerja situs kantor sudah dibuat. Nama pengguna: {user.get_username()}",
        *duties,
        "",
        f"Buka tautan di bawah untuk membuat kata sandi Anda sendiri. Tautan berlaku {days} hari dan hanya sekali "
        "pakai. Bila sudah lewat, minta pengelola situs mengirim undangan lagi.",
    ]
    address = reverse("wagtailadmin_password_reset_confirm", kwargs=key)
    notifications.tell(user, "Undangan membuat kata sandi", "\n".join(body), address=address)
