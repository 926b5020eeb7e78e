"""The office's SOP "Pengelolaan Website dan Media Sosial": the chain, and nothing else.

This package is the one place for the chain. Groups, tasks, the workflow, permissions, the queue,
the tracker line and the help texts are derived from it. It knows neither Django nor Wagtail.

``rows`` are the rows of the paper, word for word. A row is carried out in one or two ``steps``:
places where an item waits for somebody. ``actions`` are what that somebody can do there; each
leads to one of the states. ``law`` holds the classes of information and their grounds.
What the SOP does not have, and the office needs all the same, says ``extension=True``.
"""

from .actions import ACTIONS, COMBINATIONS, CORRECTION_STATES, Action, Combination, get_action
from .law import CLASSIFICATIONS, EXEMPT, EXEMPTION_GROUNDS, FAST_LANE, PROCESSING_BASES, URGENT
from .rows import DUTIES, OBSERVER_GROUP, REGISTER_TITLE, ROWS, TITLE, WORKFLOW_NAME, Role, Row, Screen, get_row
from .steps import OPEN_STATES, STATES, STEPS, State, Step, StepCode, get_state, get_step, states_at, step_of, tasks

__all__ = [
    "ACTIONS",
    "CLASSIFICATIONS",
    "COMBINATIONS",
    "CORRECTION_STATES",
    "DUTIES",
    "EXEMPT",
    "EXEMPTION_GROUNDS",
    "FAST_LANE",
    "OBSERVER_GROUP",
    "OPEN_STATES",
    "PROCESSING_BASES",
    "REGISTER_TITLE",
    "ROWS",
    "STATES",
    "STEPS",
    "TITLE",
    "URGENT",
    "WORKFLOW_NAME",
    "Action",
    "Combination",
    "Role",
    "Row",
    "Screen",
    "State",
    "Step",
    "StepCode",
    "get_action",
    "get_row",
    "get_state",
    "get_step",
    "states_at",
    "step_of",
    "tasks",
]
