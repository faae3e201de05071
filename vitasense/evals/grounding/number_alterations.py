"""Numbers and units of a faithful reply made false."""

import re
from collections.abc import Mapping
from random import Random

from vitasense.evals.grounding.wording import PAIR, Alteration, change_one, plain_numbers, roman, spelled

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS = {"mg": "g", "mmHg": "kPa", "mmol/L": "mg/dL", "mg/dL": "mmol/L", "kg": "lb", "g": "mg", "micrograms": "mg", "ng/mL": "µg/mL", "U/L": "mg/L", "°C": "°F", "cm": "mm", "hours": "days", "bpm": "mmHg", "%": " mg/dL", "kcal": "kJ", "minutes": "hours", "days": "weeks", "puffs": "tablets", "units": "mL"}  # fmt: skip
_CONVERTED = {"mg/dL": (1 / 38.67, "mmol/L"), "mmol/L": (38.67, "mg/dL"), "kg": (2.2046, "lb"), "mg": (0.001, "g"), "cm": (0.3937, "inches"), "g": (0.0353, "oz"), "hours": (60, "minutes"), "kcal": (4.184, "kJ"), "mmHg": (0.1333, "kPa"), "micrograms": (0.001, "mg"), "minutes": (1 / 60, "hours"), "days": (1 / 7, "weeks")}  # fmt: skip


def other_number(written: str) -> str:
    """A number that differs by more than rounding, written as the first was."""
    plain = written.replace(",", "")
    digits = len(plain.partition(".")[2])
    value = float(plain)
    return f"{value + max(1.0, round(value * 0.13)):.{digits}f}"


def number_changed(text: str, random: Random) -> str | None:
    """Another number in the place of one."""
    return change_one(text, plain_numbers(text), other_number, random)


def decimal_moved(text: str, random: Random) -> str | None:
    """Ten times a number that has a decimal point, or a tenth of one that ends in zero."""
    found = [n for n in plain_numbers(text) if "." in n.group() or n.group().endswith("0")]
    return change_one(
        text, found, lambda w: w.replace(".", "") if "." in w else w[:-1] + ".0"[: 2 * (len(w) > 1)], random
    )


def number_spelled_wrong(text: str, random: Random) -> str | None:
    """Another number, in words."""
    found = [n for n in plain_numbers(text) if n.group().isdigit() and int(n.group()) < 900]
    return change_one(text, found, lambda written: spelled(int(other_number(written))), random)


def number_in_other_script(text: str, random: Random) -> str | None:
    """Another number, in digits of another script."""
    table = random.choice((_FULL_WIDTH, _ARABIC, _SUPER))
    return change_one(text, plain_numbers(text), lambda written: other_number(written).translate(table), random)


def number_as_power(text: str, random: Random) -> str | None:
    """The last digit of a number raised, so that it is another number."""
    found = [n for n in plain_numbers(text) if n.group().isdigit() and len(n.group()) > 1]
    return change_one(text, found, lambda w: w[:-1] + w[-1].translate(_SUPER), random)


def number_with_hidden_space(text: str, random: Random) -> str | None:
    """Another number with a letter that has no width inside."""
    gap = random.choice(("\u200b", "\u2060", "\u00ad", "\u200d"))
    found = [n for n in plain_numbers(text) if len(n.group()) > 1]
    return change_one(text, found, lambda w: other_number(w)[0] + gap + other_number(w)[1:], random)


def number_with_lookalike(text: str, random: Random) -> str | None:
    """A digit replaced by a letter that looks like one."""
    found = [n for n in plain_numbers(text) if set(n.group()) & set("015")]
    table = random.choice((str.maketrans("015", "OlS"), str.maketrans("015", "О1Ѕ"), str.maketrans("015", "οlS")))
    return change_one(text, found, lambda written: written.translate(table), random)


def number_in_roman(text: str, random: Random) -> str | None:
    """A Roman numeral in the place of a number."""
    found = [n for n in plain_numbers(text) if n.group().isdigit() and 0 < int(n.group()) < 400]
    return change_one(text, found, lambda written: roman(int(other_number(written))), random)


def number_in_markup(text: str, random: Random) -> str | None:
    """Another number with emphasis, code marks or an entity inside."""
    forms = ("**{0}**{1}", "`{0}`{1}", "&#{2};{1}", "<b>{0}</b>{1}", "{0}__{1}__", "~~{0}~~{1}")
    form = random.choice(forms)
    found = [n for n in plain_numbers(text) if len(n.group()) > 1]
    return change_one(text, found, lambda w: form.format(other_number(w)[0], other_number(w)[1:], ord(w[0])), random)


def number_split(text: str, random: Random) -> str | None:
    """A space inside another number."""
    found = [n for n in plain_numbers(text) if len(n.group()) > 2 and "." not in n.group()]
    return change_one(text, found, lambda w: f"{other_number(w)[:-2]} {other_number(w)[-2:]}", random)


def bounded(text: str, random: Random) -> str | None:
    """ "Over", "under", "almost" before an exact number."""
    word = random.choice(("over", "under", "almost", "at least", "less than", "more than", "nearly", "up to", "about"))
    found = [
        n
        for n in plain_numbers(text)
        if not re.search(r"(?:about|around|than|over|up to|from|to|of|and|,) $", text[: n.start()])
    ]
    return change_one(text, found, lambda written: f"{word} {written}", random)


def widened(text: str, random: Random) -> str | None:
    """A range around a number."""
    found = [n for n in plain_numbers(text) if not re.search(r"(?:from|to|between|and|of|,) $", text[: n.start()])]
    return change_one(text, found, lambda w: f"between {w} and {other_number(w)}", random)


def unit_changed(text: str, random: Random) -> str | None:
    """Another unit with the same number."""
    found = [m for u in _UNITS for m in re.finditer(rf"(?<=\d)\s?{re.escape(u)}(?![\w/])", text)]
    return change_one(text, found, lambda written: f" {_UNITS[written.strip()]}", random)


def unit_converted(text: str, random: Random) -> str | None:
    """The number worked out in another unit."""
    found = [m for u in _CONVERTED for m in re.finditer(rf"(?<![\w.,/])\d+(?:\.\d+)? {re.escape(u)}(?![\w/])", text)]

    def convert(written: str) -> str:
        number, unit = written.split()
        factor, other = _CONVERTED[unit]
        return f"{float(number) * factor:.3g} {other}"

    return change_one(text, found, convert, random)


def pair_turned(text: str, random: Random) -> str | None:
    """88/142 for 142/88."""
    return change_one(text, list(PAIR.finditer(text)), lambda pair: "/".join(pair.split("/")[::-1]), random)


OF_NUMBERS: Mapping[str, Alteration] = {
    "number changed": number_changed,
    "decimal point moved": decimal_moved,
    "number in words changed": number_spelled_wrong,
    "number in another script": number_in_other_script,
    "digit raised to a power": number_as_power,
    "hidden letter in a number": number_with_hidden_space,
    "letter that looks like a digit": number_with_lookalike,
    "Roman numeral": number_in_roman,
    "number in markup": number_in_markup,
    "number split by a space": number_split,
    "pair turned": pair_turned,
    "unit changed": unit_changed,
    "unit converted": unit_converted,
    "number bounded": bounded,
    "number widened to a range": widened,
}
