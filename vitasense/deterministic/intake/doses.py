"""How much of a medicine: strengths, amounts, counts of tablets, and changes from one dose to another."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from vitasense.deterministic.intake.details import Range
from vitasense.deterministic.intake.forms import Form, counted, word_set
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.ranges import find_spread
from vitasense.deterministic.intake.scene import Quantity, Scene, quantity, unit_at
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.units import display_unit

_STRENGTHS = frozenset({"mg", "ug", "ng"})
_AMOUNTS = frozenset({"g", "mL", "U", "[IU]", "meq", "mmol", "%", "L", "[tsp_us]", "[tbs_us]", "ug/h", "mg/h"})
_VOLUMES = frozenset({"mL", "L"})
_NO_UNIT = "The unit of the dose was not said."
_REACH, _AHEAD, _AHEAD_OF = 6, 2, 4
_TIME = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "times", "x"})


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose at tokens `[first, last)`: an amount or strength with its unit, a count of tablets, or both.

    `was` is the dose before a change; `per` is the unit of a concentration ("250 mg/5 ml"), which is no dose; `spread`
    stands for the amount, or for the count where there is no unit ("200-400 mg", "1-2 tablets").
    """

    first: int
    last: int
    value: float | None
    unit: str | None
    count: float | None
    form: Form | None
    drug: Mention | None
    was: Quantity | None = None
    per: str | None = None
    spread: Range | None = None
    doubt: str | None = None


def find_doses(scene: Scene, used: Collection[int], often: Collection[int] = ()) -> tuple[Dose, ...]:
    """Doses by place; a milligram needs no medicine beside it, everything else does.

    `used` are the tokens of other values, `often` those where a frequency begins.
    """
    found: list[Dose] = []
    for number in scene.numbers:
        if number.first in used or (found and number.first < found[-1].last):
            continue
        dose = _changed(scene, number) or _between(scene, number) or _dose(scene, number) or _bare(scene, number, often)
        if dose:
            found.append(_of_the_same(scene, dose, found[-1] if found else None))
    return tuple(_joined(found))


def _of_the_same(scene: Scene, dose: Dose, last: Dose | None) -> Dose:
    """A dose that goes on with the medicine of the one before: "40 mg for 3 days, 30 mg for 3 days"."""
    if dose.drug or last is None or last.drug is None or dose.first - last.last > _REACH:
        return dose
    other = scene.names(last.last, dose.last + _AHEAD, EntityType.DRUG) or scene.breaks(last.last, dose.first)
    return dose if other else replace(dose, drug=last.drug)


def _between(scene: Scene, number: Number) -> Dose | None:
    """ "200-400 mg", "1 to 2 tablets": from how much to how much, no single dose."""
    said = find_spread(scene, number)
    if said is None or said.moved or said.range.low is None or said.range.high is None:
        return None
    form = counted().get(scene.word(said.last))
    if said.unit not in _STRENGTHS | _AMOUNTS and not (form and said.unit is None):
        return None
    dose = _of(scene, said.first, said.last + (form is not None), None, said.unit, None, form)
    return replace(dose, spread=said.range) if dose else None


def _dose(scene: Scene, number: Number) -> Dose | None:
    form = counted().get(scene.word(number.last))
    if form:
        return _of(scene, number.first, number.last + 1, None, None, number.value, form)
    said = quantity(scene, number)
    if number.loose or said.unit not in _STRENGTHS | _AMOUNTS:
        return _odd_unit(scene, said) if not number.loose else None
    last, per = _per_volume(scene, said)
    if per is None and scene.word(last) == "/" and scene.word(last + 1) not in ("day", "d", "24"):
        return None
    form = counted().get(scene.word(last))
    dose = _of(scene, said.first, last + (form is not None), said.value, said.unit, None, form)
    if dose is None and (said.unit in _AMOUNTS or _food_near(scene, said)):
        return None
    dose = dose or Dose(said.first, last, said.value, said.unit, None, None, None)
    return replace(dose, per=per)


def _of(
    scene: Scene, first: int, last: int, value: float | None, unit: str | None, count: float | None, form: Form | None
) -> Dose | None:
    drug = drug_near(scene, first, last)
    return Dose(first, last, value, unit, count, form, drug) if drug else None


def _per_volume(scene: Scene, said: Quantity) -> tuple[int, str | None]:
    """The end of "250 mg/5 ml" and its UCUM unit, None for anything else."""
    if scene.word(said.last) not in ("/", "per", "in"):
        return said.last, None
    number = scene.number_at.get(said.last + 1)
    unit = unit_at(scene, number.last if number else said.last + 1)
    if unit is None or unit[0] not in _VOLUMES:
        return said.last, None
    return unit[1], f"{said.unit}/({number.value:g}.{unit[0]})" if number else f"{said.unit}/{unit[0]}"


def _odd_unit(scene: Scene, said: Quantity) -> Dose | None:
    """ "Metformin 500 kg": right after a medicine and before a frequency, and no unit of a dose."""
    drug = _ending(scene, said.first)
    if said.unit is None or drug is None or said.unit in ("h", "d", "wk", "mo", "a", "min", "s"):
        return None
    doubt = f"{display_unit(said.unit)} is not a unit for a dose."
    return Dose(said.first, said.last, said.value, said.unit, None, None, drug, doubt=doubt)


def _food_near(scene: Scene, said: Quantity) -> bool:
    return scene.names(said.last, said.last + 3, EntityType.FOOD, EntityType.VITAL, EntityType.LAB)


def _bare(scene: Scene, number: Number, often: Collection[int]) -> Dose | None:
    """ "Atorvastatin 20" is a dose without its unit; "two Tylenol" are two of them."""
    if number.loose or quantity(scene, number).unit is not None:
        return None
    if number.last in often or _closes(scene, number.last):
        drug = _ending(scene, number.first)
        if drug:
            return Dose(number.first, number.last, number.value, None, None, None, drug, doubt=_NO_UNIT)
    return None


def _closes(scene: Scene, at: int) -> bool:
    word = scene.word(at)
    if word in _TIME or scene.joined(at - 1) == "-":
        return False
    return not word[:1].isalnum() or at in scene.hidden or word in word_set("after_number") or at in scene.number_at


def _ending(scene: Scene, place: int) -> Mention | None:
    """The medicine that ends at a token."""
    for first in range(place - 1, max(-1, place - 6), -1):
        mention = scene.mention_at.get(first)
        if mention:
            return mention if mention.last == place and mention.type is EntityType.DRUG else None
    return None


def _changed(scene: Scene, number: Number) -> Dose | None:
    """ "From 10 to 20 mg" and "to 20 mg from 10 mg"."""
    led = scene.word(number.first - 1)
    if led not in ("from", "to"):
        return None
    one = quantity(scene, number)
    other = scene.number_at.get(one.last + 1)
    if other is None or {led, scene.word(one.last)} != {"from", "to"}:
        return None
    two = quantity(scene, other)
    was, now = (one, two) if led == "from" else (two, one)
    unit = now.unit or was.unit
    if {was.unit, now.unit} - {None} - _STRENGTHS - _AMOUNTS:
        return None
    drug = drug_near(scene, number.first - 1, two.last)
    if drug is None:
        return None
    before = replace(was, unit=was.unit or unit)
    return Dose(number.first - 1, two.last, now.value, unit, None, None, drug, before, doubt=None if unit else _NO_UNIT)


def drug_near(scene: Scene, first: int, last: int) -> Mention | None:
    """The medicine nearest to tokens `[first, last)`: a few words after, or further before; none over a sentence's end."""
    ahead = _AHEAD_OF if scene.word(last) == "of" else _AHEAD
    after = next((step for step in range(ahead + 1) if _begins(scene, last + step)), None)
    before = next((step for step in range(_REACH + 1) if _ending(scene, first - step)), None)
    if after is not None and scene.breaks(last, last + after):
        after = None
    if before is not None and scene.breaks(first - before, first):
        before = None
    if after is None or (before is not None and before <= _skipped(scene, last, after)):
        return _ending(scene, first - before) if before is not None else None
    return scene.mention_at[last + after]


def _begins(scene: Scene, place: int) -> bool:
    mention = scene.mention_at.get(place)
    return mention is not None and mention.type is EntityType.DRUG


def _skipped(scene: Scene, last: int, after: int) -> int:
    """Words between a dose and the medicine after it; "of" binds it, a comma or "and" does not."""
    words = [scene.word(place) for place in range(last, last + after)]
    if "of" in words:
        return -1
    return after + 3 * sum(word in (",", "and", "plus") for word in words)


def _joined(found: Sequence[Dose]) -> Iterator[Dose]:
    """Strength and count that stand together ("40 mg 1 tab") as one dose."""
    kept: Dose | None = None
    for dose in found:
        if kept and kept.drug == dose.drug and kept.last == dose.first and kept.per is None:
            both = _together(kept, dose)
            if both:
                kept = both
                continue
        if kept:
            yield kept
        kept = dose
    if kept:
        yield kept


def _together(one: Dose, other: Dose) -> Dose | None:
    if (one.value is None) == (other.value is None) or one.was or other.was or one.spread or other.spread:
        return None
    strength, count = (one, other) if one.value is not None else (other, one)
    return replace(strength, first=one.first, last=other.last, count=count.count, form=count.form or strength.form)
