"""Provider of the networks' accounts for ``moderation.ports.channels``."""

from dataclasses import asdict

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from moderation.ports.channels import ChannelChoice, LinkCard, Outcome, PostText, Preview

from .channels import BY_HAND, KINDS, build
from .follow_ups import planning
from .models import Account, Delivery, FollowUp
from .outbox.composing import compose
from .sharing import texts


class SocialProvider:
    """The accounts of this app."""

    def choices(self) -> list[ChannelChoice]:
        """Return the accounts that an order can name, paused ones included: their posts wait."""
        return [ChannelChoice(account.key, account.label, account.kind) for account in Account.objects.offered()]

    def kinds(self) -> list[tuple[str, str, str]]:
        """Return (kind, label, limit in words) of every kind that has an adapter."""
        return [(kind, channel.label, _describe_limit(build({"kind": kind}))) for kind, channel in KINDS.items()]

    def previews(self, page, keys=None) -> list[Preview]:
        """Return the exact posts of ``page``, composed by the adapters."""
        previews = []
        accounts = Account.objects.offered() if keys is None else Account.objects.filter(key__in=keys)
        for account in accounts:
            channel = account.get_composer()
            post = compose(page, channel)
            card = LinkCard(**asdict(post.card)) if post.card else None
            previews.append(
                Preview(
                    account.key,
                    account.label,
                    post.text,
                    post.link,
                    post.length,
                    post.limit,
                    card,
                    image=post.image.url if post.image else "",
                    image_alt=post.image.alt if post.image else "",
                    is_own_text=page.has_own_channel_text(channel.text_kind),
                    problems=tuple(_find_problems(account.label, page, channel, post)),
                    warnings=(*_find_remarks(account.label, page, channel, post), *post.warnings),
                )
            )
        return previews

    def text_problem(self, kind: str, text: str) -> str | None:
        """Return why a text for this kind would be cut or refused, or None."""
        if kind not in (*KINDS, texts.KIND):
            return "Jenis kanal ini tidak dikenal."
        composers = [account.get_composer() for account in Account.objects.offered().filter(kind__in={kind, BY_HAND})]
        channels = [channel for channel in composers if channel.text_kind == kind]
        if not channels and kind == texts.KIND:
            return None
        channels = channels or [build({"kind": kind})]
        excess = max(channel.excess(text) for channel in channels)
        if excess:
            return f"Teks untuk {channels[0].label} kelebihan {excess} karakter. Persingkat teks ini."
        return next(iter(channels[0].find_text_problems(text)), None)

    def outcomes(self, disposition_ids) -> dict[int, list[Outcome]]:
        """Return the outcomes of the items' deliveries and follow-ups, in one query."""
        outcomes: dict[int, list[Outcome]] = {}
        deliveries = Delivery.objects.filter(disposition_id__in=list(disposition_ids)).select_related("account")
        last = _find_last_acts()
        deliveries = deliveries.annotate(
            last_kind=Subquery(last.values("kind")[:1]),
            last_state=Subquery(last.values("state")[:1]),
            last_occasion=Subquery(last.values("occasion")[:1]),
            last_text=Subquery(last.values("request_text")[:1]),
        )
        for delivery in deliveries.order_by("account__position", "pk"):
            account = delivery.account
            state_label = delivery.state_label
            if delivery.last_kind:
                act = planning.describe_act(delivery.last_kind, delivery.last_state, delivery.last_occasion)
                state_label += f"; {act}"
            outcome = Outcome(
                account.key,
                account.label,
                state_label,
                delivery.remote_url,
                text=delivery.request_text,
                later_text=delivery.last_text or "",
                permit_id=delivery.permit_id,
                address=reverse("social:delivery", args=[delivery.pk]),
                waits_for_person=delivery.waits_for_person,
            )
            outcomes.setdefault(delivery.disposition_id, []).append(outcome)
        return outcomes

    def post_texts(self, disposition_ids) -> dict[int, list[PostText]]:
        """Return the words of the items' posts and of their last follow-ups, in one query."""
        deliveries = Delivery.objects.filter(disposition_id__in=list(disposition_ids))
        later = Coalesce(Subquery(_find_last_acts().values("request_text")[:1]), Value(""), output_field=TextField())
        rows = deliveries.order_by("account__position", "pk").values_list(
            "disposition_id", "account__label", "request_text", later, "permit_id"
        )
        found: dict[int, list[PostText]] = {}
        for disposition_id, *words in rows:
            found.setdefault(disposition_id, []).append(PostText(*words))
        return found

    def find_posts(self, addresses) -> dict[str, int]:
        """Return the dispositions of the posts at these URLs, ignoring added parameters, in one query."""
        forms = {address: _list_forms(address) for address in addresses}
        asked = {form for each in forms.values() for form in each}
        sent = Delivery.objects.filter(state=Delivery.State.SENT, remote_url__in=asked)
        found = dict(sent.values_list("remote_url", "disposition_id")) if asked else {}
        at = {address: next((found[form] for form in each if form in found), None) for address, each in forms.items()}
        return {address: item for address, item in at.items() if item is not None}

    def is_waited_for(self, disposition_id: int) -> bool:
        """Say whether a post of the item is still to be sent or decided upon."""
        posts = Delivery.objects.unsettled().filter(disposition=disposition_id)
        return posts.exists() or FollowUp.objects.open().filter(delivery__disposition=disposition_id).exists()

    def follow_ups(self, item, occasion: str, page) -> list[str]:
        """Return the follow-up of each post of the item after a ralat or a take-down."""
        return planning.describe(item, occasion, page)

    def choices_again(self, item) -> list[ChannelChoice]:
        """Return the accounts that certainly have no post of the item."""
        current = Delivery.objects.filter(disposition=item.pk, superseded_at=None).select_related("account")
        standing = {delivery.account.key for delivery in current if delivery.may_stand}
        return [choice for choice in self.choices() if choice.key not in standing]

    def screens(self, item) -> list[tuple[str, str]]:
        """Return nothing: the ledger has a screen for each post, not for an item."""
        return []


def _find_last_acts():
    """Return the follow-ups of the delivery of an outer query, the last one first."""
    acts = FollowUp.objects.filter(delivery=OuterRef("pk"), target=None).exclude(state=FollowUp.State.CANCELLED)
    return acts.order_by("-pk")


def _list_forms(address: str) -> tuple[str, ...]:
    """Return the forms in which a URL may be stored."""
    plain = address.split("?")[0].split("#")[0].rstrip("/")
    return address, plain, f"{plain}/"


def _find_problems(label: str, page, channel, post):
    """Yield why the post would not be sent as written."""
    if post.excess and page.has_own_channel_text(channel.text_kind):
        yield f"Teks untuk {label} kelebihan {post.excess} karakter."
    if post.limit is not None and post.length > post.limit:
        yield f"Unggahan {label} kelebihan {post.length - post.limit} karakter."
    yield from channel.find_problems(post)


def _find_remarks(label: str, page, channel, post):
    """Yield the adapter's remarks about a text and picture not written for this channel."""
    if channel.capabilities.image == "required" and not all(page.get_channel_picture(channel.text_kind)):
        yield f"{label} memerlukan gambar. Tanpa foto dan teks alternatifnya, dipakai kartu dari judul berita."
    if post.excess and not page.has_own_channel_text(channel.text_kind):
        yield f"Ringkasan dipotong agar muat. Tulis teks sendiri untuk {label} bila perlu utuh."


def _describe_limit(channel) -> str:
    limit = channel.capabilities.max_length
    if limit is None:
        return "Tanpa batas panjang."
    room = limit - channel.link_reserve
    return f"Paling banyak {room} karakter; sisanya dari {limit} karakter disediakan untuk tautan."
