"""Take a page down (Turunkan) on the Sekretaris's decision, with a reason (I10).

Its URL then shows the public notice, if one was written, never the withdrawn text.
"""

from wagtail.actions.unpublish_page import UnpublishPageAction

from moderation.models import Withdrawal

from . import corrections, permits


def take_down(context):
    """Extension: take the page off the site for the Sekretaris, and end a running ralat.

    Writes on the permit who ends it and why, unpublishes, then revokes it: the database accepts no other order.
    """
    item, data = context.item, context.data
    if item.correcting:
        corrections.end(item, context.user, data["comment"])
        context.forget_text()
    permit = permits.get_active(item)
    context.permit, context.seal = permit, permit.seal
    context.revision_id = permit.revision_id
    page = item.get_page()
    permit.add_fact(revoked_by=context.user, revoke_reason=data["comment"])
    UnpublishPageAction(page, user=context.user).execute(skip_permission_checks=True)
    permit.add_fact(revoked_at=context.now)
    withdrawal = Withdrawal.objects.create(
        permit=permit,
        page_id=page.pk,
        at=context.now,
        by=context.user,
        is_public=data["public_notice"],
        title=page.title if data["public_notice"] and data["notice_title"] else "",
        notice=data["notice_text"] if data["public_notice"] else "",
    )
    context.facts |= {"public_notice": withdrawal.is_public, "notice": withdrawal.notice}


def find(page) -> Withdrawal | None:
    """Return the take-down in force for this page, None without one."""
    return Withdrawal.objects.filter(page_id=page.pk, page__live=False).first()
