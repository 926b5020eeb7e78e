"""Watch the office's accounts: each post of the ledger as it was ordered, and no post that the ledger does not know."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.db.models import Q
from django.utils import timezone

from moderation.models import Watch
from moderation.people.alarms import Found, settle
from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import ChannelError, Comparison, Posted, Sent, Verdict
from news.social.channels.comparing import compare
from news.social.follow_ups import planning
from news.social.ledger import read_back
from news.social.models import Account, Delivery, FollowUp

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
#: Posts read in one look; while there are more the next look is due after this time.
POSTS_A_LOOK, PAUSE = 100, timedelta(minutes=15)
#: How far back the accounts' own lists are read.
LOOK_BACK = timedelta(days=7)
#: Posts younger than this may be in the hand of a worker that has not written down their number.
IN_HAND = timedelta(minutes=15)
DIFFERENT, GONE, FOREIGN = "isi unggahan", "unggahan hilang", "tidak lewat SOP"
State = Delivery.State


def run(stop: threading.Event) -> None:
    """Look whenever it is due, until ``stop`` is set; a service of the worker."""
    while not stop.is_set():
        close_old_connections()
        look_if_due(stop)
        stop.wait(30)


def look_if_due(stop: threading.Event | None = None) -> int:
    """Take one look if it is due and no other worker took it; return how many there were."""
    now = timezone.now()
    watch, _ = Watch.objects.get_or_create(part=Watch.Part.CHANNELS, defaults={"due_at": now + PAUSE})
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + EVERY)
    if not Watch.objects.filter(is_due, pk=watch.pk).update(due_at=now + EVERY):
        return 0
    watch.refresh_from_db()
    look(watch, stop or threading.Event())
    return 1


def look(watch: Watch, stop: threading.Event) -> None:
    """Read the next posts back, with the first of them the lists of the accounts, and record what was found."""
    places: set[str] = set()
    found: list[Found] = []
    watched, unwatched = _sort_accounts()
    if not watch.cursor:
        troubles = [_read_list(watch, account, places, found) for account in watched]
        watch.blind = " ".join(filter(None, [_describe_blind(unwatched), *troubles]))[:500]
    _read_posts(watch, watched, places, found, stop)
    settle(watch, places, found)
    now = timezone.now()
    watch.looked_at = now
    watch.due_at = now + (PAUSE if watch.cursor else EVERY)
    watch.save()


def _sort_accounts() -> tuple[list[Account], list[Account]]:
    """Return the accounts that may be read every day, and those that are not."""
    accounts = list(Account.objects.kept().offered())
    watched = [account for account in accounts if account.get_composer().capabilities.watchable]
    return watched, [account for account in accounts if account not in watched]


def _describe_blind(accounts: list[Account]) -> str:
    if not accounts:
        return ""
    names = ", ".join(account.label for account in accounts)
    return f"Tidak dijaga, karena kanal tidak dapat dibaca atau biayanya belum disetujui: {names}."


def _read_posts(watch, accounts, places, found, stop) -> None:
    ready = [account.pk for account in accounts if account.is_ready(timezone.now())]
    posts = Delivery.objects.filter(state=State.SENT, account__in=ready).select_related("account").order_by("pk")
    if not watch.cursor:
        watch.round_began_at, watch.seen = timezone.now(), 0
    sample = list(posts.filter(pk__gt=int(watch.cursor or 0))[:POSTS_A_LOOK])
    for delivery in sample:
        if stop.is_set():
            return
        _read_post(delivery, places, found)
        watch.cursor = str(delivery.pk)
        watch.seen += 1
    if len(sample) < POSTS_A_LOOK:
        watch.cursor, watch.round_ended_at, watch.round_size = "", timezone.now(), watch.seen


def _name(delivery: Delivery) -> str:
    """Return where a post stands, in one line."""
    return f"{delivery.account.label}, “{delivery.title}” {delivery.remote_url}".strip()[:600]


def _read_post(delivery: Delivery, places, found) -> None:
    result = read_back.ask(delivery)
    if isinstance(result, ChannelError):
        read_back.act_on_account(delivery.account_id, result)
        return
    if isinstance(result, Sent) or result.comparison == Comparison.UNREADABLE:
        return
    place = _name(delivery)
    places.add(place)
    difference = _judge(delivery, result)
    if difference:
        found.append(Found(place, *difference))


def _judge(delivery: Delivery, verdict: Verdict) -> tuple[str, str, str] | None:
    """Return aspect and both versions; None where all is as it should be, or is being changed this moment."""
    if planning.is_leaving(delivery):
        return None
    text = planning.get_posted_text(delivery)
    if verdict.comparison == Comparison.MISSING:
        return GONE, text, "tidak ada lagi di kanal"
    if verdict.comparison == Comparison.DIFFERENT and not _is_changing(delivery):
        return DIFFERENT, text, verdict.text
    return None


def _is_changing(delivery: Delivery) -> bool:
    """Say whether an edit of the post is planned or under way: either text may stand there."""
    edits = delivery.follow_ups.filter(kind=FollowUp.Kind.EDIT)
    return edits.exclude(state__in=(FollowUp.State.DONE, FollowUp.State.CANCELLED)).exists()


def _read_list(watch, account: Account, places, found) -> str:
    """Compare the account's list with the ledger; return why that was impossible, as a sentence, else ""."""
    if not account.is_ready(timezone.now()):
        return f"{account.label} sedang dijeda."
    prefix = f"{account.label}: "
    known_foreign = watch.discrepancies.filter(mended_at=None, aspect=FOREIGN, place__startswith=prefix)
    since = _find_begin(account, known_foreign)
    if since is None:
        return ""
    try:
        posted = list(get_channel(account).list_posted(since))
    except ChannelError as error:
        read_back.act_on_account(account.pk, error)
        return f"{account.label} tidak terbaca: {error.message}"
    except Exception:
        logger.exception("The list of account %s could not be read", account.key)
        return f"{account.label} tidak terbaca karena kesalahan sistem."
    ids, addresses, texts = _read_ledger(account)
    places.update(known_foreign.values_list("place", flat=True))
    for post in posted:
        if post.remote_id in ids or post.url.lower() in addresses or _is_in_hand(post, texts):
            continue
        found.append(Found(f"{prefix}{post.url or post.remote_id}", FOREIGN, "tidak ada di Unggahan", post.text))
    return ""


def _find_begin(account: Account, known_foreign) -> datetime | None:
    """Return from when on the account's posts are the ledger's; None while it has posted nothing."""
    firsts = Delivery.objects.filter(account=account, state=State.SENT).order_by("sent_at")
    first = account.connected_at or firsts.values_list("sent_at", flat=True).first()
    if first is None:
        return None
    oldest = known_foreign.order_by("found_at").values_list("found_at", flat=True).first() or timezone.now()
    return max(first, oldest - LOOK_BACK)


def _read_ledger(account: Account) -> tuple[set[str], set[str], list[str]]:
    """Return the numbers and addresses of our posts and replies, and the texts of those in a worker's hand."""
    deliveries = Delivery.objects.filter(account=account)
    acts = FollowUp.objects.filter(delivery__account=account)
    rows = [*deliveries.values_list("remote_id", "remote_url"), *acts.values_list("remote_id", "remote_url")]
    lately = timezone.now() - IN_HAND
    in_hand = deliveries.filter(Q(state__in=(State.SENDING, State.UNCERTAIN)) | Q(sent_at__gt=lately))
    texts = [
        *in_hand.values_list("request_text", flat=True),
        *acts.exclude(state__in=(FollowUp.State.DONE, FollowUp.State.CANCELLED)).values_list("request_text", flat=True),
    ]
    # A name in an address may be written in either case.
    return {row[0] for row in rows} - {""}, {row[1].lower() for row in rows} - {""}, texts


def _is_in_hand(post: Posted, texts: list[str]) -> bool:
    return any(compare(post.text, text) == Comparison.SAME for text in texts)
