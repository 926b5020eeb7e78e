"""Finish action of Wagtail workflows, set by ``WAGTAIL_FINISH_WORKFLOW_ACTION``.

Wagtail resolves that name while its models load, so nothing here imports models at the top.
"""


def finish_workflow(workflow_state, user=None):
    """Publish the permitted revision of a moderated page, not the latest one (I1)."""
    from wagtail.workflows import publish_workflow_state

    from moderation.models import ModeratedPage, PublicationPermit
    from moderation.ports.exceptions import GuardViolation

    from .publish_action import PublishVersionAction

    passage = getattr(workflow_state, "passage", None)
    page = passage.page if passage else workflow_state.content_object.specific
    if not issubclass(page.specific_class, ModeratedPage):
        publish_workflow_state(workflow_state, user=user)
        return
    permit = passage.permit if passage else PublicationPermit.objects.active_for(page)
    if permit is None:
        raise GuardViolation("Perintah tayang belum diterbitkan oleh Sekretaris.")
    permit.accept_version(page)
    PublishVersionAction(permit.version, user).execute(skip_permission_checks=True)
