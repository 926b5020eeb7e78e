"""Where an item waits for somebody, and what the screens call the point it has reached."""

from dataclasses import dataclass
from enum import StrEnum

from .rows import Role


class StepCode(StrEnum):
    """Where an item waits. Those with ``is_task`` are the tasks of the Wagtail workflow."""

    FORWARDING = "forwarding"
    RECEIPT = "receipt"
    ASSIGNMENT = "assignment"
    COMPOSITION = "composition"
    CORRECTION = "correction"
    VERIFICATION = "verification"
    EXEMPTION = "exemption"
    PUBLICATION_ORDER = "publication_order"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class Step:
    """A place where an item waits for ``role`` to carry out row ``row``.

    ``is_task``: the step is a task of the Wagtail workflow. ``text_is_open``: the one who holds
    the item may change the text (everywhere else it is frozen for everyone, I4).
    """

    code: StepCode
    row: int
    role: Role
    label: str
    is_task: bool = False
    text_is_open: bool = False
    extension: bool = False


STEPS = (
    Step(StepCode.FORWARDING, 2, Role.SEKRETARIS, "Penerusan disposisi"),
    Step(StepCode.RECEIPT, 3, Role.SEKRETARIAT, "Penerimaan disposisi"),
    Step(StepCode.ASSIGNMENT, 4, Role.SEKRETARIAT, "Penugasan staf"),
    Step(StepCode.COMPOSITION, 5, Role.STAF, "Penyusunan materi", text_is_open=True),
    Step(StepCode.CORRECTION, 6, Role.SEKRETARIS, "Koreksi", is_task=True, text_is_open=True),
    Step(StepCode.VERIFICATION, 7, Role.BIDANG, "Verifikasi", is_task=True),
    # The task of the verification stays open meanwhile: only PPID Pembantu fixes an exemption.
    Step(StepCode.EXEMPTION, 7, Role.PPID_PEMBANTU, "Penetapan pengecualian", extension=True),
    Step(StepCode.PUBLICATION_ORDER, 8, Role.SEKRETARIS, "Perintah tayang", is_task=True),
    Step(StepCode.PUBLICATION, 8, Role.STAF, "Penayangan", is_task=True),
)


@dataclass(frozen=True)
class State:
    """What the screens call the point an item has reached, and the step it waits at (if any).

    ``verb``: what whoever is next is asked to do; the first word of the mail's subject. ``duty``: the same as said of
    the item, "1 harus dikoreksi".
    """

    code: str
    label: str
    step: StepCode | None
    verb: str = ""
    duty: str = ""
    extension: bool = False


STATES = (
    State("disposed", "Disposisi dibuat", StepCode.FORWARDING, "Teruskan", "harus diteruskan"),
    State("forwarded", "Diteruskan ke Sekretariat", StepCode.RECEIPT, "Terima", "harus diterima"),
    State("received", "Diterima Sekretariat", StepCode.ASSIGNMENT, "Tugaskan", "harus ditugaskan"),
    State("assigned", "Ditugaskan", StepCode.COMPOSITION, "Susun", "harus disusun"),
    State("composing", "Sedang disusun", StepCode.COMPOSITION, "Susun", "harus diselesaikan dan diserahkan"),
    State(
        "returned_to_staf",
        "Dikembalikan kepada staf",
        StepCode.COMPOSITION,
        "Perbaiki",
        "dikembalikan, harus diperbaiki",
        extension=True,
    ),
    State("awaiting_correction", "Menunggu koreksi Sekretaris", StepCode.CORRECTION, "Koreksi", "harus dikoreksi"),
    State(
        "returned", "Dikembalikan kepada Sekretaris", StepCode.CORRECTION, "Perbaiki", "dikembalikan, harus diperbaiki"
    ),
    State("awaiting_verification", "Menunggu verifikasi", StepCode.VERIFICATION, "Verifikasi", "harus diverifikasi"),
    State(
        "held_exempt",
        "Menunggu penetapan PPID Pembantu",
        StepCode.EXEMPTION,
        "Tetapkan pengecualian",
        "harus ditetapkan pengecualiannya",
        extension=True,
    ),
    State("verified", "Terverifikasi", StepCode.PUBLICATION_ORDER, "Perintahkan tayang", "harus diperintahkan tayang"),
    State("ordered", "Perintah tayang diterbitkan", StepCode.PUBLICATION, "Tayangkan", "harus ditayangkan"),
    State("scheduled", "Terjadwal", StepCode.PUBLICATION, "Tayangkan", "tayang menurut jadwal", extension=True),
    State("live", "Tayang", None),
    State("done", "Selesai", None),
    State("exempted", "Dikecualikan", None, extension=True),
    State("cancelled", "Dibatalkan", None, extension=True),
    State("taken_down", "Diturunkan", None, extension=True),
)

OPEN_STATES = tuple(state.code for state in STATES if state.step is not None)
_STEPS: dict[str, Step] = {step.code: step for step in STEPS}
_STATES = {state.code: state for state in STATES}


def get_step(code: str) -> Step:
    """Return the step with this code; KeyError when there is none."""
    return _STEPS[code]


def get_state(code: str) -> State:
    """Return the state with this code; KeyError when there is none, so drift fails closed."""
    return _STATES[code]


def step_of(state_code: str) -> Step | None:
    """Return the step at which an item in this state waits, None when it waits for nobody."""
    step = get_state(state_code).step
    return None if step is None else _STEPS[step]


def tasks() -> tuple[Step, ...]:
    """Return the steps that are tasks of the Wagtail workflow, in the order of the paper."""
    return tuple(step for step in STEPS if step.is_task)


def states_at(*steps: str) -> list[str]:
    """Return the codes of the states in which an item waits at one of these steps."""
    return [state.code for state in STATES if state.step in steps]
