"""Exceptions of the chain; each carries the Indonesian sentence shown to the user."""

from moderation.scanner.redaction import mask, mask_all


class StepRefused(Exception):
    """A step may not be taken; ``message`` says in Indonesian what happened and what to do."""

    def __init__(self, message: str, *, fields: dict[str, str] | None = None):
        # The sentence goes on into mails, the log and sessions.
        self.message = mask(message)
        super().__init__(self.message)
        self.fields = mask_all(fields or {})


class StepStale(StepRefused):
    """Another user took the step since this user opened the screen."""


class GuardViolation(StepRefused):
    """Something tried to change what is live, or the chain's records, outside a step (I1, I12)."""
