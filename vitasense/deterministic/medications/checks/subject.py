"""Subject: the medicines with their ingredients and the person, as every check sees them."""

from dataclasses import dataclass

from vitasense.deterministic.knowledge import Drug, Resolution
from vitasense.deterministic.medications.schemas import Medicine, Person


@dataclass(frozen=True, slots=True)
class Taken:
    """One known ingredient of one medicine."""

    medicine: Medicine
    drug: Drug


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked. `taken` are the known ingredients, `unknown` the names (or parts of names) that nobody knows.

    `person` is None when the medicines are checked for nobody in particular. `readings` say how names that are not as we have
    them were read.
    """

    medicines: tuple[Medicine, ...]
    taken: tuple[Taken, ...]
    unknown: tuple[str, ...]
    person: Person | None
    readings: tuple[Resolution, ...] = ()
