"""What leaves by mail: written with the change that wants it, sent once."""

from vitasense.deterministic.notices.couriers import Courier, FolderCourier, SmtpCourier, courier_of
from vitasense.deterministic.notices.schemas import Notice
from vitasense.deterministic.notices.service import post, send_waiting

__all__ = ["Courier", "FolderCourier", "Notice", "SmtpCourier", "courier_of", "post", "send_waiting"]
