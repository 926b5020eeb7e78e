"""Decisions of a person about a delivery that cannot continue by itself, each with its audit line."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import transaction
from django.utils import timezone

from moderation.evidence import audit
from moderation.evidence.own_contacts import mask_typed
from moderation.models.roles import get_roles, has_role
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.sop import Role
from news.social.follow_ups import planning
from news.social.models import Delivery, DeliveryEvent
from news.social.models.leases import FREE
from news.social.outbox import renewal
from news.social.outbox.sending import add_event, is_still_live
from news.social.outbox.settlement import close_finished_items

ROLES = (Role.SEKRETARIS, Role.STAF)
State = Delivery.State

_ADDRESS = URLValidator(schemes=["http", "https"])
_SHORT_ENOUGH = MaxLengthValidator(Delivery._meta.get_field("remote_url").max_length)


@dataclass(frozen=True)
class Decision:
    """One decision: its states, button and announced effect."""

    code: str
    label: str
    consequence: str
    at: tuple[str, ...]
    done: str
    asks_link: bool = False
    asks_note: bool = False
    #: Whether it asks for the post's link, or a note where the place gives none, about the text that was shown.
    asks_proof: bool = False
    #: Declaration that the person ticks first.
    vouches: str = ""
    note_label: str = "Catatan"
    by: tuple[Role, ...] = ROLES
    #: Only for deliveries that do not continue by themselves.
    is_for_waiting: bool = False
    #: Whether it sends the post; the news must be live then.
    sends: bool = False

    @property
    def audit_action(self) -> str:
        """Return the decision's action code in the audit log."""
        return f"delivery_{self.code.replace('-', '_')}"


DECISIONS = (
    Decision(
        "sudah-dibagikan",
        "Tandai sudah dibagikan",
        "Anda menyatakan telah membagikan persis teks ini di tempat itu. Bila berita diralat atau diturunkan, Anda "
        "mendapat tugas untuk tempat itu juga.",
        at=(State.TASK,),
        done="Dicatat: sudah dibagikan.",
        asks_proof=True,
    ),
    Decision(
        "kirim-ulang",
        "Kirim ulang",
        "Unggahan yang sama dikirim sekali lagi ke kanal ini.",
        at=(State.FAILED,),
        done="Unggahan menunggu dikirim ulang.",
        sends=True,
    ),
    Decision(
        "kirim-sekarang",
        "Kirim sekarang",
        "Unggahan yang terlambat ini dikirim ke kanal sekarang. Warga membacanya sebagai kabar baru.",
        at=(State.PENDING,),
        done="Unggahan menunggu dikirim.",
        is_for_waiting=True,
        sends=True,
    ),
    Decision(
        "periksa-lalu-kirim",
        "Kirim ulang setelah diperiksa",
        "Unggahan yang sama dikirim sekali lagi ke kanal ini. Bila ternyata sudah ada di sana, warga melihatnya dua "
        "kali.",
        at=(State.UNCERTAIN,),
        done="Unggahan menunggu dikirim ulang.",
        asks_note=True,
        vouches="Saya sudah membuka akun kanal ini dan unggahan tidak ada di sana",
        is_for_waiting=True,
        sends=True,
    ),
    Decision(
        "tandai-terkirim",
        "Tandai terkirim",
        "Unggahan dinyatakan sudah ada di kanal dan tidak akan dikirim lagi.",
        at=(State.FAILED, State.UNCERTAIN),
        done="Unggahan ditandai terkirim.",
        asks_link=True,
    ),
    Decision(
        "tandai-tidak-terkirim",
        "Tandai tidak terkirim",
        "Anda menyatakan telah memeriksa akun dan unggahan tidak ada di sana. Setelah itu unggahan dapat dikirim "
        "ulang. Bila ternyata ada, pengiriman ulang menghasilkan unggahan ganda.",
        at=(State.UNCERTAIN,),
        done="Unggahan ditandai tidak terkirim.",
        asks_note=True,
        is_for_waiting=True,
    ),
    Decision(
        "hapus-dari-kanal",
        "Hapus dari kanal",
        "Unggahan dihapus dari kanal ini, juga balasan RALAT di bawahnya. Berita tetap tayang di website. Kanal yang "
        "tidak dapat menghapus dari sini menjadi tugas petugas.",
        at=(State.SENT,),
        done="Penghapusan unggahan dicatat.",
        asks_note=True,
        note_label="Alasan",
        # Only the Sekretaris, who ordered the post, may cancel it.
        by=(Role.SEKRETARIS,),
    ),
    Decision(
        "tutup",
        "Tutup dengan catatan",
        "Unggahan ini tidak akan dikirim lagi. Bila semua kanal sudah selesai, materi ditutup dalam register.",
        at=(State.PENDING, State.TASK, State.FAILED, State.UNCERTAIN),
        done="Unggahan ditutup.",
        asks_note=True,
    ),
)

#: Labels of the decisions' audit lines.
AUDIT_LABELS = {decision.audit_action: decision.done.rstrip(".") for decision in DECISIONS}


def may_decide(user) -> bool:
    """Say whether the user may decide about deliveries: only Sekretaris and Staf."""
    return has_role(user, *ROLES)


def get_decision(code: str) -> Decision | None:
    """Return the decision with this code."""
    return next((decision for decision in DECISIONS if decision.code == code), None)


def get_available(delivery: Delivery, user) -> list[Decision]:
    """Return the decisions open to the user for the delivery now."""
    if not may_decide(user) or delivery.closed_at is not None:
        return []
    return [decision for decision in DECISIONS if has_role(user, *decision.by) and _is_open(decision, delivery)]


def _is_open(decision: Decision, delivery: Delivery) -> bool:
    if delivery.state not in decision.at or delivery.superseded_at is not None:
        return False
    if decision.code == "hapus-dari-kanal":
        return not planning.is_leaving(delivery)
    # While the worker still searches or waits, a person's guess is not needed.
    return delivery.needs_person or not decision.is_for_waiting


def decide(
    delivery: Delivery,
    decision: Decision,
    user,
    *,
    link: str = "",
    note: str = "",
    vouched: bool = False,
    seal: str = "",
) -> None:
    """Carry out a decision and write its audit line; raise StepRefused and change nothing otherwise.

    ``seal``: of the text that the person was shown, where the decision is about that text.
    """
    if not may_decide(user):
        raise StepRefused("Hanya Sekretaris dan Staf Sekretariat yang dapat mengambil keputusan atas unggahan.")
    link, note = link.strip(), mask_typed(note.strip()) if decision.asks_proof else note.strip()
    _check_input(decision, delivery, link, note, vouched)
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=("self",))
        stored = locked.select_related("disposition", "account").get(pk=delivery.pk)
        if decision not in get_available(stored, user):
            raise StepStale(
                f"“{decision.label}” tidak dijalankan: keadaan unggahan telah berubah. "
                f"Status sekarang: {stored.state_label}."
            )
        if decision.asks_proof and seal != stored.seal:
            raise StepStale("Berita ini telah diralat sejak layar ini dibuka. Bagikan teks yang baru, lalu tandai.")
        if decision.sends and not is_still_live(stored) and not renewal.renew(stored):
            raise StepRefused("Berita ini tidak lagi tayang, jadi unggahannya tidak dapat dikirim.")
        values = _get_values(decision, stored, user, link, note)
        if values:
            Delivery.objects.filter(pk=stored.pk).update(**values, **FREE)
        if decision.code == "tandai-terkirim":
            planning.catch_up(stored)
        add_event(
            stored,
            DeliveryEvent.Outcome.DECIDED,
            user=user,
            message=": ".join(filter(None, (decision.label, link or note))),
        )
        if decision.code == "hapus-dari-kanal":
            planning.plan_removal(stored)
        audit.append(
            action=decision.audit_action,
            disposition=stored.disposition,
            page_id=stored.page_id,
            user=user,
            role=next(role.value for role in get_roles(user) if role in decision.by),
            reason=note,
            seal=stored.seal,
            data={"account": stored.account.key, "delivery": stored.pk, "link": link},
        )
    close_finished_items(stored.disposition_id)


def _check_input(decision: Decision, delivery: Delivery, link: str, note: str, vouched: bool) -> None:
    if decision.asks_note and not note:
        label = decision.note_label
        raise StepRefused(f"Tulis {label.lower()} lebih dahulu.", fields={"note": f"{label} wajib diisi."})
    if decision.vouches and not vouched:
        message = "Periksa akun lebih dahulu, lalu centang pernyataannya."
        raise StepRefused(message, fields={"vouched": message})
    if decision.asks_proof and not (link or note):
        message = "Isi tautannya, atau catatan bila tempat ini tidak memberi tautan."
        raise StepRefused(message, fields={"link": message})
    if decision.asks_link or (decision.asks_proof and link):
        try:
            _ADDRESS(link)
            _SHORT_ENOUGH(link)
        except ValidationError as error:
            message = "Isi tautan unggahan yang lengkap, misalnya https://x.com/kecamatan/status/1."
            raise StepRefused(message, fields={"link": message}) from error
        channel = delivery.account.get_composer()
        if not channel.owns_address(link):
            label = delivery.account.label
            message = f"Tautan ini bukan alamat unggahan di {label}. Salin alamat unggahan itu sendiri."
            raise StepRefused(message, fields={"link": message})


def _get_values(decision: Decision, stored: Delivery, user, link: str, note: str) -> dict:
    now = timezone.now()
    if decision.sends:
        # The person who sends it now has seen how late it is.
        again = {"state": State.PENDING, "may_be_late": True, "needs_person": False, "next_attempt_at": now}
        return again | {"attempts": 0, "repeats": 0, "looks": 0, "last_error": ""}
    if decision.code == "hapus-dari-kanal":
        return {}
    if decision.asks_proof:
        return {"state": State.SENT, "sent_at": now, "remote_url": link, "closed_note": note, "last_error": ""}
    if decision.code == "tandai-terkirim":
        remote_id = stored.account.get_composer().read_id(link)
        sent = {"state": State.SENT, "sent_at": now, "remote_id": remote_id[:200], "remote_url": link}
        return sent | {"needs_person": False, "last_error": ""}
    if decision.code == "tandai-tidak-terkirim":
        return {"state": State.FAILED, "needs_person": False, "last_error": f"Dinyatakan tidak terkirim: {note}"[:500]}
    closed = {"closed_at": now, "closed_by": user, "closed_note": note, "needs_person": False}
    if stored.state in (State.PENDING, State.TASK):
        closed |= {"state": State.FAILED, "last_error": "Ditutup sebelum dikirim."}
    return closed
