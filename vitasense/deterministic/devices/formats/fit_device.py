"""Which device made a FIT file, and of which type the file is: rules/fit.yaml, read once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from vitasense.deterministic.devices.formats.fit_messages import Message, named
from vitasense.deterministic.devices.formats.limits import word
from vitasense.deterministic.devices.formats.parsed import SourceDevice

NO_SERIAL = 0x7FFFFFFF  # what apps without a serial number write (the invalid value of a signed number)


def device_of(found: list[Message]) -> SourceDevice:
    """The device that made the part. FIT tells the battery as a voltage or a word, so `battery` stays unknown."""
    made = next(iter(named(found, "file_id")), Message("file_id", {}, {}))
    creator = _creator(found)
    maker, product = _told(made.values.get("manufacturer")), _product(made)
    serial, version = made.raw.get("serial_number"), creator.number("software_version") if creator else None
    is_own = serial and serial != NO_SERIAL
    return SourceDevice(
        " ".join(part for part in (maker, product) if part) or "FIT device",
        maker=maker,
        model=product,
        external_id=str(serial) if is_own else None,
        firmware=f"{version:g}" if version else None,
        kind=_kind(product, file_type(found)),
    )


def file_type(found: list[Message]) -> str | None:
    """The type that file_id states ("activity", "weight" …); None without one."""
    made = next(iter(named(found, "file_id")), None)
    return None if made is None else _told(made.values.get("type"))


def is_measured(kind: str | None) -> bool:
    """Whether files of this type hold measurements of a person."""
    return kind in cast("list[str]", _book()["measured_files"])


def step_activities() -> frozenset[str]:
    """The activity types of which a cycle is a step."""
    return frozenset(cast("list[str]", _book()["step_activities"]))


def _creator(found: list[Message]) -> Message | None:
    """The device_info of the device itself; sensors that were paired with it have others."""
    infos = named(found, "device_info")
    marked = [message for message in infos if message.values.get("device_index") == "creator"]
    return marked[0] if marked else (infos[0] if len(infos) == 1 else None)


def _product(made: Message) -> str | None:
    for field in ("product_name", "garmin_product", "favero_product", "product"):
        if (told := _told(made.values.get(field))) is not None:
            return told
    return None


def _told(value: object) -> str | None:
    return (word(str(value)) or None) if isinstance(value, str | int) else None


def _kind(product: str | None, kind: str | None) -> str | None:
    products = cast("Mapping[str, str]", _book()["products"])
    by_file = cast("Mapping[str, str]", _book()["kinds_of_files"])
    found = next((what for start, what in products.items() if product and product.lower().startswith(start)), None)
    return by_file.get(kind or "") or found


@cache
def _book() -> Mapping[str, object]:
    text = files("vitasense.deterministic.devices").joinpath("rules/fit.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
