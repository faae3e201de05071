"""Records full of values that stand nowhere else, so that each of them tells where it came from."""

import base64
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Resource = dict[str, Any]

LOINC, UCUM, SNOMED = "http://loinc.org", "http://unitsofmeasure.org", "http://snomed.info/sct"
# Code, name, unit, and between which values a number is made: above 60, so that no time of day looks like one.
LABS = (
    ("4548-4", "Hemoglobin A1c", "mmol/mol", 61, 99),
    ("13457-7", "LDL cholesterol", "mg/dL", 101, 190),
    ("2085-9", "HDL cholesterol", "mg/dL", 61, 99),
    ("2571-8", "Triglycerides", "mg/dL", 201, 400),
    ("2160-0", "Creatinine", "umol/L", 61, 180),
    ("2276-4", "Ferritin", "ng/mL", 201, 480),
    ("3016-3", "TSH", "m[IU]/L", 61, 99),
)
VITALS = (("29463-7", "Body weight", "kg", 61, 120), ("8867-4", "Heart rate", "/min", 61, 99))
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_SYLLABLES = (
    "bra",
    "vel",
    "quo",
    "zim",
    "tor",
    "nax",
    "lup",
    "fen",
    "gri",
    "dov",
    "kez",
    "mub",
    "syl",
    "wop",
    "yar",
    "jix",
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Words and numbers of one record. `secret` the adversary never learns; `known` it tries to smuggle."""

    secret: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both kinds."""
        return (*self.secret, *self.known)


@dataclass(frozen=True)
class Detector:
    """Finds marks in a text: words anywhere and in any of their disguises, numbers as whole numbers."""

    marks: Sequence[str]

    @cached_property
    def _written(self) -> Mapping[str, str]:
        """Each way to write a mark, and the mark."""
        return {way.casefold(): mark for mark in self.marks for way in _ways_to_write(mark)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_as_pattern, self._written)))

    def found(self, text: str) -> set[str]:
        """The marks that stand in the text."""
        return {self._written[match.group()] for match in self._pattern.finditer(bare(text))}


def bare(text: str) -> str:
    """`text` as a reader sees it: composed, without what is hidden, in one case."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()


def _ways_to_write(mark: str) -> Iterable[str]:
    yield mark
    if mark.isalpha():
        yield from (mark[::-1], mark.encode().hex(), _base64(mark).rstrip("="), _base64(mark.capitalize()).rstrip("="))


def _as_pattern(written: str) -> str:
    return rf"(?<![\d.]){re.escape(written)}(?!\d)" if written[0].isdigit() else re.escape(written)


class RecordOfMarks:
    """A FHIR R4 bundle of one person in which every name, number and note is a mark of its own, none of `taken`."""

    def __init__(self, seed: int, taken: Iterable[str] = ()) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (no secret: the same record each time)
        self._taken = set(taken)
        self._made: list[str] = []
        self.bundle = self._bundle()
        names, rest = self._made[:2], self._made[2:]  # who somebody is an adversary knows
        self.marks = Marks(tuple(rest[::2]), (*names, *rest[1::2]))

    def _mark(self, make: Callable[[], str]) -> str:
        mark = make()
        while mark in self._taken:
            mark = make()
        self._taken.add(mark)
        self._made.append(mark)
        return mark

    def _word(self) -> str:
        return self._mark(lambda: "".join(self._chance.choice(_SYLLABLES) for _ in range(4))).capitalize()

    def _number(self, low: int, high: int) -> float:
        """Four digits that matter, the last of them not zero: as many as are told of a value."""
        return float(self._mark(lambda: self._decimal(self._chance.randrange(low, high))))

    def _decimal(self, whole: int) -> str:
        tenths = "" if whole > 99 else self._chance.randrange(10)
        return f"{whole}.{tenths}{self._chance.randrange(1, 10)}"

    def _bundle(self) -> Resource:
        resources = [self._patient(), *self._measured(), *self._listed(), *self._documents()]
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}

    def _patient(self) -> Resource:
        name = {"family": self._word(), "given": [self._word()]}
        address = {"line": [f"1 {self._word()} Street"], "city": self._word()}
        phone = self._mark(lambda: f"0{self._chance.randrange(10**8, 10**9)}")
        return {
            "resourceType": "Patient",
            "id": "p",
            "name": [name],
            "birthDate": "1971-02-03",
            "gender": "female",
            "address": [address],
            "telecom": [{"system": "phone", "value": phone}],
        }

    def _measured(self) -> Iterable[Resource]:
        for category, rows in (("laboratory", LABS), ("vital-signs", VITALS)):
            for code, name, unit, low, high in rows:
                for month in (3, 9):
                    quantity = {"value": self._number(low, high), "unit": unit, "system": UCUM, "code": unit}
                    observed = {"category": [{"coding": [{"code": category}]}], "code": _coded(LOINC, code, name)}
                    at = {"effectiveDateTime": f"2026-{month:02}-11"}
                    yield self._about("Observation", **observed, **at, status="final", valueQuantity=quantity)

    def _listed(self) -> Iterable[Resource]:
        for _ in range(3):
            drug = {"text": f"{self._word()} {self._number(61, 99)} mg tablet"}
            dose = [{"text": f"Take it with {self._word()} juice"}]
            order = {"status": "active", "intent": "order", "medicationCodeableConcept": drug}
            yield self._about("MedicationRequest", **order, dosageInstruction=dose, authoredOn="2026-01-02")
            yield self._about("Condition", code={"text": f"{self._word()} syndrome"}, onsetDateTime="2019-05")
            allergy = {"code": {"text": self._word()}, "criticality": "high"}
            yield self._about("AllergyIntolerance", **allergy, reaction=[{"manifestation": [{"text": self._word()}]}])
            vaccine = {"status": "completed", "vaccineCode": {"text": f"{self._word()} vaccine"}}
            yield self._about("Immunization", **vaccine, occurrenceDateTime="2025-10-04")

    def _documents(self) -> Iterable[Resource]:
        for _ in range(2):
            note = {"contentType": "text/plain", "data": _base64(f"Seen for {self._word()}. Plan: {self._word()}.")}
            document = {
                "status": "current",
                "type": {"text": f"{self._word()} letter"},
                "content": [{"attachment": note}],
            }
            yield self._about("DocumentReference", **document, date="2026-04-05T10:00:00Z")
            visit = {"status": "finished", "class": {"code": "AMB"}, "type": [{"text": f"{self._word()} visit"}]}
            seen = {"reasonCode": [{"text": self._word()}], "period": {"start": "2026-06-07T10:00:00Z"}}
            yield self._about("Encounter", **visit, **seen)
            done = {"status": "completed", "code": {"text": f"{self._word()} scan"}, "performedDateTime": "2026-02-09"}
            yield self._about("Procedure", **done)

    def _about(self, kind: str, **more: object) -> Resource:
        whom = "patient" if kind in {"AllergyIntolerance", "Immunization"} else "subject"
        own_id = f"r{self._chance.randrange(10**9)}"
        return {"resourceType": kind, "id": own_id, whom: {"reference": "Patient/p"}, **more}


def _coded(system: str, code: str, name: str) -> Mapping[str, object]:
    return {"coding": [{"system": system, "code": code, "display": name}]}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
