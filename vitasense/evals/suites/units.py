"""Units: what UCUM allows and how its units convert, against UCUM's own definitions and the project's own cases."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from vitasense.evals import ucum
from vitasense.evals import unit_checks as checks
from vitasense.evals.flags import listed
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.evals.ucum import Essence, read_essence
from vitasense.evals.unit_checks import Row

ESSENCE, FLOWSHEET = "13_terminology/ucum/ucum-essence.xml", "13_terminology/nlm_flowsheet_loinc_ranges.csv"
COLUMNS = ("ucum_example", "equiv_class_ucum", "units_norm_range")
SPELT = {"valid UCUM": "valid", "valid or a known spelling": "known"}
_TOGETHER = 500
_SEEDED = f"UCUM, seed {ucum.SEED}"
OF_UCUM = {
    "atoms valid": "UCUM",
    "prefix on a metric atom valid": "UCUM",
    "prefix on another atom refused": "UCUM",
    "annotated atoms valid": "UCUM",
    "powers valid": "UCUM",
    "wrong case refused": "UCUM",
    "random terms valid": _SEEDED,
    "the same, broken, refused": _SEEDED,
    "unit to its definition exact": "UCUM",
    "prefix factor exact": "UCUM",
    "products and quotients exact": _SEEDED,
    "arbitrary unit only into itself": "UCUM",
}
OWN = {
    "garbage refused": "own",
    "special unit refused in a term": "own",
    "special unit scaled valid": "own",
    "special unit exact, both ways": "own",
    "not comparable refused": "own",
    "published factor met": "AMA, NGSP, KDIGO",
}


def cases(data: Path) -> Iterator[Case]:
    """The questions of each measure, some hundred in a case."""
    rows = dict(_own())
    if (data / ESSENCE).exists():
        rows |= _of_ucum(read_essence(data / ESSENCE))
    if (data / FLOWSHEET).exists():
        rows |= _flowsheet(data / FLOWSHEET)
    for measure, found in rows.items():
        yield from _cases(measure, iter(found))


async def answer(case: Case, system: System) -> Answer:
    """What the units room said to each question."""
    del system
    said = [[checks.ask(question) for question, _ in row] for row in case.facts["rows"]]
    return Answer(f"{len(said)} answers", {"said": said})


def judge(case: Case, said: Answer) -> Verdict:
    """A row is right when each of its questions has the answer that is wanted."""
    rows: Sequence[Row] = case.facts["rows"]
    wrong = [
        f"{_told(question)}: {told!r}, not {wanted!r}"
        for row, answers in zip(rows, said.facts["said"], strict=True)
        for (question, wanted), told in zip(row, answers, strict=True)
        if told != wanted
    ]
    right = sum([wanted for _, wanted in row] == answers for row, answers in zip(rows, said.facts["said"], strict=True))
    return Verdict((Mark(case.facts["measure"], right, len(rows)),), listed(wrong))


def _cases(measure: str, rows: Iterator[Row]) -> Iterator[Case]:
    name, number = "-".join(re.findall(r"\w+", measure)), 0
    while chosen := list(islice(rows, _TOGETHER)):
        number += 1
        told = "\n".join(_told(row[0][0]) for row in chosen)
        yield Case(id=f"{name}-{number:02}", input=told, facts={"measure": measure, "rows": chosen})


def _told(question: Sequence[object]) -> str:
    return " ".join(str(each) for each in question if each is not None)


def _of_ucum(essence: Essence) -> Mapping[str, Iterable[Row]]:
    atoms, terms = sorted(essence.atoms), list(ucum.terms(essence))
    powers = [atom + power for atom in essence.proper for power in ("2", "+3", "-1", "-12")]
    rows: Sequence[Iterable[Row]] = (
        _valid(atoms),
        _valid(sorted(essence.symbols - essence.atoms)),
        _valid(ucum.misplaced_prefixes(essence), wanted=False),
        _valid(f"{atom}{{of_it}}" for atom in atoms),
        _valid(powers),
        _valid(ucum.miscased(essence), wanted=False),
        _valid(terms),
        _valid(ucum.broken(terms), wanted=False),
        checks.definitions(essence),
        checks.prefixes(essence),
        checks.products(essence),
        checks.arbitrary(essence),
    )
    return dict(zip(OF_UCUM, rows, strict=True))


def _own() -> Mapping[str, Iterable[Row]]:
    own = checks.own_cases()
    rows: Sequence[Iterable[Row]] = (
        _valid(own["garbage"], wanted=False),
        _valid(own["special_refused"], wanted=False),
        _valid(own["special_valid"]),
        checks.special(),
        (checks.apart((one, other), analyte=analyte) for one, other, analyte in own["refused"]),
        checks.published(),
    )
    return dict(zip(OWN, rows, strict=True))


def _valid(texts: Iterable[str], *, wanted: bool = True) -> Iterator[Row]:
    return (checks.valid(text, wanted) for text in texts)


def _flowsheet(path: Path) -> Mapping[str, Iterable[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    return {
        f"{column}: {name}": [[([kind, row[column]], True)] for row in table if row[column] not in {"", "NULL"}]
        for column in COLUMNS
        for name, kind in SPELT.items()
    }


def _measures() -> Iterator[Measure]:
    yield from (Measure(name, told) for name, told in OF_UCUM.items())
    yield from (Measure(name, told) for name, told in OWN.items())
    for column in COLUMNS:
        for name in SPELT:
            yield Measure(f"{column}: {name}", "NLM flowsheet", note="reported only")


SUITE = Suite(
    name="units",
    title="Units",
    about="which texts are units of UCUM, how they convert, and what must not be converted",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
