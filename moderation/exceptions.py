"""What the chain answers when it says no: each error carries the sentence a person reads."""


class StepRefused(Exception):
    """A step may not be taken; ``message`` says in Indonesian what happened and what to do."""

    def __init__(self, message: str, *, fields: dict[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.fields = fields or {}


class StepStale(StepRefused):
    """Somebody else has taken the step since the person opened the screen."""


class GuardViolation(StepRefused):
    """Something tried to change what is live, or the chain's records, outside a step (I1, I12)."""
