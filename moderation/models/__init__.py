"""The chain's records. One file a subject; import them from here."""

from .audit import AuditEntry, AuditHead
from .disposition import Disposition, RegisterYear, SourceMaterial
from .notification import Notification
from .page import ModeratedPage
from .permit import PublicationPermit, SealedMedia
from .settings import OfficeProcedure
from .task import SopTask, SopTaskState, SopWorkflow, SopWorkflowState

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Disposition",
    "ModeratedPage",
    "Notification",
    "OfficeProcedure",
    "PublicationPermit",
    "RegisterYear",
    "SealedMedia",
    "SopTask",
    "SopTaskState",
    "SopWorkflow",
    "SopWorkflowState",
    "SourceMaterial",
]
