"""What bulk actions of pictures and documents may not do; they write past the guard of the ORM."""

from moderation.evidence.media_guards import find_refusal_to_close
from moderation.ports.exceptions import GuardViolation


def refuse_closed_collection(request, action_type, objects, action) -> None:
    """Refuse to put files that citizens read into a closed collection; asked before every bulk action."""
    if action_type != "add_to_collection":
        return
    refusal = find_refusal_to_close(objects, action.cleaned_form.cleaned_data["collection"])
    if refusal:
        raise GuardViolation(refusal)
