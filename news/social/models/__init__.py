"""The records of posting: accounts, deliveries, follow-ups, shares by hand."""

from .account import Account, ConnectAttempt
from .delivery import Delivery, DeliveryEvent
from .follow_up import FollowUp
from .restoration import Restoration
from .share import Share

__all__ = ["Account", "ConnectAttempt", "Delivery", "DeliveryEvent", "FollowUp", "Restoration", "Share"]
