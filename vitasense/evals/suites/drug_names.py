"""Names of medicines: what is written exactly, misspelt by two letters, or made up."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from vitasense.deterministic.knowledge import drug_names, ingredients, resolve
from vitasense.deterministic.knowledge.nearby import Nearby
from vitasense.evals import misspellings as made
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.evals.texts import many

FOLDER = Path(__file__).parents[1] / "datasets" / "drug_names"
TUNED, HELD_OUT = (20261201, 0), (20261202, 1)
WAYS = {"at random": made.anywhere, "on the keys": made.on_the_keys, "by ear": made.by_ear}
HALVES = {"held out": HELD_OUT, "tuned": TUNED}
TWO_WRONG = "Two letters wrong"
WRONG = "Misspelt names read as another medicine"
EXACT, OWN, BETWEEN = "Names as they are written", "Misspelt as people do", "Names between two medicines, read as one"
INVENTED = "Made-up names read as a medicine"
NEAR = "Made-up names within two letters of a name, read as it"
_COUNT = 1000


def cases(data: Path) -> Iterator[Case]:
    """The names of each kind, a hundred in a case; each with the ingredients that are wanted."""
    del data
    own = yaml.safe_load((FOLDER / "cases.yaml").read_text("utf-8"))
    for measure, told in ((EXACT, own["exact"]), (OWN, own["misspelt"])):
        yield from _cases(measure, [(name, sorted(keys.split(" + "))) for name, keys in told.items()])
    yield from _cases(BETWEEN, [(name, []) for name in own["between"]])
    yield from _cases(f"{INVENTED}: written by hand", [(name, []) for name in own["made_up"]])
    for half, (seed, which) in HALVES.items():
        names = made.half(sorted(drug_names()), which)
        for way, edit in WAYS.items():
            yield from _cases(f"{TWO_WRONG} {way}, {half}", _misspelt(made.misspelt(names, edit, seed, _COUNT)))
    yield from _invented(made.half(sorted(drug_names()), 1), HELD_OUT[0])


async def answer(case: Case, system: System) -> Answer:
    """The ingredients that each name is read as, and whether it was corrected."""
    del system
    said = [resolve(name) for name in case.facts["texts"]]
    read = [sorted(part.drug.key for part in one.ingredients if part.drug and one.how != "unknown") for one in said]
    return Answer(f"{len(read)} names", {"read": read, "noted": [bool(one.note) for one in said]})


def judge(case: Case, said: Answer) -> Verdict:
    """A name is right when it is read as what it means; what means nothing must not be read."""
    rows: Sequence[tuple[str, list[str], list[str]]] = [
        *zip(case.facts["texts"], case.facts["wanted"], said.facts["read"], strict=True)
    ]
    measure: str = case.facts["measure"]
    if not any(case.facts["wanted"]):
        hits = [f"{name}: {' + '.join(read)}" for name, _, read in rows if read]
        return Verdict((Mark(measure, len(hits), len(rows)),), ", ".join(hits))
    missed = [f"{name}: {' + '.join(read) or 'unknown'}" for name, wanted, read in rows if read != wanted]
    other = sum(bool(read) and read != wanted for _, wanted, read in rows)
    half = measure.rpartition(", ")[2]
    named = (measure, f"{TWO_WRONG}, {half}") if half in HALVES else (measure,)
    right = [Mark(name, len(rows) - len(missed), len(rows)) for name in named]
    return Verdict((*right, Mark(WRONG, other, len(rows))), ", ".join(missed))


def _misspelt(pairs: Iterator[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Without what is by chance another known name."""
    known = drug_names()
    return [(written, sorted(set(known[name]))) for written, name in pairs if written not in known]


def _invented(names: Sequence[str], seed: int) -> Iterator[Case]:
    kinds: Mapping[str, list[str]] = {
        "syllables": made.of_syllables(seed, _COUNT),
        "endings of generics": made.like_generics(seed, _COUNT),
        "a known name and more": made.extended(names, seed, _COUNT),
        "two names in one": made.glued(names, seed, _COUNT),
    }
    nearby = Nearby(drug_names())
    near: list[str] = []
    for kind, texts in kinds.items():
        new = [text for text in dict.fromkeys(texts) if not all(part.drug for part in ingredients(text))]
        apart = kind in ("syllables", "endings of generics")
        close = [text for text in new if apart and nearby.of(text)]
        near += close
        yield from _cases(f"{INVENTED}: {kind}", [(text, []) for text in new if text not in set(close)])
    yield from _cases(NEAR, [(text, []) for text in near])


def _cases(measure: str, rows: Sequence[tuple[str, list[str]]]) -> Iterator[Case]:
    wanted = dict(rows)
    for case in many(measure, [*wanted]):
        told = {"measure": measure, "wanted": [wanted[text] for text in case.facts["texts"]]}
        yield Case(case.id, case.input, facts={**case.facts, **told})


def _measures() -> Iterator[Measure]:
    yield Measure(EXACT, "own names")
    yield Measure(OWN, "own misspellings")
    for half, (seed, _) in HALVES.items():
        yield Measure(f"{TWO_WRONG}, {half}", f"known names of six letters or more, seed {seed}")
        for way in WAYS:
            yield Measure(f"{TWO_WRONG} {way}, {half}", f"known names of six letters or more, seed {seed}")
    yield Measure(WRONG, "all misspelt and exact names above", goal_is="at most")
    yield Measure(BETWEEN, "own names", goal_is="at most")
    for kind in ("written by hand", "syllables", "endings of generics", "a known name and more", "two names in one"):
        yield Measure(f"{INVENTED}: {kind}", f"seed {HELD_OUT[0]}", goal_is="at most")
    yield Measure(
        NEAR, "syllables and endings of generics", goal_is="at most", note="no reader can tell them from slips"
    )


SUITE = Suite(
    name="drug_names",
    title="Names of medicines",
    about="what people write for a medicine: exact, misspelt by two letters, or made up",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
