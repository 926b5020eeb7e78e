"""A step, and how a table of them is gone through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .machine import StepFailed
from .plan import Plan


@dataclass(frozen=True)
class Step:
    """One thing that must be so on the machine.

    ``is_done`` looks and changes nothing; ``do`` makes it so, and may be repeated after it broke off. ``undo`` tells a
    person how to take it back. The name is also the heading under which docs/operations.md tells the step by hand.
    """

    name: str
    is_done: Callable[[Plan], bool]
    do: Callable[[Plan], object]
    undo: str


def go_through(steps: Sequence[Step], plan: Plan, dry_run: bool = False) -> None:
    """Do in order what is not done, and print each step; raise StepFailed where one is not so afterwards.

    ``dry_run`` only looks. A step that cannot be looked at before an earlier one is done counts as not done.
    """
    for number, step in enumerate(steps, start=1):
        title = f"[{number:2}/{len(steps)}] {step.name}"
        if dry_run:
            print(f"{title}: {'done' if _looks_done(step, plan) else 'would be done'}", flush=True)
            continue
        if step.is_done(plan):
            print(f"{title}: done already", flush=True)
            continue
        print(f"{title} ...", flush=True)
        try:
            step.do(plan)
            if not step.is_done(plan):
                raise StepFailed("It was carried out, and is not so yet.")
        except StepFailed as error:
            raise StepFailed(f"{title}: {error}\nTo take this step back: {step.undo}") from error
        print(f"{title}: done now", flush=True)


def _looks_done(step: Step, plan: Plan) -> bool:
    try:
        return step.is_done(plan)
    except (StepFailed, OSError):
        return False
