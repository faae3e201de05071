"""Twenty medicines of a person against everything that is checked, beside a dict that has the answers ready."""

from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place
from vitasense.deterministic.medications import Dose, Eaten, Measured, Medicine, Person, Stated, check
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.findings import Finding

NAMES = (
    *("lisinopril", "metformin", "atorvastatin", "amlodipine", "omeprazole", "sertraline", "warfarin", "furosemide"),
    *("digoxin", "levothyroxine", "gabapentin", "tramadol", "aspirin", "allopurinol", "prednisone", "albuterol"),
    *("tamsulosin", "zolpidem", "potassium chloride", "ibuprofen"),
)
CREATININE, POTASSIUM = "2160-0", "2823-3"  # LOINC


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """The check of one list of a person of whom much is known; by its percentiles."""
    del place  # nothing is asked of the database
    medicines, person, rounds = _medicines(), _person(), 200 if quick else 2000
    found = check(medicines, person=person)
    ready = {tuple(each.name for each in medicines): found}
    ours, bare = list[float](), list[float]()
    for _ in range(rounds):
        began = perf_counter()
        found = check(medicines, person=person)
        middle = perf_counter()
        _looked_up(ready, medicines)
        ours.append(middle - began)
        bare.append(perf_counter() - middle)
    name = f"20 medicines against everything, {len(found)} findings"
    engine = "a dict that has the findings of this list"
    return [
        Figure(f"{name}, {label}", percentile(ours, share) * 1000, "ms", percentile(bare, share) * 1000, engine, told)
        for label, share, told in (("p50", 0.5, "3 ms"), ("p95", 0.95, ""))
    ]


def _looked_up(ready: dict[tuple[str, ...], list[Finding]], medicines: Sequence[Medicine]) -> list[Finding]:
    return ready[tuple(each.name for each in medicines)]


def _medicines() -> list[Medicine]:
    return [Medicine(name, Dose(1, "{tbl}", 1)) for name in NAMES]


def _person() -> Person:
    now = system_clock()
    at = now - timedelta(days=20)
    return Person(
        now=now,
        age_years=72,
        sex="female",
        weight_kg=70,
        conditions=(Stated("Heart failure"), Stated("Osteoarthritis"), Stated("Atrial fibrillation")),
        allergies=(Stated("Penicillin"), Stated("Codeine")),
        measured={CREATININE: Measured(1.3, "mg/dL", at), POTASSIUM: Measured(4.4, "mmol/L", at)},
        eaten=(Eaten("grapefruit juice", 6, 14), Eaten("spinach", 3, 14)),
    )
