"""What leaves by mail and webhook: written with the change that wants it, sent once."""

from vitasense.deterministic.notices.couriers import Courier, FolderCourier, SmtpCourier, courier_of
from vitasense.deterministic.notices.hooks import Hooks, post_hook, send_hooks
from vitasense.deterministic.notices.schemas import Notice, OutgoingHook
from vitasense.deterministic.notices.service import post, send_waiting

__all__ = [
    "Courier",
    "FolderCourier",
    "Hooks",
    "Notice",
    "OutgoingHook",
    "SmtpCourier",
    "courier_of",
    "post",
    "post_hook",
    "send_hooks",
    "send_waiting",
]
