"""Dates, names and negations of a faithful reply exchanged, put in or taken out."""

import re
from collections.abc import Mapping, Sequence
from random import Random

from vitasense.evals.grounding.wording import (
    CLOCK,
    DAY_FIRST,
    MONTHS,
    Alteration,
    change_one,
    dates,
    plain_numbers,
    put,
)

_DRUGS = re.compile(r"\b(?:metformin|lisinopril|glipizide|atorvastatin|salbutamol|levothyroxine|ezetimibe|amoxicillin|tramadol|sertraline|ibuprofen|warfarin|amlodipine|simvastatin|clarithromycin|omeprazole|paracetamol|penicillin|clopidogrel)\b", re.IGNORECASE)  # fmt: skip
_MEASURES = re.compile(r"\b(?:LDL(?: cholesterol)?|HDL(?: cholesterol)?|potassium|sodium|creatinine|TSH|INR|ferritin|platelets|weight|ALT|AST)\b")  # fmt: skip
_VERDICTS = re.compile(r"\b(?:above|below|within|outside)\b")
_FREQUENCIES = re.compile(
    r"\b(?:once a day|twice a day|twice daily|once daily|once a week|every 8 hours|every eight hours)\b"
)
_LISTED = re.compile(r"\b(?:and|with|or|against)\b|,")
_OTHER_DRUGS = ("digoxin", "lithium", "prednisone", "fluoxetine", "methotrexate", "Xarelto", "Viagra")
_INVENTED = ("zorvapril", "Quilotin", "melvostatin", "trabenimab", "Cardixol", "nuvoxetine")
_DISEASES = ("diabetes", "a heart attack", "kidney failure", "leukaemia", "an infection", "high blood pressure", "gout", "a stroke")  # fmt: skip
_PEOPLE = ("your mother", "your father", "your wife", "your son", "Maria")
_AUXILIARY = re.compile(r"\b(?:was|is|are|were|can|has|have|may)\b(?! not\b)")
_NO = re.compile(r"\b(?:not |no |never |n't|un(?=able))")


def _exchanged(text: str, found: Sequence[re.Match[str]], random: Random) -> str | None:
    pairs = [(a, b) for a in found for b in found if a.start() < b.start() and a[0].split()[0] != b[0].split()[0]]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return put(put(text, other, one.group()), one, other.group())


def numbers_exchanged(text: str, random: Random) -> str | None:
    """Two numbers in each other's place."""
    return None if "ranged" in text else _exchanged(text, plain_numbers(text), random)


def dates_exchanged(text: str, random: Random) -> str | None:
    """Two dates in each other's place."""
    return _exchanged(text, dates(text), random)


def names_exchanged(text: str, random: Random) -> str | None:
    """Two medicines, or two measures, in each other's place."""
    if re.search(r"interact|\n(?:-|\d\.) \w+\n", text):
        return None
    pattern = random.choice((_DRUGS, _MEASURES))
    found = [
        name
        for name in pattern.finditer(text)
        if not _LISTED.search(text[name.end() :][:12] + text[: name.start()][-12:])
    ]
    return _exchanged(text, found, random)


def verdicts_exchanged(text: str, random: Random) -> str | None:
    """Two judgements in each other's place."""
    return _exchanged(text, list(_VERDICTS.finditer(text)), random)


def doses_exchanged(text: str, random: Random) -> str | None:
    """Two frequencies in each other's place."""
    return _exchanged(text, list(_FREQUENCIES.finditer(text)), random)


def day_changed(text: str, random: Random) -> str | None:
    """Another day of the month."""
    found = dates(text)
    if not found:
        return None
    match = random.choice(found)
    place = 1 if match.re is DAY_FIRST else 2
    day = int(match.group(place)) % 28 + 1
    return text[: match.start(place)] + str(day) + text[match.end(place) :]


def month_changed(text: str, random: Random) -> str | None:
    """Another month."""
    found = list(re.finditer("|".join(rf"\b{month}\b(?= \d)" for month in MONTHS), text))
    return change_one(text, found, lambda month: MONTHS[(MONTHS.index(month) + 1) % 12], random)


def year_changed(text: str, random: Random) -> str | None:
    """Another year."""
    found = list(re.finditer(r"\b20\d\d\b", text))
    return change_one(text, found, lambda year: str(int(year) - 1), random)


def time_changed(text: str, random: Random) -> str | None:
    """Another time of day."""
    return change_one(text, list(CLOCK.finditer(text)), lambda w: f"{(int(w[:2].strip(':')) + 3) % 24}:15", random)


def denied(text: str, random: Random) -> str | None:
    """ "Not" put into a statement."""
    return change_one(text, list(_AUXILIARY.finditer(text)), lambda verb: f"{verb} not", random)


def affirmed(text: str, random: Random) -> str | None:
    """ "No" or "not" taken out."""
    changed = change_one(text, list(_NO.finditer(text)), lambda _: "", random)
    return changed[:1].upper() + changed[1:] if changed else None


def about_another(text: str, random: Random) -> str | None:
    """Somebody else in the place of the person."""
    other = random.choice(_PEOPLE)
    if re.search(r"\b[Yy]our (?!mother|father|doctor|record|pharmacist)", text):
        return re.sub(
            r"\b[Yy]our (?!mother|father|doctor|record|pharmacist)", f"{other[:1].upper()}{other[1:]}'s ", text, count=1
        )
    return re.sub(r"\bYou (?:have|take|had|walked|slept)\b", f"{other[:1].upper()}{other[1:]} took", text, count=1) if re.search(r"\bYou (?:have|take|had|walked|slept)\b", text) else None  # fmt: skip


def relative_dropped(text: str, _: Random) -> str | None:
    """What a relative has told of the person."""
    changed = re.sub(r"\b([Yy])our (?:mother|father)\b", r"\1ou", text)
    return changed if changed != text else None


def drug_changed(text: str, random: Random) -> str | None:
    """Another medicine."""
    return change_one(text, list(_DRUGS.finditer(text)), lambda _: random.choice(_OTHER_DRUGS), random)


def drug_invented(text: str, random: Random) -> str | None:
    """A medicine that no list knows."""
    return change_one(text, list(_DRUGS.finditer(text)), lambda _: random.choice(_INVENTED), random)


def diagnosed(text: str, random: Random) -> str | None:
    """A disease that no finding names."""
    found = random.choice([disease for disease in _DISEASES if disease.split()[-1] not in text.lower()])
    form = random.choice(("This means that you have {}.", "You have {}.", "This is a sign of {}.", "It points to {}.", "You may have {}."))  # fmt: skip
    return f"{text} {form.format(found)}"


def caused(text: str, random: Random) -> str | None:
    """A cause that no finding gives."""
    cause = random.choice(("stress", "your diet", "too much salt", "bad shoes", "your job"))
    return re.sub(r"\.(?=\s|$)", f", because of {cause}.", text, count=1) if re.search(r"\.(?=\s|$)", text) else None


OF_WORDS: Mapping[str, Alteration] = {
    "two numbers exchanged": numbers_exchanged,
    "two dates exchanged": dates_exchanged,
    "two names exchanged": names_exchanged,
    "two verdicts exchanged": verdicts_exchanged,
    "two frequencies exchanged": doses_exchanged,
    "day changed": day_changed,
    "month changed": month_changed,
    "year changed": year_changed,
    "time changed": time_changed,
    "negation put in": denied,
    "negation taken out": affirmed,
    "about another person": about_another,
    "relative dropped": relative_dropped,
    "medicine changed": drug_changed,
    "medicine invented": drug_invented,
    "disease added": diagnosed,
    "cause added": caused,
}
