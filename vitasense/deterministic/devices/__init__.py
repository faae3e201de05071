"""Devices: what there is, what they send in whatever form, how good it is, and what could not be taken."""

from vitasense.deterministic.devices.delivery import Delivery, file_delivery
from vitasense.deterministic.devices.formats.choose import FORMATS, HEAD, Reader, format_of, reader_of
from vitasense.deterministic.devices.formats.mapping import TableMapping, ValueColumn
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, Parsed, SourceDevice, Workout
from vitasense.deterministic.devices.formats.tables import read as read_table
from vitasense.deterministic.devices.ingest import Ingest
from vitasense.deterministic.devices.registry import device, devices, register, rename, report, retire
from vitasense.deterministic.devices.rejected import delivering_device, drop_delivery, mended, rejected, rejected_row
from vitasense.deterministic.devices.rejected import drop as drop_rejected
from vitasense.deterministic.devices.schemas import Device, Rejected, Report, Webhook, device_id_of
from vitasense.deterministic.devices.states import DeviceState, device_states
from vitasense.deterministic.devices.suggestions import Suggestion, SuggestionKind, suggestions
from vitasense.deterministic.devices.webhooks import Delivered, Webhooks, signature, webhooks
from vitasense.deterministic.devices.webhooks import revoke as revoke_webhook
from vitasense.deterministic.devices.webhooks import revoke_of as revoke_webhooks_of

__all__ = [
    "FORMATS",
    "HEAD",
    "BadRow",
    "Delivered",
    "Delivery",
    "Device",
    "DeviceState",
    "Ingest",
    "Measured",
    "Parsed",
    "Reader",
    "Rejected",
    "Report",
    "SourceDevice",
    "Suggestion",
    "SuggestionKind",
    "TableMapping",
    "ValueColumn",
    "Webhook",
    "Webhooks",
    "Workout",
    "delivering_device",
    "device",
    "device_id_of",
    "device_states",
    "devices",
    "drop_delivery",
    "drop_rejected",
    "file_delivery",
    "format_of",
    "mended",
    "read_table",
    "reader_of",
    "register",
    "rejected",
    "rejected_row",
    "rename",
    "report",
    "retire",
    "revoke_webhook",
    "revoke_webhooks_of",
    "signature",
    "suggestions",
    "webhooks",
]
