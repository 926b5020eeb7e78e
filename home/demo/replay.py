"""Replay the stories of the demo's items through the steps of the SOP.

Takes the steps of all items in the order of their times, so that register, orders and audit log look like a year of
work. Reads from the audit log what was done: an interrupted replay resumes, a complete one does nothing.
"""

from functools import lru_cache
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.test.utils import override_settings
from django.utils.text import slugify

from home.starter.text_notation import get_credit, read_blocks
from moderation import sop
from moderation.chain import dispositions
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition
from moderation.people import notifications
from moderation.ports import channels, jobs
from moderation.review import checklists
from news.models import Photo, Village

from . import pictures
from .clock import clock_at
from .content import Item, Step, correct, list_pictures, read_moment

#: Steps that save the text without a line in the audit log; they belong to the step before them.
SAVES = {"write": "first_text", "correct": "text", "rewrite": "text"}
#: Step to account; all other steps are the Staf's.
ACTORS = {
    "issue": "ppid",
    "forward": "sekretaris",
    "receive": "sekretariat",
    "assign": "sekretariat",
    "declare_corrected": "sekretaris",
    "return_to_staf": "sekretaris",
    "verify": "bidang",
    "return_to_sekretaris": "bidang",
    "mark_exempt": "bidang",
    "confirm_exempt": "ppid",
    "order": "sekretaris",
    "cancel": "sekretaris",
    "open_correction": "sekretaris",
    "take_down": "sekretaris",
}
#: Steps after which deliveries or follow-ups are due.
MOVES_POSTS = ("publish", "take_down")
#: Lines of the audit log that are no step of a story.
SYSTEM_ACTIONS = ("settle", "schedule_failed")
#: The kind of channel that the demo's orders name: invented news must never reach a real account.
CHANNEL_KIND = "console"
NO_REAL_POSTS = "Materi contoh tidak dikirim ke akun sungguhan."
#: Discards the mails of the replay.
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def is_foreign(items: list[Item]) -> bool:
    """Return whether the site has dispositions that are not the demo's."""
    return Disposition.objects.exists() and not any(find(item) for item in items)


def find(item: Item) -> Disposition | None:
    """Return the item's disposition, found by the time of its row 1, or None."""
    return Disposition.objects.filter(subject=item.disposition["subject"], issued_at=item.issued_at).first()


def list_open_steps(items: list[Item]) -> list[tuple[Item, Step]]:
    """Return the steps still to be taken, by time."""
    done = {item.title: _count_done(item) for item in items}
    steps = [(item, step) for item in items for step in item.steps[done[item.title] :]]
    return sorted(steps, key=lambda pair: pair[1].at)


def _count_done(item: Item) -> int:
    """Return the number of steps done: those in the audit log and the saves among them."""
    found = find(item)
    if found is None:
        return 0
    logged = AuditEntry.objects.filter(disposition_id=found.pk).exclude(action__in=SYSTEM_ACTIONS).count()
    count = 0
    while count < len(item.steps) and (logged or item.steps[count].action in SAVES):
        logged -= item.steps[count].action not in SAVES
        count += 1
    return count


def replay(items: list[Item], people: dict, categories: dict) -> int:
    """Take the open steps; return their number."""
    steps = list_open_steps(items)
    if not steps:
        return 0
    last_publication = max((step.at for _item, step in steps if step.action == "publish"), default=None)
    with override_settings(EMAIL_BACKEND=NO_MAIL):
        for item, group in _group(steps):
            _take_group(item, group, people, categories)
            if any(step.action in MOVES_POSTS and step.at != last_publication for step in group):
                # Send before the next step; the site's own worker sends the last item.
                with clock_at(group[-1].at):
                    jobs.run_once()
        with clock_at(steps[-1][1].at):
            notifications.send_due_notifications()
    return len(steps)


def _group(steps):
    """Group each save with the step before it, so that both are done or neither is."""
    groups = []
    open_group: dict[str, list[Step]] = {}
    for item, step in steps:
        if step.action in SAVES and item.title in open_group:
            open_group[item.title].append(step)
        else:
            open_group[item.title] = [step]
            groups.append((item, open_group[item.title]))
    return groups


@transaction.atomic
def _take_group(item: Item, steps: list[Step], people: dict, categories: dict) -> None:
    for step in steps:
        with clock_at(step.at):
            if step.action == "issue":
                dispositions.issue(people["ppid"], item.disposition, _make_files(item))
            elif step.action in SAVES:
                _save_text(item, step, people, categories)
            else:
                user = people[ACTORS.get(step.action, item.staf)]
                take(find(item), step.action, user, _get_data(item, step, people))


def _get_data(item: Item, step: Step, people: dict) -> dict:
    """Return the form data of a step."""
    console = [choice.key for choice in channels.get_choices() if choice.kind == CHANNEL_KIND]
    more = {
        "assign": {"staf": people[item.staf].pk},
        "hand_over": {"warnings_checked": True},
        "declare_corrected": {"warnings_checked": True},
        "verify": {
            "classification": item.classification,
            "warnings_checked": True,
            **checklists.fill(sop.StepCode.VERIFICATION),
        },
        "mark_exempt": item.exemption,
        # The last item may be posted late: the site's own worker sends it whenever the demo runs.
        "order": {
            "channels": console,
            "left_out_reason": NO_REAL_POSTS,
            "go_live_at": item.go_live_at,
            "posts_late": True,
        },
        "take_down": {"public_notice": bool(item.notice), "notice_title": True, "notice_text": item.notice},
    }
    return {"comment": step.note} | more.get(step.action, {})


def _make_files(item: Item) -> list[ContentFile]:
    """Return the item's source material as uploaded files."""
    files = []
    if item.material:
        files.append(ContentFile(item.material["text"].strip().encode() + b"\n", name=item.material["name"]))
    if photo := item.material.get("photo"):
        files.append(ContentFile(_draw(photo), name=f"foto-{photo}.jpg"))
    return files


def _save_text(item: Item, step: Step, people: dict, categories: dict) -> None:
    """Save the text as a new revision by its current holder, as the editor does."""
    disposition, text, lead = find(item), getattr(item, SAVES[step.action]), item.lead
    page = disposition.get_draft()
    user = people[item.staf if disposition.step.role == sop.Role.STAF else "sekretaris"]
    photos = _upload_pictures(item, people[item.staf])
    page.title, page.slug = item.title, slugify(item.title)
    if step.action == "rewrite":
        text, lead = correct(item, text), correct(item, lead)
        page.correction_is_public, page.correction_note = bool(item.ralat["note"]), item.ralat["note"]
    page.lead, page.classification = lead, item.classification
    page.category = categories[item.category]
    page.village = Village.objects.filter(name=item.village).first()
    page.starts_at, page.ends_at = read_moment(item.starts_at), read_moment(item.ends_at)
    page.valid_until = item.valid_until
    page.tags.set(item.tags)
    if item.picture:
        page.main_image, page.main_image_credit = photos[item.picture["name"]], get_credit()
        page.main_image_alt, page.main_image_caption = item.picture["alt"], item.picture["caption"]
    for name, words in item.urgent.items():
        setattr(page, f"urgent_{name}", words)
    page.body = [_put_photos(kind, value, photos) for kind, value in read_blocks(text)]
    known = {kind for kind, _label, _limit in channels.get_kinds()}
    page.channel_texts = [
        ("text", {"channel": kind, "text": words}) for kind, words in item.channel_texts.items() if kind in known
    ]
    page.save_revision(user=user)


def _put_photos(kind, value, photos):
    if kind == "image":
        return kind, value | {"photo": photos[value["photo"]]}
    if kind == "gallery":
        shown = [picture | {"photo": photos[picture["photo"]]} for picture in value["pictures"]]
        return kind, value | {"pictures": shown}
    return kind, value


def _upload_pictures(item: Item, user) -> dict[str, Photo]:
    """Return the item's photos by name; create those that are missing."""
    photos = {}
    for name in list_pictures(item):
        title = f"{item.title}: {name}"[:255]
        photo = Photo.objects.filter(title=title, uploaded_by_user=user).first()
        if photo is None:
            file = ImageFile(BytesIO(_draw(name)), name=f"{name}.jpg")
            photo = Photo.objects.create(title=title, file=file, credit=get_credit(), uploaded_by_user=user)
        photos[name] = photo
    return photos


@lru_cache
def _draw(name: str) -> bytes:
    return pictures.draw(name)
