"""The chain's records. One file a subject; import them from here."""

from .acting_officer import ActingOfficer
from .audit import AuditEntry, AuditHead
from .checklist import Checklist, ChecklistItem
from .disposition import Disposition, RegisterYear, SourceMaterial
from .finding import FindingDecision, PictureReading
from .integrity import Discrepancy, IntegrityCheck, Watch, WitnessStatement
from .notification import Notification, NotificationPreference
from .origins import IncomingLetter, PendingUpload, Proposal, SourceConfirmation
from .page import ModeratedPage, prefetch_dispositions
from .permit import PublicationPermit, SealedMedia, Withdrawal
from .public_information import ListedItem, PublicInformation
from .settings import OfficeProcedure
from .task import Passage, SopTask, SopTaskState, SopWorkflow, SopWorkflowState
from .worktime import Holiday, StepReminder, WorkTime

__all__ = [
    "ActingOfficer",
    "AuditEntry",
    "AuditHead",
    "Checklist",
    "ChecklistItem",
    "Discrepancy",
    "Disposition",
    "FindingDecision",
    "Holiday",
    "IncomingLetter",
    "IntegrityCheck",
    "ListedItem",
    "ModeratedPage",
    "Notification",
    "NotificationPreference",
    "OfficeProcedure",
    "Passage",
    "PendingUpload",
    "PictureReading",
    "Proposal",
    "PublicInformation",
    "PublicationPermit",
    "RegisterYear",
    "SealedMedia",
    "SopTask",
    "SopTaskState",
    "SopWorkflow",
    "SopWorkflowState",
    "SourceConfirmation",
    "SourceMaterial",
    "StepReminder",
    "Watch",
    "Withdrawal",
    "WitnessStatement",
    "WorkTime",
    "prefetch_dispositions",
]
