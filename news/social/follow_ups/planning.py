"""Plan the follow-ups of a ralat or a take-down for each post, and write them in that step.

Planning is pure, so that the worksheet can show beforehand what the step will do.
"""

from dataclasses import dataclass, replace

from moderation.chain import corrections
from moderation.models import PublicationPermit
from news.social.accounts import service
from news.social.channels import Channel, Composed, Draft
from news.social.models import Delivery, DeliveryEvent, FollowUp
from news.social.outbox.composing import get_draft, get_media
from news.social.outbox.enqueue import on_page_taken_down
from news.social.outbox.renewal import NOT_POSTED, add_event, drop_open, take_corrected_text

State, Kind, Occasion = FollowUp.State, FollowUp.Kind, FollowUp.Occasion
#: A delivery in one of these states may be a post that citizens see.
MAYBE_POSTED = (Delivery.State.SENT, Delivery.State.SENDING, Delivery.State.UNCERTAIN)
#: A follow-up in one of these states has changed the post, or is changing it.
UNDER_WAY = (State.DOING, State.DONE)
#: Acts that change the post itself.
EDITS = (Kind.EDIT, Kind.MEDIA)
PREFIX = "RALAT: "
CLOSED_UNKNOWN = "Unggahan ini ditutup tanpa diketahui apakah ada di kanal. Periksa akun."

_AUTOMATIC = {
    Kind.EDIT: "{label}: teks unggahan diperbarui.",
    Kind.MEDIA: "{label}: foto unggahan diganti.",
    Kind.REPLY: "{label}: unggahan dibalas dengan RALAT.",
    Kind.DELETE: "{label}: unggahan dihapus.",
}
_BY_HAND = {
    Kind.EDIT: "{label}: tidak dapat diubah dari sini. Menjadi tugas petugas: perbarui unggahan.",
    Kind.MEDIA: "{label}: fotonya tidak dapat diganti dari sini. Menjadi tugas petugas: hapus, lalu unggah ulang.",
    Kind.REPLY: "{label}: tidak dapat dibalas dari sini. Menjadi tugas petugas: umumkan ralat.",
    Kind.DELETE: "{label}: tidak dapat dihapus dari sini. Menjadi tugas petugas: hapus unggahan.",
}


@dataclass(frozen=True)
class Plan:
    """One thing to do about one post; without ``is_able`` a person does it."""

    kind: Kind
    composed: Composed
    is_able: bool
    target: FollowUp | None = None


def plan_correction(delivery: Delivery, page) -> list[Plan]:
    """Return the plans for a post that may exist after the ralat ``page``; [] for nothing to do.

    A public note reaches the readers of the post: in its text where that can be changed, else
    below it. A minor edit does nothing unless the words or the picture of the post itself changed.
    """
    channel = delivery.account.get_composer()
    can = channel.capabilities
    note, draft = page.get_correction_note(), get_draft(page, channel)
    if note and not can.can_edit:
        reply = Plan(Kind.REPLY, channel.compose(Draft(PREFIX + note, draft.link)), can.can_reply)
        return [*_plan_media(delivery, page, channel), reply]
    if not note and can.can_edit:
        # Keep a correction note that the post already has.
        note = next((permit.correction_note for permit in corrections.find_public(page)), "")
    if note:
        draft = replace(draft, text=f"{PREFIX}{note}\n\n{draft.text}")
    composed = channel.compose(draft)
    media = _plan_media(delivery, page, channel, composed)
    # Who replaces the picture by hand posts the new text with it.
    has_text = bool(media) and (media[0].is_able or not can.can_edit)
    if composed.text == get_posted_text(delivery) or has_text:
        return media
    return [*media, Plan(Kind.EDIT, composed, can.can_edit)]


def _plan_media(delivery: Delivery, page, channel: Channel, composed: Composed | None = None) -> list[Plan]:
    """Return the plan for a picture that is no longer the post's, in one act with ``composed`` where possible."""
    last = delivery.follow_ups.filter(kind=Kind.MEDIA, state__in=UNDER_WAY).order_by("-pk").first()
    posted = (last or delivery).permit.revision.as_object()
    if get_media(posted, channel) == get_media(page, channel):
        return []
    is_able = composed is not None and channel.capabilities.can_edit_media
    return [Plan(Kind.MEDIA, composed or channel.compose(get_draft(page, channel)), is_able)]


def plan_take_down(delivery: Delivery) -> list[Plan]:
    """Return the plans for a post that may exist, and for its replies, after a take-down."""
    channel = delivery.account.get_composer()
    nothing = Composed("", delivery.link, 0, None)
    replies = delivery.follow_ups.filter(kind=Kind.REPLY, state__in=(State.DOING, State.DONE, State.UNCERTAIN))
    removed = delivery.follow_ups.exclude(target=None).filter(state__in=UNDER_WAY).values("target")
    targets = [None, *replies.exclude(pk__in=removed).order_by("pk")]
    return [Plan(Kind.DELETE, nothing, channel.capabilities.can_delete, target) for target in targets]


def get_posted_text(delivery: Delivery) -> str:
    """Return the post's text, including a running edit; waiting edits are obsolete."""
    changed = delivery.follow_ups.filter(kind__in=EDITS, state__in=UNDER_WAY).exclude(request_text="")
    last = changed.order_by("-pk").first()
    return last.request_text if last else delivery.request_text


def describe(item, occasion: str, page=None) -> list[str]:
    """Return what will happen on each channel, one sentence for each post."""
    lines = []
    for delivery in _get_deliveries(disposition=item.pk):
        label = delivery.account.label
        if delivery.state in NOT_POSTED:
            if delivery.closed_at is None:
                lines.append(f"{label}: {_UNSENT[occasion, delivery.state]}")
        elif _is_gone(delivery):
            continue
        elif occasion == Occasion.TAKE_DOWN:
            lines += [_say(plan, label) for plan in plan_take_down(delivery)]
        else:
            plans = plan_correction(delivery, page)
            lines += [_say(plan, label) for plan in plans] or [f"{label}: unggahan tidak berubah."]
    return lines


_UNSENT = {
    (Occasion.CORRECTION, Delivery.State.PENDING): "unggahan belum terkirim dan memakai teks yang baru.",
    (
        Occasion.CORRECTION,
        Delivery.State.FAILED,
    ): "unggahan gagal terkirim. Teksnya diganti; keputusan tetap pada petugas.",
    (Occasion.CORRECTION, Delivery.State.TASK): "belum dibagikan petugas; tugasnya memakai teks yang baru.",
    (Occasion.TAKE_DOWN, Delivery.State.PENDING): "unggahan belum terkirim dan dibatalkan.",
    (Occasion.TAKE_DOWN, Delivery.State.TASK): "belum dibagikan petugas; tugasnya dibatalkan.",
    (Occasion.TAKE_DOWN, Delivery.State.FAILED): "unggahan gagal terkirim; tidak ada yang perlu dihapus.",
}


def _say(plan: Plan, label: str) -> str:
    sentence = (_AUTOMATIC if plan.is_able else _BY_HAND)[plan.kind].format(label=label)
    if plan.target is not None:
        sentence = sentence.replace("unggahan", "balasan RALAT")
    return f"{sentence} “{plan.composed.text}”" if plan.composed.text else sentence


_DONE = {
    Kind.EDIT: "diperbarui setelah ralat",
    Kind.MEDIA: "foto diganti setelah ralat",
    Kind.REPLY: "dibalas dengan RALAT",
    Kind.DELETE: "dihapus setelah berita diturunkan",
}
_WAITING = {
    Kind.EDIT: "pembaruan",
    Kind.MEDIA: "penggantian foto",
    Kind.REPLY: "balasan RALAT",
    Kind.DELETE: "penghapusan",
}


def describe_act(kind: str, state: str, occasion: str) -> str:
    """Return the last follow-up of a post in words for the register."""
    if state == State.DONE:
        return "dihapus dari kanal oleh petugas" if occasion == Occasion.DECISION else _DONE[Kind(kind)]
    return f"{_WAITING[Kind(kind)]} {State(state).label.lower()}"


def on_page_corrected(sender, page, permit, previous, **kwargs) -> None:
    """Update unsent posts to the new text, and write follow-ups for sent ones."""
    sealed = permit.revision.as_object()
    for delivery in _get_deliveries(page=page.pk):
        if take_corrected_text(delivery, permit, sealed):
            continue
        delivery.refresh_from_db()
        # The page may be live again before its posts were removed.
        drop_open(delivery, "Berita tayang kembali.", Kind.DELETE, occasions=[Occasion.TAKE_DOWN])
        if delivery.state not in MAYBE_POSTED or is_leaving(delivery):
            continue
        drop_open(delivery, "Diganti oleh ralat yang lebih baru.", *EDITS)
        for plan in plan_correction(delivery, sealed):
            _write(delivery, permit, Occasion.CORRECTION, plan)


def on_page_down(sender, page, permit, **kwargs) -> None:
    """Cancel unsent posts, and write the removal of sent ones."""
    on_page_taken_down(sender, page, permit, **kwargs)
    for delivery in _get_deliveries(page=page.pk):
        if delivery.state not in MAYBE_POSTED or _is_gone(delivery):
            continue
        drop_open(delivery, "Berita diturunkan dari tayangan.")
        for plan in plan_take_down(delivery):
            _write(delivery, permit, Occasion.TAKE_DOWN, plan)


def catch_up(delivery: Delivery) -> None:
    """Write the removal of a post that a person found after its news was taken down."""
    permit = PublicationPermit.objects.filter(page=delivery.page_id).carried_out().first()
    waiting = FollowUp.objects.open().filter(delivery=delivery, kind=Kind.DELETE)
    if permit.revoked_at is None or permit.page.live or _is_gone(delivery) or waiting.exists():
        return
    for plan in plan_take_down(delivery):
        _write(delivery, permit, Occasion.TAKE_DOWN, plan)


def plan_removal(delivery: Delivery) -> list[FollowUp]:
    """Write the removal of a post that a person requested while its news stays live."""
    permit = PublicationPermit.objects.filter(page=delivery.page_id).carried_out().first()
    drop_open(delivery, "Unggahan dihapus dari kanal.")
    return [_write(delivery, permit, Occasion.DECISION, plan) for plan in plan_take_down(delivery)]


def is_leaving(delivery: Delivery) -> bool:
    """Say whether the post was removed, is being removed, or is to be."""
    acts = delivery.follow_ups.filter(kind=Kind.DELETE, target=None)
    return acts.exclude(state=State.CANCELLED).exists()


def _get_deliveries(**filters):
    return (
        Delivery.objects.filter(**filters)
        .select_related("account", "permit__revision")
        .order_by("account__position", "pk")
    )


def _is_gone(delivery: Delivery) -> bool:
    """Say whether the post was removed, or is being removed this moment."""
    return delivery.follow_ups.filter(kind=Kind.DELETE, target=None, state__in=UNDER_WAY).exists()


def _write(delivery: Delivery, permit, occasion: Occasion, plan: Plan) -> FollowUp:
    is_closed = delivery.state == Delivery.State.UNCERTAIN and delivery.closed_at is not None
    follow_up = FollowUp.objects.create(
        delivery=delivery,
        permit=permit,
        occasion=occasion,
        kind=plan.kind,
        target=plan.target,
        seal=permit.seal,
        link=plan.composed.link,
        request_text=plan.composed.text,
        state=State.PENDING if plan.is_able and not is_closed else State.TASK,
        last_error=CLOSED_UNKNOWN if is_closed else "",
    )
    Delivery.objects.filter(disposition=delivery.disposition_id).update(settlement_done=False)
    add_event(follow_up, DeliveryEvent.Outcome.ACT_PLANNED, permit.number)
    if follow_up.state == State.TASK:
        tell_person(follow_up)
    return follow_up


def tell_person(follow_up: FollowUp) -> None:
    """Write a mail about what a person has to do."""
    delivery = follow_up.delivery
    label = delivery.account.label
    body = f"{follow_up.get_kind_display()} di {label}: {follow_up.post_url or 'tautan tidak diketahui'}\n"
    service.tell(
        f"{follow_up.get_kind_display()} di {label}: {delivery.title}",
        body + follow_up.last_error,
        delivery.disposition,
    )
